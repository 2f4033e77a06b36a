import { cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { Me } from '../../wire/protocol';
import { FakeStore, proposal, running } from '../moderator/testing/fake.svelte';
import { browser, dialog, find, noDialog, press } from '../moderator/testing/page';
import Desk from './Desk.svelte';
import { agenciesOf, filtered, inCharge, listsOf } from './desk';
import { askedOf, stepsOf, toScore } from './score';

browser();

const WATER = 'Dinas Bina Marga dan Sumber Daya Air';
const ANSWER = { agency: WATER, survey_status: 'BELUM', survey_date: '', survey_note: '', land: null, cost: null, note: '', verdict: null, reason_code: '', at: 1 } as const;
const OWN = { session: 'bekasi-2018', role: 'agency', seat: null, hall: null, pass: 'p1', expires_at: 2 ** 42 } as const;
const CRITERION = { name_en: '', least: 1, most: 5, step: 1, weight: 1, factor: false, hint: '', hint_en: '', automatic: null };

function desk(agency = WATER, own: Partial<Me> = {}): FakeStore & { me: Me } {
  const store = running();
  store.change('proposal', 'BKS00003', { agency: 'Dinas Tenaga Kerja' });
  store.change('proposal', 'BKS00002', { answer: ANSWER });
  const held = Object.assign(store, { me: { agency, ...own } as Me });
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
    await find('Perangkat daerah Anda', 'tenaga');
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
    const cost = within(form).getByLabelText('Perkiraan biaya (rupiah)');
    await fireEvent.input(cost, { target: { value: 'sembilan juta' } });
    expect([cost.getAttribute('aria-invalid'), within(form).getAllByText('Tulis biaya dengan angka saja.').length]).toEqual(['true', 2]);
    await fireEvent.input(cost, { target: { value: '98.000.000' } });
    expect(cost.getAttribute('aria-invalid')).toBeNull();
    await fireEvent.click(within(form).getByRole('radio', { name: 'Layak dengan perubahan' }));
    await press('Kirim jawaban', form);
    await within(form).findByRole('alert');
    await press('Kirim jawaban', form);
    const told = { proposal: 'BKS00034', survey_status: 'SUDAH', survey_date: '2018-01-20', land: 'PEMDA', cost: 98_000_000, verdict: 'FEASIBLE_WITH_CHANGES' };
    expect(store.sent.map((one) => one.data)).toEqual([{ ...told, base: 1 }, { ...told, base: 5 }]);
    expect(await within(form).findByText('Jawaban tersimpan dan terlihat di papan.')).toBeTruthy();
  });

  it('tells what was typed while an answer was under way from what was sent, here and on another proposal', async () => {
    const store = desk();
    await opened(TURAP);
    const other = titles().find((title) => title !== TURAP) ?? '';
    const form = (): HTMLElement => screen.getByRole('form', { name: 'Jawaban Anda' });
    const note = (): HTMLTextAreaElement => within(form()).getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)');
    let arrive = (): void => undefined;
    const late = (version: number): void => store.reply(() => new Promise((resolve) => (arrive = () => resolve({ ok: true, seq: version, result: { proposal: 'BKS00034', version } }))));
    await fireEvent.click(within(form()).getByRole('radio', { name: 'Layak' }));
    late(2);
    await press('Kirim jawaban', form());
    await fireEvent.input(note(), { target: { value: 'Masih ditulis' } });
    arrive();
    await waitFor(() => expect(within(form()).getByRole('button', { name: 'Kirim jawaban' }).getAttribute('aria-busy')).not.toBe('true'));
    expect(screen.queryByText('Jawaban tersimpan dan terlihat di papan.')).toBeNull();
    await opened(other);
    await opened(TURAP);
    expect(note().value).toBe('Masih ditulis');
    late(3);
    await press('Kirim jawaban', form());
    expect(store.sent.at(-1)?.data).toMatchObject({ base: 2, note: 'Masih ditulis' });
    await opened(other);
    arrive();
    await new Promise((resolve) => setTimeout(resolve));
    await opened(TURAP);
    expect(screen.queryByText(/masih ada di sini/)).toBeNull();
  });

  it('finds after a reload what was typed and not sent, and nothing of what was', async () => {
    const note = (): HTMLTextAreaElement => screen.getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)');
    desk();
    await opened(TURAP);
    await fireEvent.input(note(), { target: { value: 'Perlu izin balai sungai' } });
    await tick();
    const kept = JSON.stringify(sessionStorage);
    cleanup();
    sessionStorage.clear();
    for (const [name, value] of Object.entries(JSON.parse(kept) as Record<string, string>)) sessionStorage.setItem(name, value); // as a reload leaves it: nothing is taken down first
    const store = desk();
    await opened(TURAP);
    expect(note().value).toBe('Perlu izin balai sungai');
    store.reply({ ok: true, seq: 5, result: { proposal: 'BKS00034', version: 2 } });
    await press('Kirim jawaban', screen.getByRole('form', { name: 'Jawaban Anda' }));
    await screen.findByText('Jawaban tersimpan dan terlihat di papan.');
    expect(JSON.stringify(sessionStorage)).not.toContain('balai sungai');
  });

  it('finds what was typed also where the card is known only after the page is there', async () => {
    const note = (): HTMLTextAreaElement => screen.getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)');
    const store = running();
    Object.assign(store, { me: { agency: WATER } });
    for (const typed of ['Perlu izin balai sungai', null]) {
      store.identity = null;
      render(Desk, { store: store as never });
      store.identity = OWN;
      await tick();
      await opened(TURAP);
      if (typed) await fireEvent.input(note(), { target: { value: typed } });
      else expect(note().value).toBe('Perlu izin balai sungai');
      await tick();
      const kept = JSON.stringify(sessionStorage);
      expect(Object.keys(sessionStorage)).toContain('pleno.jawaban.bekasi-2018/p1');
      cleanup();
      for (const [name, value] of Object.entries(JSON.parse(kept) as Record<string, string>)) sessionStorage.setItem(name, value);
    }
  });

  it('shows nothing of what another card typed in this tab', async () => {
    const note = (): HTMLTextAreaElement => screen.getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)');
    const first = desk();
    await opened(TURAP);
    await fireEvent.input(note(), { target: { value: 'Perlu izin balai sungai' } });
    await tick();
    cleanup();
    first.identity = { ...OWN, pass: 'p2' };
    render(Desk, { store: first });
    await opened(TURAP);
    expect(note().value).toBe('');
  });

  it('keeps what was typed and not sent while another proposal is looked at', async () => {
    const store = desk();
    await opened(TURAP);
    const other = titles().find((title) => title !== TURAP) ?? '';
    const form = (): HTMLElement => screen.getByRole('form', { name: 'Jawaban Anda' });
    await fireEvent.input(within(form()).getByLabelText('Catatan untuk forum (boleh kosong)'), { target: { value: 'Perlu izin balai sungai' } });
    await fireEvent.click(within(form()).getByRole('radio', { name: 'Layak' }));
    await opened(other);
    expect(within(form()).getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)').value).toBe('');
    expect(screen.queryByText(/masih ada di sini/)).toBeNull();
    await opened(TURAP);
    expect(within(form()).getByLabelText<HTMLTextAreaElement>('Catatan untuk forum (boleh kosong)').value).toBe('Perlu izin balai sungai');
    expect(screen.getByText('Belum dikirim. Yang tadi Anda ketik masih ada di sini.')).toBeTruthy();
    store.reply({ ok: true, seq: 5, result: { proposal: 'BKS00034', version: 2 } });
    await press('Kirim jawaban', form());
    expect(store.sent.map((one) => one.data)).toEqual([{ proposal: 'BKS00034', base: 1, survey_status: 'BELUM', verdict: 'FEASIBLE', note: 'Perlu izin balai sungai' }]);
    await opened(other);
    await opened(TURAP);
    expect(screen.queryByText(/masih ada di sini/)).toBeNull();
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

describe('large lists', () => {
  it('are narrowed by kelurahan, survey and words together, and widened again', async () => {
    const store = desk();
    store.change('proposal', 'BKS00002', { survey: 'SUDAH' });
    await fireEvent.click(screen.getByLabelText('Semua (7)'));
    await fireEvent.change(screen.getByLabelText('Survei'), { target: { value: 'SUDAH' } });
    expect(titles()).toEqual(['Pembuatan sumur resapan di RT 10/RW 07']);
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'zzz' } });
    expect(screen.getByText('Tidak ada yang cocok.')).toBeTruthy();
    await press('Hapus saringan');
    expect(titles()).toHaveLength(7);
  });

  it('a card nobody was asked about counts as not surveyed', () => {
    const cards = [proposal('a', { hall: 'x' }), proposal('b', { hall: 'y', survey: 'SUDAH' })];
    expect(filtered(cards, { hall: '', survey: 'BELUM' }).map((card) => card.id)).toEqual(['a']);
    expect(filtered(cards, { hall: 'y', survey: '' }).map((card) => card.id)).toEqual(['b']);
  });
});

