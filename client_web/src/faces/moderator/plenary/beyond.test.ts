import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { NOW, proposal, running } from '../testing/fake.svelte';
import { browser, dialog, noDialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

const write = (name: string | RegExp, value: string): Promise<boolean> => fireEvent.input(within(dialog()).getByLabelText(name), { target: { value } });
const GROUP = { fields: [], seats: 0, proposals: 7, at: NOW, ended_at: null, moderator: null };

describe('groups', () => {
  it('split the halls, each into one group or none', async () => {
    const store = running();
    open(store);
    await press('Kelompok dan jenjang');
    await expectAccessible();
    await press('Bagi dalam kelompok', dialog());
    await fireEvent.change(within(dialog()).getByLabelText('Berapa kelompok'), { target: { value: within(dialog()).getByRole<HTMLOptionElement>('option', { name: '2' }).value } });
    await write(/Nama kelompok 1/, '');
    await press('Bagi sekarang', dialog());
    expect(store.sent).toEqual([]);
    await write(/Nama kelompok 1/, 'Infrastruktur');
    await fireEvent.change(within(dialog()).getByLabelText('Jatiasih masuk'), { target: { value: '-1' } });
    await expectAccessible();
    await press('Bagi sekarang', dialog());
    await waitFor(() => expect(store.sent).toHaveLength(1));
    const { groups } = store.sent[0]!.data as { groups: { title: string; halls: string[] }[] };
    expect(groups.map((group) => [group.title, group.halls.length])).toEqual([['Infrastruktur', 6], ['Kelompok 2', 5]]);
    expect(groups.flatMap((group) => group.halls)).not.toContain('jatiasih');
  });

  it('that are out are called back, or given up for a reason', async () => {
    const store = running();
    store.put('group', { id: 'g1', title: 'Infrastruktur', halls: ['pejuang'], state: 'out', ...GROUP }, { id: 'g2', title: 'Ekonomi', halls: ['jatiasih'], state: 'joined', ...GROUP });
    open(store);
    await press('Kelompok: 1 belum kembali');
    expect(within(dialog()).queryByRole('button', { name: 'Panggil kembali: Ekonomi' })).toBeNull();
    await press('Panggil kembali: Infrastruktur', dialog());
    await press('Panggil semua kembali', dialog());
    await press('Lanjut tanpa hasil: Infrastruktur', dialog());
    await write('Alasan', 'Listrik padam');
    await press('Lanjut tanpa hasil', dialog());
    await waitFor(() =>
      expect(store.sent).toEqual([
        { name: 'groups.join_back', data: { group: 'g1' } },
        { name: 'groups.join_back', data: {} },
        { name: 'groups.recall', data: { group: 'g1', reason: 'Listrik padam' } },
      ]),
    );
  });
});

describe('the next level', () => {
  it('without one named, nothing can be sent, and it says so', async () => {
    const store = running();
    open(store);
    await press('Kelompok dan jenjang');
    await press('Kirim usulan prioritas', dialog());
    expect(within(dialog()).getByText(/belum menetapkan sidang jenjang berikutnya/)).toBeTruthy();
    expect(store.sent).toEqual([]);
  });

  it('gets the proposals once asked; a limit is exceeded for a reason only', async () => {
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

  it('gets delegates, chosen all at once', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { feeds: 'kota-2018' });
    store.put('delegate', { id: 's0', hall: 'pejuang', office: 'Ketua RW 07', ballot: null, sent_to: null });
    open(store);
    await press('Kelompok dan jenjang');
    await press('Pilih delegasi', dialog());
    const [first, second] = within(dialog()).getAllByRole<HTMLInputElement>('checkbox');
    expect(first!.checked).toBe(true);
    await fireEvent.click(second!);
    await expectAccessible();
    await press('Tetapkan delegasi', dialog());
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'delegates.choose', data: { seats: ['s0', 's12'], by: 'acclamation' } }));
    await press('Kirim delegasi', dialog());
    await press('Kirim', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'delegates.send_up', data: {} }));
  });

  it('a refused parcel says why, is sent again or forgotten for a reason', async () => {
    const store = running();
    store.put('parcel', { id: 'p1', to: 'kota-2018', name: 'proposals.received', state: 'refused', at: NOW, tries: 1, code: 'session_sealed', detail: {} });
    open(store);
    await press('1 kiriman ditolak');
    expect(within(dialog()).getByText(/Sidang sudah selesai/)).toBeTruthy();
    await press('Kirim lagi: kota-2018', dialog());
    await press('Lupakan: kota-2018', dialog());
    await write('Alasan', 'Sudah lewat');
    await press('Lupakan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'parcel.resend', data: { parcel: 'p1' } }, { name: 'parcel.forget', data: { parcel: 'p1', reason: 'Sudah lewat' } }]));
  });
});

