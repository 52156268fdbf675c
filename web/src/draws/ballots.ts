/** One's own ballots, read from the newest on. Pure. */

import type { Draw, MyBallot } from "../wire/shapes";

/** All of a lottery, or those of one draw by its number. */
export type Of = "all" | number;
/** From where each is read on; null at its end, missing before its first page. */
export type Cursors = Readonly<Partial<Record<Of, string | null>>>;

interface Page {
  readonly ballots: readonly MyBallot[];
  readonly before: string | null;
}

/** Each as it was read last, newest first: their ids grow with time. */
export function allBallots(known: readonly MyBallot[], news: readonly MyBallot[]): MyBallot[] {
  const all = new Map([...known, ...news].map((ballot) => [ballot.id, ballot]));
  return [...all.values()].sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** After the newest were read once more. Where they do not reach what was known before, one reads on from them. */
export function cursorsAfter(
  known: { readonly mine: readonly MyBallot[]; readonly earlier: Cursors },
  of: Of,
  page: Page,
): Cursors {
  const ids = new Set(known.mine.map((ballot) => ballot.id));
  const before = known.earlier[of];
  const meets = before !== undefined && page.ballots.some((ballot) => ids.has(ballot.id));
  return { ...known.earlier, [of]: meets ? before : page.before };
}

/** What has become of them in a draw that was just held. */
export function decided(mine: readonly MyBallot[], draw: Draw): readonly MyBallot[] {
  if (draw.state !== "drawn") return mine;
  const winning = new Set(draw.winners.map((winner) => winner.ballot_id));
  return mine.map((ballot) => {
    if (ballot.number !== draw.number || ballot.won !== null) return ballot;
    const won = winning.has(ballot.id);
    return { ...ballot, state: "drawn" as const, won, named: won ? false : null };
  });
}
