import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Publisher } from '../media/publisher';
import { giveRelays, relaysOf } from './relays';
import { Subscriber } from '../media/subscriber';
import { asTrack, FakePeer, FakeSignal, FakeTrack, FakeWorld, refuse } from '../media/testing/fakes';

let signal: FakeSignal;
let world: FakeWorld;
const RELAY = { urls: ['turns:relay.example:443?transport=tcp'], username: '17:p1', credential: 'x' };
const FRESHER = { ...RELAY, username: '18:p1' };
const answer = (relays: unknown = [RELAY], lasts_ms: unknown = 10_000) => ({ ok: true as const, relays, lasts_ms });
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const asked = (): number => signal.sent('relays').length;

beforeEach(() => {
  vi.useFakeTimers();
  signal = new FakeSignal();
  world = new FakeWorld();
});
afterEach(() => void vi.useRealTimers());

it('asks once for all connections, and again when half of the time is over', async () => {
  signal.next('relays', answer(), answer([FRESHER]));
  expect(await Promise.all([relaysOf(signal), relaysOf(signal)])).toEqual([[RELAY], [RELAY]]);
  await settle(4_999);
  expect(await relaysOf(signal)).toEqual([RELAY]);
  expect(asked()).toBe(1);
  await settle(2);
  expect(await relaysOf(signal)).toEqual([FRESHER]);
  expect(asked()).toBe(2);
});

it('remembers as well that there are none', async () => {
  signal.next('relays', answer([]));
  await relaysOf(signal);
  expect(await relaysOf(signal)).toEqual([]);
  expect(asked()).toBe(1);
});

it.each([
  ['silence' as const, 2_000],
  ['cut' as const, 0],
  [refuse('media_unavailable'), 0],
  [answer('nonsense'), 0],
  [answer([RELAY], 'soon'), 0],
])('goes on without relays after %j, and asks again', async (reply, wait) => {
  signal.next('relays', reply, answer());
  const without = relaysOf(signal);
  await settle(wait);
  expect(await without).toEqual([]);
  expect(await relaysOf(signal)).toEqual([RELAY]);
});

it('keeps what else a connection was made with, and minds no closed one', async () => {
  signal.next('relays', answer());
  const peer = new FakePeer();
  peer.configuration = { iceTransportPolicy: 'relay' };
  await giveRelays(signal, peer as unknown as RTCPeerConnection);
  expect(peer.configuration).toEqual({ iceTransportPolicy: 'relay', iceServers: [RELAY] });
  peer.close();
  await giveRelays(signal, peer as unknown as RTCPeerConnection);
});

it('is known to what sends before it looks for paths, fresh again for an ICE restart', async () => {
  signal.next('relays', answer(), answer([FRESHER]));
  const publisher = new Publisher(signal, world, () => undefined);
  await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
  publisher.open();
  await settle();
  expect(world.last.soughtBy).toEqual([RELAY]);
  world.last.becomes('connected');
  await settle(6_000);
  world.last.becomes('failed');
  await settle();
  expect([world.peers.length, world.last.restarts, world.last.soughtBy]).toEqual([1, 1, [FRESHER]]);
  publisher.close();
});

it('is known to what receives before it looks for paths', async () => {
  signal.next('relays', answer());
  const subscriber = new Subscriber(signal, world, () => undefined, (track) => ({ id: track.id }) as MediaStream);
  subscriber.show({ halls: ['pejuang'], stage: false, audio: false });
  signal.says({ event: 'offer', sdp: 'offer video', generation: 1, slots: {} });
  await settle();
  expect(world.last.soughtBy).toEqual([RELAY]);
  expect(signal.sent('answer')).toHaveLength(1);
  subscriber.close();
});
