import { describe, expect, it, vi } from 'vitest';
import { asked, openDatabase } from './database';
import { openShelf } from './shelf';

const PATIENCE_MS = 100;

describe('shelf', () => {
  it('keeps in memory what the disk does not take in time: a vote leaves even when another tab froze in a write', async () => {
    const shelf = await openShelf(PATIENCE_MS);
    const db = await openDatabase('pleno', 1, () => {});
    let frozen = true;
    const held = (async () => {
      const store = db.transaction('outbox', 'readwrite').objectStore('outbox');
      while (frozen) await asked(store.get('nothing'));
    })();
    const parcel = { key: 'k1', owner: 's1/pass-9', event: 'vote' as const, payload: { key: 'k1' }, at: 0 };
    await shelf.put(parcel);
    await shelf.put({ ...parcel, key: 'k2' });
    await shelf.remove('k1');
    const told = shelf.parcels('s1/pass-9');
    frozen = false;
    await held;
    db.close();
    expect((await told).map(({ key }) => key)).toContain('k2');
    await expect.poll(async () => (await shelf.parcels('s1/pass-9')).map(({ key }) => key)).toEqual(['k2']);
  });

  it('brings what was put away before a reload, even when the disk takes its time', async () => {
    const parcel = { key: 'k3', owner: 's1/pass-8', event: 'command' as const, payload: {}, at: 0 };
    await (await openShelf(PATIENCE_MS)).put(parcel);
    const db = await openDatabase('pleno', 1, () => {});
    let frozen = true;
    const held = (async () => {
      const store = db.transaction('outbox', 'readwrite').objectStore('outbox');
      while (frozen) await asked(store.get('nothing'));
    })();
    const told = (await openShelf(PATIENCE_MS)).parcels('s1/pass-8');
    setTimeout(() => (frozen = false), PATIENCE_MS * 3);
    expect(await told).toEqual([parcel]);
    await held;
    db.close();
  });

  it('waits once, and not at every act, for a disk that never answers', async () => {
    vi.useFakeTimers();
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => ({}) as IDBOpenDBRequest);
    const parcel = { key: 'k5', owner: 's1/pass-6', event: 'vote' as const, payload: {}, at: 0 };
    const shelf = await openShelf(PATIENCE_MS);
    const first = shelf.put(parcel);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    await first;
    let done = 0;
    void shelf.put({ ...parcel, key: 'k6' }).then(() => (done += 1));
    void shelf.remove('k5').then(() => (done += 1));
    await vi.advanceTimersByTimeAsync(1);
    expect(done).toBe(2);
    open.mockRestore();
    vi.useRealTimers();
  });

  it('serves from memory where the browser refuses', async () => {
    const open = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('refused', 'SecurityError');
    });
    const parcel = { key: 'k4', owner: 's1/pass-7', event: 'vote' as const, payload: {}, at: 0 };
    const shelf = await openShelf(PATIENCE_MS);
    await shelf.put(parcel);
    expect(await shelf.parcels('s1/pass-7')).toEqual([parcel]);
    open.mockRestore();
  });
});
