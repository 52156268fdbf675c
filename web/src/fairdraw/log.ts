/** The public log, record by record. The rules that a method names are those of the format, by their numbers. */

import { same } from "./bytes";
import { CHECKS, checkBeacon, levelOf } from "./draws";
import { canonical, type JsonObject } from "./json";
import { idOf, seedBelow } from "./luck";
import { type Checkpoint, checkCheckpoint } from "./notes";
import type { Chain, Close, LogFile, Open, Result, Void } from "./records";
import { demand, naming, Refused } from "./refusing";
import { demandShape, hasFieldsOf, RECORDS } from "./shapes";
import type { Terms } from "./terms";
import { rootOf } from "./tree";

/** How many seeds may lie between two that are shown: some seconds of hashing. */
const LONGEST_STEP = 2n ** 24n;

interface Draw {
  opened?: Open;
  closed?: Close;
  result?: Result;
  isVoid: boolean;
}

/** `next` is the first draw that is neither closed nor void, `shown` the newest seed that everybody knows. */
interface Lottery {
  readonly first: bigint;
  last: bigint;
  next: bigint;
  shown: string;
  number: bigint;
  undecided: number;
  readonly draws: Map<bigint, Draw>;
}

function moveOn(lottery: Lottery): void {
  for (;;) {
    const draw = lottery.draws.get(lottery.next);
    if (!draw?.closed && !draw?.isVoid) return;
    lottery.next++;
  }
}

type Kind = keyof typeof RECORDS;

export class Log {
  readonly leaves: Uint8Array[] = [];
  readonly byOpen = new Map<string, Draw>();
  private readonly byClose = new Map<string, Draw>();
  private readonly lotteries = new Map<string, Lottery>();

  constructor(
    readonly checkpoint: Checkpoint,
    private readonly terms: Terms,
  ) {}

  admit(record: JsonObject): void {
    const kinds = Object.keys(RECORDS) as Kind[];
    const kind = kinds.find((one) => hasFieldsOf(record, RECORDS[one]));
    if (!kind) throw new Refused("it has the fields of no record");
    demandShape(record, RECORDS[kind]);
    this.admitting[kind](record as never);
    this.leaves.push(canonical(record));
  }

  private readonly admitting: { readonly [K in Kind]: (record: never) => void } = {
    genesis: (record: Chain) => this.admitGenesis(record),
    open: (record: Open) => this.admitOpen(record),
    close: (record: Close) => this.admitClose(record),
    result: (record: Result) => this.admitResult(record),
    void: (record: Void) => this.admitVoid(record),
    rekey: (record: Chain) => this.admitRekey(record),
  };

  private lotteryOf({ lottery }: { lottery: string }): Lottery {
    const found = this.lotteries.get(lottery);
    if (!found) throw new Refused("its lottery has no genesis before it");
    return found;
  }

  /** Rule 1. */
  private admitGenesis({ lottery, first, last, seed_commit: shown }: Chain): void {
    demand(!this.lotteries.has(lottery), "its lottery has a genesis already");
    demand(1n <= first && first <= last, "its first draw is not in its chain");
    const draws = new Map<bigint, Draw>();
    this.lotteries.set(lottery, { first, last, next: first, shown, number: 0n, undecided: 0, draws });
  }

  /** Rules 2 and 4. */
  private admitOpen(record: Open): void {
    const lottery = this.lotteryOf(record);
    const n = record.draw;
    demand(!lottery.draws.has(n), "its draw was opened before, or is void");
    demand(n === lottery.next, `the next draw is ${lottery.next}, not ${n}`);
    demand(n <= lottery.last, `its chain ends with draw ${lottery.last}`);
    const steps = n - 1n - lottery.number;
    demand(steps <= LONGEST_STEP, `${steps} seeds lie between it and its chain's first commitment`);
    const below = seedBelow(record.seed_commit, n - 1n, steps);
    demand(below === lottery.shown, "its commitment is not of its chain");
    lottery.number = n - 1n;
    lottery.shown = record.seed_commit;
    const draw: Draw = { opened: record, isVoid: false };
    lottery.draws.set(n, draw);
    this.byOpen.set(idOf("open", record), draw);
    lottery.undecided++;
  }

