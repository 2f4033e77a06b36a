import { afterEach, describe, expect, it, vi } from 'vitest';
import { stayAwake } from './awake';
import { expose, type Diagnostics } from './diagnostics';
import { judge, reach } from './reach';
import { Room } from './room.svelte';
import { FakeSignal, FakeWorld } from './testing/fakes';

afterEach(() => vi.restoreAllMocks());

describe('reach', () => {
  it.each([
    [[20, 30, 25, 22], 'good', 25],
    [[150, 160, 140, 130], 'fair', 150],
    [[400, 500, 350, 360], 'weak', 400],
    [[20, 20, null, 20], 'weak', 20],
    [[20, null, null, null], 'cut', 20],
    [[null, null], 'cut', null],
  ] as const)('calls %j %s', (times, word, rttMs) => {
    expect(judge(times)).toMatchObject({ word, rttMs });
  });

  it('times eight answers and survives a dead server', async () => {
    let now = 0;
    globalThis.fetch = (async () => {
      now += 50;
      return new Response('{}');
    }) as typeof fetch;
    expect(await reach({ clock: () => now })).toEqual({ word: 'good', rttMs: 50, lost: 0, tries: 8, upBps: null });
    globalThis.fetch = (async () => {
      throw new TypeError('network');
    }) as typeof fetch;
    expect((await reach({ clock: () => now })).word).toBe('cut');
  });
});

describe('the line towards the server', () => {
  const send = { path: '/reach', init: {} };
  /** Answers a tiny request in 40 ms, and a large one after `took` more. */
  async function line(took: number, status = 200): Promise<Awaited<ReturnType<typeof reach>>> {
    let now = 0;
    globalThis.fetch = (async (_: string, init: RequestInit = {}) => {
      now += 40 + (init.method === 'POST' ? took : 0);
      return new Response('{}', { status: init.method === 'POST' ? status : 200 });
    }) as typeof fetch;
    return reach({ send, clock: () => now });
  }

  it.each([
    [100, 'good', 3.9],
    [400, 'fair', 1],
    [2_000, 'weak', 0.2],
  ] as const)('that takes %d ms more for 48 KiB is %s', async (took, word, mbps) => {
    const found = await line(took);
    expect([found.word, Number(((found.upBps ?? 0) / 1e6).toFixed(1))]).toEqual([word, mbps]);
  });

  it('is not known where the server does not measure, and says nothing then', async () => {
    expect(await line(2_000, 404)).toMatchObject({ word: 'good', upBps: null });
  });
});

describe('the display', () => {
  it('is kept on while visible and let go afterwards', async () => {
    const release = vi.fn(async () => undefined);
    const request = vi.fn(async () => ({ release }));
    Object.defineProperty(navigator, 'wakeLock', { configurable: true, value: { request } });
    const stop = stayAwake();
    await Promise.resolve();
    document.dispatchEvent(new Event('visibilitychange'));
    await Promise.resolve();
    expect(request).toHaveBeenCalledTimes(2);
    stop();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(request).toHaveBeenCalledTimes(2);
    expect(release).toHaveBeenCalled();
  });
});

describe('diagnostics', () => {
  it('shows numbers and nothing that could be changed', async () => {
    const room = new Room(new FakeSignal(), { world: new FakeWorld() });
    const holder: { pleno?: Diagnostics } = {};
    const conceal = expose(room, holder);
    expect(await holder.pleno?.stats()).toEqual({});
    expect(await holder.pleno?.sent()).toEqual({});
    expect([holder.pleno?.receiving, holder.pleno?.sending]).toEqual(['idle', 'idle']);
    expect(Object.isFrozen(holder.pleno)).toBe(true);
    conceal();
    expect(holder.pleno).toBeUndefined();
    room.close();
  });
});
