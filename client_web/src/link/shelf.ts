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
    parcels: async (owner) => of(parcels.values(), owner),
    keep: async (receipt) => void receipts.set(receipt.id, receipt),
    receipts: async (owner) => of(receipts.values(), owner),
  };
}

const open = (): Promise<IDBDatabase> =>
  openDatabase('pleno', 1, (db) => {
    db.createObjectStore('outbox', { keyPath: 'key' }).createIndex('owner', 'owner');
    db.createObjectStore('receipts', { keyPath: 'id' }).createIndex('owner', 'owner');
  });

const ownedBy = <T>(db: IDBDatabase, name: string, owner: string): Promise<T[]> => read(db, name, (store) => store.index('owner').getAll(owner));

/**
 * A private window may refuse, or never answer, and so may any single write while another tab is frozen in one of its
 * own: then memory serves, and only a closed page forgets.
 */
export async function openShelf(patienceMs = 1500): Promise<Shelf> {
  if (typeof indexedDB === 'undefined') return memoryShelf();
  const tooLate = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null));
  const db = await Promise.race([open().catch(() => null), tooLate]);
  if (db === null) return memoryShelf();
  const spare = memoryShelf();
  const orSpare = async <T>(main: Promise<T>, other: () => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(reject, patienceMs)));
    return Promise.race([main, late]).catch(other).finally(() => clearTimeout(timer));
  };
  return {
    put: (parcel) => orSpare(write(db, 'outbox', (store) => store.put(parcel)), () => spare.put(parcel)),
    remove: async (key) => {
      await spare.remove(key);
      await orSpare(write(db, 'outbox', (store) => store.delete(key)), async () => {});
    },
    parcels: (owner) => orSpare(ownedBy<Parcel>(db, 'outbox', owner), () => spare.parcels(owner)),
    keep: (receipt) => orSpare(write(db, 'receipts', (store) => store.put(receipt)), () => spare.keep(receipt)),
    receipts: (owner) => orSpare(ownedBy<StoredReceipt>(db, 'receipts', owner), () => spare.receipts(owner)),
  };
}
