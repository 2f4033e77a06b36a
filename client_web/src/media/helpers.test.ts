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
    expect(await reach('/healthz', () => now)).toEqual({ word: 'good', rttMs: 50, lost: 0, tries: 8 });
    globalThis.fetch = (async () => {
      throw new TypeError('network');
    }) as typeof fetch;
    expect((await reach('/healthz', () => now)).word).toBe('cut');
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
