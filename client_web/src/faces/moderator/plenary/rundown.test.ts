import { describe, expect, it } from 'vitest';
import { realTime } from '../../../state/times';
import type { AgendaState, Entity } from '../../../wire/protocol';
import { rundown } from './rundown';

const MIN = 60_000;
const item = (order: number, minutes: number, state: AgendaState, started: number | null = null): Entity<'agenda'> => ({
  id: `i${order}`, title: `Acara ${order}`, kind: 'REPORT', order, minutes, state, started_at: started, ended_at: state === 'done' ? (started ?? 0) + minutes * MIN : null,
  speaker: '', hall: null, since: state === 'now' ? started : null, spent_ms: 0,
}); // prettier-ignore

describe('rundown', () => {
  it('before opening nobody knows when anything begins, and the first item comes next', () => {
    const plan = rundown([item(2, 10, 'todo'), item(1, 5, 'todo')], null, 0);
    expect(plan.items.map(({ item: { id }, at }) => [id, at])).toEqual([['i1', null], ['i2', null]]);
    expect([plan.current, plan.next?.id, plan.endsAt, plan.drift]).toEqual([null, 'i1', null, 0]);
  });

  it('expects the rest to follow the current item, and is on time while that has time left', () => {
    const plan = rundown([item(1, 10, 'done', 0), item(2, 20, 'now', 10 * MIN), item(3, 5, 'todo'), item(4, 5, 'todo')], 0, 15 * MIN);
    expect(plan.items.map(({ at }) => at)).toEqual([0, 10 * MIN, 30 * MIN, 35 * MIN]);
    expect([plan.next?.id, plan.previous?.id, plan.endsAt, plan.drift]).toEqual(['i3', 'i1', 40 * MIN, 0]);
  });

  it('is late by what the current item overran', () => {
    const plan = rundown([item(1, 10, 'now', 0), item(2, 20, 'todo')], 0, 16 * MIN);
    expect([plan.items[1]?.at, plan.endsAt, plan.drift]).toEqual([16 * MIN, 36 * MIN, 6 * MIN]);
  });

  it('is early when an item took less', () => {
    expect(rundown([item(1, 10, 'done', 0), item(2, 20, 'now', 4 * MIN)], 0, 5 * MIN).drift).toBe(-6 * MIN);
  });

  it('an item entered again has only the rest of its minutes, and none pass in a recess', () => {
    const again = { ...item(1, 10, 'now', 0), since: 30 * MIN, spent_ms: 6 * MIN };
    expect(realTime(again, 31 * MIN)).toBe(7 * MIN);
    expect(rundown([again, item(2, 5, 'todo')], 0, 31 * MIN).items[1]?.at).toBe(34 * MIN);
    expect(rundown([{ ...again, since: null }], 0, 40 * MIN).endsAt).toBe(44 * MIN);
  });

  it('the last item has no next; a skipped item has no time', () => {
    const plan = rundown([item(1, 10, 'todo'), item(2, 10, 'now', 0)], 0, 0);
    expect(plan.next).toBeNull();
    expect(plan.items[0]?.at).toBeNull();
    expect(plan.endsAt).toBe(10 * MIN);
  });
});
