import { describe, expect, it } from 'vitest';
import type { Entity } from '../wire/protocol';
import { drift, plannedStart, realTime } from './times';

const MIN = 60_000;
const item = (order: number, minutes: number, fields: Partial<Entity<'agenda'>> = {}): Entity<'agenda'> => ({
  id: `a${order}`, title: '', kind: 'REPORT', order, minutes, state: 'todo', started_at: null, ended_at: null, speaker: '', hall: null, since: null, spent_ms: 0, ...fields,
}); // prettier-ignore

describe('the agenda’s times', () => {
  it('count what an item took, over pauses', () => {
    expect(realTime(item(1, 10, { since: 5 * MIN, spent_ms: 2 * MIN }), 8 * MIN)).toBe(5 * MIN);
    expect(realTime(item(1, 10, { spent_ms: 2 * MIN }), 8 * MIN)).toBe(2 * MIN);
  });

  it('plan each item after those before it', () => {
    expect([...plannedStart([item(1, 10), item(2, 20), item(3, 5)], 100).values()]).toEqual([100, 100 + 10 * MIN, 100 + 30 * MIN]);
  });

  it('tell how late the end will be: while an item runs, between items, and once closed', () => {
    const done = item(1, 10, { state: 'done', ended_at: 15 * MIN, spent_ms: 15 * MIN });
    const running = item(2, 20, { state: 'now', since: 15 * MIN });
    expect(drift([done, running, item(3, 5)], 0, null, 20 * MIN)).toBe(5 * MIN);
    expect(drift([done, running, item(3, 5)], 0, null, 40 * MIN)).toBe(10 * MIN);
    expect(drift([done, item(2, 20), item(3, 5)], 0, null, 15 * MIN)).toBe(5 * MIN);
    expect(drift([done, item(2, 20)], 0, 20 * MIN, 99 * MIN)).toBe(-10 * MIN);
    expect(drift([item(1, 10, { state: 'done', ended_at: 9 * MIN }), item(2, 5), item(3, 30, { state: 'done', ended_at: 8 * MIN })], 0, null, 10 * MIN)).toBe(-30 * MIN);
  });
});
