import { expect, it } from 'vitest';
import type { Entity } from '../../wire/protocol';
import { placesIn } from './places';

it('counts the place inside the status column, whatever the ranks on the wire are', () => {
  const card = (id: string, status: string, rank: number): Entity<'proposal'> => ({ id, status, rank }) as Entity<'proposal'>;
  const places = placesIn([card('p2', 'PRIORITISED', -7), card('p1', 'PRIORITISED', 8_589_934_592), card('p3', 'SUBMITTED', 3)]);
  expect(['p2', 'p1', 'p3', 'p9'].map((id) => places.get(id) ?? null)).toEqual([1, 2, 1, null]);
});
