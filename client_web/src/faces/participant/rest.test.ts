import { afterEach, describe, expect, it, vi } from 'vitest';
import { second, type Rest } from './rest.svelte';

afterEach(() => void vi.useRealTimers());

describe('the second part of the phone’s code', () => {
  it('is asked for until it comes, once at a time', async () => {
    vi.useFakeTimers();
    let tries = 0;
    const parts = {} as Rest;
    const load = async (): Promise<Rest> => {
      tries += 1;
      if (tries < 3) throw new TypeError('network');
      return parts;
    };
    const { rest, fetchRest } = second(load);
    const first = fetchRest();
    void fetchRest();
    expect(rest()).toBeNull();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await first).toBe(parts);
    expect(tries).toBe(3);
    expect(rest()).toBe(parts);
  });
});
