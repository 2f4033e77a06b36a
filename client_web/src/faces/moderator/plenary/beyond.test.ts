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
