import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import type { Criterion, Entity, Outcome } from '../../../wire/protocol';
import { running } from '../testing/fake.svelte';
import { browser, dialog, key, open, press } from '../testing/page';
import { ties, weightOf } from './scoring';

browser();
afterEach(() => vi.unstubAllGlobals());

const criterion = (key: string, name: string, weight: number, factor = false): Criterion => ({ key, name, name_en: '', least: 1, most: 5, step: 1, weight, factor, hint: '', hint_en: '', automatic: null });
const CRITERIA = [criterion('a', 'Manfaat', 3), criterion('b', 'Kesiapan', 1), criterion('c', 'Kegentingan', 1, true)];
const outcome = (proposal: string, rank: number, score: number, tied = false): Outcome => ({ proposal, rank, score, scorers: 9, least: 2, most: 5, deviation: 0.75, tied, passed: null, details: {} });
const scoring = (fields: Partial<Entity<'scoring'>>): Entity<'scoring'> => ({
  id: 'sc1', title: 'Skoring prioritas', criteria: { name: 'Bawaan', name_en: 'Default', criteria: CRITERIA, method: 'mean', pass_mark: null, preset: 'default' },
  proposals: ['BKS00001', 'BKS00002', 'BKS00034'], scorers: 10, agencies: false, own_area: 'hall', state: 'open', opened_at: 1, closes_at: null, closed_at: null, results: null, settlements: [], reason: '', ...fields,
}); // prettier-ignore

describe('scoring', () => {
  it('is opened for what was picked, with a set of criteria, scorers and a time', async () => {
    vi.stubGlobal('fetch', async () => Response.json({ rules: {}, agendas: [], criteria: [{ id: 'asahan', title: { id: 'Asahan', en: 'Asahan' }, source: '', criteria: { criteria: [{ name: 'Manfaat', weight: 2 }] } }] }));
    const store = running();
    open(store);
    await key('2');
    for (const title of ['Peningkatan saluran drainase U-ditch Gg. Mawar', 'Pembuatan sumur resapan di RT 10/RW 07']) {
      await fireEvent.click(screen.getByRole('checkbox', { name: `Pilih: ${title}` }));
    }
    await press('Nilai…');
    await within(dialog()).findByRole('option', { name: 'Asahan' });
    await fireEvent.change(within(dialog()).getByLabelText('Kriteria'), { target: { value: 'asahan' } });
    expect(within(dialog()).getByText('Manfaat (×2)')).toBeTruthy();
    await fireEvent.input(within(dialog()).getByRole('searchbox'), { target: { value: 'pejuang' } });
    await press('Pilih semua yang cocok (20)', dialog());
    await fireEvent.input(within(dialog()).getByLabelText(/^Lama/), { target: { value: '10' } });
    await expectAccessible();
    store.reply({ ok: true, seq: 2, result: { scoring: 'sc1' } });
    await press('Buka skoring', dialog());
    const [sent] = store.sent;
    expect(sent?.name).toBe('scoring.open');
    expect(sent?.data).toMatchObject({ proposals: ['BKS00001', 'BKS00002'], criteria: 'asahan', seconds: 600 });
    expect(sent?.data['scorers']).toHaveLength(20);
  });

  it('shows how far it is and where sheets are lacking, lives, and is closed after one question', async () => {
    const store = running();
    store.put('scoring', scoring({}));
    store.put('scoring_progress', { id: 'sc1', given: 3, scorers: 2, by_proposal: { BKS00001: 2, BKS00034: 1 } });
    open(store);
    await key('2');
    await press('Skoring');
    expect(within(dialog()).getByText(/3 dari 30 lembar nilai masuk, dari 2 di antara 10 penilai/)).toBeTruthy();
    expect(within(dialog()).getAllByRole('listitem')[0]?.textContent).toContain('Pembuatan sumur resapan');
    await expectAccessible();
    store.change('scoring_progress', 'sc1', { given: 4 });
    await tick();
    expect(within(dialog()).getByText(/4 dari 30/)).toBeTruthy();
    await press('Tutup skoring', dialog());
    expect(store.sent).toEqual([]);
    await press('Tutup skoring', screen.getByRole('dialog', { name: 'Tutup skoring dan hitung hasilnya?' }));
    expect(store.sent).toEqual([{ name: 'scoring.close', data: { scoring: 'sc1' } }]);
  });

  it('tells ranks, weights and spread, and takes the forum’s order of a tie', async () => {
    const store = running();
    store.put('scoring', scoring({ state: 'closed', results: [outcome('BKS00034', 1, 4.5), outcome('BKS00001', 2, 3.25, true), outcome('BKS00002', 2, 3.25, true)] }));
    open(store);
    await key('2');
    await press('Skoring');
    expect(within(dialog()).getByText(/Manfaat \(75 %\), Kesiapan \(25 %\), Kegentingan \(pengali\)/)).toBeTruthy();
    const row = within(dialog()).getAllByRole('row')[1] as HTMLElement;
    expect(within(row).getAllByRole('cell').map((cell) => cell.textContent?.trim())).toEqual(['1', '4,5', '± 0,75', '2–5', '9']);
    await expectAccessible();
    await press('Urutkan menurut forum…', dialog());
    const tie = screen.getByRole('dialog', { name: 'Urutkan yang bernilai sama' });
    await press('Naikkan: Pembuatan sumur resapan di RT 10/RW 07', tie);
    await press('Simpan urutan', tie);
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(tie).getByLabelText('Alasan'), { target: { value: 'Lebih banyak warga' } });
    await press('Simpan urutan', tie);
    expect(store.sent).toEqual([{ name: 'scoring.order', data: { scoring: 'sc1', proposals: ['BKS00002', 'BKS00001'], reason: 'Lebih banyak warga' } }]);
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Urutkan yang bernilai sama' })).toBeNull());
  });
});

describe('figures of a scoring', () => {
  it('groups what is tied, and leaves factors out of the weights', () => {
    const all = [outcome('a', 1, 4), outcome('b', 2, 3, true), outcome('c', 2, 3, true), outcome('d', 4, 2, true), outcome('e', 4, 2, true)];
    expect(ties(all).map((group) => group.map((one) => one.proposal))).toEqual([['b', 'c'], ['d', 'e']]);
    expect(CRITERIA.map((one) => weightOf(one, CRITERIA))).toEqual([75, 25, null]);
  });
});
