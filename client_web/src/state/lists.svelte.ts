/** What the page shows of each kind: the replica's entities as they were at the last redraw, in an order that holds still. */
import { COLUMN_OF, KINDS, type Entity, type Kind } from '../wire/protocol';
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
  #places: { rows: unknown; places: Map<string, number> } | null = null;

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

  get<K extends Kind>(kind: K, id: string): Entity<K> | undefined {
    return this.table(kind).get(id);
  }

  /** By id. The same map until something of that kind changes. */
  table<K extends Kind>(kind: K): ReadonlyMap<string, Entity<K>> {
    const shown = this.#shown(kind);
    shown.byId ??= new Map((shown.rows as Entity<K>[]).map((entity) => [entity.id, entity]));
    return shown.byId as Map<string, Entity<K>>;
  }

  /** The 1-based place of each proposal inside its board column, by counting: ranks on the wire are sparse. */
  places(): ReadonlyMap<string, number> {
    const rows = this.list('proposal');
    if (this.#places?.rows !== rows) {
      const counts = new Map<string, number>();
      const places = new Map<string, number>();
      for (const { id, status } of rows) {
        const column = COLUMN_OF[status] ?? status;
        const place = (counts.get(column) ?? 0) + 1;
        counts.set(column, place);
        places.set(id, place);
      }
      this.#places = { rows, places };
    }
    return this.#places.places;
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
