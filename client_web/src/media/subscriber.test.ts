import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Slot } from '../wire/protocol';
import { Subscriber } from './subscriber';
import { FakeSignal, FakeTrack, FakeWorld, refuse } from './testing/fakes';

let signal: FakeSignal;
let world: FakeWorld;
let subscriber: Subscriber;
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const WALL = { halls: ['pejuang', 'jatiasih'], stage: true, audio: true };

const thumb = (hall: string | null): Slot => ({ kind: 'video', use: 'thumb', hall, source: 'camera' });
const stage = (hall: string | null): Slot => ({ kind: 'video', use: 'stage', hall, source: 'camera_hd' });
const voice = (hall: string | null): Slot => ({ kind: 'audio', use: 'audio', hall, source: 'mic' });
const offer = (generation: number, kinds: string, slots: Record<string, Slot>) => {
  signal.says({ event: 'offer', sdp: `offer ${kinds}`, generation, slots });
};

beforeEach(() => {
  vi.useFakeTimers();
  signal = new FakeSignal();
  world = new FakeWorld();
  subscriber = new Subscriber(
    signal,
    world,
    () => undefined,
    (track) => ({ id: `stream of ${track.id}` }) as MediaStream,
  );
});

afterEach(() => {
  subscriber.close();
  vi.useRealTimers();
});

async function watching(): Promise<void> {
  subscriber.show(WALL);
  await settle();
  offer(1, 'audio video video', { 0: voice('jatiasih'), 1: thumb('pejuang'), 2: stage('jatiasih') });
  await settle();
  world.last.becomes('connected');
}

const track = (index: number) => world.last.transceivers[index]?.receiver.track as unknown as FakeTrack;

describe('subscribing', () => {
  it('says what it shows once, and again only when that changes', async () => {
    subscriber.show(WALL);
    subscriber.show({ ...WALL });
    await settle();
    subscriber.show({ ...WALL, stage: false });
    await settle();
    expect(signal.sent('show')).toEqual([WALL, { ...WALL, stage: false }]);
  });

  it('answers an offer with its generation and maps every slot to its stream', async () => {
    await watching();
    expect(signal.sent('answer')).toEqual([{ sdp: 'answer to offer audio video video', generation: 1 }]);
    expect(subscriber.view.thumbs['pejuang']).toMatchObject({ mid: '1', stream: { id: 'stream of remote1' }, flowing: false });
    expect(subscriber.view.stage.map((feed) => feed.hall)).toEqual(['jatiasih']);
    expect(subscriber.view.audio.map((feed) => feed.mid)).toEqual(['0']);
    expect(subscriber.view.health).toBe('live');
  });

  it('knows when a picture flows', async () => {
    await watching();
    track(1).unmute();
    expect(subscriber.view.thumbs['pejuang']?.flowing).toBe(true);
  });

  it('follows a slot that was pointed elsewhere without touching its stream', async () => {
    await watching();
    const before = subscriber.view.stage[0]?.stream;
    signal.says({ event: 'slots', slots: { 1: thumb('pejuang'), 2: stage('pejuang') } });
    expect(subscriber.view.stage[0]?.hall).toBe('pejuang');
    expect(subscriber.view.stage[0]?.stream).toBe(before);
    expect(signal.sent('answer')).toHaveLength(1);
  });

  it('does not go back to the slots of an offer when newer ones came while it was answered', async () => {
    subscriber.show(WALL);
    await settle();
    offer(1, 'video', { 0: thumb('pejuang') });
    signal.says({ event: 'slots', slots: { 0: thumb('jatiasih') } });
    await settle();
    expect(Object.keys(subscriber.view.thumbs)).toEqual(['jatiasih']);
  });

  it('leaves out slots that show nobody', async () => {
    await watching();
    signal.says({ event: 'slots', slots: { 0: voice(null), 1: thumb(null), 2: stage(null) } });
    expect(subscriber.view).toMatchObject({ stage: [], thumbs: {}, audio: [] });
  });

  it('answers the newest of several offers and ignores older ones', async () => {
    await watching();
    offer(2, 'audio video video video', { 3: thumb('jatiasih') });
    offer(3, 'audio video video video video', { 3: thumb('jatiasih'), 4: thumb('mustikajaya') });
    offer(2, 'audio video', {});
    await settle();
    expect(signal.sent('answer').at(-1)?.['generation']).toBe(3);
    expect(Object.keys(subscriber.view.thumbs)).toEqual(['jatiasih', 'mustikajaya']);
  });

  it('waits for the next offer when its answer came too late', async () => {
    signal.next('answer', refuse('stale_negotiation'));
    await watching();
    expect(world.peers).toHaveLength(1);
    expect(world.last.closed).toBe(false);
  });

  it('counts decoded frames per hall', async () => {
    await watching();
    world.last.report.set('a', { type: 'inbound-rtp', kind: 'video', mid: '1', framesDecoded: 30, frameWidth: 320, frameHeight: 180, bytesReceived: 9 });
    world.last.report.set('b', { type: 'inbound-rtp', kind: 'audio', mid: '0', bytesReceived: 9 });
    expect(await subscriber.stats()).toEqual({ pejuang: { framesDecoded: 30, width: 320, height: 180, bytes: 9 } });
  });
});

