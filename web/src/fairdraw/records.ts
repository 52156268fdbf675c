/** The shapes that have been checked, as types. */

import type { JsonObject } from "./json";

type Written<T> = T & JsonObject;

export type Beacon = Written<{ net: string; round: bigint; genesis: bigint; period: bigint; margin: bigint }>;
export type Open = Written<{
  draw: bigint;
  date: string;
  tz: string;
  lottery: string;
  opens_at: bigint;
  closes_at: bigint;
  prizes: bigint;
  seed_commit: string;
  dealers: readonly string[];
  beacon: Beacon | null;
}>;
export type Close = Written<{ draw: bigint; open_id: string; count: bigint; root: string }>;
export type Result = Written<{
  draw: bigint;
  close_id: string;
  seed: string;
  dealers: readonly string[];
  beacon: Written<{ round: bigint; signature: string }> | null;
  winners: readonly bigint[];
}>;
export type Void = Written<{
  lottery: string;
  draw: bigint;
  open_id: string | null;
  close_id: string | null;
  reason: string;
}>;
export type Chain = Written<{ lottery: string; first: bigint; last: bigint; seed_commit: string }>;
export type Transcript = Written<{ open: Open; close: Close; ballots: readonly string[]; result: Result }>;
export type Receipt = Written<{
  log: string;
  lottery: string;
  draw: bigint;
  seq: bigint;
  leaf: string;
  at: bigint;
}>;
export type Inclusion = Written<{ close: Close; path: readonly string[] }>;
export type Ballot = Written<{
  receipt: Receipt;
  signature: string;
  user_id?: bigint;
  salt?: string;
  inclusion?: Inclusion | null;
}>;
export type LogFile = Written<{ records: readonly JsonObject[]; checkpoint: string }>;
export type Consistency = Written<{ old: string; new: string; path: readonly string[] }>;
export type Play = Written<{
  n: bigint;
  seed: string;
  nonce: string;
  nonce_by: string;
  move: JsonObject;
  entropy: string;
  outcome: JsonObject;
  prize_cents: bigint;
}>;
export type Plays = Written<{
  game: string;
  player: bigint;
  epoch: bigint;
  genesis: string;
  plays: readonly Play[];
}>;
export type Round = Written<{
  open: Written<{
    round: bigint;
    group: bigint;
    game: string;
    opens_at: bigint;
    closes_at: bigint;
    genesis: string;
    n: bigint;
    seed_commit: string;
  }>;
  picks: readonly Written<{ player: string; move: JsonObject }>[];
  close: Written<{ open_id: string; count: bigint; root: string }>;
  result: Written<{ close_id: string; seed: string; outcome: JsonObject; prizes: readonly bigint[] }>;
}>;
