/** What of a message was looked for. Pure; the server counts in code points. */

export interface Stretch {
  readonly text: string;
  readonly hit: boolean;
}

/** How much stands before the first hit. */
const BEFORE = 40;

/** The text in stretches, from shortly before its first hit on. */
export function marked(content: string, highlights: readonly (readonly number[])[]): Stretch[] {
  const points = [...content.replace(/\s/g, " ")];
  const first = highlights[0]?.[0] ?? 0;
  const begin = first > BEFORE ? first - BEFORE / 2 : 0;
  const stretches: Stretch[] = [];
  const take = (from: number, to: number, hit: boolean) => {
    if (to > from) stretches.push({ text: points.slice(from, to).join(""), hit });
  };
  let at = begin;
  for (const [from = 0, to = 0] of highlights) {
    take(at, from, false);
    take(Math.max(at, from), to, true);
    at = Math.max(at, to);
  }
  take(at, points.length, false);
  return begin ? [{ text: "…", hit: false }, ...stretches] : stretches;
}
