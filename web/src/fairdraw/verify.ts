/** Files, each by itself and against those before it. What two files say of the same thing has to agree.
 *
 * The same checks, in the same order, as src/app/fairdraw/verifier.py; vectors.json has what both say of the same files.
 */

import { same, unhex } from "./bytes";
import { checkTranscript, nameOf } from "./draws";
import { equal, type Json, quoted, readJson } from "./json";
import { checkBeginning, checkLog, type Log } from "./log";
import { type Checkpoint, checkCheckpoint, readKey, SIGNED_NOTE } from "./notes";
import { checkPlays, checkRound } from "./plays";
import { checkReceipt } from "./receipts";
import type { Ballot, Consistency, Inclusion, LogFile, Plays, Receipt, Round, Transcript } from "./records";
import { demand, naming, Refused } from "./refusing";
import { demandShape, FORMATS, isObject } from "./shapes";
import { type Finding, Terms } from "./terms";
import { isConsistent } from "./tree";

type Kind = keyof typeof FORMATS | "checkpoint";

const ORDER: readonly Kind[] = [
  "fairdraw-log/1",
  "fairdraw/1",
  "fairdraw-consistency/1",
  "checkpoint",
  "fairdraw-receipt/1",
  "fairdraw-ballot/1",
  "fairdraw-plays/1",
  "fairdraw-round/1",
];

export interface Given {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Wish {
  readonly files: readonly Given[];
  /** The log's verifier key. Without it what is signed is refused, unless `unsigned`. */
  readonly key?: string | undefined;
  readonly unsigned?: boolean;
  readonly beaconUnchecked?: boolean;
}

export interface Verdict {
  /** Whether all that was given holds; what could not be checked is counted apart. */
  readonly holds: boolean;
  readonly unchecked: number;
  readonly refusal: string;
}

/** Never raises: whatever goes wrong on the way, it does not hold. */
export function verify(wish: Wish, tell: (finding: Finding) => void = () => {}): Verdict {
  let terms: Terms | undefined;
  try {
    const key = wish.key === undefined ? undefined : readKey(wish.key);
    terms = new Terms(key, wish.unsigned ?? false, wish.beaconUnchecked ?? false, tell);
    const read = wish.files.map((given) => naming(given.name, () => readFile(given)));
    demand(read.length, "nothing was given");
    const bench = new Bench(terms);
    for (const file of read.sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))) {
      tell({ type: "file", name: file.name });
      naming(file.name, () => bench.check(file.kind, file.content));
    }
    return { holds: true, unchecked: terms.unchecked, refusal: "" };
  } catch (error) {
    const refusal = error instanceof Refused ? error.message : `the verifier failed: ${String(error)}`;
    return { holds: false, unchecked: terms?.unchecked ?? 0, refusal };
  }
}

interface File {
  readonly name: string;
  readonly kind: Kind;
  readonly content: Json;
}

function readFile({ name, bytes }: Given): File {
  const text = decoded(bytes);
  if (SIGNED_NOTE.test(text)) return { name, kind: "checkpoint", content: text };
  const content = readJson(text);
  const kind = isObject(content) ? content.format : undefined;
  if (!isObject(content) || typeof kind !== "string" || !Object.hasOwn(FORMATS, kind))
    throw new Refused("this is of none of the known formats");
  demandShape(content, FORMATS[kind as keyof typeof FORMATS]);
  return { name, kind: kind as Kind, content };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Refused("this is not UTF-8");
  }
}

class Bench {
  private log: Log | undefined;
  private readonly transcripts: Transcript[] = [];
  private readonly proven: Checkpoint[] = [];
  private readonly said = new Map<string, Json>();

  constructor(private readonly terms: Terms) {}

