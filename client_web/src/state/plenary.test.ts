import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryShelf, type Shelf } from '../link/shelf';
import { FakeServer, fakeHttp, identity, me, synced } from '../testing/fakes';
import type { Ack, Change, Receipt } from '../wire/protocol';
import { PATIENCE_MS, Plenary } from './plenary.svelte';

const receipt = (tracker: string | null): Receipt => ({
  v: 1,
  session: 's1',
  ballot: 'b1',
  tracker,
  seat: null,
  choices: null,
  key_id: 'k1',
  signature: 'sig',
});
const ballot = (secrecy: 'open' | 'secret'): Change => ({ kind: 'ballot', id: 'b1', fields: { secrecy, opened_at: 1, state: 'open' } });

let open: Plenary[] = [];

async function opened(changes: Change[] = [], shelf: Shelf = memoryShelf(), door: FakeServer['door'] = 'open') {
  localStorage.setItem('pleno.credential.participant', JSON.stringify({ credential: 'c1', identity }));
  const server = new FakeServer();
  server.door = door;
  server.auto = (event) => (event === 'sync' ? synced(3) : undefined);
  fakeHttp({
    '/api/sessions/s1/snapshot': { body: { session: 's1', class: 'participant', after: 0, upto: 3, server_now: 0, changes } },
    '/api/sessions/s1/proposals/p1': { body: { problem: 'Banjir' } },
  });
  const plenary = new Plenary('participant', { makeWire: server.makeWire, openShelf: async () => shelf, dice: () => 0.5 });
  open.push(plenary);
  plenary.start();
  await vi.advanceTimersByTimeAsync(2);
  return { plenary, server, shelf };
}

async function live(changes: Change[] = [], shelf: Shelf = memoryShelf()) {
  const parts = await opened(changes, shelf);
  expect(parts.plenary.status).toBe('live');
  return parts;
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/participant');
});
afterEach(() => {
  for (const plenary of open.splice(0)) plenary.close();
  vi.useRealTimers();
});

describe('what is there', () => {
  it('lists halls in order and finds one by id', async () => {
    const { plenary } = await live([
      { kind: 'hall', id: 'b', fields: { name: 'B', order: 2 } },
      { kind: 'hall', id: 'a', fields: { name: 'A', order: 1 } },
    ]);
    expect(plenary.list('hall').map((hall) => hall.name)).toEqual(['A', 'B']);
    expect(plenary.get('hall', 'b')?.name).toBe('B');
    expect(plenary.list('hall')).toBe(plenary.list('hall'));
  });

  it('shows many frames in one redraw', async () => {
    const { plenary, server } = await live([{ kind: 'hall', id: 'a', fields: { name: 'A', order: 1 } }]);
    const before = plenary.list('hall');
    for (let seq = 3; seq < 20; seq += 1) {
      server.say('frame', { after: seq, upto: seq + 1, changes: [{ kind: 'hall', id: 'a', fields: { name: `A${seq}`, order: 1 } }] });
    }
    expect(plenary.list('hall')).toBe(before);
    await vi.advanceTimersByTimeAsync(60);
    expect(plenary.list('hall')[0]?.name).toBe('A19');
  });

  it('tells the same of one thing and of the list, whatever came since the last redraw', async () => {
    const { plenary, server } = await live([{ kind: 'hall', id: 'a', fields: { name: 'A', order: 1 } }]);
    plenary.list('hall');
    server.say('frame', { after: 3, upto: 4, changes: [{ kind: 'hall', id: 'a', fields: { name: 'B', order: 1 } }] });
    expect(plenary.get('hall', 'a')).toBe(plenary.list('hall')[0]);
    await vi.advanceTimersByTimeAsync(60);
    expect(plenary.get('hall', 'a')?.name).toBe('B');
    expect(plenary.list('hall')[0]?.name).toBe('B');
  });

  it('keeps presence, participants and turnout', async () => {
    const { plenary, server } = await live();
    server.say('presence', { participants: 41 });
    server.say('turnout', { ballot: 'b1', cast: 7, of: 20 });
    expect(plenary.participants).toBe(41);
    expect(plenary.presence).toEqual({});
    expect(plenary.turnout['b1']).toEqual({ cast: 7, of: 20 });
  });

  it('fetches details on demand', async () => {
    const { plenary } = await live();
    expect(await plenary.details('p1')).toEqual({ problem: 'Banjir' });
    await expect(plenary.details('p2')).rejects.toThrow('no_answer');
  });

  it('believes the browser when it says the network is gone, and when it is back', async () => {
    const { plenary, server } = await live();
    server.door = 'dead';
    window.dispatchEvent(new Event('offline'));
    expect(plenary.status).toBe('reconnecting');
    server.door = 'open';
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(plenary.status).toBe('live');
  });

  it('counts down to the next try', async () => {
    const { plenary, server } = await live();
    server.door = 'dead';
    server.cut();
    for (let turn = 0; turn < 4; turn += 1) await vi.advanceTimersByTimeAsync(600 * 2 ** turn);
    expect(plenary.status).toBe('reconnecting');
    expect(plenary.retryInSeconds).toBe(10);
    await vi.advanceTimersByTimeAsync(3000);
    expect(plenary.retryInSeconds).toBe(7);
  });
});

