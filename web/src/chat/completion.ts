/** Naming somebody while one writes: what stands before the caret, and who may be meant. Pure. */

import { nameOf, type Person } from "../people/people";

/** As many as are looked through at a glance. */
const SUGGESTED = 6;
const BEGUN = /(?<![\p{L}\p{N}_@.-])@([\p{L}\p{N}_.-]{0,30})$/u;

/** Where a name was begun before the caret, and how far it goes. */
export function begun(text: string, caret: number): { from: number; query: string } | undefined {
  const found = BEGUN.exec(text.slice(0, caret));
  return found ? { from: found.index, query: found[1] ?? "" } : undefined;
}

/** Those who are meant, best first: by the beginning of a username or of a name. */
export function suggested<P extends Person>(people: readonly P[], query: string, me: number): P[] {
  const wanted = query.toLocaleLowerCase();
  const ranked = people
    .filter((one) => one.id !== me)
    .map((one) => ({ one, rank: rank(one, wanted) }))
    .filter(({ rank }) => rank < 3);
  ranked.sort((a, b) => a.rank - b.rank || a.one.username.localeCompare(b.one.username));
  return ranked.slice(0, SUGGESTED).map(({ one }) => one);
}

function rank(one: Person, wanted: string): number {
  const username = one.username.toLocaleLowerCase();
  if (username.startsWith(wanted)) return 0;
  const words = nameOf(one).toLocaleLowerCase().split(/\s+/);
  if (words.some((word) => word.startsWith(wanted))) return 1;
  return username.includes(wanted) ? 2 : 3;
}

/** The text with the whole name in it, and where the caret goes. */
export function completed(
  text: string,
  caret: number,
  from: number,
  username: string,
): { text: string; caret: number } {
  const after = text.slice(caret);
  const name = `@${username}${after.startsWith(" ") ? "" : " "}`;
  return { text: text.slice(0, from) + name + after, caret: from + name.length };
}
