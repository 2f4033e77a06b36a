import { describe, expect, it } from 'vitest';
import type { Change, Frame, Snapshot } from '../wire/protocol';
import { ordered, reordered } from './order';
import { Replica } from './replica';

const change = (id: string, title: string | null, kind = 'proposal'): Change => ({
  kind,
  id,
  fields: title === null ? null : { title },
});
const snapshot = (upto: number, changes: Change[] = []): Snapshot => ({
  session: 's1',
  class: 'participant',
  after: 0,
  upto,
  server_now: 0,
  changes,
});

/** A small generator with a seed, so that a failure can be repeated. */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What the server holds: the truth after each seq, and the frame from any seq to any later one. */
class Server {
  states: Map<string, string>[] = [new Map()];
  constructor(roll: (below: number) => number, length: number) {
    for (let seq = 1; seq <= length; seq += 1) {
      const next = new Map(this.states[seq - 1]);
      const id = `p${roll(8)}`;
      if (roll(4) === 0) next.delete(id);
      else next.set(id, `t${seq}`);
      this.states.push(next);
    }
  }

  frame(after: number, upto: number): Frame {
    const before = this.states[after] as Map<string, string>;
    const now = this.states[upto] as Map<string, string>;
    const ids = new Set([...before.keys(), ...now.keys()]);
    const changed = Array.from(ids).filter((id) => before.get(id) !== now.get(id));
    return { after, upto, changes: changed.map((id) => change(id, now.get(id) ?? null)) };
  }
}

const titles = (replica: Replica): Record<string, string> =>
  Object.fromEntries(Array.from(replica.table('proposal').values(), (one) => [one.id, one.title]));

describe('merge rule', () => {
  it('applies a frame that continues, ignores one already held, and calls a hole a gap', () => {
    const replica = new Replica();
    expect(replica.merge({ after: 0, upto: 1, changes: [] })).toBe('gap');
    replica.replace(snapshot(5, [change('p1', 'lama')]));
    expect(replica.merge({ after: 3, upto: 5, changes: [change('p1', 'basi')] })).toBe('ignored');
    expect(titles(replica)).toEqual({ p1: 'lama' });
    expect(replica.merge({ after: 7, upto: 8, changes: [change('p1', 'lompat')] })).toBe('gap');
    expect(replica.last).toBe(5);
    expect(replica.merge({ after: 5, upto: 7, changes: [change('p1', 'baru')] })).toBe('applied');
    expect(titles(replica)).toEqual({ p1: 'baru' });
  });

  it('advances on an empty frame and removes what has null fields', () => {
    const replica = new Replica();
    replica.replace(snapshot(1, [change('p1', 'a'), change('p2', 'b')]));
    expect(replica.merge({ after: 1, upto: 4, changes: [] })).toBe('applied');
    expect(replica.last).toBe(4);
    replica.merge({ after: 4, upto: 5, changes: [change('p1', null)] });
    expect(titles(replica)).toEqual({ p2: 'b' });
  });

  it('does not trust a frame that starts before what it holds: a thing may have come and gone in between', () => {
    const replica = new Replica();
    replica.replace(snapshot(5, [change('p1', 'a')]));
    replica.merge({ after: 5, upto: 7, changes: [change('p2', 'sebentar')] });
    const whole = { after: 5, upto: 9, changes: [change('p1', 'z')] };
    expect(replica.merge(whole)).toBe('gap');
    expect(replica.last).toBe(7);
    replica.merge({ after: 7, upto: 9, changes: [change('p1', 'z'), change('p2', null)] });
    expect(titles(replica)).toEqual({ p1: 'z' });
  });

  it('believes a server that answers the sync with the same overlapping frame, rather than ask for ever', () => {
    const replica = new Replica();
    replica.replace(snapshot(5, [change('p1', 'a')]));
    const frame = { after: 2, upto: 9, changes: [change('p1', 'z')] };
    expect(replica.merge(frame)).toBe('gap');
    expect(replica.merge(frame)).toBe('applied');
    expect(replica.last).toBe(9);
    expect(titles(replica)).toEqual({ p1: 'z' });
  });

  it('lets a snapshot replace everything, even something newer', () => {
    const replica = new Replica();
    replica.replace(snapshot(9, [change('p1', 'a'), change('p2', 'b')]));
    replica.replace(snapshot(4, [change('p3', 'c')]));
    expect(replica.last).toBe(4);
    expect(titles(replica)).toEqual({ p3: 'c' });
  });

  it('leaves a kind it does not know alone', () => {
    const heard: string[][] = [];
    const replica = new Replica((kinds) => heard.push(Array.from(kinds)));
    replica.replace(snapshot(1));
    replica.merge({ after: 1, upto: 2, changes: [change('x', 'y', 'minutes')] });
    expect(replica.last).toBe(2);
    expect(heard).toHaveLength(1);
  });

  it('ends equal to the snapshot whatever frames arrive, doubled, late, out of order or never', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const roll = dice(seed);
      const length = 5 + roll(40);
      const server = new Server(roll, length);
      const start = roll(length);
      const replica = new Replica();
      replica.replace(snapshot(start, server.frame(0, start).changes));
      for (let turn = 0; turn < 60; turn += 1) {
        const after = roll(length);
        const upto = after + roll(length - after) + 1;
        const verdict = replica.merge(server.frame(after, Math.min(upto, length)));
        // the link's answer to a gap: sync from where we are
        if (verdict === 'gap') replica.merge(server.frame(replica.last as number, Math.min(upto, length)));
        expect(titles(replica), `seed ${seed}`).toEqual(Object.fromEntries(server.states[replica.last as number] as Map<string, string>));
      }
      replica.merge(server.frame(replica.last as number, length));
      expect(titles(replica), `seed ${seed}`).toEqual(Object.fromEntries(server.states[length] as Map<string, string>));
    }
  });
});

