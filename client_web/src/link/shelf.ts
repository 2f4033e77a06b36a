/** Where parcels and receipts wait: IndexedDB, or memory where the browser has none to give. */
import type { Receipt } from '../wire/protocol';
import { openDatabase, read, write } from './database';

/** Something to be sent until it is answered. `owner` is the pass and session it belongs to. */
export interface Parcel {
  key: string;
  owner: string;
  event: 'command' | 'vote';
  payload: Record<string, unknown>;
  /** Server ms when the person acted. */
  at: number;
  /** Kept, and never left a page: it can still be taken back. */
  unsent?: boolean;
}

export interface StoredReceipt {
  /** owner + ballot */
  id: string;
  owner: string;
  receipt: Receipt;
}

export interface Shelf {
  put(parcel: Parcel): Promise<void>;
  remove(key: string): Promise<void>;
  /** Notes that it leaves now; false where another page of this phone has taken it back or had its answer. */
  leave(key: string): Promise<boolean>;
  parcels(owner: string): Promise<Parcel[]>;
  keep(receipt: StoredReceipt): Promise<void>;
  receipts(owner: string): Promise<StoredReceipt[]>;
}

export function memoryShelf(): Shelf {
  const parcels = new Map<string, Parcel>();
  const receipts = new Map<string, StoredReceipt>();
  const of = <T extends { owner: string }>(values: Iterable<T>, owner: string): T[] =>
    Array.from(values).filter((value) => value.owner === owner);
  return {
    put: async (parcel) => void parcels.set(parcel.key, parcel),
    remove: async (key) => void parcels.delete(key),
    leave: async (key) => parcels.has(key), // nothing of it outlives the page that knows what has left
    parcels: async (owner) => of(parcels.values(), owner),
    keep: async (receipt) => void receipts.set(receipt.id, receipt),
    receipts: async (owner) => of(receipts.values(), owner),
  };
}

const open = async (): Promise<IDBDatabase> =>
  openDatabase('pleno', 1, (db) => {
    db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('owner', 'owner');
    db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('owner', 'owner');
  });

const ownedBy = <T>(db: IDBDatabase, name: string, owner: string): Promise<T[]> => read(db, name, (store) => store.index('owner').getAll(owner));

/** In one transaction: whether the parcel is still there, and that it is now on its way. */
async function leaves(db: IDBDatabase, key: string): Promise<boolean> {
  let parcel: Parcel | undefined;
  await write(db, 'outbox', (store) => {
    const request = store.get(key);
    request.onsuccess = () => {
      if ((parcel = request.result)) store.put({ ...parcel, unsent: false });
    };
  });
  return !!parcel;
}

/** What the disk kept, however late it says so, and what only memory has. */
async function all<T>(disk: Promise<T[]>, memory: Promise<T[]>, same: (a: T, b: T) => boolean): Promise<T[]> {
  const kept = await disk.catch((): T[] => []);
  return [...kept, ...(await memory).filter((one) => !kept.some((other) => same(one, other)))];
}

/**
 * A private window may refuse, or never answer, and so may any single write while another tab is frozen in one of its
 * own: then memory serves, and only a closed page forgets. What was put away is waited for: given up, a vote or a
 * request of before a reload would lie there until the next one.
 */
export async function openShelf(patienceMs = 1500): Promise<Shelf> {
  if (typeof indexedDB === 'undefined') return memoryShelf();
  const db = open();
  let patience = patienceMs; // for a disk that never answers once, and not at every act
  const silent = setTimeout(() => (patience = 0), patienceMs);
  db.then(
    () => (clearTimeout(silent), (patience = patienceMs)),
    () => {}, // each use says what it does then
  );
  const spare = memoryShelf();
  const orSpare = async <T>(work: (db: IDBDatabase) => Promise<T>, other: () => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, patience)));
    return Promise.race([db.then(work), late]).catch(other).finally(() => clearTimeout(timer));
  };
  const kept = <T>(name: string, owner: string): Promise<T[]> => db.then((db) => ownedBy<T>(db, name, owner));
  return {
    put: (parcel) => orSpare((db) => write(db, 'outbox', (store) => store.put(parcel)), () => spare.put(parcel)),
    remove: async (key) => {
      await spare.remove(key);
      await orSpare((db) => write(db, 'outbox', (store) => store.delete(key)), async () => {});
    },
    leave: async (key) => {
      const here = await spare.leave(key); // the disk may have it too, later than it was waited for
      return (await orSpare((db) => leaves(db, key), async () => true)) || here;
    },
    parcels: (owner) => all(kept<Parcel>('outbox', owner), spare.parcels(owner), (a, b) => a.key === b.key),
    keep: (receipt) => orSpare((db) => write(db, 'receipts', (store) => store.put(receipt)), () => spare.keep(receipt)),
    receipts: (owner) => all(kept<StoredReceipt>('receipts', owner), spare.receipts(owner), (a, b) => a.id === b.id),
  };
}