describe('voting', () => {
  it('makes the tracker of a secret vote itself: key, tracker and receipt are one', async () => {
    const { plenary, server, shelf } = await live([ballot('secret')]);
    const answer = plenary.vote('b1', ['o1', 'o2']);
    await vi.advanceTimersByTimeAsync(0);
    const payload = server.of('vote')[0]?.payload as Record<string, string>;
    expect(payload['tracker']).toMatch(/^[0-9a-f]{32}$/);
    expect(payload['key']).toBe(payload['tracker']);
    expect(payload['choices']).toEqual(['o1', 'o2']);
    server.of('vote')[0]?.reply({ ok: true, receipt: receipt(payload['tracker'] as string) });
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toMatchObject({ ok: true });
    expect(plenary.receipts['b1']?.tracker).toBe(payload['tracker']);
    expect(await shelf.parcels('s1/pass-1')).toEqual([]);
    expect(JSON.stringify([await shelf.receipts('s1/pass-1'), plenary.waiting, plenary.refusedActs])).not.toContain('o1');
  });

  it('repeats the very same vote over a cut, and the choice is forgotten once it is acknowledged', async () => {
    const { plenary, server } = await live([ballot('secret')]);
    const answer = plenary.vote('b1', ['o1']);
    await vi.advanceTimersByTimeAsync(0);
    server.cut();
    expect(plenary.queued).toBe(1);
    await vi.advanceTimersByTimeAsync(2000);
    const [first, second] = server.of('vote');
    expect(second?.payload).toEqual(first?.payload);
    second?.reply({ ok: true, receipt: receipt('ff') });
    await vi.advanceTimersByTimeAsync(0);
    expect((await answer).ok).toBe(true);
    expect(plenary.queued).toBe(0);
    expect(plenary.delivered).toBe(1);
  });

  it('sends after a reload the vote an earlier page could not, and shows its receipt', async () => {
    const shelf = memoryShelf();
    await shelf.put({ key: 'ab'.repeat(16), owner: 's1/pass-1', event: 'vote', payload: { ballot: 'b1', choices: ['o1'], key: 'ab'.repeat(16), tracker: 'ab'.repeat(16) }, at: 1 });
    const { plenary, server } = await live([ballot('secret')], shelf);
    await vi.advanceTimersByTimeAsync(0);
    server.of('vote')[0]?.reply({ ok: true, receipt: receipt('ab'.repeat(16)) });
    await vi.advanceTimersByTimeAsync(0);
    expect(plenary.receipts['b1']?.tracker).toBe('ab'.repeat(16));
  });

  it('counts two presses as one intention', async () => {
    const { plenary, server } = await live([ballot('secret')]);
    const answers = [plenary.vote('b1', ['o1']), plenary.vote('b1', ['o1'])];
    await vi.advanceTimersByTimeAsync(0);
    server.of('vote')[0]?.reply({ ok: true, receipt: receipt('ff') });
    await vi.advanceTimersByTimeAsync(0);
    expect((await Promise.all(answers)).map((answer) => answer.ok)).toEqual([true, true]);
    expect(server.of('vote')).toHaveLength(1);
  });

  it('takes a new key after a refusal, and keeps the refusal for the person without the choice', async () => {
    const { plenary, server } = await live([ballot('open')]);
    const first = plenary.vote('b1', ['o1', 'o2']);
    await vi.advanceTimersByTimeAsync(0);
    server.of('vote')[0]?.reply({ ok: false, code: 'too_many_choices', data: {} });
    await vi.advanceTimersByTimeAsync(0);
    expect(await first).toMatchObject({ ok: false, code: 'too_many_choices' });
    expect(plenary.refusedActs).toMatchObject([{ event: 'vote', ballot: 'b1', code: 'too_many_choices' }]);
    expect(JSON.stringify(plenary.refusedActs)).not.toContain('o1');
    void plenary.vote('b1', ['o1']);
    await vi.advanceTimersByTimeAsync(0);
    const keys = server.of('vote').map((one) => one.payload['key']);
    expect(new Set(keys).size).toBe(2);
    expect(server.of('vote')[0]?.payload).not.toHaveProperty('tracker');
    plenary.dismiss(plenary.refusedActs[0]?.key ?? '');
    expect(plenary.refusedActs).toEqual([]);
  });

  it('keeps the receipt of the later vote, whichever of disk and server answers last', async () => {
    const changed = (turn: number): Receipt => ({ ...receipt(null), turn });
    const shelf = memoryShelf();
    await shelf.keep({ id: 's1/pass-1/b1', owner: 's1/pass-1', receipt: changed(0) });
    const late: Shelf = { ...shelf, receipts: async (owner) => (await new Promise((resolve) => setTimeout(resolve, 500)), shelf.receipts(owner)) };
    const { plenary, server } = await live([ballot('open')], late);
    server.say('me', me({ voted: { b1: true }, receipts: { b1: changed(1) } }));
    await vi.advanceTimersByTimeAsync(600);
    expect(plenary.receipts['b1']?.turn).toBe(1);
    server.say('me', me({ voted: { b1: true }, receipts: { b1: changed(0) } }));
    expect(plenary.receipts['b1']?.turn).toBe(1);
  });

  it('shows receipts the server still knows', async () => {
    const { plenary, server } = await live();
    server.say('me', me({ voted: { b1: true }, receipts: { b1: receipt(null) } }));
    expect(plenary.receipts['b1']?.key_id).toBe('k1');
    expect(plenary.me?.voted).toEqual({ b1: true });
  });
});

