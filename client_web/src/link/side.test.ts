import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeServer } from '../testing/fakes';
import { SideLine, type SideState } from './side';

let server: FakeServer;
let states: SideState[];
let line: SideLine;
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.auto = () => ({ ok: true });
  states = [];
  line = new SideLine({ credential: 'c1', session: 'kota', changed: (state) => states.push(state), makeWire: server.makeWire, dice: () => 0.5 });
});

afterEach(() => {
  line.close();
  vi.useRealTimers();
});

it('asks for the other session and carries media alone, never a sync', async () => {
  const heard: unknown[] = [];
  line.onMedia((event) => heard.push(event));
  line.open();
  await settle();
  expect([server.asked, states]).toEqual([['kota'], ['joining', 'live']]);
  expect(await line.media('show', { stage: true })).toEqual({ ok: true });
  server.say('frame', { after: 1, upto: 2, changes: [] });
  server.say('media', { event: 'reset', code: 'worker_restarted' });
  expect(heard).toEqual([{ event: 'reset', code: 'worker_restarted' }]);
  expect(server.sent.map((one) => one.event)).toEqual(['media']);
});

it('comes back after a cut and after a refusal, and says so once each', async () => {
  line.open();
  await settle();
  server.door = 'forbidden';
  server.cut();
  expect(await line.media('show', {})).toEqual({ ok: false, code: 'no_answer', data: {} });
  await settle(600);
  expect(states).toEqual(['joining', 'live', 'lost', 'lost']);
  server.door = 'open';
  await settle(1200);
  expect(states.at(-1)).toBe('live');
  expect(server.opened).toBe(3);
});

it('once closed it tries no more', async () => {
  server.door = 'dead';
  line.open();
  await settle();
  line.close();
  await settle(60_000);
  expect(server.opened).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
