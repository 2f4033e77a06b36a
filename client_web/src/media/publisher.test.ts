import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Publisher } from './publisher';
import { asTrack, FakeSignal, FakeTrack, FakeWorld, refuse } from './testing/fakes';

let signal: FakeSignal;
let world: FakeWorld;
let publisher: Publisher;

const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  signal = new FakeSignal();
  world = new FakeWorld();
  publisher = new Publisher(signal, world, () => undefined);
});

afterEach(() => {
  publisher.close();
  vi.useRealTimers();
});

async function onAir(mic = new FakeTrack('audio', 'mic'), camera = new FakeTrack('video', 'cam', { width: 1280, height: 720 })) {
  await publisher.use(asTrack(mic), asTrack(camera));
  publisher.open();
  await settle();
  world.last.becomes('connected');
  return { mic, camera };
}

const encoding = (index: number) => {
  const transceiver = world.last.transceivers[index];
  if (transceiver === undefined) throw new Error(`no sender ${index}`);
  return transceiver.sender.encoding;
};

describe('publishing', () => {
  it('offers microphone, thumbnail and HD and names them by mid', async () => {
    await onAir();
    expect(signal.sent('publish')).toEqual([
      {
        sdp: 'offer ufrag0',
        tracks: [
          { mid: '0', source: 'mic' },
          { mid: '1', source: 'camera' },
          { mid: '2', source: 'camera_hd' },
        ],
      },
    ]);
    expect(world.last.remoteDescription).toEqual({ type: 'answer', sdp: 'answer' });
    expect(publisher.view.health).toBe('live');
  });

  it('keeps the thumbnail within 320×180, 15 a second, 120 kbit/s and HD silent until it is wanted', async () => {
    await onAir();
    expect(encoding(1)).toMatchObject({ active: true, maxBitrate: 120_000, maxFramerate: 15, scaleResolutionDownBy: 4 });
    expect(encoding(2)).toMatchObject({ active: false, maxBitrate: 1_500_000, scaleResolutionDownBy: 1 });
    signal.says({ event: 'want', sources: ['mic', 'camera', 'camera_hd'] });
    await settle();
    expect(encoding(2).active).toBe(true);
    signal.says({ event: 'want', sources: ['mic'] });
    await settle();
    expect([encoding(0).active, encoding(1).active, encoding(2).active]).toEqual([true, false, false]);
  });

  it('sends hands finer while it shows the sign language interpreter', async () => {
    await onAir();
    publisher.setSigning(true);
    await settle();
    expect(encoding(1)).toMatchObject({ active: true, maxBitrate: 500_000, maxFramerate: 25, scaleResolutionDownBy: 2 });
    publisher.setSigning(false);
    await settle();
    expect(encoding(1)).toMatchObject({ maxBitrate: 120_000, scaleResolutionDownBy: 4 });
  });

  it('fits a 4:3 camera by its tighter side', async () => {
    await onAir(new FakeTrack('audio', 'm'), new FakeTrack('video', 'c', { width: 640, height: 480 }));
    expect(encoding(1).scaleResolutionDownBy).toBeCloseTo(480 / 180);
  });

  it('publishes sound alone when there is no camera', async () => {
    await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
    publisher.open();
    await settle();
    expect(signal.sent('publish')[0]?.['tracks']).toEqual([{ mid: '0', source: 'mic' }]);
  });

  it('mutes by disabling the track and keeps mute over a change of microphone', async () => {
    const { mic } = await onAir();
    publisher.setMuted(true);
    expect(mic.clones[0]?.enabled).toBe(false);
    expect(mic.enabled).toBe(true); // the level meter still hears the room
    const other = new FakeTrack('audio', 'other');
    await publisher.use(asTrack(other), null);
    expect(other.clones[0]?.enabled).toBe(false);
  });

  it('sends no picture while the camera is off, though somebody wants it', async () => {
    const { camera } = await onAir();
    publisher.setCameraOff(true);
    await settle();
    expect(encoding(1).active).toBe(false);
    expect(camera.clones.map((clone) => clone.enabled)).toEqual([false, false]);
  });

  it('changes devices without a new negotiation and stops the clones of the old camera', async () => {
    const { camera } = await onAir();
    const next = new FakeTrack('video', 'next', { width: 640, height: 360 });
    await publisher.use(asTrack(new FakeTrack('audio', 'm2')), asTrack(next));
    expect(signal.sent('publish')).toHaveLength(1);
    expect(camera.clones.map((clone) => clone.readyState)).toEqual(['ended', 'ended']);
    expect(world.last.transceivers[1]?.sender.track).toBe(next.clones[0]);
    expect(encoding(1).scaleResolutionDownBy).toBe(2);
  });

  it('adds slides by a new negotiation and takes them back the same way', async () => {
    await onAir();
    const slides = new FakeTrack('video', 'window', { width: 1920, height: 1080 });
    await publisher.share(asTrack(slides));
    expect(signal.sent('publish')[1]?.['tracks']).toContainEqual({ mid: '3', source: 'slides' });
    expect(publisher.view.sharing).toBe(true);
    slides.onended?.();
    await settle();
    expect(signal.sent('publish')[2]?.['tracks']).not.toContainEqual({ mid: '3', source: 'slides' });
    expect(world.last.transceivers[3]?.direction).toBe('inactive');
    expect(publisher.view.sharing).toBe(false);
  });
});

