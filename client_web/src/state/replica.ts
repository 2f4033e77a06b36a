/** The browser's copy of one view class: a snapshot plus frames, merged by the one rule of protocol §3 and nothing else. */
import { KINDS, type Change, type Entity, type Frame, type Kind, type Snapshot } from '../wire/protocol';

export type Merge = 'applied' | 'ignored' | 'gap';

type Tables = { [K in Kind]: Map<string, Entity<K>> };

const emptyTables = (): Tables => Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as Tables;

const known = new Set<string>(KINDS);

export class Replica {
  /** `upto` of the last thing applied; null before the first snapshot. */
  last: number | null = null;
  #tables = emptyTables();
  /** The `last` at which an overlapping frame was last answered by a sync. */
  #askedAt: number | null = null;
  #touched: (kinds: ReadonlySet<Kind>) => void;

  /** `touched` hears which kinds changed, once a frame or snapshot. */
  constructor(touched: (kinds: ReadonlySet<Kind>) => void = () => {}) {
    this.#touched = touched;
  }

  table<K extends Kind>(kind: K): ReadonlyMap<string, Entity<K>> {
    return this.#tables[kind];
  }

  /**
   * A snapshot is a frame after 0 that replaces everything, even something newer: it is fetched only when nothing is
   * here or the server cannot bridge, and the sync that follows continues from its `upto`.
   */
  replace(snapshot: Snapshot): void {
    this.#tables = emptyTables();
    for (const change of snapshot.changes) this.#put(change);
    this.last = snapshot.upto;
    this.#touched(new Set(KINDS));
  }

  /** All that is here, as the changes of a snapshot. */
  changes(): Change[] {
    return KINDS.flatMap((kind) => Array.from(this.#tables[kind].values() as Iterable<Entity<Kind>>, ({ id, ...fields }) => ({ kind, id, fields })));
  }

  /**
   * A frame tells the difference between its two ends. One that starts before `last` may be silent about what came and
   * went in between, so it too is answered by a sync; only a server that insists on it is believed.
   */
  merge(frame: Frame): Merge {
    if (this.last === null || frame.after > this.last) return 'gap';
    if (frame.upto <= this.last) return 'ignored';
    if (frame.after < this.last && this.#askedAt !== this.last) {
      this.#askedAt = this.last;
      return 'gap';
    }
    const kinds = new Set<Kind>();
    for (const change of frame.changes) {
      const kind = this.#put(change);
      if (kind) kinds.add(kind);
    }
    this.last = frame.upto;
    if (kinds.size > 0) this.#touched(kinds);
    return 'applied';
  }

  /** An entity of a kind this client does not know is left alone: a newer server may speak of more. */
  #put(change: Change): Kind | null {
    if (!known.has(change.kind)) return null;
    const kind = change.kind as Kind;
    const table = this.#tables[kind] as Map<string, unknown>;
    if (change.fields === null) table.delete(change.id);
    else table.set(change.id, { ...change.fields, id: change.id });
    return kind;
  }
}
