import { fireEvent, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { NOW, proposal, running, type FakeStore } from '../testing/fake.svelte';
import { browser, dialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

const write = (name: string | RegExp, value: string): Promise<boolean> => fireEvent.input(within(dialog()).getByLabelText(name), { target: { value } });
const pick = (name: string, value: string, place = 0): Promise<boolean> => fireEvent.change(within(dialog()).getAllByLabelText(name)[place]!, { target: { value } });
const many = (n: number): Promise<boolean> => fireEvent.change(within(dialog()).getByLabelText('Berapa kelompok'), { target: { value: within(dialog()).getAllByRole<HTMLOptionElement>('option', { name: String(n) })[0]!.value } });
const GROUP = { fields: [], seats: 0, proposals: 7, at: NOW, ended_at: null, moderator: null };

interface Sent {
  title: string;
  halls: string[];
  fields?: string[];
  seats?: string[];
  moderator?: string;
}
const groupsOf = (store: FakeStore): Sent[] => (store.sent[0]!.data as { groups: Sent[] }).groups;
async function splitting(store = running()): Promise<FakeStore> {
  open(store);
  await press('Kelompok dan jenjang');
  await press('Bagi dalam kelompok', dialog());
  return store;
}

describe('groups', () => {
  it('split the halls, each into one group or none, and each may have its moderator', async () => {
    const store = running();
    store.put('chair', { id: 'chair', label: 'Moderator 1', since: NOW, lost_at: null, pass: 'p1', open: false, others: [{ pass: 'p2', label: 'Moderator 2' }] });
    await splitting(store);
    await many(2);
    await fireEvent.input(within(dialog()).getAllByLabelText('Nama')[0]!, { target: { value: '' } });
    await press('Bagi sekarang', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(dialog()).getAllByLabelText('Nama')[0]!, { target: { value: 'Utara' } });
    await pick('Moderator', 'p2', 1);
    await pick('Jatiasih', '-1');
    await expectAccessible();
    await press('Bagi sekarang', dialog());
    await waitFor(() => expect(store.sent).toHaveLength(1));
    const groups = groupsOf(store);
    expect(groups.map((group) => [group.title, group.halls.length, group.moderator])).toEqual([['Utara', 6, undefined], ['Kelompok 2', 5, 'p2']]);
    expect(groups.flatMap((group) => group.halls)).not.toContain('jatiasih');
    expect(groups.every((group) => group.seats === undefined)).toBe(true); // everybody of its halls
  });

  it('leave named seats in the plenary', async () => {
    const store = await splitting();
    const seats = store.list('seat').filter((seat) => seat.hall === 'pejuang');
    await fireEvent.change(within(dialog()).getByLabelText(/^Kelompok untuk /, { selector: `li:nth-child(1) select` }), { target: { value: '-1' } });
    await press('Bagi sekarang', dialog());
    await waitFor(() => expect(store.sent).toHaveLength(1));
    const [first, second] = groupsOf(store);
    expect(first!.seats).not.toContain(seats[0]!.id);
    expect(first!.seats).toHaveLength(store.list('seat').filter((seat) => first!.halls.includes(seat.hall)).length - 1);
    expect(second!.seats).toBeUndefined();
  });

  it('split the fields of work, with every seat in one group; cards without a field stay', async () => {
    const store = running();
    store.put('proposal', proposal('x', { field: 'EKONOMI' }), proposal('y', { field: '' }), proposal('z', { field: 'EKONOMI', status: 'SENT_UP' }));
    await splitting(store);
    await fireEvent.click(within(dialog()).getByLabelText('Per bidang usulan'));
    expect(within(dialog()).getByText(/Ekonomi \(1 usulan\)/)).toBeTruthy(); // what was sent up is decided elsewhere
    expect(within(dialog()).getByText(/usulan tetap di pleno/)).toBeTruthy();
    await pick('Ekonomi (1 usulan)', '0');
    await pick('Ekonomi (1 usulan)', '-1');
    await press('Bagi sekarang', dialog());
    expect(store.sent).toEqual([]); // the third group has no field left
    await pick('Ekonomi (1 usulan)', '2');
    await press('Bagi sekarang', dialog());
    await waitFor(() => expect(store.sent).toHaveLength(1));
    const groups = groupsOf(store);
    expect(groups.map((group) => group.fields)).toEqual([['INFRASTRUKTUR', 'PERTANIAN'], ['SOSIAL_BUDAYA', 'LAINNYA'], ['EKONOMI']]);
    expect(groups.map((group) => group.title)).toEqual(['Infrastruktur, Pertanian', 'Sosial budaya, Lainnya', 'Ekonomi']);
    expect(groups.every((group) => group.halls.length === 12)).toBe(true);
    const seats = groups.flatMap((group) => group.seats ?? []);
    expect([...seats].sort()).toEqual(store.list('seat').map((seat) => seat.id).sort());
  });

  it('that are out are called back, or given up for a reason; one that cannot come says why', async () => {
    const store = running();
    store.put('group', { id: 'g1', title: 'Infrastruktur', halls: ['pejuang'], state: 'out', ...GROUP }, { id: 'g2', title: 'Ekonomi', halls: ['jatiasih'], state: 'joined', ...GROUP }, { id: 'g3', title: 'Sosial', halls: ['aren-jaya'], state: 'called', ...GROUP });
    store.put('parcel', { id: 'p3', to: 'g3', name: 'session.called_back', state: 'refused', at: NOW, tries: 1, code: 'ballot_is_open', detail: {} });
    open(store);
    await press('1 kiriman ditolak');
    await expectAccessible();
    expect(within(dialog()).getByText('1 berlangsung · 1 dipanggil · 1 kembali · 0 tanpa hasil')).toBeTruthy();
    expect(within(dialog()).queryByRole('button', { name: 'Panggil: Ekonomi' })).toBeNull();
    expect(within(dialog()).getByText(/Belum dapat kembali: Pemungutan suara sedang berjalan/)).toBeTruthy();
    await press('Panggil: Infrastruktur', dialog());
    await press('Panggil lagi: Sosial', dialog());
    await press('Panggil semua kembali', dialog());
    await press('Lanjut tanpa hasil: Infrastruktur', dialog());
    await write('Alasan', 'Listrik padam');
    await press('Lanjut tanpa hasil', dialog());
    await waitFor(() =>
      expect(store.sent).toEqual([
        { name: 'groups.join_back', data: { group: 'g1' } },
        { name: 'parcel.resend', data: { parcel: 'p3' } },
        { name: 'groups.join_back', data: {} },
        { name: 'groups.recall', data: { group: 'g1', reason: 'Listrik padam' } },
      ]),
    );
  });
});

describe('the other levels', () => {
  it('without one named, nothing can be sent or carried over, and it says so', async () => {
    const store = running();
    open(store);
    await press('Kelompok dan jenjang');
    await press('Kirim usulan prioritas', dialog());
    await press('Angkat lagi usulan tahun lalu', dialog());
    expect(within(dialog()).getByText(/belum menetapkan sidang jenjang berikutnya/)).toBeTruthy();
    expect(within(dialog()).getByText(/belum menghubungkan sidang tahun lalu/)).toBeTruthy();
    expect(store.sent).toEqual([]);
  });

  it('get the proposals once asked; a limit is exceeded for a reason only', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { feeds: 'kota-2018' });
    store.put('proposal', proposal('x', { status: 'PRIORITISED' }));
    store.reply({ ok: false, code: 'over_quota', data: { actual: 3, limit: 2 } }, { ok: true, seq: 1, result: { to: 'kota-2018', proposals: 3 } });
    open(store);
    await press('Kelompok dan jenjang');
    await press('Kirim usulan prioritas', dialog());
    expect(dialog().textContent).toMatch(/Kirim 3 usulan prioritas\?/);
    await press('Kirim', dialog());
    await within(dialog()).findByLabelText('Alasan melampaui batas');
    await press('Kirim', dialog());
    expect(store.sent).toHaveLength(1);
    await write('Alasan melampaui batas', 'Bencana');
    await press('Kirim', dialog());
    expect(await within(dialog()).findByText('3 usulan dikirim.')).toBeTruthy();
    expect(store.sent.map((one) => one.data)).toEqual([{}, { override: 'Bencana' }]);
  });

  it('get delegates, chosen all at once', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { feeds: 'kota-2018' });
    store.put('delegate', { id: 's0', hall: 'pejuang', office: 'Ketua RW 07', ballot: null, sent_to: null });
    open(store);
    await press('Kelompok dan jenjang');
    await press('Pilih delegasi', dialog());
    const [first, second] = within(dialog()).getAllByRole<HTMLInputElement>('checkbox');
    expect(first!.checked).toBe(true);
    await fireEvent.click(second!);
    await press('Tetapkan delegasi', dialog());
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'delegates.choose', data: { seats: ['s0', 's12'], by: 'acclamation' } }));
    await press('Kirim delegasi', dialog());
    await press('Kirim', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'delegates.send_up', data: {} }));
  });

  it('of last year are asked for what came to nothing; its title is looked up', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify({ changes: [{ kind: 'session', fields: { title: 'Musrenbang 2017' } }] })))));
    const store = running();
    store.change('session', 'bekasi-2018', { previous: 'bekasi-2017' });
    open(store);
    await press('Kelompok dan jenjang');
    expect(await within(dialog()).findByText('Sidang tahun lalu: Musrenbang 2017.')).toBeTruthy();
    await press('Angkat lagi usulan tahun lalu', dialog());
    await fireEvent.click(within(dialog()).getByLabelText('Cadangan'));
    await press('Angkat lagi', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'proposals.carry_over', data: { statuses: ['SUBMITTED', 'DISCUSSED', 'NOT_AGREED'] } }]));
    expect(await within(dialog()).findByText(/Sudah diminta/)).toBeTruthy();
  });

  it('a refused parcel says why, is sent again or forgotten for a reason', async () => {
    const store = running();
    store.put('parcel', { id: 'p1', to: 'kota-2018', name: 'proposals.received', state: 'refused', at: NOW, tries: 1, code: 'session_sealed', detail: {} });
    open(store);
    await press('1 kiriman ditolak');
    expect(within(dialog()).getByText(/Jawaban sidang tujuan: Sidang sudah selesai/)).toBeTruthy();
    await press('Kirim lagi: Usulan kota-2018', dialog());
    await press('Lupakan: Usulan kota-2018', dialog());
    await write('Alasan', 'Sudah lewat');
    await press('Lupakan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'parcel.resend', data: { parcel: 'p1' } }, { name: 'parcel.forget', data: { parcel: 'p1', reason: 'Sudah lewat' } }]));
  });
});
