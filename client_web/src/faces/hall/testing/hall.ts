/** A hall page under test: a plenary written by hand, media without a browser, and answers of the server by path. */
import { cleanup } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { dialogs } from '../../../components/testing/page';
import { Opening } from '../../../media/opening.svelte';
import { Room } from '../../../media/room.svelte';
import { FakeSignal, FakeWorld } from '../../../media/testing/fakes';
import { FakePlenary } from '../../../media/testing/plenary.svelte';
import type { Entity } from '../../../wire/protocol';
import { Booth } from '../booth.svelte';
import { SecondScreen } from '../second.svelte';
import type { Store } from '../store';

export interface Called {
  path: string;
  init: RequestInit;
}
type Reply = { status?: number; body: unknown } | null;

export class World {
  plenary = new FakePlenary();
  room = new Room(new FakeSignal(), { world: new FakeWorld() });
  booth = new Booth({ devices: null, publisher: this.room.publisher });
  calls: Called[] = [];
  /** By a part of the path; null = nobody answers. */
  replies: Record<string, Reply> = {};

  get store(): Store {
    return this.plenary as unknown as Store;
  }

  /** What the page on air is given. */
  get onAir() {
    const second = new SecondScreen({ load: async () => () => () => undefined, open: () => null });
    const { store, room, booth } = this;
    return { store, room, booth, hall: 'pejuang', name: 'Aula Pejuang', address: 'https://x/public/s', opening: new Opening(), second };
  }
}

export let world: World;

/** A new world before each test of the file that calls it. */
export function worlds(): void {
  beforeAll(dialogs);
  beforeEach(() => {
    world = new World();
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
    globalThis.fetch = (async (path: string, init: RequestInit = {}) => {
      world.calls.push({ path, init });
      const found = Object.entries(world.replies).find(([part]) => path.includes(part))?.[1];
      if (!found) throw new TypeError('nobody answers');
      return new Response(JSON.stringify(found.body), { status: found.status ?? 200 });
    }) as typeof fetch;
  });
  afterEach(() => {
    cleanup();
    world.room.close();
    world.booth.close();
    vi.restoreAllMocks();
  });
}

export const settle = (ms = 5): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');

export const seat = (id: string, fields: Partial<Entity<'seat'>> = {}): Entity<'seat'> => ({
  id,
  hall: 'pejuang',
  office: `Ketua ${id}`,
  constituency: '',
  ...fields,
});

export const arrival = (id: string, fields: Partial<Entity<'arrival'>> = {}): Entity<'arrival'> => ({
  id,
  hall: 'pejuang',
  at: world.plenary.time,
  channel: 'name',
  left_at: null,
  ...fields,
});