  /** Rule 3. */
  private admitClose(record: Close): void {
    const draw = this.byOpen.get(record.open_id);
    if (!draw?.opened) throw new Refused("its open is not before it");
    demand(record.draw === draw.opened.draw, "its open is of another draw");
    demand(!draw.closed && !draw.isVoid, "its draw was closed before, or is void");
    draw.closed = record;
    this.byClose.set(idOf("close", record), draw);
    moveOn(this.lotteryOf(draw.opened));
  }

  /** Rule 3. */
  private admitResult(record: Result): void {
    const draw = this.byClose.get(record.close_id);
    if (!draw?.opened || !draw.closed) throw new Refused("its close is not before it");
    demand(!draw.result && !draw.isVoid, "its draw has a result, or is void");
    checkBeacon(draw.opened, record, this.terms);
    for (const check of CHECKS) check(draw.opened, draw.closed, record);
    draw.result = record;
    this.lotteryOf(draw.opened).undecided--;
    const { lottery, draw: number } = draw.opened;
    this.terms.passed("log.draw", { draw: String(number), lottery, level: levelOf(draw.opened) });
  }

  /** Rule 3. */
  private admitVoid(record: Void): void {
    const lottery = this.lotteryOf(record);
    const n = record.draw;
    demand(n >= lottery.first, `the first draw of its lottery is ${lottery.first}`);
    const draw: Draw = lottery.draws.get(n) ?? { isVoid: false };
    lottery.draws.set(n, draw);
    demand(!draw.result && !draw.isVoid, "its draw has a result, or is void");
    const opened = draw.opened ? idOf("open", draw.opened) : null;
    const closed = draw.closed ? idOf("close", draw.closed) : null;
    const holds = record.open_id === opened && record.close_id === closed;
    demand(holds, "its ids are not those of what was written of its draw");
    draw.isVoid = true;
    if (draw.opened) lottery.undecided--;
    moveOn(lottery);
    this.terms.passed("log.void", { draw: String(n), lottery: record.lottery });
  }

  /** Rule 5. */
  private admitRekey(record: Chain): void {
    const lottery = this.lotteryOf(record);
    demand(!lottery.undecided, "a draw was opened that has no result and is not void");
    demand(record.first === lottery.next, `the next draw is ${lottery.next}, not ${record.first}`);
    demand(record.first <= record.last, "its first draw is not in its chain");
    lottery.last = record.last;
    lottery.number = record.first - 1n;
    lottery.shown = record.seed_commit;
    this.terms.passed("log.rekey", { lottery: record.lottery });
  }
}

export function checkLog(file: LogFile, terms: Terms): Log {
  const log = new Log(checkCheckpoint(file.checkpoint, terms), terms);
  file.records.forEach((record, place) => {
    naming(`record ${place}`, () => log.admit(record));
  });
  checkBeginning(log.checkpoint, log);
  const { size } = log.checkpoint;
  demand(BigInt(log.leaves.length) === size, `the checkpoint is of ${size} records only`);
  terms.passed("log.rules", { count: log.leaves.length });
  return log;
}

export function checkBeginning(checkpoint: Checkpoint, log: Log): void {
  const size = log.leaves.length;
  demand(checkpoint.origin === log.checkpoint.origin, "the checkpoint is of another log");
  demand(
    checkpoint.size <= BigInt(size),
    `the checkpoint is of ${checkpoint.size} records, the log of ${size} only`,
  );
  const root = rootOf(log.leaves.slice(0, Number(checkpoint.size)));
  demand(same(root, checkpoint.root), "the checkpoint is of other records");
}
