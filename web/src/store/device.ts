/** What is kept on this device, in IndexedDB: only what has not reached the server yet. */

const NAME = "parlour";
const VERSION = 1;
export const OUTBOX = "outbox";

let opening: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(OUTBOX, { keyPath: "client_id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/** Resolves once it is on the disk. */
async function transact<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const transaction = (await open()).transaction(OUTBOX, mode);
  const request = act(transaction.objectStore(OUTBOX));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

export interface Shelf<T> {
  all(): Promise<T[]>;
  put(one: T): Promise<unknown>;
  remove(client_id: string): Promise<unknown>;
}

export function shelf<T>(): Shelf<T> {
  return {
    all: () => transact<T[]>("readonly", (store) => store.getAll()),
    put: (one) => transact("readwrite", (store) => store.put(one)),
    remove: (client_id) => transact("readwrite", (store) => store.delete(client_id)),
  };
}
