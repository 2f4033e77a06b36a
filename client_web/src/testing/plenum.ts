/** A small plenary for tests of views: twelve lines of state, a fake server, and the real store between. */
import { vi } from 'vitest';
import type { Keeper } from '../link/kept';
import { memoryShelf, type Shelf } from '../link/shelf';
import { Plenary } from '../state/plenary.svelte';
import type { Change, FaceName, Identity, Me } from '../wire/protocol';
import { FakeServer, fakeHttp, identity, me, synced } from './fakes';

export const entity = (kind: string, id: string, fields: Record<string, unknown> | null): Change => ({ kind, id, fields });

export const card = (id: string, fields: Record<string, unknown> = {}): Change =>
  entity('proposal', id, {
    title: `Usulan ${id}`,
    hall: 'pejuang',
    status: 'SUBMITTED',
    rank: Number(id.replace(/\D/g, '')),
    amount: 109_200_000,
    households: 47,
    rw: '07',
    urgency: 'MENDESAK',
    land: 'PEMDA',
    type: 'FISIK',
    version: 1,
    ...fields,
  });

export const ballot = (id: string, fields: Record<string, unknown> = {}): Change =>
  entity('ballot', id, {
    title: 'Tiga prioritas',
    secrecy: 'secret',
    proof: 'inclusion',
    choose_max: 2,
    options: [
      { id: 'o1', label: 'Perbaikan turap', detail: 'Aren Jaya' },
      { id: 'o2', label: 'Cermin tikungan', detail: 'Jatirahayu' },
      { id: 'o3', label: 'Penerangan jalan', detail: 'Pejuang' },
    ],
    state: 'open',
    opened_at: 1,
    closes_at: null,
    closed_at: null,
    electorate: 240,
    result: null,
    reason: null,
    ...fields,
  });

const BASE: Change[] = [
  entity('session', 's1', {
    title: 'Pleno Bekasi',
    kind: 'plenary',
    parent: null,
    phase: 'open',
    place: 'Bekasi',
    date: '2018-01-23',
    tz: 'WIB',
    rehearsal: false,
    opened_at: 1,
    closed_at: null,
    seat_count: 240,
    hall_count: 2,
  }),
  entity('hall', 'pejuang', { name: 'Pejuang', kecamatan: 'Medansatria', order: 1, seat_count: 20 }),
  entity('hall', 'jatiasih', { name: 'Jatiasih', kecamatan: 'Jatiasih', order: 2, seat_count: 20 }),
  entity('agenda', 'a1', {
    title: 'Pembukaan', kind: 'opening', order: 1, minutes: 10, state: 'now', started_at: 1, ended_at: null,
    speaker: 'Lurah', hall: null, since: 1, spent_ms: 0,
  }), // prettier-ignore
  entity('floor', 'floor', { holder: null, queue: [] }),
  entity('stage', 'stage', { scene: 'wall', spotlight: null, focus: null, ballot: null }),
];

export interface Scene {
  plenary: Plenary;
  server: FakeServer;
  shelf: Shelf;
  /** The server says something changed; resolves when it is on the screen. */
  change(...changes: Change[]): Promise<void>;
  me(fields: Partial<Me>): Promise<void>;
  tick(ms?: number): Promise<void>;
}

/** Fake timers must be on. The plenary is live when this resolves, unless `door` says otherwise. */
export async function scene(
  face: FaceName,
  changes: Change[] = [],
  options: { door?: string; me?: Partial<Me>; shelf?: Shelf; keeper?: Keeper; credential?: boolean; identity?: Partial<Identity>; details?: Record<string, unknown> } = {},
): Promise<Scene> {
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', `/${face}`);
  if (options.credential !== false) localStorage.setItem(`pleno.credential.${face}`, JSON.stringify({ credential: 'c1', identity: { ...identity, ...options.identity } }));
  const server = new FakeServer();
  if (options.door) server.door = options.door;
  server.auto = (event) => (event === 'sync' ? synced(seq, { me: me(options.me) }) : undefined);
  let seq = 100;
  fakeHttp({
    '/api/sessions/s1/snapshot': { body: { session: 's1', class: 'participant', after: 0, upto: seq, server_now: Date.now(), changes: [...BASE, ...changes] } },
    '/api/sessions/s1/proposals/p1': { body: options.details ?? { problem: 'Banjir', volume: 1250, unit: 'm' } },
  });
  const shelf = options.shelf ?? memoryShelf();
  const plenary = new Plenary(face, { makeWire: server.makeWire, openShelf: async () => shelf, dice: () => 0.5, ...(options.keeper ? { keeper: options.keeper } : {}) });
  plenary.start();
  const tick = async (ms = 60): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));
  await tick(0);
  return {
    plenary,
    server,
    shelf,
    tick,
    change: async (...next) => {
      server.say('frame', { after: seq, upto: seq + 1, changes: next });
      seq += 1;
      await tick();
    },
    me: async (fields) => {
      server.say('me', me({ ...options.me, ...fields }));
      await tick();
    },
  };
}
