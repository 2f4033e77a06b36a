import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { ballot, NOW, running } from '../testing/fake.svelte';
import { browser, dialog, key, noDialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

const label = (name: string | RegExp): HTMLInputElement => within(dialog()).getByLabelText<HTMLInputElement>(name);
const write = (name: string | RegExp, value: string): Promise<boolean> => fireEvent.input(label(name), { target: { value } });
const CHAIR = { id: 'chair', label: 'Moderator 1', since: NOW - 60_000, lost_at: null };

describe('the chair', () => {
  it('that nobody has is taken at once', async () => {
    const store = running();
    open(store);
    await press('Belum ada yang memimpin');
    await expectAccessible();
    await press('Ambil pimpinan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'chair.take', data: {} }]));
    await waitFor(() => noDialog());
  });

  it('is taken from who is present with a reason only, from who is away without', async () => {
    const store = running();
    store.put('chair', { ...CHAIR, pass: 'p2', open: false, others: [] });
    open(store);
    await press('Pimpinan: Moderator 1');
    await press('Ambil alih pimpinan', dialog());
    expect(store.sent).toEqual([]);
    await write('Alasan', 'Tidak menjawab');
    await press('Ambil alih pimpinan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'chair.take', data: { force: true, reason: 'Tidak menjawab' } }]));
    store.change('chair', 'chair', { lost_at: NOW - 42_000, open: true });
    await waitFor(() => noDialog());
    await press('Moderator 1 terputus');
    expect(within(dialog()).getByText('Terputus 00:42')).toBeTruthy();
    await press('Ambil pimpinan', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'chair.take', data: {} }));
  });

  it('is handed to another moderator by who has it', async () => {
    const store = running();
    store.put('chair', { ...CHAIR, pass: 'p1', open: false, others: [{ pass: 'p2', label: 'Moderator 2' }] });
    open(store);
    await press('Anda memimpin');
    await press('Serahkan pimpinan', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.change(label('Serahkan kepada'), { target: { value: 'p2' } });
    await press('Serahkan pimpinan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'chair.hand', data: { pass: 'p2' } }]));
  });
});

describe('the phases', () => {
  it('each phase offers its next steps, and each is confirmed', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    open(store);
    await press('Tahap: Disiapkan');
    await expectAccessible();
    await press('Buka ruang tunggu', dialog());
    expect(store.sent).toEqual([]);
    await press('Buka ruang tunggu', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'session.lobby', data: {} }]));
  });

  it('a recess needs a reason and may have an end', async () => {
    const store = running();
    open(store);
    await press('Tahap: Berlangsung');
    await press('Skors sidang', dialog());
    await press('Skors sidang', dialog());
    expect(store.sent).toEqual([]);
    await write('Alasan', 'Salat zuhur');
    await write(/Lama skors/, '0');
    await press('Skors sidang', dialog());
    expect(store.sent).toEqual([]);
    await write(/Lama skors/, '45');
    await press('Skors sidang', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'session.recess', data: { reason: 'Salat zuhur', minutes: 45 } }]));
  });

  it('in a recess N goes on, and the strip says until when', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'recess', recess_reason: 'Salat zuhur', recess_until: NOW + 45 * 60_000 });
    open(store);
    expect(screen.getByRole('button', { name: 'Diskors sampai 11.27 WIB' })).toBeTruthy();
    await key('n');
    expect(store.sent).toEqual([{ name: 'session.resume', data: {} }]);
    expect(screen.getByRole('button', { name: /Cabut skors\s+Salat zuhur/ })).toBeTruthy();
  });

  it('an open ballot stands in the way of the end, and it is said before', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    open(store);
    await press('Tahap: Berlangsung');
    expect(within(dialog()).getAllByText('Tutup dulu pemungutan suara "Tiga prioritas lintas kelurahan".')).toHaveLength(2);
    await press('Tutup sidang', dialog());
    expect(within(dialog()).getByRole('heading', { name: 'Tahap sidang' })).toBeTruthy();
  });

  it('a closed session is sealed after saying what that means, or reopened for a reason', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'closed', closed_at: NOW });
    open(store);
    await press('Tahap: Ditutup');
    await press('Sahkan sidang', dialog());
    expect(dialog().textContent).toMatch(/tidak dapat dibatalkan/);
    expect(within(dialog()).getByText('belum')).toBeTruthy();
    await press('Sahkan sidang', dialog());
    expect(store.sent).toEqual([]); // its text was not approved
    await expectAccessible();
    await write('Alasan mengesahkan tanpa persetujuan atas naskah', 'Camat berhalangan');
    await press('Sahkan sidang', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'session.seal', data: { reason: 'Camat berhalangan' } }]));
    await waitFor(() => noDialog());
    await press('Tahap: Ditutup');
    await press('Buka lagi sidang', dialog());
    await write('Alasan', 'Hitungan salah');
    await press('Buka lagi sidang', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'session.reopen', data: { reason: 'Hitungan salah' } }));
  });

  it('what is approved is sealed without a reason; an earlier text leads to the record', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'closed', closed_at: NOW });
    const confirmed = { upto: 41, digest: 'ab'.repeat(32), at: NOW, stale: true };
    store.put('record', { id: 'record', number: '050/1', confirmed, addenda: [], sealed_without: '' });
    open(store);
    await press('Tahap: Ditutup');
    await press('Sahkan sidang', dialog());
    expect(within(dialog()).getByText('Naskah Berita Acara berubah setelah disetujui (sidik abababababababab).')).toBeTruthy();
    await press('Buka Berita Acara', dialog());
    expect(within(dialog()).getByRole('heading', { name: 'Berita Acara' })).toBeTruthy();
    await press('Tutup', dialog());
    store.change('record', 'record', { confirmed: { ...confirmed, stale: false } });
    await press('Tahap: Ditutup');
    await press('Sahkan sidang', dialog());
    expect(within(dialog()).getByText('sudah')).toBeTruthy();
    await press('Sahkan sidang', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'session.seal', data: {} }]));
  });

  it('a rehearsal is unmistakable and never sealed', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'closed', rehearsal: true });
    open(store);
    expect(screen.getByText(/GLADI – bukan sidang sungguhan/)).toBeTruthy();
    await press('Tahap: Ditutup');
    expect(within(dialog()).getByText('Gladi tidak pernah disahkan.')).toBeTruthy();
    await press('Sahkan sidang', dialog());
    expect(store.sent).toEqual([]);
    await expectAccessible();
  });
});