describe('staying subscribed', () => {
  it('asks for an ICE restart when the path fails', async () => {
    await watching();
    world.last.becomes('failed');
    await settle();
    expect(signal.sent('restart')).toHaveLength(1);
    expect(subscriber.view.health).toBe('reconnecting');
    offer(2, 'audio video video', { 1: thumb('pejuang') });
    await settle();
    world.last.becomes('connected');
    expect(world.peers).toHaveLength(1);
    expect(subscriber.view.health).toBe('live');
  });

  it('leaves and shows again on a new connection when restarts do not help', async () => {
    await watching();
    world.last.becomes('failed');
    await settle(30_000);
    expect(signal.sent('leave')).toEqual([{ what: 'subscribe' }]);
    expect(signal.sent('show')).toHaveLength(2);
    expect(world.peers[0]?.closed).toBe(true);
    offer(1, 'audio video', { 1: thumb('pejuang') }); // generations begin anew
    await settle();
    expect(world.peers).toHaveLength(2);
    expect(subscriber.view.thumbs['pejuang']).toBeDefined();
  });

  it('drops everything on a reset and shows again after the dice', async () => {
    await watching();
    world.dice = 0.25;
    signal.says({ event: 'reset', code: 'worker_restarted' });
    expect(subscriber.view).toMatchObject({ stage: [], thumbs: {}, audio: [], health: 'reconnecting' });
    expect(world.last.closed).toBe(true);
    offer(2, 'audio video', { 1: thumb('pejuang') }); // a straggler for the dead connection
    await settle(240);
    expect(world.peers).toHaveLength(1);
    await settle(20);
    expect(signal.sent('show')).toHaveLength(2);
    expect(signal.sent('leave')).toHaveLength(0);
  });

  it('builds anew after an offer it cannot read', async () => {
    subscriber.show(WALL);
    await settle();
    offer(1, 'garbled', {});
    await settle(1_000);
    expect(signal.sent('leave')).toHaveLength(1);
    expect(signal.sent('show')).toHaveLength(2);
  });

  it('asks again when nothing answers, and says what is wrong when the server refuses', async () => {
    signal.next('show', 'cut', refuse('media_full'));
    subscriber.show(WALL);
    await settle(700);
    expect(subscriber.view).toMatchObject({ health: 'unavailable', refusal: 'media_full' });
    await settle(5_000);
    expect(signal.sent('show')).toHaveLength(3);
    expect(subscriber.view.refusal).toBeNull();
  });

  it('takes a new offer at once after the link was re-made, though an old answer hangs', async () => {
    signal.next('answer', 'silence');
    subscriber.show(WALL);
    await settle();
    offer(1, 'video', { 0: thumb('pejuang') });
    await settle();
    subscriber.relink();
    await settle(1);
    offer(1, 'video', { 0: thumb('jatiasih') });
    await settle();
    expect(world.peers).toHaveLength(2);
    expect(Object.keys(subscriber.view.thumbs)).toEqual(['jatiasih']);
  });

  it('closes everything it opened', async () => {
    await watching();
    const first = track(1);
    const remove = vi.spyOn(first, 'removeEventListener');
    subscriber.close();
    subscriber.close();
    expect(signal.sent('leave')).toEqual([{ what: 'subscribe' }]);
    expect(world.last.closed).toBe(true);
    expect(remove).toHaveBeenCalledTimes(2);
    expect([signal.listeners.size, world.network.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
    expect(subscriber.view.health).toBe('idle');
  });
});
