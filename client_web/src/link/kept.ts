/** The board as a phone last saw it, under the card it belongs to: the next opening shows it at once, network or not. */
import type { Me, Snapshot } from '../wire/protocol';
import { openDatabase, read, write } from './database';

export interface Kept {
  /** The pass and session it belongs to. */
  owner: string;
  /** Local ms when it was put away. */
  at: number;
  /** What fields meant when it was put away; another number is not read. */
  format: number;
  snapshot: Snapshot;
  me: Me | null;
}

export interface Keeper {
  load(owner: string): Promise<Kept | null>;
  save(owner: string, snapshot: Snapshot, me: Me | null): Promise<void>;
  drop(owner: string): Promise<void>;
}

const NAME = 'boards';
const FORMAT = 1;
const LONGEST_MS = 30 * 86_400_000;

/** A database beside that of votes: whatever becomes of this one, nothing that waits to be sent is touched. */
export function keeper(): Keeper {
  let opened: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> => (opened ??= openDatabase('pleno-board', 1, (db) => db.createObjectStore(NAME, { keyPath: 'owner' })));
  const fresh = (one: Kept | undefined): boolean => one?.format === FORMAT && one.at > Date.now() - LONGEST_MS;
  return {
    async load(owner) {
      const found = await read<Kept | undefined>(await open(), NAME, (store) => store.get(owner));
      return found && fresh(found) ? found : null;
    },
    async save(owner, snapshot, me) {
      const db = await open();
      const stale = (await read<Kept[]>(db, NAME, (store) => store.getAll())).filter((one) => !fresh(one));
      await write(db, NAME, (store) => {
        for (const one of stale) store.delete(one.owner);
        store.put({ owner, at: Date.now(), format: FORMAT, snapshot, me } satisfies Kept);
      });
    },
    drop: async (owner) => write(await open(), NAME, (store) => store.delete(owner)),
  };
}
