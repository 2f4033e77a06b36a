import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { entity, scene, type Scene } from '../../testing/plenum';
import Settings from './Settings.svelte';
import { grouped, named, read, typed } from './settings';

const RULES = {
  preset: 'bekasi-2018',
  attendance: { quorum_base: 'invited', quorum_share: { part: 2, of: 3 }, quorum_wait_minutes: 180 },
  funnel: { main_per_hall: null },
};
const SECTIONS = {
  attendance: {
    quorum_base: { type: 'text', words: ['invited', 'voters', 'present'] },
    quorum_share: { type: 'record', fields: {} },
    quorum_wait_minutes: { type: 'whole', least: 0, most: 1440 },
  },
  funnel: { main_per_hall: { type: 'whole', least: 0, most: 10000, optional: true } },
};
const OTHER = { ...RULES, preset: 'jambi', attendance: { ...RULES.attendance, quorum_wait_minutes: 60 } };
const PRESETS = [{ id: 'jambi', title: { id: 'Kota Jambi 2019', en: 'Jambi 2019' }, source: '', rules: OTHER }];

let current: Scene;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  current.plenary.close();
  cleanup();
  vi.useRealTimers();
});

async function shown(phase: string): Promise<void> {
  current = await scene('admin', [entity('rules', 'rules', RULES)]);
  const http = globalThis.fetch;
  globalThis.fetch = (async (path: string, init?: RequestInit) =>
    path === '/api/templates'
      ? ({ ok: true, status: 200, json: async () => ({ rules: { presets: PRESETS, sections: SECTIONS }, agendas: [], criteria: [] }) } as Response)
      : http(path, init)) as typeof fetch;
  const session = { ...current.plenary.session!, phase: phase as 'open' };
  render(Settings, { plenary: current.plenary, session });
  await current.tick();
}
const type = (label: string | RegExp, value: string): Promise<boolean> => fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));

describe('settings of a session', () => {
  it('save what was changed alone, with a reason once the session is open, and name what was refused at its field', async () => {
    await shown('open');
    await type('Nama sidang', ' ');
    await press('Simpan keterangan');
    expect(screen.getByLabelText('Nama sidang').getAttribute('aria-invalid')).toBe('true');
    await type('Nama sidang', 'Pleno Kota Bekasi ');
    await press('Simpan keterangan');
    expect(current.server.of('command')).toEqual([]);
    await type('Alasan perubahan', 'salah tulis');
    await press('Simpan keterangan');
    await current.tick();
    const [sent] = current.server.of('command');
    expect(sent?.payload).toMatchObject({ name: 'session.edit', data: { title: 'Pleno Kota Bekasi', reason: 'salah tulis' } });
    expect(Object.keys((sent?.payload as { data: object }).data)).toEqual(['title', 'reason']);
    sent?.reply({ ok: false, code: 'bad_input', data: { field: 'title' } });
    await current.tick();
    expect(document.body.textContent).toContain('Isian ini belum diterima server');
    await type('Nama sidang', 'Pleno Kota');
    await press('Simpan keterangan');
    await current.tick();
    current.server.of('command')[1]?.reply({ ok: true, seq: 101, result: {} });
    await current.tick();
    expect(screen.getByText('Tersimpan.')).toBeTruthy();
  });

  it('do not call saved what was typed while the server was still answering', async () => {
    await shown('draft');
    await type('Nama sidang', 'Pleno Kota');
    await press('Simpan keterangan');
    await type('Menunggu kuorum paling lama (menit)', '20');
    await press('Simpan tata tertib');
    await type('Nama sidang', 'Pleno Kota Bekasi');
    await type('Menunggu kuorum paling lama (menit)', '25');
    for (const nth of [0, 1]) {
      await current.tick();
      current.server.of('command')[nth]?.reply({ ok: true, seq: 101, result: {} });
    }
    await current.tick();
    expect(current.server.of('command')).toHaveLength(2);
    expect(screen.queryByText('Tersimpan.')).toBeNull();
    expect(screen.getAllByText(/belum disimpan/)).toHaveLength(2);
  });

  it('take the rules of a preset and single ones, within what the server describes', async () => {
    await shown('draft');
    await type('Menunggu kuorum paling lama (menit)', '2000');
    expect(document.body.textContent).toContain('Isi dengan bilangan bulat 0 sampai 1.440.');
    await type(/pembilang/, '4');
    expect(document.body.textContent).toContain('Isi pecahan');
    await fireEvent.change(screen.getByLabelText('Mulai dari tata tertib'), { target: { value: 'jambi' } });
    expect(screen.getByLabelText<HTMLInputElement>('Menunggu kuorum paling lama (menit)').value).toBe('60');
    await type(/Usulan utama setiap aula/, '3');
    await press('Simpan tata tertib');
    await current.tick();
    const [sent] = current.server.of('command');
    expect(sent?.payload).toMatchObject({ name: 'rules.set', data: { preset: 'jambi', changes: { funnel: { main_per_hall: 3 } } } });
  });

  it('are not offered once the session is closed', async () => {
    await shown('closed');
    expect(screen.queryByRole('button')).toBeNull();
    expect(document.body.textContent).toContain('Sidang sudah ditutup');
  });

  it('are read as they were typed', () => {
    const whole = { type: 'whole', least: 1, most: 10 } as const;
    expect([read(whole, ' 7 '), read(whole, '11'), read(whole, ''), read({ ...whole, optional: true }, '')]).toEqual([
      { value: 7 },
      { wrong: 'wrong.between' },
      { wrong: 'wrong.needed' },
      { value: null },
    ]);
    const share = { type: 'record' } as const;
    expect([read(share, ['1', '2']), read(share, ['3', '2']), read(share, ['0', '0'])]).toEqual([{ value: { part: 1, of: 2 } }, { wrong: 'wrong.share' }, { wrong: 'wrong.share' }]);
    expect([typed({ part: 2, of: 3 }), typed(null), typed(false)]).toEqual([['2', '3'], '', false]);
    expect(grouped([['floor.minutes', 5], ['floor.order', 'fair']])).toEqual({ floor: { minutes: 5, order: 'fair' } });
    expect(named({ code: 'bad_input', data: { field: 'changes.attendance.quorum_share.part' } })).toBe('attendance.quorum_share');
  });
});
