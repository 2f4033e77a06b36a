import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import type { Me } from '../../wire/protocol';
import { FakeStore, proposal, running } from '../moderator/testing/fake.svelte';
import { browser, dialog, noDialog, press } from '../moderator/testing/page';
import Desk from './Desk.svelte';
import { agenciesOf, inCharge, listsOf } from './desk';

browser();

const WATER = 'Dinas Bina Marga dan Sumber Daya Air';
const ANSWER = { agency: WATER, survey_status: 'BELUM', survey_date: '', survey_note: '', land: null, cost: null, note: '', verdict: null, reason_code: '', at: 1 } as const;
function desk(agency = WATER): FakeStore & { me: Me } {
  const store = running();
  store.change('proposal', 'BKS00003', { agency: 'Dinas Tenaga Kerja' });
  store.change('proposal', 'BKS00002', { answer: ANSWER });
  const held = Object.assign(store, { me: { agency } as Me });
  render(Desk, { store: held });
  return held;
}
const titles = (): string[] => screen.getAllByRole('article').map((card) => card.querySelector('h3')?.textContent?.trim() ?? '').filter(Boolean);
const opened = (title: string): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: title }));
const TURAP = 'Perbaikan turap kali RT 12/RW 02';

describe('whose a proposal is', () => {
  it('follows the agency in charge, in any writing, and leaves out what is not on the board', () => {
    const cards = [proposal('a', { agency: 'DINAS PU' }), proposal('b', { agency: 'Dinas PU', agency_final: 'Dishub' }), proposal('c', { agency: 'Dinas Pu', status: 'MERGED' }), proposal('d', { agency: 'dinas pu', answer: ANSWER })];
    expect(cards.map(inCharge)).toEqual(['DINAS PU', 'Dishub', 'Dinas Pu', 'dinas pu']);
    const lists = listsOf(cards, 'Dinas PU');
    expect([lists.waiting, lists.own, lists.all].map((list) => list.map((card) => card.id))).toEqual([['a'], ['a', 'd'], ['a', 'b', 'd']]);
    expect(agenciesOf(cards)).toEqual(['dinas pu', 'Dishub']);
  });
});

describe('the agency’s desk', () => {
  it('shows what waits with this agency first, lives, and finds', async () => {
    const store = desk();
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(WATER);
    expect(titles()).toHaveLength(5);
    expect(titles()).not.toContain('Pelatihan menjahit untuk PKK');
    expect(screen.getByLabelText('Semua (7)')).toBeTruthy();
    await expectAccessible();
    store.change('proposal', 'BKS00001', { answer: ANSWER });
    await tick();
    expect(titles()).toHaveLength(4);
    await fireEvent.click(screen.getByLabelText('Milik kami (6)'));
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'sumur' } });
    expect(titles()).toEqual(['Pembuatan sumur resapan di RT 10/RW 07']);
    cleanup();
  });

  it('a pass without an agency may say which it is', async () => {
    desk('');
    expect(screen.getByLabelText('Belum dijawab (6)')).toBeTruthy();
    await fireEvent.change(screen.getByLabelText('Perangkat daerah Anda'), { target: { value: 'Dinas Tenaga Kerja' } });
    expect(titles()).toEqual(['Pelatihan menjahit untuk PKK']);
  });

  it('sends an answer on the version that was looked at, and keeps what was typed when somebody was faster', async () => {
    const store = desk();
    store.reply({ ok: false, code: 'stale', data: { version: 5, fields: {} } });
    store.reply({ ok: true, seq: 5, result: { proposal: 'BKS00034', version: 6 } });
    await opened(TURAP);
    const form = screen.getByRole('form', { name: 'Jawaban Anda' });
    await fireEvent.change(within(form).getByLabelText('Survei'), { target: { value: 'SUDAH' } });
    await fireEvent.input(within(form).getByLabelText('Tanggal survei'), { target: { value: '2018-01-20' } });
    await fireEvent.change(within(form).getByLabelText('Status lahan'), { target: { value: 'PEMDA' } });
    await fireEvent.input(within(form).getByLabelText('Perkiraan biaya (rupiah)'), { target: { value: '98.000.000' } });
    await fireEvent.click(within(form).getByRole('radio', { name: 'Layak dengan perubahan' }));
    await expectAccessible();
    await press('Kirim jawaban', form);
    await within(form).findByRole('alert');
    await press('Kirim jawaban', form);
    const told = { proposal: 'BKS00034', survey_status: 'SUDAH', survey_date: '2018-01-20', land: 'PEMDA', cost: 98_000_000, verdict: 'FEASIBLE_WITH_CHANGES' };
    expect(store.sent.map((one) => one.data)).toEqual([{ ...told, base: 1 }, { ...told, base: 5 }]);
    expect(await within(form).findByText('Jawaban tersimpan dan terlihat di papan.')).toBeTruthy();
  });

  it('"not feasible" waits for a kind of reason and words', async () => {
    const store = desk();
    await opened(TURAP);
    const form = screen.getByRole('form', { name: 'Jawaban Anda' });
    await fireEvent.click(within(form).getByRole('radio', { name: 'Tidak layak' }));
    await press('Kirim jawaban', form);
    expect(store.sent).toEqual([]);
    await fireEvent.change(within(form).getByLabelText('Jenis alasan'), { target: { value: 'NOT_IN_AUTHORITY' } });
    await fireEvent.input(within(form).getByLabelText('Mengapa tidak layak'), { target: { value: 'Milik provinsi' } });
    await press('Kirim jawaban', form);
    expect(store.sent[0]?.data).toEqual({ proposal: 'BKS00034', base: 1, survey_status: 'BELUM', verdict: 'NOT_FEASIBLE', reason_code: 'NOT_IN_AUTHORITY', note: 'Milik provinsi' });
  });

  it('passes on what is another’s, with the reason, and only reads what lies elsewhere', async () => {
    const store = desk();
    await opened(TURAP);
    await press('Alihkan…');
    await press('Alihkan', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(dialog()).getByLabelText('Perangkat daerah tujuan'), { target: { value: 'Disperkimtan' } });
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Aset perumahan' } });
    await expectAccessible();
    await press('Alihkan', dialog());
    expect(store.sent).toEqual([{ name: 'proposal.reroute', data: { proposal: 'BKS00034', base: 1, agency: 'Disperkimtan', reason: 'Aset perumahan' } }]);
    await waitFor(() => noDialog());
    store.change('proposal', 'BKS00034', { agency_final: 'Disperkimtan', version: 2 });
    await tick();
    expect(screen.queryByRole('form', { name: 'Jawaban Anda' })).toBeNull();
    expect(screen.getByText(/Anda dapat membacanya saja/)).toBeTruthy();
  });

  it('draws a page of a thousand, and says what it waits for', async () => {
    const store = new FakeStore();
    store.loaded = false;
    store.status = 'connecting';
    render(Desk, { store: Object.assign(store, { me: null }) });
    expect(screen.getByText('Menyambungkan ke sidang…')).toBeTruthy();
    store.put('proposal', ...Array.from({ length: 1451 }, (_, i) => proposal(`J${i}`, { rank: i })));
    store.loaded = true;
    await tick();
    expect(titles()).toHaveLength(40);
    await press('Tampilkan berikutnya (1.411 lagi)');
    expect(titles()).toHaveLength(80);
  });
});