describe('the record', () => {
  const json = (body: unknown): Response => new Response(JSON.stringify(body), { status: 200 });
  const tab = { location: { replace: vi.fn() }, close: vi.fn() };
  function network(answers: (path: string) => Response): void {
    vi.stubGlobal('fetch', vi.fn((path: string) => Promise.resolve(answers(path))));
    vi.stubGlobal('open', vi.fn(() => tab));
    URL.createObjectURL = () => 'blob:draft';
  }

  it('only what was read is approved', async () => {
    network((path) => (path.includes('.json') ? json({ seq: 41, digest: 'ab'.repeat(32) }) : new Response('<p>Berita Acara</p>')));
    const store = running();
    open(store);
    await press('Berita Acara');
    await expectAccessible();
    await press('Setujui draf yang dibaca', dialog());
    expect(within(dialog()).queryByText('Setujui Berita Acara?')).toBeNull();
    await press('Buka draf', dialog());
    await waitFor(() => expect(tab.location.replace).toHaveBeenCalledWith('blob:draft'));
    expect(vi.mocked(fetch).mock.calls[1]).toEqual(['/api/sessions/bekasi-2018/record.html?form=archive', { headers: { authorization: 'Bearer bearer-of-tests' }, cache: 'no-cache' }]);
    await waitFor(() => expect(within(dialog()).getByRole('button', { name: 'Setujui draf yang dibaca' }).getAttribute('aria-disabled')).toBeNull());
    await press('Setujui draf yang dibaca', dialog());
    await press('Setujui draf yang dibaca', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'record.confirm', data: { upto: 41, digest: 'ab'.repeat(32) } }]));
  });

  it('a draft that changes while it is opened cannot be approved; one that does not come says why', async () => {
    let seq = 40;
    network((path) => (path.includes('.json') ? json({ seq: ++seq, digest: String(seq).repeat(32) }) : path.includes('.pdf') ? new Response('{"code":"forbidden"}', { status: 403 }) : new Response('')));
    open(running());
    await press('Berita Acara');
    await press('Buka draf', dialog());
    await waitFor(() => expect(seq).toBe(42));
    expect(within(dialog()).getByRole('button', { name: 'Setujui draf yang dibaca' }).getAttribute('aria-disabled')).toBe('true');
    await waitFor(() => expect(dialog().querySelector('[aria-busy]')).toBeNull());
    await press('Buka PDF', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/tidak tersedia untuk Anda/);
    expect(tab.close).toHaveBeenCalled();
  });

  it('sends only what changed of the sheet, and corrections', async () => {
    const store = running();
    store.put('record', { id: 'record', number: '050/1', confirmed: null, addenda: [], heading: 'H', forum: '', place: 'Bekasi', notes: '', signatories: [{ role: 'chair', office: 'Lurah', seat: null }], corrections: [] });
    open(store);
    await press('Berita Acara');
    await write('Nomor Berita Acara', '050/2');
    await press('Tambah penanda tangan', dialog());
    await press('Simpan lembar', dialog());
    expect(store.sent).toEqual([]); // an office is missing
    await write('Jabatan 2', 'Sekretaris Lurah');
    await press('Simpan lembar', dialog());
    const signatories = [{ role: 'chair', office: 'Lurah' }, { role: 'chair', office: 'Sekretaris Lurah' }];
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'record.set', data: { number: '050/2', signatories } }));
    await write('Bunyi koreksi', 'RW 07, bukan RW 08');
    await press('Catat koreksi', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'record.correct', data: { section: 'block', text: 'RW 07, bukan RW 08' } }));
  });

  it('of a sealed session takes addenda only', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'sealed', sealed_at: NOW });
    open(store);
    await press('Berita Acara');
    expect(within(dialog()).queryByRole('button', { name: 'Simpan lembar' })).toBeNull();
    await write('Bunyi ralat', 'Nomor diperbaiki');
    await press('Tambah ralat', dialog());
    expect(store.sent).toEqual([]);
    await write('Alasan', 'Salah ketik');
    await press('Tambah ralat', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'record.addendum', data: { text: 'Nomor diperbaiki', reason: 'Salah ketik' } }]));
    await expectAccessible();
    await press('Tutup', dialog());
    noDialog();
    expect(screen.getByRole('button', { name: 'Tahap: Disahkan' })).toBeTruthy();
  });
});
