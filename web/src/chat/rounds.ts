/** The rounds whose cards are in view: how they stand, and what one has picked. */

import { signal } from "@preact/signals";
import { hear, onReady } from "../live/live";
import { onLeaving } from "../session/session";
import { ask } from "../wire/http";
import type { Game, Round, RoundPlace } from "../wire/shapes";

const rounds = signal<ReadonlyMap<number, Round>>(new Map());

export function roundOf(id: number): Round | undefined {
  return rounds.value.get(id);
}

/** Raises Refusal and Unreachable. */
export async function readRound(round_id: number): Promise<void> {
  note(await ask("get", "/api/game/rounds/{round_id}", { path: { round_id } }));
}

/** Under a key of its own for each move, so that repeating it after a failure picks once. */
export async function pick(round_id: number, move: Record<string, unknown>, key: string): Promise<void> {
  const headers = { "Idempotency-Key": key };
  const my_pick = await ask("put", "/api/game/rounds/{round_id}/pick", {
    path: { round_id },
    body: move as never,
    headers,
  });
  const before = rounds.peek().get(round_id);
  if (before) note({ ...before, my_pick });
}

let games: Promise<readonly Game[]> | undefined;

/** All there are; asked for once. */
export function readGames(): Promise<readonly Game[]> {
  games ??= ask("get", "/api/game/games");
  games.catch(() => {
    games = undefined;
  });
  return games;
}

/** Under a key of its own, so that repeating it after a failure begins one round. */
export async function begin(conversation_id: number, game: string, seconds: number, key: string) {
  const body = { conversation_id, game, closes_in: seconds };
  await ask("post", "/api/game/rounds", { body, headers: { "Idempotency-Key": key } });
}

export async function callOff(round_id: number): Promise<void> {
  await ask("delete", "/api/game/rounds/{round_id}", { path: { round_id } });
  await readRound(round_id);
}

export async function readPlaces(round_id: number, offset: number, limit: number): Promise<RoundPlace[]> {
  return ask("get", "/api/game/rounds/{round_id}/leaderboard", {
    path: { round_id },
    query: { offset, limit },
  });
}

function note(round: Round): void {
  rounds.value = new Map(rounds.peek()).set(round.id, round);
}

hear("picks", ({ round_id, picks }) => {
  const before = rounds.peek().get(round_id);
  if (before) note({ ...before, picks: Math.max(before.picks, picks) });
});
hear("message", ({ card }) => {
  if (card?.kind === "round" && rounds.peek().has(card.round_id))
    void readRound(card.round_id).catch(() => {});
});
onReady((again) => {
  if (!again) return;
  for (const { id, state } of rounds.peek().values())
    if (state === "open") void readRound(id).catch(() => {});
});
onLeaving(() => {
  rounds.value = new Map();
});
