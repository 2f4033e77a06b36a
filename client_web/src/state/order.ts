/** The order in which each kind is listed: stable, and the same on every face. */
import type { Entity, Kind, ProposalStatus } from '../wire/protocol';

const COLUMN: Record<ProposalStatus, number> = {
  PRIORITISED: 0,
  DISCUSSED: 1,
  SUBMITTED: 2,
  RESERVE: 3,
  NOT_AGREED: 4,
  WITHDRAWN: 5,
};

type Keys = { [K in Kind]: (entity: Entity<K>) => readonly [number, number] };

const keys: Keys = {
  session: () => [0, 0],
  hall: (hall) => [hall.order, 0],
  seat: () => [0, 0],
  agenda: (item) => [item.order, 0],
  floor: () => [0, 0],
  stage: () => [0, 0],
  proposal: (proposal) => [COLUMN[proposal.status] ?? 9, proposal.rank],
  ballot: (ballot) => [ballot.opened_at, 0],
};

export function ordered<K extends Kind>(kind: K, entities: Iterable<Entity<K>>): Entity<K>[] {
  const key = keys[kind] as (entity: Entity<K>) => readonly [number, number];
  const rows = Array.from(entities, (entity) => ({ entity, key: key(entity) }));
  rows.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1] || (a.entity.id < b.entity.id ? -1 : 1));
  return rows.map((row) => row.entity);
}
