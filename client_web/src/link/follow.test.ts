import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryShelf } from '../link/shelf';
import { Plenary } from '../state/plenary.svelte';
import { FakeServer, fakeHttp, identity, me, synced } from '../testing/fakes';
import type { Ack, FaceName, PageKind } from '../wire/protocol';
import { joining } from './packets';

const snapshot = (session: string, phase: string) => ({
  body: { session, class: 'participant', after: 0, upto: 3, server_now: 0, changes: [{ kind: 'session', id: session, fields: { title: session, phase } }] },
});
const settle = (ms = 60): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** At home `me` names group g1 while `away`; in the group it names none. */
function joined(face: FaceName = 'participant', page?: PageKind) {
  localStorage.setItem(`pleno.credential.${face}`, JSON.stringify({ credential: 'c1', identity }));
  const server = new FakeServer();
  const world = { away: true, phase: 'open', refuse: null as string | null };
  server.auto = (event): Ack | undefined =>
    event === 'sync' ? synced(3, { me: me({ group: server.asked.at(-1) === undefined && world.away ? 'g1' : null }) }) : undefined;
  const calls = fakeHttp({
    '/api/sessions/s1/snapshot': () => snapshot('s1', 'open'),
    '/api/sessions/g1/snapshot': () => (world.refuse ? { status: 403, body: { code: world.refuse } } : snapshot('g1', world.phase)),
  });
  const plenary = new Plenary(face, { makeWire: server.makeWire, openShelf: async () => memoryShelf(), dice: () => 0.5, ...(page ? { page } : {}) });
  plenary.start();
  return { server, world, plenary, calls };
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/participant');
});
afterEach(() => vi.useRealTimers());

describe('a group session', () => {
  it('is entered with the same card as soon as the plenary names it, and read alone', async () => {
    const { server, plenary, calls } = joined();
    await settle(1000);
    expect(server.asked).toEqual([undefined, 'g1']);
    expect(plenary.status).toBe('live');
    expect(plenary.group).toBe('g1');
    expect(plenary.identity?.session).toBe('g1');
    expect(plenary.list('session').map((one) => one.id)).toEqual(['g1']);
    expect(calls.at(-1)?.init.headers).toEqual({ authorization: 'Bearer c1' });
    plenary.close();
  });

  it('is left when it closes, once: the plenary may name it a little longer', async () => {
    const { server, plenary, world } = joined();
    await settle(1000);
    world.phase = 'closed';
    server.say('frame', { after: 3, upto: 4, changes: [{ kind: 'session', id: 'g1', fields: { title: 'g1', phase: 'closed' } }] });
    await settle(1000);
    expect(server.asked).toEqual([undefined, 'g1', undefined]);
    expect(plenary.group).toBeNull();
    expect(plenary.identity?.session).toBe('s1');
    expect(plenary.list('session').map((one) => one.id)).toEqual(['s1']);
    server.say('me', me({ group: null }));
    server.say('me', me({ group: 'g1' }));
    await settle(1000);
    expect(server.asked.slice(0, 4)).toEqual([undefined, 'g1', undefined, 'g1']);
    plenary.close();
  });

  it('is left when the card may not be there, or it was sealed', async () => {
    const { server, plenary, world } = joined();
    world.refuse = 'forbidden';
    await settle(1000);
    expect(plenary.group).toBeNull();
    expect(plenary.status).toBe('live');
    plenary.close();
    const again = joined();
    await settle(1000);
    again.server.say('bye', { code: 'session_sealed' });
    await settle(1000);
    expect(again.plenary.group).toBeNull();
    expect(again.plenary.status).toBe('live');
    again.plenary.close();
    expect(server.asked.length).toBeGreaterThan(1);
  });

  it('does not get what was meant for the plenary: that waits until the page is back', async () => {
    const { server, plenary, world } = joined();
    world.away = false;
    await settle(1000);
    server.cut();
    server.door = 'dead';
    await settle();
    void plenary.command('floor.request', { note: 'pleno' });
    world.away = true;
    server.door = 'open';
    await settle(0);
    plenary.retryNow();
    server.sent.length = 0;
    await settle(3000);
    expect(plenary.group).toBe('g1');
    void plenary.command('floor.request', { note: 'kelompok' });
    await settle();
    const notes = () => server.of('command').map((one) => (one.payload['data'] as { note: string }).note);
    expect(notes()).toEqual(['kelompok']);
    expect(plenary.queued).toBe(2);
    plenary.close();
  });

  it('is followed by phones alone', async () => {
    const { server, plenary } = joined('screen');
    await settle(1000);
    expect(server.asked).toEqual([undefined]);
    plenary.close();
  });

  it('finds a tablet the tablet it was: that is said at every connection', async () => {
    const { server, plenary } = joined('hall', 'kiosk');
    await settle(1000);
    server.cut();
    await settle(3000);
    expect([server.asked, server.pages]).toEqual([[undefined, 'g1', 'g1'], ['kiosk', 'kiosk', 'kiosk']]);
    plenary.close();
  });

  it('is named when the connection is made', () => {
    expect(joining('c1')).toBe('40{"credential":"c1"}');
    expect(joining('c1', 'g1')).toBe('40{"credential":"c1","session":"g1"}');
  });
});
