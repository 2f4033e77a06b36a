import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { codeReader } from './codes';
import { Scan } from './scan.svelte';
import type { Booth } from './booth.svelte';

const video = document.createElement('video');
const preview = { id: 'own', getTracks: () => [] } as unknown as MediaStream;
let sees: (string | null)[];
let cards: string[];
let off: boolean[];
let scan: Scan;
const after = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

function make(cameras: { id: string; label: string }[] = []): Scan {
  const booth = { preview, view: { camera: { getSettings: () => ({ deviceId: 'c1' }) }, cameras } } as unknown as Booth;
  const publisher = { view: { cameraOff: false }, setCameraOff: (on: boolean) => void off.push(on) };
  return new Scan({ booth, publisher: publisher as never, oncard: (text) => cards.push(text), reader: () => async () => sees.shift() ?? null });
}

beforeEach(() => {
  vi.useFakeTimers();
  [sees, cards, off] = [[], [], []];
});
afterEach(() => {
  scan.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('scanning cards', () => {
  it('reads a card once while it stays before the camera, and the next one at once', async () => {
    scan = make();
    await scan.open();
    sees = [null, 'A', 'A', 'B', null];
    scan.watch(video);
    await after(1_000);
    expect(cards).toEqual(['A', 'B']);
    await after(4_000);
    sees = ['B'];
    await after(200);
    expect(cards).toEqual(['A', 'B', 'B']);
  });

  it('keeps the secret from the other halls: the only camera is not sent meanwhile', async () => {
    scan = make();
    await scan.open();
    expect([scan.stream, scan.borrowed, off]).toEqual([preview, true, [true]]);
    scan.close();
    expect([scan.stream, off]).toEqual([null, [true, false]]);
  });

  it('takes another camera when there is one, and lets it go', async () => {
    const stop = vi.fn();
    const other = { getTracks: () => [{ stop }] };
    const asked: unknown[] = [];
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async (wish: unknown) => (asked.push(wish), other) } });
    scan = make([{ id: 'c1', label: 'depan' }, { id: 'c2', label: 'meja' }]);
    await scan.open();
    expect([scan.stream, off, asked]).toEqual([other, [], [{ video: { deviceId: { exact: 'c2' } }, audio: false }]]);
    scan.close();
    expect(stop).toHaveBeenCalledOnce();
  });

  it('looks no more once the picture is gone, even at what it was just reading', async () => {
    scan = make();
    await scan.open();
    sees = ['A'];
    scan.watch(video)();
    await after(1_000);
    expect(cards).toEqual([]);
  });

  it('uses what the browser brings along', async () => {
    vi.stubGlobal('BarcodeDetector', class { detect = async () => [{ rawValue: 'kartu' }] });
    expect(await codeReader()(video)).toBe('kartu');
    scan = make();
  });
});
