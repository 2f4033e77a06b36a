import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import type { Me } from '../../wire/protocol';
import Drafts from './Drafts.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();
beforeEach(() => localStorage.clear());

type Draft = NonNullable<Me['drafts']>[number];
const draft = (fields: Partial<Draft> = {}): Draft => ({
  proposal: 'd1', status: 'DRAFT', hall: 'pejuang', owner: null, at: 1, version: 3, title: 'Drainase Gg. Melati', problem: '', address: 'RT 03', amount: 9000000,
  volume: 120.5, unit: 'm', agency: '', type: null, urgency: null, land: null, rw: '07', households: null, proposer: '', note: '', ...fields,
}); // prettier-ignore
const me = (...drafts: Draft[]): Me => ({ seat: null, hall: 'pejuang', role: 'hall', office: null, can_vote: false, voted: {}, receipts: {}, request: null, drafts }) as unknown as Me;

async function open(...drafts: Draft[]): Promise<void> {
  world.plenary.me = me(...drafts);
  render(Drafts, { store: world.store, hall: 'pejuang', onclose: () => undefined });
  await settle();
}
const press = async (name: string | RegExp): Promise<void> => {
  const found = screen.getAllByRole('button', { name });
  await fireEvent.click(found.at(-1)!);
  await settle();
};
const fill = async (label: string, value: string): Promise<void> => {
  await fireEvent.input(screen.getByLabelText(label), { target: { value } });
  await settle();
};
const form = (): HTMLElement => screen.getAllByRole('dialog').at(-1)!;

describe('drafts of the hall', () => {
  it('are written, kept at every stroke, found again after a reload, and saved', async () => {
    await open();
    expect(text()).toContain('Belum ada draf');
    await expectAccessible();
    await press('Tulis usulan baru');
    await fill('Judul usulan', 'Sumur resapan');
    await fill('Volume', '120,5');
    await fill('Perkiraan biaya (rupiah)', '9.000.000');
    expect(text()).toMatch(/Rp\s?9\.000\.000/);
    await expectAccessible();
    cleanup(); // the page is reloaded
    await open();
    expect(text()).toContain('Sumur resapan');
    expect(text()).toContain('Belum disimpan');
    await press('Lanjutkan menulis: Sumur resapan');
    expect(screen.getByLabelText<HTMLInputElement>('Volume').value).toBe('120,5');
    expect(text()).toContain('Tulisan Anda masih ada');
    await fireEvent.change(screen.getByLabelText('Urgensi'), { target: { value: 'MENDESAK' } });
    await press('Simpan draf');
    expect(world.plenary.commands).toEqual([
      { name: 'draft.add', data: { title: 'Sumur resapan', hall: 'pejuang', volume: 120.5, amount: 9000000, urgency: 'MENDESAK' } },
    ]);
    expect(text()).toContain('Draf disimpan: Sumur resapan');
    expect(text()).not.toContain('Belum disimpan');
    expect(localStorage.length).toBe(0);
  });

  it('are not sent with a number that is none, and stay when the server refuses', async () => {
    await open();
    await press('Tulis usulan baru');
    await fill('Judul usulan', 'Taman');
    await fill('Volume', 'banyak');
    await press('Simpan draf');
    expect(world.plenary.commands).toEqual([]);
    expect(text()).toContain('Tulis angka saja');
    await fill('Volume', '');
    world.plenary.answer = { ok: false, code: 'too_many_drafts', data: { hall: 'pejuang', most: 100 } };
    await press('Simpan draf');
    expect(within(form()).getByRole('alert').textContent).toContain('paling banyak 100 draf');
    expect(screen.getByLabelText<HTMLInputElement>('Judul usulan').value).toBe('Taman');
  });

  it('are edited on top of what somebody else just wrote', async () => {
    await open(draft());
    expect(text()).toContain('120,5 m');
    await press('Ubah: Drainase Gg. Melati');
    await fill('Lokasi', 'RT 04');
    world.plenary.answer = { ok: false, code: 'stale', data: { version: 4, fields: { ...draft(), address: 'RT 05', title: 'Drainase RW 07' } } };
    await press('Simpan draf');
    expect(text()).toContain('Isi terbaru: RT 05');
    expect(screen.getByLabelText<HTMLInputElement>('Judul usulan').value).toBe('Drainase RW 07');
    await expectAccessible();
    world.plenary.answer = { ok: true, seq: 1, result: {} };
    await press('Simpan draf');
    expect(world.plenary.commands.at(-1)).toEqual({ name: 'draft.edit', data: { proposal: 'd1', base: 4, fields: { address: 'RT 04' } } });
  });

  it('are handed in or thrown away after one question, and not with changes that were not saved', async () => {
    await open(draft(), draft({ proposal: 'd2', title: 'Taman' }));
    await press('Ajukan: Drainase Gg. Melati');
    expect(world.plenary.commands).toEqual([]);
    await expectAccessible();
    await press('Ajukan usulan');
    expect(text()).toContain('Usulan diajukan: Drainase Gg. Melati');
    await press('Buang: Taman');
    world.plenary.answer = { ok: false, code: 'unknown_draft', data: { proposal: 'd2' } };
    await press('Buang draf');
    expect(world.plenary.commands).toEqual([
      { name: 'proposal.submit', data: { proposal: 'd1', base: 3 } },
      { name: 'draft.drop', data: { proposal: 'd2', base: 3 } },
    ]);
    expect(screen.getByRole('alert').textContent).toContain('Draf itu tidak ada lagi');
    await press('Ubah: Taman');
    await fill('Masalah', 'Panas');
    await press('Kembali');
    expect(screen.getByRole('button', { name: 'Ajukan: Taman' }).getAttribute('aria-disabled')).toBe('true');
  });

  it('that are gone leave what was typed as a new draft, which can be thrown away too', async () => {
    await open(draft());
    await press('Ubah: Drainase Gg. Melati');
    await fill('Masalah', 'Banjir');
    await press('Kembali');
    world.plenary.me = me();
    await settle();
    expect(text()).toContain('menjadi draf baru');
    await press('Lanjutkan menulis: Drainase Gg. Melati');
    await press('Simpan draf');
    expect(world.plenary.commands.at(-1)).toMatchObject({ name: 'draft.add', data: { title: 'Drainase Gg. Melati', problem: 'Banjir', rw: '07' } });
    await press('Tulis usulan baru');
    await fill('Judul usulan', 'Salah');
    await press('Kembali');
    await press('Buang: Salah');
    await press('Buang tulisan');
    expect(localStorage.length).toBe(0);
    expect(text()).not.toContain('Salah');
  });
});