describe('a scoring that is open to the agency', () => {
  const scoring = {
    id: 'sc1', title: 'Penilaian usulan fisik', proposals: ['BKS00034', 'BKS00001', 'BKS00002'], scorers: 9, agencies: true, own_area: 'hall', state: 'open',
    opened_at: 1, closes_at: null, closed_at: null, results: null, settlements: [], reason: '',
    criteria: { name: '', name_en: '', method: 'mean', pass_mark: null, preset: '', criteria: [
      { ...CRITERION, key: 'urgency', name: 'Mendesak' }, { ...CRITERION, key: 'share', name: 'Persentase', least: 0, most: 100 }, { ...CRITERION, key: 'reach', name: 'Penerima', automatic: 'households' },
    ] },
  } as const; // prettier-ignore

  it('is told of, filled in, saved, and leads to the next', async () => {
    const store = desk(WATER, { scoring: { scoring: 'sc1', barred: ['BKS00002'], scores: {} } });
    store.put('scoring', scoring as never);
    await tick();
    expect(screen.getByText(/0 dari 2 usulan sudah Anda nilai/)).toBeTruthy();
    await press('Isi penilaian');
    expect(titles()).toHaveLength(2);
    await opened(TURAP);
    const form = screen.getByRole('form', { name: 'Penilaian Anda' });
    await press('Simpan nilai', form);
    expect(store.sent).toEqual([]);
    await fireEvent.click(within(form).getByRole('radio', { name: '4' }));
    await fireEvent.input(within(form).getByRole('spinbutton', { name: 'Persentase' }), { target: { value: '80' } });
    await press('Simpan nilai', form);
    expect(store.sent).toEqual([{ name: 'score.give', data: { proposal: 'BKS00034', scores: { urgency: 4, share: 80 } } }]);
    await press('Usulan berikutnya', form);
    expect(screen.getByRole('heading', { level: 2, name: store.get('proposal', 'BKS00001')?.title ?? '' })).toBeTruthy();
  });

  it('asks for an automatic criterion only where its number is missing', () => {
    const { criteria } = scoring.criteria;
    expect(askedOf(criteria, proposal('a', { households: 12 })).map((one) => one.key)).toEqual(['urgency', 'share']);
    expect(askedOf(criteria, proposal('a', { households: null })).map((one) => one.key)).toEqual(['urgency', 'share', 'reach']);
    expect([stepsOf({ least: 1, most: 3, step: 0.5 }), stepsOf({ least: 0, most: 100, step: 1 })]).toEqual([[1, 1.5, 2, 2.5, 3], []]);
  });

  it('puts what is not scored first, and leaves out what one may not score', () => {
    expect(toScore(scoring as never, { scoring: 'sc1', barred: ['BKS00001'], scores: { BKS00034: { urgency: 1 } } })).toEqual(['BKS00002', 'BKS00034']);
  });
});
