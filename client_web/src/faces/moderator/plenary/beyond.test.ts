import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { NOW, running } from '../testing/fake.svelte';
import { browser, dialog, noDialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

const write = (name: string | RegExp, value: string): Promise<boolean> => fireEvent.input(within(dialog()).getByLabelText(name), { target: { value } });

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
    expect(dialog().textContent).toContain('sesudah ditutup naskah berubah dan perlu disetujui sekali lagi');
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
    await press('Unduh PDF', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/tidak tersedia untuk Anda/);
  });

  it('a PDF is saved as a file', async () => {
    network(() => json({ seq: 41, digest: 'ab'.repeat(32) }));
    URL.revokeObjectURL = () => undefined;
    const saved: string[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    open(running());
    await press('Berita Acara');
    await press('Unduh PDF', dialog());
    await waitFor(() => expect(saved).toEqual(['berita-acara-bekasi-2018-archive.pdf']));
    expect(window.open).not.toHaveBeenCalled();
    expect(await within(dialog()).findByText('Draf yang dibuka: sidik abababababababab. Bacakan, lalu setujui.')).toBeTruthy();
  });

  it('letterhead, clauses and copies are lines; what is not saved is neither approved nor lost without a word', async () => {
    network((path) => (path.includes('.json') ? json({ seq: 41, digest: 'ab'.repeat(32) }) : new Response('')));
    const store = running();
    open(store);
    await press('Berita Acara');
    await write(/^Kop surat/, 'A\nB\nC\nD\nE\nF\nG');
    await press('Simpan isian', dialog());
    expect(store.sent).toEqual([]);
    expect(within(dialog()).getByText('Kop surat: paling banyak 6 baris, tiap baris paling panjang 120 huruf.')).toBeTruthy();
    await write(/^Kop surat/, 'Pemerintah Kota Bekasi\n\n Bappeda ');
    await write(/^Tembusan/, 'Bappeda');
    expect(within(dialog()).getByText('Simpan isian dulu, lalu buka drafnya.')).toBeTruthy();
    await press('Tutup', dialog());
    expect(dialog().textContent).toMatch(/Tutup tanpa menyimpan\?/);
    await expectAccessible();
    await press('Lanjut mengisi', dialog());
    await press('Simpan isian', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'record.set', data: { letterhead: ['Pemerintah Kota Bekasi', 'Bappeda'], cc: ['Bappeda'] } }]));
    await press('Tutup', dialog());
    await press('Tutup tanpa menyimpan', dialog());
    noDialog();
  });

  it('sends only what changed of the sheet, and corrections', async () => {
    const store = running();
    store.put('record', { id: 'record', number: '050/1', confirmed: null, addenda: [], sealed_without: '', heading: 'H', forum: '', place: 'Bekasi', notes: '', signatories: [{ role: 'chair', office: 'Lurah', seat: null }], corrections: [] });
    open(store);
    await press('Berita Acara');
    await write('Nomor Berita Acara', '050/2');
    await press('Tambah penanda tangan', dialog());
    await press('Simpan isian', dialog());
    expect(store.sent).toEqual([]); // an office is missing
    await write('Jabatan 2', 'Sekretaris Lurah');
    await press('Simpan isian', dialog());
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
    expect(within(dialog()).queryByRole('button', { name: 'Simpan isian' })).toBeNull();
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
