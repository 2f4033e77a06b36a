import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Replica } from '../state/replica';
import { FakeServer, fakeHttp, identity, synced } from '../testing/fakes';
import type { Ack } from '../wire/protocol';
import { backoffMs, LONGEST_MS } from './backoff';
import { ServerClock } from './clock';
import { Link, type LinkStatus } from './link';

const SNAPSHOT = '/api/sessions/s1/snapshot';
const TOKEN = 'T'.repeat(24);
const snapshot = (upto: number) => ({
  body: { session: 's1', class: 'participant', after: 0, upto, server_now: 0, changes: [{ kind: 'hall', id: `h${upto}`, fields: { name: 'Pejuang' } }] },
});

function joined() {
  const server = new FakeServer();
  const seen = { statuses: [] as LinkStatus[], refusals: [] as string[], retryAt: null as number | null, messages: [] as string[], mes: 0, storageAway: false };
  const replica = new Replica();
  const clock = new ServerClock();
  const link = new Link({
    face: 'participant',
    replica,
    clock,
    makeWire: server.makeWire,
    dice: () => 0.5,
    listener: {
      status: (status) => seen.statuses.push(status),
      refusal: (code) => seen.refusals.push(code),
      retryAt: (at) => (seen.retryAt = at),
      identity: () => {},
      me: () => (seen.mes += 1),
      storage: (away) => (seen.storageAway = away),
      message: (event) => seen.messages.push(event),
    },
  });
  return { server, seen, replica, link, clock };
}

const keep = (): void => localStorage.setItem('pleno.credential.participant', JSON.stringify({ credential: 'c1', identity }));
/** The board is read in tasks of their own. */
const settle = (ms = 5): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/participant');
});
afterEach(() => vi.useRealTimers());

describe('getting in', () => {
  it('exchanges the token of the card and takes it out of the address bar before anything is sent', async () => {
    history.replaceState(null, '', `/participant#${TOKEN}`);
    const { link, server, seen } = joined();
    const calls = fakeHttp({
      '/api/passes/exchange': () => {
        expect(location.hash).toBe('');
        return { body: { credential: 'c1', identity, server_now: 0 } };
      },
      [SNAPSHOT]: snapshot(3),
    });
    server.auto = () => synced(3);
    link.start();
    await settle();
    expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ token: TOKEN, device: localStorage.getItem('pleno.device') });
    expect(seen.statuses).toEqual(['exchanging', 'connecting', 'live']);
    expect(sessionStorage.getItem('pleno.credential.participant')).toContain('c1');
    expect(JSON.stringify(localStorage) + JSON.stringify(sessionStorage)).not.toContain(TOKEN);
  });

  it('comes back after a reload with the credential it kept', async () => {
    keep();
    const { link, server, seen, replica } = joined();
    const calls = fakeHttp({ [SNAPSHOT]: snapshot(3) });
    server.auto = () => synced(3);
    link.start();
    await settle();
    expect(seen.statuses).toEqual(['live']);
    expect(replica.last).toBe(3);
    expect(calls.map((call) => call.path)).toEqual([`${SNAPSHOT}?form=columns`]);
  });

  it('asks for a card when there is none', () => {
    const { link, seen } = joined();
    link.start();
    expect(seen).toMatchObject({ statuses: ['refused'], refusals: ['no_pass'] });
  });

  it.each(['pass_unknown', 'pass_expired', 'pass_revoked', 'too_many_attempts'])('says %s and does not try again', async (code) => {
    history.replaceState(null, '', `/participant#${TOKEN}`);
    const { link, seen, server } = joined();
    const calls = fakeHttp({ '/api/passes/exchange': { status: 401, body: { code } } });
    link.start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(seen.refusals).toEqual([code]);
    expect(seen.statuses.at(-1)).toBe('refused');
    expect(calls).toHaveLength(1);
    expect(server.opened).toBe(0);
  });

  it('keeps trying to exchange while nobody answers, and says when', async () => {
    history.replaceState(null, '', `/participant#${TOKEN}`);
    const { link, seen } = joined();
    let dead = true;
    fakeHttp({
      '/api/passes/exchange': () => (dead ? 'dead' : { body: { credential: 'c1', identity, server_now: 0 } }),
      [SNAPSHOT]: snapshot(1),
    });
    link.start();
    await settle(0);
    expect(seen.retryAt).toBe(Date.now() + 600);
    dead = false;
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.statuses).toContain('connecting');
  });

  it('is told that storage keeps its card waiting, and goes in by itself once it is back', async () => {
    history.replaceState(null, '', `/participant#${TOKEN}`);
    const { link, seen, server } = joined();
    let answer: { status?: number; body: unknown } = { status: 503, body: { code: 'held' } };
    fakeHttp({ '/api/passes/exchange': () => answer, [SNAPSHOT]: snapshot(1) });
    server.auto = () => synced(1);
    link.start();
    await settle();
    expect(seen).toMatchObject({ storageAway: true, statuses: ['exchanging'] });
    answer = { status: 503, body: null };
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.storageAway, 'a front that has nobody behind it says nothing of storage').toBe(false);
    answer = { body: { credential: 'c1', identity, server_now: 0 } };
    await vi.advanceTimersByTimeAsync(1200);
    expect(seen).toMatchObject({ storageAway: false, refusals: [] });
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it('is told that storage keeps it out, and comes in by itself once it is back', async () => {
    keep();
    const { link, server, seen } = joined();
    fakeHttp({ [SNAPSHOT]: snapshot(3) });
    server.auto = () => synced(3);
    server.door = 'held';
    link.start();
    await settle(0);
    expect(seen).toMatchObject({ storageAway: true, refusals: [] });
    expect(seen.retryAt).toBe(Date.now() + 600);
    server.door = 'dead';
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.storageAway).toBe(false);
    server.door = 'held';
    await vi.advanceTimersByTimeAsync(1200);
    expect(seen.storageAway).toBe(true);
    server.door = 'open';
    await vi.advanceTimersByTimeAsync(2400);
    expect(seen).toMatchObject({ storageAway: false, refusals: [] });
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it('forgets a credential the server no longer knows', async () => {
    keep();
    const { link, server, seen } = joined();
    fakeHttp({ [SNAPSHOT]: { status: 401, body: { code: 'credential_expired' } } });
    server.door = 'credential_expired';
    link.start();
    await settle();
    expect(seen.statuses.at(-1)).toBe('refused');
    expect(localStorage.length).toBe(0);
  });
});

