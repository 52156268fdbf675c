/** Lotteries, their draws, and one's own ballots: read once, kept fresh by what the socket says. */

import { signal } from "@preact/signals";
import { hear, onReady } from "../live/live";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";
import type { Draw, Lottery, MyBallot } from "../wire/shapes";
import { allBallots, type Cursors, cursorsAfter, decided, type Of } from "./ballots";

/** As many as a page of the server has. */
const PAGE = 20;
const BALLOTS = 100;

/** Undefined while unknown, null when they could not be read. */
export const lotteries = signal<readonly Lottery[] | null | undefined>(undefined);
/** By the name of their lottery: newest first. */
const shelves = signal<ReadonlyMap<string, Shelf>>(new Map());
/** Draws that this page has seen happen, as `lottery/number`: they are revealed, and not just there. */
export const witnessed = signal<ReadonlySet<string>>(new Set());

export interface Shelf {
  readonly draws: readonly Draw[];
  /** From where to read on; null at the end. */
  readonly before: number | null;
  /** One's own ballots: the newest, and what was read further back. */
  readonly mine: readonly MyBallot[];
  readonly earlier: Cursors;
  readonly trouble?: unknown;
}

export function shelfOf(lottery: string): Shelf | undefined {
  return shelves.value.get(lottery);
}

export const EMPTY: Shelf = { draws: [], before: null, mine: [], earlier: {} };

function put(lottery: string, shelf: Shelf): void {
  shelves.value = new Map(shelves.peek()).set(lottery, shelf);
}

/** The same draws, each as it was heard of last, newest first. */
export function joined(known: readonly Draw[], news: readonly Draw[]): Draw[] {
  const all = new Map(known.map((draw) => [draw.number, draw]));
  for (const draw of news) all.set(draw.number, draw);
  return [...all.values()].sort((one, other) => other.number - one.number);
}

/** The one that closes next, or has closed and waits for its result. */
export function current(draws: readonly Draw[]): Draw | undefined {
  return draws.findLast((draw) => draw.state === "open" || draw.state === "closed");
}

export async function readLotteries(): Promise<void> {
  try {
    lotteries.value = await ask("get", "/api/lottery/lotteries", { query: { limit: 100 } });
  } catch {
    lotteries.value ??= null;
  }
}

export async function readDraws(lottery: string): Promise<void> {
  const known = shelves.peek().get(lottery);
  try {
    const [page, own] = await Promise.all([
      ask("get", "/api/lottery/draws", { query: { lottery, limit: PAGE } }),
      askBallots(lottery, "all"),
    ]);
    const { trouble: _, ...now } = shelves.peek().get(lottery) ?? EMPTY;
    const before = known?.draws.length ? known.before : page.before;
    const mine = { mine: allBallots(now.mine, own.ballots), earlier: cursorsAfter(now, "all", own) };
    put(lottery, { ...now, ...mine, draws: joined(now.draws, page.draws), before });
  } catch (trouble) {
    put(lottery, { ...(shelves.peek().get(lottery) ?? EMPTY), trouble });
  }
}

function askBallots(lottery: string, of: Of, before: string | null = null) {
  const query = { lottery, limit: BALLOTS, ...(before && { before }), ...(of !== "all" && { number: of }) };
  return ask("get", "/api/lottery/ballots", { query });
}

/** One's ballots on from where they were read to; the newest, at first. Raises Refusal and Unreachable. */
export async function readBallots(lottery: string, of: Of): Promise<void> {
  const page = await askBallots(lottery, of, shelves.peek().get(lottery)?.earlier[of]);
  const known = shelves.peek().get(lottery) ?? EMPTY;
  const earlier = { ...known.earlier, [of]: page.before };
  put(lottery, { ...known, mine: allBallots(known.mine, page.ballots), earlier });
}

export async function readMore(lottery: string): Promise<void> {
  const known = shelves.peek().get(lottery);
  if (!known?.before) return;
  const page = await ask("get", "/api/lottery/draws", {
    query: { lottery, limit: PAGE, before: known.before },
  });
  const latest = shelves.peek().get(lottery) ?? known;
  put(lottery, { ...latest, draws: joined(latest.draws, page.draws), before: page.before });
}

export async function readDraw(lottery: string, number: string): Promise<void> {
  const draw = await ask("get", "/api/lottery/draws/{lottery}/{number_or_period}", {
    path: { lottery, number_or_period: number },
  });
  learn(draw);
}

export function learn(draw: Draw): void {
  const known = shelves.peek().get(draw.lottery) ?? EMPTY;
  put(draw.lottery, { ...known, draws: joined(known.draws, [draw]), mine: decided(known.mine, draw) });
}

/** For each of one's winning ballots: whether everybody may know whose it is. */
export async function beNamed(ballot: MyBallot, named: boolean): Promise<void> {
  await ask("put", "/api/lottery/ballots/{ballot_id}/named", {
    path: { ballot_id: ballot.id },
    body: { named },
  });
  const known = shelves.peek().get(ballot.lottery) ?? EMPTY;
  put(ballot.lottery, { ...known, mine: allBallots(known.mine, [{ ...ballot, named }]) });
  await readDraw(ballot.lottery, String(ballot.number));
}

hear("draw", ({ type: _, ...draw }) => {
  if (!shelves.peek().has(draw.lottery)) return;
  witnessed.value = new Set(witnessed.peek()).add(`${draw.lottery}/${draw.number}`);
  const next = shelves
    .peek()
    .get(draw.lottery)
    ?.draws.some((one) => one.number > draw.number);
  // Together with the draw that is next, so that nothing on the page goes away and comes back.
  if (next) learn(draw);
  void readDraws(draw.lottery).then(() => {
    if (shelves.peek().get(draw.lottery)?.trouble) learn(draw);
  });
});
hear("draw_closing", ({ lottery, number, ballots }) => {
  const known = shelves
    .peek()
    .get(lottery)
    ?.draws.find((draw) => draw.number === number);
  if (known) learn({ ...known, ballots });
});
onReady((again) => {
  if (again) for (const lottery of shelves.peek().keys()) void readDraws(lottery);
});
onLeaving(() => {
  shelves.value = new Map();
  witnessed.value = new Set();
});