describe('attendance and quorum', () => {
  it('counts every hall and declares', async () => {
    const store = running();
    store.put('crowd', { id: 'crowd', invited: 240, present: 131, guests: 4 });
    store.put('attendance', { id: 'pejuang', invited: 20, present: 13, guests: 4, witnesses: ['s0'] });
    open(store);
    await press('Hadir 131/240 · kuorum belum dinyatakan');
    expect(within(dialog()).getByRole('row', { name: /Pejuang 13 20 4 1/ })).toBeTruthy();
    await expectAccessible();
    await press('Nyatakan kuorum', dialog());
    expect(store.sent).toEqual([{ name: 'quorum.declare', data: {} }]);
    expect(within(dialog()).queryByRole('button', { name: 'Tunda ke hari lain' })).toBeNull();
  });

  it('too short: waits, postpones, or goes on for a reason', async () => {
    const store = running();
    store.put('quorum', { id: 'quorum', state: 'short', sitting: 1, figures: { present: 100, base: 240, needed: 160 }, declared_at: NOW, until: null, date: '', reason: '' });
    open(store);
    await press(/kuorum belum tercapai/);
    expect(within(dialog()).getByText('100 dari 240 hadir, perlu 160')).toBeTruthy();
    await press('Tunggu', dialog());
    await write('Lama menunggu (menit)', '20');
    await press('Tunggu', dialog());
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'quorum.wait', data: { minutes: 20 } }));
    store.change('quorum', 'quorum', { state: 'waiting', until: NOW + 20 * 60_000 });
    expect(await within(dialog()).findByText('11.02 WIB (sisa 20:00)')).toBeTruthy();
    await press('Tunda ke hari lain', dialog());
    await fireEvent.input(label('Tanggal sidang berikutnya'), { target: { value: '2018-01-24' } });
    store.reply({ ok: false, code: 'quorum_wait_first', data: { until: 1 } });
    await press('Tunda ke hari lain', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/Tunggu dulu/);
    await press('Kembali', dialog());
    await press('Lanjut tanpa kuorum', dialog());
    await write('Alasan', 'Undangan kedua');
    await press('Lanjut tanpa kuorum', dialog());
    await waitFor(() => expect(store.sent[2]).toEqual({ name: 'quorum.proceed', data: { reason: 'Undangan kedua' } }));
  });
});