  check(kind: Kind, content: Json): void {
    switch (kind) {
      case "fairdraw-log/1":
        demand(!this.log, "this is a second log: of the older one give the checkpoint");
        this.log = checkLog(content as LogFile, this.terms);
        break;
      case "fairdraw/1":
        checkTranscript(content as Transcript, this.terms);
        this.compareTranscript(content as Transcript);
        break;
      case "fairdraw-consistency/1":
        this.checkConsistency(content as Consistency);
        break;
      case "checkpoint":
        this.compareCheckpoint(checkCheckpoint(content as string, this.terms));
        break;
      case "fairdraw-plays/1":
        checkPlays(content as Plays, this.terms);
        break;
      case "fairdraw-round/1":
        checkRound(content as Round, this.terms);
        break;
      default:
        checkReceipt(content as Ballot, this.terms);
        this.compareReceipt((content as Ballot).receipt, (content as Ballot).inclusion ?? null);
    }
  }

  private agree(what: string, said: Json): void {
    if (!this.said.has(what)) this.said.set(what, said);
    demand(equal(this.said.get(what), said), `another file says otherwise of ${what}`);
  }

  private checkConsistency(file: Consistency): void {
    const old = checkCheckpoint(file.old, this.terms, "the old checkpoint");
    const head = checkCheckpoint(file.new, this.terms, "the new checkpoint");
    demand(old.origin === head.origin, "the checkpoints are of two logs");
    demand(old.size <= head.size, "the old checkpoint is of more records than the new one");
    demand(isConsistent(old, head, file.path.map(unhex)), "the new log does not begin with the old one");
    this.terms.passed("consistency");
    this.proven.push(old, head);
    for (const checkpoint of [old, head]) this.compareCheckpoint(checkpoint);
  }

  private compareTranscript(transcript: Transcript): void {
    const { open, close, result } = transcript;
    this.agree(nameOf(open), close);
    this.transcripts.push(transcript);
    if (!this.log) return;
    const draw = this.log.byOpen.get(close.open_id);
    const holds = equal(draw?.opened, open) && equal(draw?.closed, close) && equal(draw?.result, result);
    demand(holds, "the log says otherwise");
    this.terms.passed("transcript.log");
  }

  private compareCheckpoint(checkpoint: Checkpoint): void {
    const { size, origin, root } = checkpoint;
    this.agree(`${size} records of ${quoted(origin)}`, [...root].join());
    if (this.log) {
      checkBeginning(checkpoint, this.log);
      this.terms.passed("checkpoint.beginning", { count: Number(size) });
    } else if (this.proven.length) {
      const known = this.proven.some(
        (one) => one.origin === origin && one.size === size && same(one.root, root),
      );
      demand(known, "the proof of consistency is of other checkpoints");
      this.terms.passed("checkpoint.proven", { count: Number(size) });
    }
  }

  /** The close of an inclusion is signed by nobody: it has to be that of a transcript, or in the log. */
  private compareReceipt(receipt: Receipt, inclusion: Inclusion | null): void {
    const named = nameOf(receipt);
    this.agree(`ballot ${receipt.seq} of ${named}`, receipt.leaf);
    const own = this.transcripts.filter((transcript) => nameOf(transcript.open) === named);
    for (const { open, close, ballots, result } of own) {
      demand(receipt.at < open.closes_at, "the ballot was taken too late");
      demand(ballots[Number(receipt.seq)] === receipt.leaf, "the transcript has not this ballot");
      demand(!inclusion || equal(inclusion.close, close), "the transcript has another close");
      const won = result.winners.includes(receipt.seq);
      this.terms.passed(won ? "receipt.transcript.won" : "receipt.transcript.lost");
    }
    if (this.log) demand(receipt.log === this.log.checkpoint.origin, "the receipt is of another log");
    if (this.log && inclusion) {
      const draw = this.log.byOpen.get(inclusion.close.open_id);
      demand(draw?.closed && equal(draw.closed, inclusion.close), "the log has not this close");
      demand(draw.opened?.lottery === receipt.lottery, "the close is of another lottery");
      this.terms.passed("receipt.log");
    }
    const held = own.length > 0 || (this.log && inclusion);
    const alone = !this.transcripts.length && !this.log && !inclusion;
    demand(held || alone, "there is nothing to hold this against: give the transcript of its draw");
  }
}
