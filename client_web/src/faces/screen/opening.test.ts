import { cleanup, render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { Opening } from '../../media/opening.svelte';
import { Room } from '../../media/room.svelte';
import { FakeSignal, FakeWorld } from '../../media/testing/fakes';
import { FakePlenary, speaker } from '../../media/testing/plenary.svelte';
import { FakeServer } from '../../testing/fakes';
import type { CastShown } from '../../wire/protocol';
import Screen from './Screen.svelte';
import type { Store } from './store';

let store: FakePlenary;
let signal: FakeSignal;
let room: Room;
let server: FakeServer;
const parts = {
  world: new FakeWorld(),
  streamOf: (track: MediaStreamTrack) => ({ id: track.id }) as MediaStream,
  makePlayer: () => ({ srcObject: null, muted: false, autoplay: false, play: async () => undefined, pause: () => undefined }),
};
const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const settle = async (): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  await tick();
};
const SHOWN: CastShown = { scene: 'stage', hall: '', proposal: '', ballot: '', speaker: 'Balai Kota · Wali Kota', item: 'Sambutan', item_started_at: null, phase: 'open' };
const cast = (source: string | null, shown: CastShown | null = SHOWN): void =>
  store.set('cast', { id: 'cast', to: [], source, title: 'Pembukaan Kota Bekasi', shown });
const wanted = (of: FakeServer | FakeSignal): unknown =>
  of instanceof FakeServer ? of.of('media').filter(({ payload }) => payload['method'] === 'show').at(-1)?.payload : of.sent('show').at(-1);

beforeEach(async () => {
  store = new FakePlenary();
  signal = new FakeSignal();
  room = new Room(signal, parts);
  server = new FakeServer();
  server.auto = () => ({ ok: true });
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { configurable: true, writable: true, value: null });
  render(Screen, { store: store as unknown as Store, room, opening: new Opening({ makeWire: server.makeWire, dice: () => 0.5, room: parts }) });
  await settle();
});
afterEach(() => {
  cleanup();
  room.close();
  vi.restoreAllMocks();
});

describe('an opening that is cast here', () => {
  it('fills the screen with the picture of its stage; the own halls are not asked for meanwhile', async () => {
    expect(server.opened).toBe(0);
    cast('kota');
    await settle();
    expect(server.asked).toEqual(['kota']);
    expect([wanted(server), wanted(signal)]).toEqual([
      { method: 'show', halls: [], stage: true, audio: true },
      { halls: [], stage: false, audio: false },
    ]);
    server.say('media', { event: 'offer', sdp: 'offer video', generation: 1, slots: { 0: { kind: 'video', use: 'stage', hall: 'balai', source: 'camera_hd' } } });
    await settle();
    expect(document.querySelector<HTMLVideoElement>('[data-opening-hall=balai]')?.srcObject).toEqual({ id: 'remote0' });
    expect(text()).toContain('Balai Kota · Wali Kota');
    await expectAccessible();
    cast(null, null);
    await settle();
    expect([document.querySelector('[data-opening]'), server.connected]).toEqual([null, false]);
    expect(wanted(signal)).toMatchObject({ audio: true });
  });

  it('gives way to a speaker of this session and to what its moderator shows, and comes back', async () => {
    cast('kota');
    await settle();
    for (const change of [() => store.setFloor(speaker('pejuang')), () => store.setStage({ scene: 'board' })]) {
      change();
      await settle();
      expect(document.querySelector('[data-opening]')).toBeNull();
      expect(wanted(server)).toMatchObject({ stage: false, audio: false });
      store.setFloor(null);
      store.setStage({});
      await settle();
      expect(wanted(server)).toMatchObject({ stage: true, audio: true });
    }
  });

  it('keeps its words and says so when the link to it is cut', async () => {
    cast('kota');
    await settle();
    server.door = 'dead';
    server.cut();
    await settle();
    expect(text()).toContain('Sambungan ke pembukaan terputus');
    expect(text()).toContain('Balai Kota · Wali Kota');
  });
});