describe('commands', () => {
  it('answers with what the server recorded', async () => {
    const { plenary, server } = await live();
    server.auto = (): Ack => ({ ok: true, seq: 9, result: { request: 'r1' } });
    const answer = plenary.command('floor.request', { note: 'MCK' });
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toEqual({ ok: true, seq: 9, result: { request: 'r1' } });
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'floor.request', data: { note: 'MCK' } });
  });

  it('keeps a request to speak through any cut, but gives up an act that meant "now"', async () => {
    const { plenary, server, shelf } = await live();
    server.door = 'dead';
    server.cut();
    void plenary.command('floor.request', {});
    const grant = plenary.command('stage.show', { scene: 'wall' });
    await vi.advanceTimersByTimeAsync(0);
    expect(plenary.queued).toBe(2);
    expect(await shelf.parcels('s1/pass-1')).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await grant).toMatchObject({ ok: false, code: 'no_answer' });
    expect(plenary.queued).toBe(1);
  });

  it('takes back what has not left', async () => {
    const { plenary, server } = await live();
    server.cut();
    const answer = plenary.command('floor.request', {});
    await vi.advanceTimersByTimeAsync(0);
    expect(await plenary.cancel(plenary.waiting[0]?.key ?? '')).toBe(true);
    expect(await answer).toMatchObject({ ok: false, code: 'cancelled' });
    expect(plenary.refusedActs).toEqual([]);
  });

  it('is refused without a card', async () => {
    const server = new FakeServer();
    const plenary = new Plenary('participant', { makeWire: server.makeWire, openShelf: async () => memoryShelf() });
    open.push(plenary);
    plenary.start();
    expect(plenary.refusal?.code).toBe('no_pass');
    expect(await plenary.command('floor.request')).toMatchObject({ ok: false, code: 'no_pass' });
    expect(await plenary.vote('b1', [])).toMatchObject({ ok: false, code: 'no_pass' });
  });
});

describe('media', () => {
  it('passes signaling through both ways', async () => {
    const { plenary, server } = await live();
    const heard: string[] = [];
    const off = plenary.onMedia((event) => heard.push(event.event));
    server.say('media', { event: 'want', sources: ['mic'] });
    off();
    server.say('media', { event: 'reset', code: 'replaced' });
    expect(heard).toEqual(['want']);
    server.auto = (): Ack => ({ ok: true, sdp: 'v=0' });
    expect(await plenary.media('publish', { sdp: 'v=0', tracks: [] })).toEqual({ ok: true, sdp: 'v=0' });
    expect(server.of('media')[0]?.payload).toEqual({ method: 'publish', sdp: 'v=0', tracks: [] });
    server.cut();
    expect(await plenary.media('leave', { what: 'publish' })).toMatchObject({ ok: false, code: 'no_answer' });
  });
});

describe('a server that cannot store', () => {
  it('is known until it says otherwise or the line is cut, and what was held goes out soon after', async () => {
    const { plenary, server } = await live();
    server.auto = (event) => (event === 'sync' ? synced(3) : { ok: false, code: 'held', data: {} });
    server.say('notice', { storage: 'away' });
    expect(plenary.storageAway).toBe(true);
    const act = plenary.command('agenda.next');
    await vi.advanceTimersByTimeAsync(PATIENCE_MS + 30_000);
    expect(plenary.queued).toBe(1);
    server.auto = (event) => (event === 'sync' ? synced(3) : { ok: true, seq: 4, result: {} });
    server.say('notice', { storage: 'back' });
    expect(plenary.storageAway).toBe(false);
    await vi.advanceTimersByTimeAsync(1_600);
    expect(await act).toEqual({ ok: true, seq: 4, result: {} });
    server.say('notice', { storage: 'away' });
    server.cut();
    expect(plenary.storageAway).toBe(false);
  });
});

describe('a page that is opened while the server cannot store', () => {
  it('knows why it waits, and is in as soon as it may', async () => {
    const { plenary, server } = await opened([], memoryShelf(), 'held');
    expect(plenary).toMatchObject({ storageAway: true, wasLive: false, refusal: null });
    await vi.advanceTimersByTimeAsync(20_000);
    expect(plenary.storageAway).toBe(true);
    server.door = 'open';
    await vi.advanceTimersByTimeAsync(15_000);
    expect(plenary).toMatchObject({ storageAway: false, status: 'live' });
  });
});
