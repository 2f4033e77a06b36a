/** The order in which each kind is listed: stable, and the same on every face. */
import { COLUMN_OF, type BoardColumn, type Entity, type Kind, type ProposalStatus } from '../wire/protocol';

const COLUMN: Record<BoardColumn, number> = {
  PRIORITISED: 0,
  DISCUSSED: 1,
  SUBMITTED: 2,
  RESERVE: 3,
  NOT_AGREED: 4,
};
const LEFT = 5;
const column = (status: ProposalStatus): number => {
  const name = COLUMN_OF[status];
  return name ? COLUMN[name] : LEFT;
};

type Compare<K extends Kind> = (a: Entity<K>, b: Entity<K>) => number;

const same = (): number => 0;
const places: { [K in Kind]: Compare<K> } = {
  session: same,
  hall: (a, b) => a.order - b.order,
  seat: same,
  attendance: same,
  crowd: same,
  arrival: (a, b) => a.at - b.at,
  quorum: same,
  agenda: (a, b) => a.order - b.order,
  rules: same,
  floor: same,
  equity: same,
  site: same,
  outage: (a, b) => a.since - b.since,
  rollcall: (a, b) => a.started_at - b.started_at,
  chair: same,
  deck: (a, b) => a.title.localeCompare(b.title),
  stage: same,
  proposal: (a, b) => column(a.status) - column(b.status) || a.rank - b.rank,
  draft: (a, b) => a.at - b.at,
  ballot: (a, b) => a.opened_at - b.opened_at,
  channel: same,
  proxy: same,
  consensus: (a, b) => a.at - b.at,
  record: same,
  funnel: same,
  scoring: (a, b) => a.opened_at - b.opened_at,
  scoring_progress: same,
  group: (a, b) => a.at - b.at,
  parcel: (a, b) => a.at - b.at,
  trail: same,
  cast: same,
  delegate: same,
};

export function ordered<K extends Kind>(kind: K, entities: Iterable<Entity<K>>): Entity<K>[] {
  const place: Compare<K> = places[kind];
  return Array.from(entities).sort((a, b) => place(a, b) || (a.id < b.id ? -1 : 1));
}

/**
 * The same as `ordered`, given how the list stood before. When nobody came, went or moved (most updates change a word
 * or a sum) nothing is sorted; else the list as it was is, which is in order but for the few that moved.
 */
export function reordered<K extends Kind>(kind: K, before: readonly Entity<K>[], table: ReadonlyMap<string, Entity<K>>): Entity<K>[] {
  const place: Compare<K> = places[kind];
  const rows: Entity<K>[] = [];
  let moved = before.length !== table.size;
  for (const old of before) {
    const now = table.get(old.id);
    moved ||= !now || place(old, now) !== 0;
    if (now) rows.push(now);
  }
  if (!moved) return rows;
  if (rows.length === table.size) return ordered(kind, rows);
  const had = new Set(rows);
  return ordered(kind, [...rows, ...Array.from(table.values()).filter((one) => !had.has(one))]);
}
