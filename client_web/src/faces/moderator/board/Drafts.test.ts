import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import type { Entity } from '../../../wire/protocol';
import { NOW, running, type FakeStore } from '../testing/fake.svelte';
import { browser, dialog, key, noDialog, open, press } from '../testing/page';

browser();

const draft = (id: string, title: string, version = 1): Entity<'draft'> => ({
  id, title, version, status: 'DRAFT', hall: 'pejuang', owner: null, at: NOW, problem: '', address: '', amount: 9_000_000, volume: null, unit: '', agency: '',
  type: null, urgency: null, land: null, rw: '07', households: null, proposer: '', note: '',
}); // prettier-ignore

async function board(...drafts: Entity<'draft'>[]): Promise<FakeStore> {
  const store = running();
  store.put('draft', ...drafts);
  open(store);
  await key('2');
  return store;
}

describe('drafts', () => {
  it('are kept by the dialog that adds a proposal, and say who sees them', async () => {
    const store = await board();
    expect(screen.queryByRole('button', { name: /^Draf/ })).toBeNull();
    await press('Tambah usulan');
    await fireEvent.change(within(dialog()).getByLabelText('Kelurahan'), { target: { value: 'pejuang' } });
    await fireEvent.input(within(dialog()).getByLabelText('Usulan'), { target: { value: 'Sumur resapan' } });
    expect(within(dialog()).getByText('Usulan masuk ke kolom Diajukan dan langsung terlihat semua orang.')).toBeTruthy();
    await fireEvent.click(within(dialog()).getByRole('checkbox', { name: /Simpan sebagai draf/ }));
    expect(within(dialog()).queryByText('Usulan masuk ke kolom Diajukan dan langsung terlihat semua orang.')).toBeNull();
    await expectAccessible();
    await press('Simpan draf', dialog());
    expect(store.sent).toEqual([{ name: 'draft.add', data: { hall: 'pejuang', title: 'Sumur resapan' } }]);
    await waitFor(() => noDialog());
  });

  it('are listed with their hall, submitted, edited and thrown away after one question', async () => {
    const store = await board(draft('d1', 'Sumur resapan'), draft('d2', 'Taman', 3));
    await press('Draf (2)');
    expect(within(dialog()).getAllByText('Pejuang · RW 07 · Rp9.000.000')).toHaveLength(2);
    await expectAccessible();
    store.reply({ ok: true, seq: 1, result: { proposal: 'd1', version: 1 } });
    await press('Ajukan: Sumur resapan', dialog());
    expect(store.sent[0]).toEqual({ name: 'proposal.submit', data: { proposal: 'd1', base: 1 } });
    store.remove('draft', 'd1');

    await press('Sunting: Taman', dialog());
    const form = await screen.findByRole('dialog', { name: 'Sunting usulan' });
    await fireEvent.input(within(form).getByLabelText('Usulan'), { target: { value: 'Taman baca' } });
    await press('Simpan', form);
    expect(store.sent[1]).toEqual({ name: 'draft.edit', data: { proposal: 'd2', base: 3, fields: { title: 'Taman baca' } } });
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Sunting usulan' })).toBeNull());

    await press('Buang…: Taman', dialog());
    const asked = await screen.findByRole('dialog', { name: 'Buang draf ini?' });
    await expectAccessible();
    await press('Buang', asked);
    expect(store.sent[2]).toEqual({ name: 'draft.drop', data: { proposal: 'd2', base: 3 } });
    store.remove('draft', 'd2');
    expect(await within(dialog()).findByText('Tidak ada draf')).toBeTruthy();
  });

  it('say why one cannot be submitted', async () => {
    const store = await board(draft('d1', 'Sumur resapan'));
    await press('Draf (1)');
    store.reply({ ok: false, code: 'unknown_draft', data: { proposal: 'd1' } });
    await press('Ajukan: Sumur resapan', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toContain('Draf itu tidak ada lagi');
  });
});
