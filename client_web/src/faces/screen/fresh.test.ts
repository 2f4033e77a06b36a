import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Fresh, scriptOf } from './fresh';

const page = (script: string): string => `<!doctype html><head><script type="module" crossorigin src="/assets/${script}.js"></script></head>`;
let served: string | null;
let loads: number;
let fresh: Fresh;
const settle = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, '', '/screen');
  sessionStorage.clear();
  localStorage.setItem('pleno.credential.screen', JSON.stringify({ credential: 'c1', identity: {} }));
  served = 'index-old';
  loads = 0;
  vi.stubGlobal('fetch', async () => {
    if (served === null) throw new TypeError('Failed to fetch');
    return new Response(page(served));
  });
  fresh = new Fresh({ own: '/assets/index-old.js', reload: () => (loads += 1) });
});
afterEach(() => {
  fresh.close();
  localStorage.clear();
  vi.useRealTimers();
});

describe('another version of the page', () => {
  it('is told by the name of the script the page starts with', () => {
    expect(scriptOf(page('index-abc'))).toBe('/assets/index-abc.js');
    expect(scriptOf('<p>Bad gateway</p>')).toBeNull();
  });

  it('is loaded when the server comes back with it, and not while the server is away', async () => {
    fresh.linkIs(true);
    await settle();
    expect(loads).toBe(0);
    served = null;
    fresh.linkIs(false);
    await settle(60_000);
    expect(loads).toBe(0);
    served = 'index-new';
    fresh.linkIs(true);
    await settle();
    expect(loads).toBe(1);
  });

  it('is not loaded over and over when something on the way keeps the old page', async () => {
    served = 'index-new';
    for (let round = 0; round < 5; round += 1) await fresh.look();
    expect(loads).toBe(1);
    await settle(900_000);
    await fresh.look();
    expect(loads).toBe(2);
  });

  it('waits for a screen that could not get in again', async () => {
    localStorage.clear();
    served = 'index-new';
    await fresh.look();
    expect(loads).toBe(0);
  });
});
