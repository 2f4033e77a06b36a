import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Ack } from '../wire/protocol';
import { ACK_MS, Outbox, type Outcome, type Waiting } from './outbox';
import { memoryShelf, openShelf, type Parcel, type Shelf } from './shelf';

const parcel = (key: string, event: 'command' | 'vote' = 'command', at = 0): Parcel => ({
  key,
  owner: 's1/pass-1',
  event,
  payload: { key, name: 'floor.request', data: {} },
  at,
});

/** A server that answers from a script, one entry a request; past the end it never answers. */
function scripted(answers: (Ack | null)[], shelf: Shelf = memoryShelf()) {
  const sent: { event: string; key: string; at: number }[] = [];
  const settled: { key: string; outcome: Outcome; tries: number }[] = [];
  const state = { live: true, deaf: 0, holding: false, waiting: [] as readonly Waiting[] };
  const outbox = new Outbox({
    shelf: async () => shelf,
    request: async (event, payload) => {
      sent.push({ event, key: (payload as { key: string }).key, at: Date.now() });
      return answers.length > 0 ? (answers.shift() as Ack | null) : new Promise(() => {});
    },
    live: () => state.live,
    holding: () => state.holding,
    deaf: () => (state.deaf += 1),
    changed: (waiting) => (state.waiting = waiting),
    settled: (one, outcome) => void settled.push({ key: one.key, outcome, tries: one.tries }),
    dice: () => 0.5,
  });
  return { outbox, sent, settled, state, shelf };
}

