/** What the caller trusts, and who hears what was found. */

import type { Key } from "./notes";

/** A key of the catalogues, after `checks.`. */
export type Check =
  | "transcript.is"
  | "transcript.ballots"
  | "transcript.links"
  | "transcript.seed"
  | "transcript.dealers"
  | "transcript.winners"
  | "transcript.beacon"
  | "transcript.log"
  | "receipt.is"
  | "receipt.owner"
  | "receipt.included"
  | "receipt.transcript.won"
  | "receipt.transcript.lost"
  | "receipt.log"
  | "signed"
  | "checkpoint.size"
  | "checkpoint.beginning"
  | "checkpoint.proven"
  | "consistency"
  | "log.draw"
  | "log.void"
  | "log.rekey"
  | "log.rules"
  | "plays"
  | "round.is"
  | "round.links"
  | "round.seed"
  | "round.picks"
  | "round.prizes";

export type Values = Readonly<Record<string, string | number>>;

export type Finding =
  | { readonly type: "file"; readonly name: string }
  | { readonly type: "passed"; readonly check: Check; readonly values: Values }
  | { readonly type: "unchecked"; readonly what: string };

export class Terms {
  unchecked = 0;

  constructor(
    readonly key: Key | undefined,
    /** Leave signatures unchecked, for want of the key. */
    readonly unsigned: boolean,
    /** A beacon's signature takes pairings, which we have not: unless that may stay unchecked, such a draw is refused. */
    readonly beaconUnchecked: boolean,
    readonly tell: (finding: Finding) => void,
  ) {}

  passed(check: Check, values: Values = {}): void {
    this.tell({ type: "passed", check, values });
  }

  passOver(what: string): void {
    this.unchecked++;
    this.tell({ type: "unchecked", what });
  }
}