describe('catching up', () => {
  it('asks from where it is, and fetches the snapshot anew when the server cannot bridge', async () => {
    keep();
    const { link, server, replica } = joined();
    let upto = 3;
    const calls = fakeHttp({ [SNAPSHOT]: () => snapshot(upto) });
    server.auto = (_event, payload) => {
      if (payload['after'] === 3) upto = 9;
      return synced(9, { resync: payload['after'] === 3 });
    };
    link.start();
    await settle();
    expect(server.of('sync').map((one) => one.payload)).toEqual([{ after: 3 }, { after: 9 }]);
    expect(calls).toHaveLength(2);
    expect(replica.last).toBe(9);
    expect(Array.from(replica.table('hall').keys())).toEqual(['h9']);
  });

  it('syncs once for a burst of frames after a gap', async () => {
    keep();
    const { link, server, replica, seen } = joined();
    fakeHttp({ [SNAPSHOT]: snapshot(3) });
    server.auto = () => synced(3);
    link.start();
    await settle();
    server.auto = null;
    server.say('frame', { after: 5, upto: 6, changes: [] });
    await settle();
    server.say('frame', { after: 6, upto: 7, changes: [] });
    expect(server.of('sync')).toHaveLength(2);
    server.of('sync')[1]?.reply(synced(7));
    server.auto = () => synced(7);
    server.say('frame', { after: 3, upto: 7, changes: [] });
    await settle();
    expect(replica.last).toBe(7);
    expect(seen.statuses).toEqual(['live']);
  });

  it('learns the offset of the server clock from the answer', async () => {
    keep();
    const { link, server, clock } = joined();
    fakeHttp({ [SNAPSHOT]: snapshot(3) });
    server.auto = () => synced(3, { server_now: Date.now() + 90_000 });
    link.start();
    await settle();
    expect(clock.now() - Date.now()).toBe(90_000);
  });

  it('drops a connection whose sync is never answered', async () => {
    keep();
    const { link, server, seen } = joined();
    fakeHttp({ [SNAPSHOT]: snapshot(3) });
    server.auto = null;
    link.start();
    await vi.advanceTimersByTimeAsync(10_005);
    expect(seen.statuses.at(-1)).toBe('reconnecting');
    server.auto = () => synced(3);
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it('joins although the snapshot could not be fetched at first', async () => {
    keep();
    const { link, server, seen } = joined();
    let dead = true;
    fakeHttp({ [SNAPSHOT]: () => (dead ? 'dead' : snapshot(4)) });
    server.auto = () => synced(4);
    link.start();
    await settle();
    expect(seen.statuses).not.toContain('live');
    dead = false;
    await vi.advanceTimersByTimeAsync(5000);
    expect(seen.statuses.at(-1)).toBe('live');
  });
});

describe('cuts and farewells', () => {
  async function live() {
    keep();
    const parts = joined();
    fakeHttp({ [SNAPSHOT]: snapshot(3) });
    parts.server.auto = () => synced(3);
    parts.link.start();
    await settle();
    return parts;
  }

  it('comes back by itself, later each time, and syncs from what it has', async () => {
    const { server, seen } = await live();
    server.door = 'dead';
    const begun = Date.now();
    server.cut();
    expect(seen.statuses.at(-1)).toBe('reconnecting');
    expect(seen.retryAt).toBe(begun + 600);
    await vi.advanceTimersByTimeAsync(600 + 1200 + 2400);
    expect(server.opened).toBe(4);
    server.door = 'open';
    await vi.advanceTimersByTimeAsync(4800);
    expect(seen.statuses.at(-1)).toBe('live');
    expect(seen.retryAt).toBeNull();
    expect(server.of('sync').at(-1)?.payload).toEqual({ after: 3 });
    server.cut();
    expect(seen.retryAt).toBe(Date.now() + 600);
  });

  it('tries at once when asked', async () => {
    const { server, seen, link } = await live();
    server.cut();
    link.retryNow();
    await settle();
    expect(seen.statuses.at(-1)).toBe('live');
    expect(server.opened).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.opened).toBe(2);
  });

  it('waits for room when the server is full', async () => {
    const { server, seen } = await live();
    server.door = 'server_full';
    server.cut();
    await vi.advanceTimersByTimeAsync(600);
    expect(seen.statuses.at(-1)).toBe('reconnecting');
    server.door = 'open';
    await vi.advanceTimersByTimeAsync(1200);
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it.each(['replaced', 'pass_revoked', 'pass_moved'])('does not come back after %s', async (code) => {
    const { server, seen } = await live();
    server.say('bye', { code });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(seen.statuses.at(-1)).toBe('refused');
    expect(seen.refusals).toEqual([code]);
    expect(server.opened).toBe(1);
    expect(localStorage.length).toBe(code === 'replaced' ? 1 : 0);
  });

  it('takes its place back when the person says so', async () => {
    const { server, seen, link } = await live();
    server.say('bye', { code: 'replaced' });
    link.resume();
    await settle();
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it.each([['internal', 500, 2], ['pass_expired', 401, 1]] as const)('asks again after %s only when waiting may cure it', async (code, status, asked) => {
    history.replaceState(null, '', `/participant#${TOKEN}`);
    const { link, seen } = joined();
    const calls = fakeHttp({ '/api/passes/exchange': { status, body: { code } } });
    link.start();
    await settle();
    expect(seen.refusals).toEqual([code]);
    link.resume();
    await settle();
    expect(calls).toHaveLength(asked);
  });

  it('ends when the session is sealed', async () => {
    const { server, seen } = await live();
    server.say('bye', { code: 'session_sealed' });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(seen.statuses.at(-1)).toBe('ended');
    expect(server.opened).toBe(1);
  });

  it('hears nothing more from a connection it has left', async () => {
    const { server, seen, replica } = await live();
    const old = server.listener;
    server.cut();
    await vi.advanceTimersByTimeAsync(600);
    old?.message('frame', { after: 3, upto: 8, changes: [] });
    old?.down();
    expect(replica.last).toBe(3);
    expect(seen.statuses.at(-1)).toBe('live');
  });

  it('passes on what it does not read itself', async () => {
    const { server, seen, link } = await live();
    server.say('turnout', {});
    server.say('media', {});
    expect(seen.messages).toEqual(['turnout', 'media']);
    server.auto = (): Ack => ({ ok: true, sdp: 'x' });
    expect(await link.request('media', { method: 'show' })).toEqual({ ok: true, sdp: 'x' });
  });
});

describe('backoff', () => {
  it('doubles, spreads and stops growing', () => {
    expect([0, 1, 2].map((n) => backoffMs(n, 0.5))).toEqual([600, 1200, 2400]);
    expect(backoffMs(0, 0)).toBe(300);
    expect(backoffMs(50, 0.999)).toBeLessThanOrEqual(LONGEST_MS * 1.5);
  });
});

describe('clock', () => {
  it('believes the answer that came back fastest', () => {
    let local = 1000;
    const clock = new ServerClock(() => local);
    local = 1100;
    clock.learn(5050, 1000);
    expect(clock.now()).toBe(5100);
    local = 3100;
    clock.learn(9999, 1100);
    expect(clock.now()).toBe(7100);
    clock.forget();
    clock.learn(9999, 3100);
    expect(clock.now()).toBe(9999);
  });
});