describe('staying on air', () => {
  it('restarts ICE when a cut does not heal within a moment', async () => {
    await onAir();
    world.last.becomes('disconnected');
    expect(publisher.view.health).toBe('reconnecting');
    await settle(1_600);
    expect(signal.sent('publish').map((p) => p['sdp'])).toEqual(['offer ufrag0', 'offer ufrag1']);
    expect(world.peers).toHaveLength(1);
    world.last.becomes('connected');
    expect(publisher.view.health).toBe('live');
  });

  it('leaves a cut alone that heals by itself', async () => {
    await onAir();
    world.last.becomes('disconnected');
    await settle(1_000);
    world.last.becomes('connected');
    await settle(20_000);
    expect(signal.sent('publish')).toHaveLength(1);
  });

  it('restarts ICE at once on another network', async () => {
    await onAir();
    for (const listener of world.network) listener();
    await settle();
    expect(world.last.restarts).toBe(1);
  });

  it('builds a new connection when restarts do not help, and closes the old one', async () => {
    await onAir();
    world.last.becomes('failed');
    await settle(30_000);
    expect(world.peers.length).toBeGreaterThan(1);
    expect(world.peers[0]?.closed).toBe(true);
    expect(world.peers[0]?.restarts).toBe(2);
  });

  it('builds anew within a second of a reset, spread by the dice', async () => {
    await onAir();
    world.dice = 0.8;
    signal.says({ event: 'reset', code: 'worker_restarted' });
    expect(world.peers[0]?.closed).toBe(true);
    await settle(790);
    expect(world.peers).toHaveLength(1);
    await settle(20);
    expect(world.peers).toHaveLength(2);
    expect(signal.sent('publish')).toHaveLength(2);
  });

  it('publishes again at once when the link was re-made, even while an old request hangs', async () => {
    signal.next('publish', 'silence');
    await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
    publisher.open();
    await settle();
    publisher.relink();
    await settle();
    expect(signal.sent('publish')).toHaveLength(2);
    expect(world.last.remoteDescription?.sdp).toBe('answer');
  });

  it('says that media is away, keeps trying with growing pauses, and comes back', async () => {
    signal.next('publish', refuse('media_unavailable'), refuse('media_unavailable'), 'cut');
    await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
    publisher.open();
    await settle();
    expect(publisher.view).toMatchObject({ health: 'unavailable', refusal: 'media_unavailable' });
    await settle(10_000);
    expect(signal.sent('publish')).toHaveLength(4);
    world.last.becomes('connected');
    expect(publisher.view).toMatchObject({ health: 'live', refusal: null });
  });

  it('waits as long as the server asks when it was too fast', async () => {
    signal.next('publish', refuse('rate_limited', { retry_after_ms: 7_000 }));
    await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
    publisher.open();
    await settle(6_900);
    expect(signal.sent('publish')).toHaveLength(1);
    await settle(200);
    expect(signal.sent('publish')).toHaveLength(2);
  });

  it('gives up a connection that never comes up', async () => {
    await publisher.use(asTrack(new FakeTrack('audio', 'mic')), null);
    publisher.open();
    await settle(9_000);
    expect(world.peers).toHaveLength(2);
  });

  it('closes everything it opened, once, and says so', async () => {
    const { mic, camera } = await onAir();
    publisher.close();
    publisher.close();
    await settle(60_000);
    expect(signal.sent('leave')).toEqual([{ what: 'publish' }]);
    expect(world.last.closed).toBe(true);
    expect([...camera.clones, ...mic.clones].map((clone) => clone.readyState)).toEqual(['ended', 'ended', 'ended']);
    expect(mic.readyState).toBe('live'); // the caller's own
    expect([signal.listeners.size, world.network.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });
});

it('reads the link every five seconds and puts it in a word', async () => {
  await onAir();
  world.last.report.set('r', { type: 'remote-inbound-rtp', fractionLost: 0.1, roundTripTime: 0.09 });
  await settle(5_100);
  expect(publisher.view.link).toMatchObject({ loss: 0.1, rttMs: 90, score: 'weak' });
});
