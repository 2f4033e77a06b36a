import { describe, expect, it } from 'vitest';
import type { FloorFields, Holder } from '../wire/protocol';
import { turnOf } from './turn';

const floor = (fields: Partial<Holder>, warn_s = 30): FloorFields => ({
  holder: { request: 'r', hall: 'h', seat: null, label: 'Aren Jaya', note: '', at: 0, since: 0, until: 180_000, ...fields },
  queue: [],
  warn_s,
});

describe('the turn', () => {
  it('is none while nobody speaks', () => {
    expect(turnOf({ holder: null, queue: [] }, 5)).toBeNull();
    expect(turnOf(undefined, 5)).toBeNull();
  });

  it('counts what is left and what was spoken, and warns near the end alone', () => {
    expect(turnOf(floor({ running_since: 0 }), 60_000)).toEqual({ left: 120_000, spent: 60_000, total: 180_000, paused: '', warn: false });
    expect(turnOf(floor({ running_since: 0 }), 150_000)?.warn).toBe(true);
    expect(turnOf(floor({ running_since: 0 }), 149_999)?.warn).toBe(false);
    expect(turnOf(floor({ running_since: 0 }), 181_000)).toMatchObject({ left: -1000, warn: false });
  });

  it('stands still while paused and says why', () => {
    const paused = floor({ until: null, remaining: 20_000, paused: 'outage', running_since: null, spoken_ms: 100_000 });
    expect(turnOf(paused, 9_000_000)).toEqual({ left: 20_000, spent: 100_000, total: 120_000, paused: 'outage', warn: false });
  });

  it('goes on after a pause without counting it', () => {
    expect(turnOf(floor({ until: 400_000, running_since: 300_000, spoken_ms: 80_000 }), 310_000)).toMatchObject({ left: 90_000, spent: 90_000, total: 180_000 });
  });

  it('has no total when the turn has no end', () => {
    expect(turnOf(floor({ until: null, running_since: 0 }), 7000)).toMatchObject({ left: null, total: null, spent: 7000 });
  });
});