describe('the roll-call', () => {
  it('asks, names the troubled while the answers come, each in its row, and ends', async () => {
    const store = running();
    open(store);
    await press('Cek suara');
    await press('Tanyakan ke semua aula', dialog());
    expect(store.sent[0]).toEqual({ name: 'rollcall.start', data: { question: 'Apakah suara terdengar jelas?' } });
    const answer = { note: '', by: 'hall' as const, at: NOW };
    store.put('rollcall', {
      id: 'r1', question: 'Terdengar?', started_at: NOW, ended_at: null, absent: ['bojong-menteng'],
      answers: [{ hall: 'pejuang', heard: 'yes', ...answer }, { hall: 'jatiasih', heard: 'no', ...answer, note: 'mati lampu' }],
    }); // prettier-ignore
    const rows = (): (string | null)[] => within(dialog()).getAllByRole('listitem').map((row) => row.textContent);
    await waitFor(() => expect(rows().some((row) => /Jatiasih.*mati lampu.*Tidak terdengar/s.test(row ?? ''))).toBe(true));
    expect(within(dialog()).getAllByRole('status').some((one) => one.textContent?.includes('Jatiasih'))).toBe(true);
    expect(rows()[0]).toContain('Pejuang');
    expect(within(dialog()).getByText('tidak tersambung')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Cek suara 2/11' })).toBeTruthy();
    await press('Putus-putus: Aren Jaya', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'rollcall.answer', data: { hall: 'aren-jaya', heard: 'partly' } }));
    await expectAccessible();
    await press('Akhiri cek suara', dialog());
    expect(store.sent[2]).toEqual({ name: 'rollcall.end', data: {} });
  });

  it('keeps the log of cut links, the latest first', async () => {
    const store = running();
    store.put('outage', { id: 'o1', hall: 'pejuang', since: NOW - 600_000, until: NOW - 540_000, cause: 'media' }, { id: 'o2', hall: 'bojong-menteng', since: NOW - 42_000, until: null, cause: 'page' });
    open(store);
    await press('Cek suara');
    const rows = within(dialog()).getAllByRole('row').map((row) => row.textContent?.replace(/\s+/g, ' '));
    expect(rows[1]).toMatch(/Bojong Menteng.*masih putus.*00:42.*halaman aula/);
    expect(rows[2]).toMatch(/Pejuang.*01:00.*gambar dan suara/);
  });
});

describe('the rundown, changed', () => {
  it('shows plan, real time and drift, and moves, edits, inserts and removes', async () => {
    const store = running();
    store.clock = NOW + 30 * 60_000;
    open(store);
    await press('Ubah acara');
    expect(dialog().textContent).toMatch(/12 menit di belakang rencana/);
    await expectAccessible();
    await press('Naikkan Tanggapan perangkat daerah', dialog());
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'agenda.move', data: { item: 'i8', before: 'i7' } }));
    await press('Turunkan Pemilihan delegasi', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'agenda.move', data: { item: 'i11', before: 'i13' } }));
    await press('Sunting Penutup dan doa', dialog());
    await write('Menit', '15');
    await press('Simpan', dialog());
    await waitFor(() => expect(store.sent[2]).toEqual({ name: 'agenda.edit', data: { item: 'i13', fields: { minutes: 15 } } }));
    expect(within(dialog()).queryByRole('button', { name: 'Hapus Laporan Kepala Bappeda' })).toBeNull(); // it has begun
    await press('Hapus Penandatanganan', dialog());
    await press('Hapus', dialog());
    await waitFor(() => expect(store.sent[3]).toEqual({ name: 'agenda.remove', data: { item: 'i12' } }));
    await press('Sisipkan acara', dialog());
    await write('Judul', 'Istirahat');
    await fireEvent.change(label('Jenis'), { target: { value: 'BREAK' } });
    await press('Simpan', dialog());
    await waitFor(() =>
      expect(store.sent[4]).toEqual({ name: 'agenda.insert', data: { before: 'i8', title: 'Istirahat', kind: 'BREAK', minutes: 10, speaker: '', hall: null, note: '' } }),
    );
  });

  it('takes a template before the opening, replacing only when told so', async () => {
    const agendas = [{ id: 'kelurahan', title: { id: 'Musrenbang kelurahan', en: 'Village forum' }, source: 'Permendagri', level: 'KELURAHAN', form: 'PLENARY', timed: true, minutes: 90, items: [{ kind: 'PRAYER', title: 'Doa', minutes: 5, speaker: '', each_hall: false }] }];
    vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify({ agendas }), { status: 200 }))));
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'lobby', opened_at: null });
    open(store);
    await press('Ubah acara');
    await press('Pakai templat', dialog());
    await within(dialog()).findByRole('option', { name: /Musrenbang kelurahan \(1 acara, 90 menit\)/ });
    await fireEvent.change(label('Pilih templat acara'), { target: { value: 'kelurahan' } });
    await press('Pakai templat', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.click(within(dialog()).getByRole('checkbox'));
    await press('Pakai templat', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'agenda.template', data: { template: 'kelurahan', replace: true } }]));
  });

  it('templates that do not come can be asked for again', async () => {
    vi.stubGlobal('fetch', vi.fn(() => Promise.reject(new Error('offline'))));
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    open(store);
    await press('Ubah acara');
    await press('Pakai templat', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/belum dapat dimuat/);
    await press('Coba lagi', dialog());
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});