const ok: Ack = { ok: true, seq: 7, result: {} };
const refused = (code: string, data: Record<string, unknown> = {}): Ack => ({ ok: false, code, data });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('outbox', () => {
  it('gives the answer to whoever acted, and forgets the parcel only then', async () => {
    const { outbox, shelf, settled } = scripted([ok]);
    const answer = outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    expect(await answer).toEqual({ ok: true, ack: { seq: 7, result: {} } });
    expect(settled).toHaveLength(1);
    expect(await shelf.parcels('s1/pass-1')).toEqual([]);
  });

  it('is on the shelf before it leaves', async () => {
    const shelf = memoryShelf();
    const order: string[] = [];
    const put = shelf.put;
    shelf.put = async (one) => {
      await put(one);
      order.push('put');
    };
    const outbox = new Outbox({
      shelf: async () => shelf,
      request: async () => (order.push('sent'), ok),
      live: () => true,
      deaf: () => {},
      changed: () => {},
      settled: () => {},
    });
    await outbox.send(parcel('k1'), true);
    expect(order).toEqual(['put', 'sent']);
  });

  it('repeats the same key when no answer comes, later each time', async () => {
    const { outbox, sent } = scripted([null, null, null, ok]);
    const answer = outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    await answer;
    expect(sent.map((one) => one.key)).toEqual(['k1', 'k1', 'k1', 'k1']);
    const waits = sent.slice(1).map((one, i) => one.at - (sent[i]?.at ?? 0));
    expect(waits).toEqual([600, 1200, 2400]);
  });

  it('reports an open connection that answers nothing twice', async () => {
    const { outbox, state } = scripted([null, null, ok]);
    void outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    expect(state.deaf).toBe(1);
  });

  it('waits through a cut and goes on when joined again', async () => {
    const { outbox, sent, state } = scripted([ok]);
    state.live = false;
    const answer = outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    expect(sent).toEqual([]);
    expect(state.waiting).toHaveLength(1);
    state.live = true;
    outbox.flush();
    expect((await answer).ok).toBe(true);
  });

  it('does not repeat what the rules refused', async () => {
    const { outbox, sent, shelf } = scripted([refused('already_queued')]);
    const answer = outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    expect(await answer).toEqual({ ok: false, code: 'already_queued', data: {} });
    expect(sent).toHaveLength(1);
    expect(await shelf.parcels('s1/pass-1')).toEqual([]);
  });

  it('tries again at once when it is told to hurry', async () => {
    const { outbox, sent } = scripted([refused('held'), ok]);
    const answer = outbox.send(parcel('k1'), true);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toHaveLength(1);
    outbox.hurry();
    expect((await answer).ok).toBe(true);
    expect(sent).toHaveLength(2);
    expect((sent[1]?.at ?? 0) - (sent[0]?.at ?? 0)).toBeLessThan(100);
  });

  it('gives nothing up while the person was told that it is held, and soon after once that is over', async () => {
    const { outbox, settled, state } = scripted([...Array.from({ length: 7 }, () => refused('held')), null]);
    state.holding = true;
    void outbox.send(parcel('k1'), false, Date.now() + 1_000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(settled).toEqual([]);
    state.holding = false;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(settled.map(({ outcome }) => outcome)).toEqual([{ ok: false, code: 'no_answer', data: {} }]);
  });

  it('keeps and repeats what the server holds, as late as it asks', async () => {
    const { outbox, sent } = scripted([refused('held'), refused('rate_limited', { retry_after_ms: 5000 }), ok]);
    const answer = outbox.send(parcel('k1', 'vote'), true);
    await vi.runAllTimersAsync();
    expect((await answer).ok).toBe(true);
    expect(new Set(sent.map((one) => one.key)).size).toBe(1);
    expect((sent[2]?.at ?? 0) - (sent[1]?.at ?? 0)).toBeGreaterThanOrEqual(5000);
  });

  it('tells the person of a fault that lasts, after three tries', async () => {
    const { outbox, sent } = scripted([1, 2, 3].map(() => refused('internal', { incident: 'ab12' })));
    const answer = outbox.send(parcel('k1'), true);
    await vi.runAllTimersAsync();
    expect(await answer).toEqual({ ok: false, code: 'internal', data: { incident: 'ab12' } });
    expect(sent).toHaveLength(3);
  });

  it('never drops a vote for a fault of the server: it may be in the box already', async () => {
    const faults = [...Array(6).keys()].map(() => refused('internal', { incident: 'ab12' }));
    const { outbox, sent } = scripted([...faults, refused('session_broken'), ok]);
    const answer = outbox.send(parcel('k1', 'vote'), true);
    await vi.runAllTimersAsync();
    expect((await answer).ok).toBe(true);
    expect(sent).toHaveLength(8);
    expect(new Set(sent.map((one) => one.key)).size).toBe(1);
  });

  it('keeps commands in order and does not let a held vote stop them', async () => {
    const { outbox, sent } = scripted([]);
    void outbox.send(parcel('v1', 'vote'), true);
    void outbox.send(parcel('k1'), true);
    void outbox.send(parcel('k2'), true);
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((one) => one.key)).toEqual(['v1', 'k1']);
  });

  it('gives up what only made sense now', async () => {
    const { outbox, state } = scripted([ok]);
    state.live = false;
    const answer = outbox.send(parcel('k1'), false, Date.now() + 20_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await answer).toEqual({ ok: false, code: 'no_answer', data: {} });
    expect(state.waiting).toEqual([]);
  });

  it('takes back what has not left, and only that', async () => {
    const { outbox, state } = scripted([]);
    state.live = false;
    const answer = outbox.send(parcel('k1'), true);
    await vi.advanceTimersByTimeAsync(0);
    expect(await outbox.cancel('k1')).toBe(true);
    expect(await answer).toMatchObject({ ok: false, code: 'cancelled' });
    state.live = true;
    void outbox.send(parcel('k2'), true);
    await vi.advanceTimersByTimeAsync(0);
    expect(await outbox.cancel('k2')).toBe(false);
  });

  it('puts nothing back twice, nor what was made or answered while the disk was still being read', async () => {
    const shelf = memoryShelf();
    await shelf.put(parcel('old', 'command', 1));
    let read = (): void => {};
    const told = new Promise<void>((resolve) => (read = resolve));
    const slow: Shelf = { ...shelf, parcels: async (owner) => (await told, shelf.parcels(owner)) };
    const { outbox, sent, settled, state } = scripted([ok, ok, ok, ok], slow);
    state.live = false;
    const back = [outbox.restore('s1/pass-1'), outbox.restore('s1/pass-1')]; // let in twice meanwhile
    const answer = outbox.send(parcel('new', 'command', 2), true);
    await vi.advanceTimersByTimeAsync(10);
    read();
    await Promise.all(back);
    expect(state.waiting.map((one) => one.key)).toEqual(['old', 'new']);
    state.live = true;
    outbox.flush();
    await answer;
    expect(sent.map((one) => one.key)).toEqual(['old', 'new']);
    expect(settled.map((one) => one.key)).toEqual(['old', 'new']);
  });

  it('does not send again what is being settled while the disk is read', async () => {
    const shelf = memoryShelf();
    let forget = (): void => {};
    const forgotten = new Promise<void>((resolve) => (forget = resolve));
    const slow: Shelf = { ...shelf, remove: async (key) => (await forgotten, shelf.remove(key)) };
    const { outbox, sent } = scripted([ok, ok], slow);
    const answer = outbox.send(parcel('k1'), true);
    await vi.advanceTimersByTimeAsync(10);
    await outbox.restore('s1/pass-1');
    forget();
    await answer;
    expect(sent).toHaveLength(1);
  });

  it('ignores an answer that comes after it was given up', async () => {
    let late: (ack: Ack) => void = () => {};
    const settled: Outcome[] = [];
    const outbox = new Outbox({
      shelf: async () => memoryShelf(),
      request: () => new Promise((resolve) => (late = resolve)),
      live: () => true,
      deaf: () => {},
      changed: () => {},
      settled: (_parcel, outcome) => void settled.push(outcome),
    });
    const answer = outbox.send(parcel('k1'), false, Date.now() + ACK_MS);
    await vi.advanceTimersByTimeAsync(ACK_MS);
    late(ok);
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toMatchObject({ code: 'no_answer' });
    expect(settled).toHaveLength(1);
  });
});

