import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FakeServer } from '../testing/fakes';
import { Opening, together, type Sounding } from './opening.svelte';
import { FakeWorld } from './testing/fakes';

let server: FakeServer;
let opening: Opening;
const playing: { muted: boolean }[] = [];
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const sent = (): unknown[] => server.of('media').map(({ payload }) => payload).filter((one) => one['method'] !== 'relays');

beforeEach(() => {
  vi.useFakeTimers();
  playing.length = 0;
  server = new FakeServer();
  server.auto = () => ({ ok: true });
  const makePlayer = (): never => {
    const player = { srcObject: null, muted: false, autoplay: false, play: async () => undefined, pause: () => undefined };
    playing.push(player);
    return player as never;
  };
  const streamOf = (track: MediaStreamTrack): MediaStream => ({ id: track.id }) as MediaStream;
  opening = new Opening({ makeWire: server.makeWire, dice: () => 0.5, room: { world: new FakeWorld(), streamOf, makePlayer } });
});

afterEach(() => {
  opening.close();
  vi.useRealTimers();
});

async function voices(): Promise<void> {
  server.say('media', {
    event: 'offer', sdp: 'offer audio video', generation: 1,
    slots: { 0: { kind: 'audio', use: 'audio', hall: 'balai', source: 'mic' }, 1: { kind: 'video', use: 'stage', hall: 'balai', source: 'camera_hd' } },
  }); // prettier-ignore
  await settle();
}

it('receives the stage and the voices of the opening, and sends nothing', async () => {
  opening.follow('kota', 'c1');
  opening.show(true);
  await settle();
  expect(server.asked).toEqual(['kota']);
  await voices();
  expect(opening.room?.receiving.stage.map((feed) => feed.hall)).toEqual(['balai']);
  expect(playing.map((player) => player.muted)).toEqual([false]);
  expect(new Set(server.of('media').map(({ payload }) => payload['method']))).toEqual(new Set(['relays', 'show', 'answer']));
});

it('joins once, rests when told to, and leaves when the cast ends', async () => {
  opening.follow('kota', 'c1');
  opening.show(true);
  opening.follow('kota', 'c1');
  await settle();
  opening.show(false);
  await settle();
  expect(sent()).toEqual([
    { method: 'show', halls: [], stage: true, audio: true },
    { method: 'show', halls: [], stage: false, audio: false },
  ]);
  opening.follow(null, 'c1');
  await settle(60_000);
  expect([opening.state, opening.room, server.opened, server.connected]).toEqual(['off', null, 1, false]);
});

it('goes nowhere without a card, and over to another opening', async () => {
  opening.follow('kota', null);
  expect(server.opened).toBe(0);
  opening.follow('kota', 'c1');
  opening.follow('provinsi', 'c1');
  await settle();
  expect(server.asked).toEqual(['kota', 'provinsi']);
});

it('asks again for what it showed when the line comes back', async () => {
  opening.follow('kota', 'c1');
  opening.show(true);
  await settle();
  server.cut();
  expect(opening.state).toBe('lost');
  await settle(1_000);
  expect(opening.state).toBe('live');
  expect(sent().filter((one) => (one as { method: string }).method === 'show')).toHaveLength(2);
});

it('a silent place stays silent, and one button frees both sounds', async () => {
  const own = { sound: { on: false, blocked: false }, hear: vi.fn(async () => undefined), silence: vi.fn() } satisfies Sounding;
  opening.follow('kota', 'c1', false);
  opening.show(true);
  await settle();
  await voices();
  expect(playing.map((player) => player.muted)).toEqual([true]);
  const both = together(own, opening);
  await both.hear();
  expect([own.hear.mock.calls.length, playing[0]?.muted]).toEqual([1, false]);
  both.silence();
  expect([own.silence.mock.calls.length, playing[0]?.muted]).toEqual([1, true]);
});
