/** What the page shows of each kind: the replica's entities as they were at the last redraw, in an order that holds still. */
import { KINDS, type Entity, type Kind } from '../wire/protocol';
import { reordered } from './order';
import type { Replica } from './replica';

/** How often what is shown of a kind has changed. */
class Version {
  n = $state.raw(0);
}

export class Lists {
  readonly #replica: Replica;
  readonly #versions = Object.fromEntries(KINDS.map((kind) => [kind, new Version()])) as Record<Kind, Version>;
  #shownLast = new Map<Kind, { version: number; rows: unknown[]; byId: Map<string, unknown> | null }>();

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** From now on the replica's present is shown of these. */
  renew(kinds: Iterable<Kind>): void {
    for (const kind of kinds) this.#versions[kind].n += 1;
  }

  /** In their stable order. The same array until something of that kind changes. */
  list<K extends Kind>(kind: K): Entity<K>[] {
    return this.#shown(kind).rows as Entity<K>[];
  }

  /** By id. The same map until something of that kind changes. */
  table<K extends Kind>(kind: K): ReadonlyMap<string, Entity<K>> {
    const shown = this.#shown(kind);
    shown.byId ??= new Map((shown.rows as Entity<K>[]).map((entity) => [entity.id, entity]));
    return shown.byId as Map<string, Entity<K>>;
  }

  #shown(kind: Kind): { rows: unknown[]; byId: Map<string, unknown> | null } {
    const version = this.#versions[kind].n;
    const kept = this.#shownLast.get(kind);
    if (kept?.version === version) return kept;
    const before = (kept?.rows ?? []) as Entity<typeof kind>[];
    const shown = { version, rows: reordered(kind, before, this.#replica.table(kind)), byId: null };
    this.#shownLast.set(kind, shown);
    return shown;
  }
}
