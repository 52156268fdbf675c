/** Where a key stands, for those whose alphabet is another: what Latin letters, / and ? are for has to work for them. */

type Pressed = Pick<KeyboardEvent, "key" | "code">;

const CYRILLIC = /^[\u0400-\u04ff]$/;
/** What Cyrillic layouts have where / is. */
const SLASH: Readonly<Record<string, string>> = { ".": "/", ",": "?" };

/** The key, in small letters; of a Cyrillic layout, what a Latin one has in its place. */
export function latin({ key, code }: Pressed): string {
  if (code === "Slash") return SLASH[key] ?? key;
  if (CYRILLIC.test(key) && code.startsWith("Key")) return code.slice(3).toLowerCase();
  return key.length === 1 ? key.toLowerCase() : key;
}
