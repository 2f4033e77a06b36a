import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs } from '../../components/testing/page';
import type { Keeper, Kept } from '../../link/kept';
import { me, synced } from '../../testing/fakes';
import { ballot, card, entity, scene, type Scene } from '../../testing/plenum';
import type { Change } from '../../wire/protocol';
import Face from './Face.svelte';
import { fetchRest } from './rest.svelte';

let current: Scene | null = null;

/** A phone that has been here before; `upto` is where its board stood. */
async function reopened(changes: Change[], options: Parameters<typeof scene>[2] = {}): Promise<Scene & { saved: Kept['snapshot'][]; dropped: string[] }> {
  const snapshot = { session: 's1', class: 'participant', after: 0, upto: 50, server_now: 1, changes };
  const saved: Kept['snapshot'][] = [];
  const dropped: string[] = [];
  const keeper: Keeper = {
    load: async (owner) => ({ owner, at: Date.UTC(2018, 0, 23, 3, 42), format: 1, snapshot, me: me() }),
    save: async (_owner, next) => void saved.push(next),
    drop: async (owner) => void dropped.push(owner),
  };
  current = await scene('participant', [card('p9')], { keeper, ...options });
  render(Face, { plenary: current.plenary });
  await current.tick();
  return { ...current, saved, dropped };
}
const board = [entity('session', 's1', { title: 'Pleno Bekasi', phase: 'open', tz: 'WIB' }), entity('hall', 'pejuang', { name: 'Pejuang', kecamatan: '', order: 1, seat_count: 20 }), card('p1'), card('p2')];
const titles = (): string[] => screen.queryAllByRole('heading', { level: 3 }).map((one) => one.textContent ?? '');

beforeEach(async () => {
  await fetchRest();
  vi.useFakeTimers();
  window.scrollTo = () => {};
  dialogs();
});
afterEach(() => {
  current?.plenary.close();
  current = null;
  cleanup();
  vi.useRealTimers();
});

describe('a phone that was here before', () => {
  it('opens with the board it knew, and says how old it is while nobody answers', async () => {
    await reopened(board, { door: 'dead' });
    expect(titles()).toEqual(['Usulan p1', 'Usulan p2']);
    expect(screen.getByText('Menyambung kembali… suara Anda aman')).toBeTruthy();
    expect(screen.getByText('Papan terakhir diperbarui 10.42 WIB.')).toBeTruthy();
  });

  it('continues from there: no second snapshot is fetched', async () => {
    const { server, change } = await reopened(board);
    expect(server.of('sync')[0]?.payload).toEqual({ after: 50 });
    server.say('frame', { after: 50, upto: 51, changes: [card('p3')] });
    await change();
    expect(screen.getByRole('button', { name: 'Semua 3' })).toBeTruthy();
  });

  it('takes the server’s board where the two cannot be bridged', async () => {
    const { server, tick } = await reopened(board, { door: 'dead' });
    server.auto = (event, payload) => (event === 'sync' ? synced(100, { resync: payload['after'] === 50, me: me() }) : undefined);
    server.door = 'open';
    await fireEvent.click(screen.getByRole('button', { name: 'Coba sekarang' }));
    await tick(2000);
    expect(screen.getByRole('button', { name: 'Semua 1' })).toBeTruthy();
  });

  it('shows a ballot of the last visit only once the server is known to be out of reach', async () => {
    const { server, tick } = await reopened([...board, ballot('b1')], { door: 'dead' });
    expect(screen.getByRole('heading', { level: 1, name: 'Tiga prioritas' })).toBeTruthy();
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim 1 pilihan' }));
    await fireEvent.click(screen.getByRole('button', { name: 'Kirim suara' }));
    await tick();
    expect(screen.getByRole('heading', { name: 'Menunggu dikirim (1)' })).toBeTruthy();
    expect(server.of('vote')).toEqual([]);
  });

  it('puts the board away once it is live, and when the page may be about to go', async () => {
    const { tick, saved } = await reopened(board);
    await tick(1500);
    expect(saved.map(({ upto, changes }) => [upto, changes.filter(({ kind }) => kind === 'proposal').length])).toEqual([[50, 2]]);
  });

  it('forgets it with a card that is no good any more', async () => {
    const { server, tick, dropped } = await reopened(board);
    server.say('bye', { code: 'pass_revoked' });
    await tick();
    expect(dropped).toEqual(['s1/pass-1']);
  });
});
