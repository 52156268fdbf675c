/** Plays with luck that can be proven, and rounds that a group plays together. */

import { ascii, hex, joined, tag, u32, u64, unhex } from "./bytes";
import { canonical, equal, type Json, type JsonObject, quoted } from "./json";
import { chosen, idOf, seedBelow } from "./luck";
import type { Play, Plays, Round } from "./records";
import { demand, naming } from "./refusing";
import { sha256 } from "./sha256";
import { DICE, demandShape } from "./shapes";
import type { Terms } from "./terms";
import { rootOf } from "./tree";

const CHANCES = new Set([1n, 2n, 4n, 5n, 8n, 10n, 16n, 20n, 25n, 40n, 50n, 80n]);
const LONGEST_EPOCH = 10_000n;
const LONGEST_CHAIN = 1024n;

type Score = readonly [outcome: JsonObject, cents: bigint];

function dice(move: JsonObject, entropy: Uint8Array): Score {
  demandShape(move, DICE);
  const chance = move.chance as bigint;
  demand(CHANCES.has(chance), "dice has no such chance");
  const roll = chosen(entropy, joined(tag("luck"), u32(0)), 100n);
  const wins = move.side === "under" ? roll < chance : roll >= 100n - chance;
  return [{ roll }, wins ? 10_000n / chance : 0n];
}

/** By name, what a move and the entropy lead to. */
const GAMES = new Map([["dice", dice]]);

function gameOf(name: string): typeof dice {
  const game = GAMES.get(name);
  demand(game, `the game ${quoted(name)} is not known here`);
  return game;
}

export function checkPlays(file: Plays, terms: Terms): void {
  gameOf(file.game);
  let [number, shown] = [0n, file.genesis];
  for (const play of file.plays) {
    naming(`play ${play.n}`, () => {
      demand(number < play.n && play.n <= LONGEST_EPOCH, `it does not follow play ${number}`);
      demand(seedBelow(play.seed, play.n, play.n - number) === shown, "its seed is not of the chain");
      [number, shown] = [play.n, play.seed];
      checkPlay(file, play);
    });
  }
  terms.passed("plays", { count: file.plays.length });
}

function checkPlay(file: Plays, play: Play): void {
  const [game, move] = [ascii(file.game), canonical(play.move)];
  const place = joined(u32(game.length), game, u64(file.player), u64(file.epoch), u64(play.n));
  const by = Uint8Array.of(play.nonce_by === "player" ? 1 : 0);
  const given = joined(unhex(play.seed), by, unhex(play.nonce), u32(move.length), move);
  const entropy = sha256(joined(tag("play"), place, given));
  demand(hex(entropy) === play.entropy, "its entropy is not that of its seed, nonce and move");
  const [outcome, prize] = gameOf(file.game)(play.move, entropy);
  demand(equal(play.outcome, outcome), `its outcome has to be ${shownAs(outcome)}`);
  demand(play.prize_cents === prize, `its prize has to be ${prize} cents`);
}

/** As Python writes it. */
function shownAs(outcome: JsonObject): string {
  return `{${Object.entries(outcome)
    .map(([name, fact]) => `${quoted(name)}: ${fact}`)
    .join(", ")}}`;
}

export function checkRound({ open, picks, close, result }: Round, terms: Terms): void {
  gameOf(open.game);
  terms.passed("round.is", { round: String(open.round) });
  demand(open.opens_at < open.closes_at, "the round opened later than it closed");
  demand(close.open_id === idOf("round-open", open), "the close is of another open");
  demand(result.close_id === idOf("round-close", close), "the result is of another close");
  terms.passed("round.links");
  demand(1n <= open.n && open.n <= LONGEST_CHAIN, "no chain is so long");
  const holds =
    seedBelow(result.seed, open.n, 1n) === open.seed_commit &&
    seedBelow(result.seed, open.n, open.n) === open.genesis;
  demand(holds, "the seed is not what the open commits to");
  terms.passed("round.seed");
  const players = picks.map((pick) => pick.player);
  const ordered = players.every((player, n) => n === 0 || (players[n - 1] as string) < player);
  demand(ordered, "the picks are not one for each player, in their order");
  const leaves = picks.map((pick) => joined(tag("round-pick"), unhex(pick.player), canonical(pick.move)));
  demand(BigInt(leaves.length) === close.count, `the close is of ${close.count} picks, not ${leaves.length}`);
  demand(hex(rootOf(leaves)) === close.root, "the close is of other picks");
  terms.passed("round.picks", { count: leaves.length });
  checkScores(open.game, { picks, result });
  terms.passed("round.prizes");
}

function checkScores(game: string, { picks, result }: Pick<Round, "picks" | "result">): void {
  const seed = unhex(result.seed);
  const entropy = sha256(joined(tag("entropy"), unhex(result.close_id), u32(seed.length), seed));
  const scores = picks.map((pick) => gameOf(game)(pick.move, entropy));
  demand(result.prizes.join() === scores.map(([, prize]) => prize).join(), "the prizes have to be others");
  const outcomes = scores.map(([outcome]) => outcome);
  const common: Record<string, Json> = {};
  for (const [name, fact] of Object.entries(outcomes[0] ?? {}))
    if (outcomes.every((one) => equal(one[name], fact))) common[name] = fact;
  demand(equal(result.outcome, common), `its outcome has to be ${shownAs(common)}`);
}
