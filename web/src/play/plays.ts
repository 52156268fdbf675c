/** Playing: each play has its name before the first attempt, and is asked for under it until there is an answer. */

import { signal } from "@preact/signals";
import { hear } from "../live/live";
import { onLeaving } from "../session/session";
import { ask, Refusal } from "../wire/http";
import type { PlayResult } from "../wire/shapes";
import { randomHex, stubbornly } from "../wire/stubborn";

export type Game = "number" | "dice";
export type Side = "over" | "under";
export const CHANCES = [1, 2, 4, 5, 8, 10, 16, 20, 25, 40, 50, 80] as const;

/** The newest play of each game, in this tab or another. */
export const latest = signal<Partial<Record<string, PlayResult>>>({});

/** Not stored yet when the server has waited for it for two seconds. It is in good hands: ask again. */
class Pending extends Refusal {
  constructor() {
    super(503, "unconfirmed", "", null);
  }
}

async function play(game: Game, move: object, waiting: () => void): Promise<PlayResult> {
  const key = crypto.randomUUID();
  return stubbornly(async () => {
    const answer = await ask("post", "/api/game/games/{game}/plays", {
      path: { game },
      body: move as never,
      headers: { "Idempotency-Key": key },
    });
    if (!("outcome" in (answer as object))) throw new Pending();
    const result = answer as PlayResult;
    latest.value = { ...latest.peek(), [game]: result };
    return result;
  }, waiting);
}

export function playNumber(number: number, waiting: () => void): Promise<PlayResult> {
  return play("number", { number }, waiting);
}

export interface Seeds {
  readonly epoch: number;
  readonly commitment: string;
}

/** What the server has committed to for the next play; the first epoch is begun on the way. */
export async function seeds(): Promise<Seeds> {
  const path = { game: "dice" };
  const [newest] = await ask("get", "/api/game/games/{game}/epochs", { path, query: { limit: 1 } });
  const open = newest?.next
    ? newest
    : await ask("put", "/api/game/games/{game}/epochs/{epoch}", {
        path: { ...path, epoch: (newest?.epoch ?? 0) + 1 },
      });
  if (!open.next) throw new Refusal(409, "no_epoch", "", null);
  return { epoch: open.next.epoch, commitment: open.next.commitment };
}

/** With a nonce that this browser makes when the commitment is already known. */
export function playDice(
  side: Side,
  chance: number,
  epoch: number,
  waiting: () => void,
): Promise<PlayResult> {
  return play("dice", { side, chance, epoch, nonce: randomHex() }, waiting);
}

/** In cents and whole, as the server counts: 12.5 at 8 %. */
export function payout(chance: number): number {
  return Math.floor(10_000 / chance) / 100;
}

/** The share of an even number that a win pays. */
export const TIERS = [
  { above: 900, percent: 70 },
  { above: 600, percent: 50 },
  { above: 300, percent: 30 },
  { above: 0, percent: 10 },
] as const;

export function percentOf(number: number): number {
  return TIERS.find((tier) => number > tier.above)?.percent ?? 0;
}

hear("result", ({ type: _, ...result }) => {
  latest.value = { ...latest.peek(), [result.game]: result as PlayResult };
});
onLeaving(() => {
  latest.value = {};
});
