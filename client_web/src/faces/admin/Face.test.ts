import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { card, entity, scene, type Scene } from '../../testing/plenum';
import Face from './Face.svelte';

let current: Scene | null = null;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  current?.plenary.close();
  cleanup();
  vi.useRealTimers();
});

describe('secretariat', () => {
  it('shows the facts of the session, its halls with their line, and the health of the server', async () => {
    current = await scene('admin', [
      entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true }),
      entity('seat', 's2', { hall: 'pejuang', office: 'Pengamat', voice: true, vote: false }),
      card('p1'),
    ]);
    const http = globalThis.fetch;
    let health: Record<string, unknown> | null = { status: 'ok', database: 'ok', media: 'native', sessions: 1 };
    globalThis.fetch = (async (path: string, init?: RequestInit) =>
      path === '/healthz'
        ? ({ json: async () => health ?? Promise.reject(new TypeError('network')) } as Response)
        : http(path, init)) as typeof fetch;
    render(Face, { plenary: current.plenary });
    current.server.say('presence', { halls: { pejuang: { connected: true, since: 1, publishing: true, speaking: false, link: 'weak' } }, participants: 41 });
    await current.tick();
    const fact = (term: string): string | undefined => screen.getByText(term).nextElementSibling?.textContent ?? undefined;
    expect(fact('Kursi dengan hak suara')).toBe('1');
    expect(fact('Peserta tersambung')).toBe('41');
    expect(fact('Tanggal')).toBe('Selasa, 23 Januari 2018');
    expect(screen.getByRole('row', { name: /Pejuang/ }).textContent).toContain('Sambungan lemah');
    expect(screen.getByText('Inti cepat (native)')).toBeTruthy();
    health = { status: 'unwell', database: 'away', media: 'native', sessions: 1 };
    await current.tick(6000);
    expect(screen.getByText('Tidak menjawab: suara dan perubahan ditahan dulu')).toBeTruthy();
    health = null;
    await current.tick(6000);
    expect(screen.getByText('Server tidak menjawab. Kami coba lagi sendiri.')).toBeTruthy();
    vi.useRealTimers();
    await expectAccessible();
  });

  it('asks for a card when there is none', async () => {
    current = await scene('admin', [], { credential: false });
    render(Face, { plenary: current.plenary });
    expect(screen.getByRole('alert').textContent).toContain('Pindai kartu Anda dulu');
  });
});