describe('order', () => {
  it('lists proposals by column, then rank, then id', () => {
    const row = (id: string, status: string, rank: number): never => ({ id, status, rank }) as never;
    const rows = [row('d', 'SUBMITTED', 1), row('c', 'PRIORITISED', 2), row('b', 'SUBMITTED', 1), row('a', 'PRIORITISED', 10)];
    expect(ordered('proposal', rows).map((one) => one.id)).toEqual(['c', 'a', 'b', 'd']);
  });

  it('keeps the order when only words change, and sorts again when somebody came, went or moved', () => {
    const row = (id: string, rank: number, title = ''): never => ({ id, status: 'SUBMITTED', rank, title }) as never;
    const table = (...rows: never[]): Map<string, never> => new Map(rows.map((one) => [(one as { id: string }).id, one]));
    const ids = (rows: { id: string }[]): string[] => rows.map((one) => one.id);
    const before = ordered('proposal', [row('a', 1), row('b', 2)]);
    const renamed = reordered('proposal', before, table(row('b', 2), row('a', 1, 'baru')));
    expect(ids(renamed)).toEqual(['a', 'b']);
    expect(renamed[0]?.title).toBe('baru');
    expect(ids(reordered('proposal', before, table(row('a', 3), row('b', 2))))).toEqual(['b', 'a']);
    expect(ids(reordered('proposal', before, table(row('a', 1), row('c', 0))))).toEqual(['c', 'a']);
    expect(ids(reordered('proposal', before, table(row('b', 2))))).toEqual(['b']);
    expect(ids(reordered('proposal', before, table(row('c', 2), row('b', 0), row('a', 3))))).toEqual(['b', 'c', 'a']);
  });

  it('lists 1,451 proposals with no more looks at them than sorting needs', () => {
    let read = 0;
    const row = (i: number): never => Object.defineProperty({ id: `p${i}`, status: 'SUBMITTED' }, 'rank', { get: () => ((read += 1), (i * 7919) % 1451) }) as never;
    ordered('proposal', Array.from({ length: 1451 }, (_, i) => row(i)));
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(2 * 1451 * Math.log2(1451));
  });
});