describe('shelf', () => {
  beforeEach(() => vi.useRealTimers());

  it('sends after a reload what an earlier page left, oldest first and with the same keys', async () => {
    const before = await openShelf();
    await before.put(parcel('late', 'command', 20));
    await before.put(parcel('early', 'command', 10));
    await before.put({ ...parcel('other'), owner: 's1/pass-2' });
    const { outbox, sent, settled } = scripted([ok, ok], await openShelf());
    await outbox.restore('s1/pass-1');
    await vi.waitFor(() => expect(settled).toHaveLength(2));
    expect(sent.map((one) => one.key)).toEqual(['early', 'late']);
    await vi.waitFor(async () => expect(await before.parcels('s1/pass-1')).toEqual([]));
    expect(await before.parcels('s1/pass-2')).toHaveLength(1);
  });

  it('still takes back after a reload what never left, and never what may have', async () => {
    const cut = scripted([], await openShelf());
    cut.state.live = false;
    void cut.outbox.send(parcel('waits', 'command', 1), true);
    await vi.waitFor(() => expect(cut.state.waiting).toHaveLength(1));
    const gone = scripted([], await openShelf());
    void gone.outbox.send(parcel('left', 'command', 2), true);
    await vi.waitFor(() => expect(gone.sent).toHaveLength(1));

    const next = scripted([], await openShelf());
    next.state.live = false;
    await next.outbox.restore('s1/pass-1');
    expect(next.state.waiting.map(({ key, tries }) => [key, tries])).toEqual([['waits', 0], ['left', 1]]);
    expect([await next.outbox.cancel('left'), await next.outbox.cancel('waits')]).toEqual([false, true]);
    expect((await next.shelf.parcels('s1/pass-1')).map((one) => one.key)).toEqual(['left']);

    cut.state.live = true; // the page of before is still open, and does not know
    cut.outbox.flush();
    await vi.waitFor(() => expect(cut.state.waiting).toEqual([]));
    expect(cut.sent).toEqual([]);
    await next.shelf.remove('left');
  });

  it('notes that it leaves before it does', async () => {
    const shelf = await openShelf();
    const { outbox, sent, state } = scripted([null], shelf);
    state.live = false;
    void outbox.send(parcel('k9'), true);
    await vi.waitFor(async () => expect((await shelf.parcels('s1/pass-1'))[0]?.unsent).toBe(true));
    state.live = true;
    outbox.flush();
    await vi.waitFor(() => expect(sent).toHaveLength(1));
    expect((await shelf.parcels('s1/pass-1'))[0]?.unsent).toBe(false);
    state.live = false;
    await shelf.remove('k9');
  });

  it('keeps receipts by owner', async () => {
    const shelf = await openShelf();
    const receipt = { v: 1, session: 's1', ballot: 'b1', tracker: 'ff', seat: null, choices: null, key_id: 'k', signature: 's' } as const;
    await shelf.keep({ id: 's1/pass-1/b1', owner: 's1/pass-1', receipt });
    expect((await (await openShelf()).receipts('s1/pass-1')).map((one) => one.receipt.tracker)).toEqual(['ff']);
    expect(await shelf.receipts('s1/pass-2')).toEqual([]);
  });

  it('falls back to memory where the browser has no IndexedDB', async () => {
    const kept = globalThis.indexedDB;
    Reflect.deleteProperty(globalThis, 'indexedDB');
    try {
      const shelf = await openShelf();
      await shelf.put(parcel('k1'));
      expect(await shelf.parcels('s1/pass-1')).toHaveLength(1);
    } finally {
      globalThis.indexedDB = kept;
    }
  });
});
