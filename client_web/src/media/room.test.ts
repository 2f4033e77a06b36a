import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Room } from './room.svelte';
import { asTrack, FakeSignal, FakeTrack, FakeWorld } from './testing/fakes';

let signal: FakeSignal;
let world: FakeWorld;
let room: Room;
const played: unknown[] = [];
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  signal = new FakeSignal();
  world = new FakeWorld();
  played.length = 0;
  room = new Room(signal, {
    world,
    streamOf: (track) => ({ id: track.id }) as MediaStream,
    makePlayer: () => ({ srcObject: null, muted: false, autoplay: false, play: async () => void played.push(1), pause: () => undefined }),
  });
});

afterEach(() => {
  room.close();
  vi.useRealTimers();
});

const WISH = { halls: ['pejuang'], stage: true, audio: true };

it('waits for the link, then shows and publishes', async () => {
  room.show(WISH);
  await room.publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
  room.publish();
  await settle(5_000);
  expect(signal.requests).toEqual([]);
  room.linkIs(true);
  await settle();
  expect(signal.requests.map((request) => request.method).sort()).toEqual(['publish', 'relays', 'show']);
});

it('shows and publishes anew each time the link comes back, once', async () => {
  room.show(WISH);
  await room.publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
  room.publish();
  room.linkIs(true);
  await settle();
  room.linkIs(false);
  room.linkIs(true);
  await settle();
  expect(signal.sent('show')).toHaveLength(2);
  expect(signal.sent('publish')).toHaveLength(2);
});

it('plays the voices it receives', async () => {
  room.show(WISH);
  room.linkIs(true);
  await settle();
  signal.says({ event: 'offer', sdp: 'offer audio', generation: 1, slots: { 0: { kind: 'audio', use: 'audio', hall: 'pejuang', source: 'mic' } } });
  await settle();
  expect(played).toHaveLength(1);
});

it('ends everything on close', async () => {
  room.show(WISH);
  room.publish();
  room.linkIs(true);
  await settle();
  room.close();
  expect([signal.listeners.size, world.network.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
});
