import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { running } from '../testing/fake.svelte';
import { browser, choose, dialog, find, noDialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

const SITE = { came_at: 1, lost_at: null, outages: 2, lost_ms: 90_000, blanked: false, muted: false };

describe('a hall', () => {
  it('is muted and heard again from its menu, and its tile says so', async () => {
    const store = running();
    store.put('site', { id: 'jatiasih', ...SITE });
    open(store);
    await choose('Jatiasih', 'Senyapkan suaranya');
    expect(store.sent).toEqual([{ name: 'hall.mute', data: { hall: 'jatiasih', muted: true } }]);
    store.change('site', 'jatiasih', { muted: true });
    await waitFor(() => expect(document.querySelector('[data-hall=jatiasih]')?.textContent).toContain('disenyapkan'));
    await choose('Jatiasih', 'Bunyikan lagi');
    expect(store.sent[1]).toEqual({ name: 'hall.mute', data: { hall: 'jatiasih', muted: false } });
  });

  it('is blanked for a written reason, and shown again without one', async () => {
    const store = running();
    open(store);
    await choose('Jatiasih', 'Hentikan gambar dan suara');
    await press('Hentikan', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Musik keras' } });
    await expectAccessible();
    await press('Hentikan', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'hall.blank', data: { hall: 'jatiasih', blank: true, reason: 'Musik keras' } }]));
    await waitFor(() => noDialog());
    store.put('site', { id: 'jatiasih', ...SITE, blanked: true, reason: 'Musik keras' });
    await waitFor(() => expect(document.querySelector('[data-hall=jatiasih]')?.textContent).toContain('dihentikan'));
    await choose('Jatiasih', /Tayangkan lagi\s*Musik keras/);
    expect(store.sent[1]).toEqual({ name: 'hall.blank', data: { hall: 'jatiasih', blank: false } });
  });
});

class FakeRequest {
  static last: FakeRequest;
  upload: { onprogress?: (event: { lengthComputable: boolean; loaded: number; total: number }) => void } = {};
  onload?: () => void;
  onerror?: () => void;
  onabort?: () => void;
  status = 0;
  responseText = '';
  url = '';
  headers: Record<string, string> = {};
  body: unknown = null;
  constructor() {
    FakeRequest.last = this;
  }
  open(_method: string, url: string): void {
    this.url = url;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(body: unknown): void {
    this.body = body;
  }
  abort(): void {
    this.onabort?.();
  }
  finish(status: number, body: unknown): void {
    this.status = status;
    this.responseText = JSON.stringify(body);
    this.onload?.();
  }
}

describe('slides', () => {
  const pdf = new File(['%PDF-1.7'], 'Paparan Pejuang.pdf', { type: 'application/pdf' });
  async function choosePdf(): Promise<void> {
    const input = within(dialog()).getByLabelText<HTMLInputElement>(/Berkas PDF/);
    Object.defineProperty(input, 'files', { value: [pdf], configurable: true });
    await fireEvent.change(input);
  }

  it('come in as a PDF with its progress, and a refusal says what to do', async () => {
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
    open(running());
    await press('Paparan');
    expect(within(dialog()).getByText('Belum ada paparan')).toBeTruthy();
    await expectAccessible();
    await choosePdf();
    expect(within(dialog()).getByLabelText<HTMLInputElement>('Judul').value).toBe('Paparan Pejuang');
    await find('Milik aula', 'pejuang');
    await press('Unggah', dialog());
    expect(FakeRequest.last.url).toBe('/api/sessions/bekasi-2018/decks?title=Paparan+Pejuang&hall=pejuang');
    expect(FakeRequest.last.headers['authorization']).toBe('Bearer bearer-of-tests');
    expect(FakeRequest.last.body).toBe(pdf);
    FakeRequest.last.upload.onprogress?.({ lengthComputable: true, loaded: 45, total: 100 });
    expect(await within(dialog()).findByText('45 %')).toBeTruthy();
    await expectAccessible();
    FakeRequest.last.finish(413, { code: 'too_many_pages', most: 200 });
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/Halaman terlalu banyak.*200 halaman/s);
    await press('Unggah', dialog());
    FakeRequest.last.finish(201, { deck: 'd1', pages: 12 });
    expect(await within(dialog()).findByText('Paparan Pejuang masuk: 12 halaman.')).toBeTruthy();
  });

  it('an upload can be cancelled', async () => {
    vi.stubGlobal('XMLHttpRequest', FakeRequest);
    open(running());
    await press('Paparan');
    await choosePdf();
    await press('Unggah', dialog());
    await press('Batalkan unggahan', dialog());
    expect(await within(dialog()).findByText('Unggahan dibatalkan.')).toBeTruthy();
  });

  it('are removed after one question, but not while they are shown', async () => {
    const store = running();
    store.put('deck', { id: 'd1', title: 'Pagu 2019', pages: 2, hall: null, page: 0 }, { id: 'd2', title: 'Peta', pages: 1, hall: null, page: 1 });
    open(store);
    await press('Paparan: hal. 1/1');
    expect(within(dialog()).queryByRole('button', { name: 'Hapus: Peta' })).toBeNull();
    await press('Hapus: Pagu 2019', dialog());
    const question = await screen.findByRole('dialog', { name: 'Hapus paparan ini?' });
    expect(question.textContent).toContain('Pagu 2019');
    await expectAccessible();
    expect(store.sent).toEqual([]);
    await press('Hapus paparan', question);
    await waitFor(() => expect(store.sent).toEqual([{ name: 'deck.remove', data: { deck: 'd1' } }]));
    expect(await within(dialog()).findByText('Pagu 2019 dihapus.')).toBeTruthy();
  });

  it('are shown, turned within their pages, and hidden', async () => {
    const store = running();
    store.put('deck', { id: 'd1', title: 'Pagu 2019', pages: 2, hall: null, page: 0 });
    open(store);
    await press('Paparan');
    await press('Tampilkan: Pagu 2019', dialog());
    await waitFor(() => expect(store.sent[0]).toEqual({ name: 'deck.show', data: { deck: 'd1' } }));
    store.change('deck', 'd1', { page: 1 });
    expect((await within(dialog()).findByRole<HTMLImageElement>('img', { name: 'Halaman 1 dari 2: Pagu 2019' })).getAttribute('src')).toBe('/api/sessions/bekasi-2018/decks/d1/1');
    expect(screen.getByRole('button', { name: 'Paparan: hal. 1/2' })).toBeTruthy();
    await press('Halaman sebelumnya', dialog());
    await press('Halaman berikutnya', dialog());
    await waitFor(() => expect(store.sent[1]).toEqual({ name: 'deck.show', data: { deck: 'd1', page: 2 } }));
    store.change('deck', 'd1', { page: 2 });
    await waitFor(() => expect(within(dialog()).getByRole('button', { name: 'Halaman berikutnya' }).getAttribute('aria-disabled')).toBe('true'));
    await press('Sembunyikan', dialog());
    expect(store.sent[2]).toEqual({ name: 'deck.hide', data: {} });
  });
});
