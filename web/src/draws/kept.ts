/** What this browser keeps of the draws, to hold against the server later: heads of the log, its key, receipts. */

import type { BallotFile, SubmittedBallots } from "../wire/shapes";

const NAME = "parlour.draws";
const CHECKPOINTS = "checkpoints";
const RECEIPTS = "receipts";
const KEYS = "keys";

export interface KeptCheckpoint {
  readonly text: string;
  readonly size: number;
  readonly at: number;
}

export interface KeptReceipt {
  readonly id: string;
  readonly lottery: string;
  readonly draw: number;
  /** Without the proof of inclusion, which there is after the close. */
  readonly file: BallotFile;
}

export interface KeptKey {
  readonly origin: string;
  readonly key: string;
  readonly at: number;
}

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(CHECKPOINTS, { keyPath: "text" });
      request.result.createObjectStore(RECEIPTS, { keyPath: "id" });
      request.result.createObjectStore(KEYS, { keyPath: "origin" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Resolves once it is on the disk. */
async function transact<T>(
  name: string,
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T> | undefined,
): Promise<T | undefined> {
  const transaction = (await open()).transaction(name, mode);
  const request = act(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** `origin`, size and root are the first three lines of a signed note. */
export async function keepCheckpoint(text: string): Promise<void> {
  const size = Number(text.split("\n")[1]);
  const kept: KeptCheckpoint = { text, size, at: Date.now() };
  await transact(CHECKPOINTS, "readwrite", (store) => store.put(kept));
}

export async function keptCheckpoints(): Promise<KeptCheckpoint[]> {
  const all = await transact<KeptCheckpoint[]>(CHECKPOINTS, "readonly", (store) => store.getAll());
  return (all ?? []).sort((one, other) => one.size - other.size);
}

export async function keepReceipts({ draw, ballots, user_id, salt }: SubmittedBallots): Promise<void> {
  await transact<IDBValidKey>(RECEIPTS, "readwrite", (store) => {
    for (const { id, receipt } of ballots) {
      const { receipt: said, signature } = receipt;
      const file = { format: "fairdraw-ballot/1", receipt: said, signature, user_id, salt, inclusion: null };
      const kept: KeptReceipt = { id, lottery: draw.lottery, draw: draw.number, file: file as BallotFile };
      store.put(kept);
    }
    return undefined;
  });
}

export async function keptReceipt(id: string): Promise<KeptReceipt | undefined> {
  return transact<KeptReceipt>(RECEIPTS, "readonly", (store) => store.get(id));
}

export async function keptReceipts(lottery: string, draw: number): Promise<KeptReceipt[]> {
  const all = (await transact<KeptReceipt[]>(RECEIPTS, "readonly", (store) => store.getAll())) ?? [];
  return all.filter((one) => one.lottery === lottery && one.draw === draw);
}

/** The key that this browser first saw of this log: whoever could change it could sign another log. */
export async function firstKey(origin: string, key: string): Promise<KeptKey> {
  const known = await transact<KeptKey>(KEYS, "readonly", (store) => store.get(origin));
  if (known) return known;
  const kept: KeptKey = { origin, key, at: Date.now() };
  await transact(KEYS, "readwrite", (store) => store.put(kept));
  return kept;
}

/** Receipts hold what shows whose a ballot is. Heads of the log and its key are nobody's. */
export async function forgetReceipts(): Promise<void> {
  await transact(RECEIPTS, "readwrite", (store) => store.clear());
}
