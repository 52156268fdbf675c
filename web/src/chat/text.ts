/** A message's text in parts: what can be clicked, who is named, and the rest. Pure; the parts joined are the text. */

export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly href: string }
  | { readonly kind: "code"; readonly text: string; readonly code: string; readonly block: boolean }
  | { readonly kind: "mention"; readonly text: string; readonly username: string };

/** Between backticks: three of them for lines, one for a word or two. */
const CODE = /```\n?([^`]+?)\n?```\n?|`([^`\n]+)`/g;
/** Only what is clearly an address; never `javascript:` or anything else that acts. */
const LINK = /https?:\/\/[^\s<>"'`]+/gi;
/** As the server finds them (`domain/chat/rules.py`). */
const MENTION = /(?<![\p{L}\p{N}_@.-])@([A-Za-z0-9](?:[A-Za-z0-9_.-]{0,28}[A-Za-z0-9_])?)/gu;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?)\]}»”’]+$/;

export function partsOf(text: string, named: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: found, 1: lines, 2: words, index } of text.matchAll(CODE)) {
    parts.push(...linksOf(text.slice(from, index), named));
    parts.push({ kind: "code", text: found, code: lines ?? words ?? "", block: lines !== undefined });
    from = index + found.length;
  }
  return [...parts, ...linksOf(text.slice(from), named)];
}

function linksOf(text: string, named: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const address = trimmed(found);
    const href = addressOf(address);
    if (!href) continue;
    parts.push(...mentionsOf(text.slice(from, index), named));
    parts.push({ kind: "link", text: address, href });
    from = index + address.length;
  }
  return [...parts, ...mentionsOf(text.slice(from), named)];
}

/** Without what the sentence added, but with a bracket that the address opened itself. */
function trimmed(found: string): string {
  let address = found;
  for (;;) {
    const end = TRAILING.exec(address)?.[0].at(-1);
    if (!end) return address;
    if (end === ")" && address.split("(").length >= address.split(")").length) return address;
    address = address.slice(0, -1);
  }
}

function addressOf(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.hostname ? url.href : undefined;
  } catch {
    return undefined;
  }
}

function mentionsOf(text: string, named: ReadonlySet<string>): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const { 0: found, 1: username = "", index } of text.matchAll(MENTION)) {
    if (!named.has(username.toLowerCase())) continue;
    if (index > from) parts.push({ kind: "text", text: text.slice(from, index) });
    parts.push({ kind: "mention", text: found, username });
    from = index + found.length;
  }
  if (from < text.length) parts.push({ kind: "text", text: text.slice(from) });
  return parts;
}

const EMOJI =
  /^(?:\p{Extended_Pictographic}(?:[\u200d\ufe0f\p{Emoji_Modifier}]|(?<=\u200d)\p{Extended_Pictographic})*\s*){1,3}$/u;

/** Up to three emoji and nothing else are shown large. */
export function isLarge(text: string): boolean {
  return text.length < 40 && EMOJI.test(text);
}
