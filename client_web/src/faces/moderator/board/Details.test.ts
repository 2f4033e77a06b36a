import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { proposal, running, type FakeStore } from '../testing/fake.svelte';
import { browser, choose, dialog, key, noDialog, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

async function board(store: FakeStore): Promise<FakeStore> {
  open(store);
  await key('2');
  return store;
}
/** Answers the board's own HTTP calls by the end of their path. */
function http(answers: Record<string, unknown>): void {
  vi.stubGlobal('fetch', async (path: string) => {
    const found = Object.entries(answers).find(([end]) => path.endsWith(end));
    return found ? Response.json(found[1]) : Response.json({ code: 'not_found' }, { status: 404 });
  });
}
const opened = (title: string): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: title }));
const TURAP = 'Perbaikan turap kali RT 12/RW 02';
const OVER = {
  ok: false as const,
  code: 'over_ceiling',
  data: { hall: 'pejuang', what: 'ceiling', limit: 500_000_000, actual: 574_000_000, proposals: ['BKS00034'], findings: [] },
};
/** The funnel asked, and the moderator goes beyond it. */
async function goBeyond(): Promise<void> {
  const asked = await screen.findByRole('dialog', { name: 'Melewati batas?' });
  expect(within(asked).getByText('menjadi Rp574.000.000, batasnya Rp500.000.000')).toBeTruthy();
  await fireEvent.input(within(asked).getByLabelText('Alasan melewati batas'), { target: { value: 'Disepakati forum' } });
  await press('Tetap jalankan', asked);
}

describe('the drawer of a proposal', () => {
  it('tells every field in its group, each level’s decision, the answer and the trace', async () => {
    const store = running();
    store.put('proposal', proposal('X', { title: 'Turap sisi timur', status: 'MERGED', into: 'BKS00034', hall: 'pejuang', version: 4 }));
    store.change('proposal', 'BKS00034', {
      merged: ['X'],
      decisions: [{ level: 'KECAMATAN', status: 'POSTPONED', at: Date.UTC(2018, 0, 23, 2), reason_code: 'LAND_DISPUTE', reason: 'Batas lahan', amount: null, volume: null, note: '' }],
      answer: { agency: 'Dinas Bina Marga', survey_status: 'SUDAH', survey_date: '2018-01-20', survey_note: '', land: 'PEMDA', cost: 98_000_000, note: '', verdict: 'FEASIBLE_WITH_CHANGES', reason_code: '', at: 1 },
    }); // prettier-ignore
    store.details = () => Promise.resolve({ background: 'Longsor 2017', source: 'COUNCIL', routes: [{ source: 'Disperkimtan', agency: 'Dinas Bina Marga', reason: 'Turap kali', at: 5 }], owners: [], parts: [], photos: [] });
    await board(store);
    await opened(TURAP);
    const drawer = within(dialog());
    await drawer.findByText('Longsor 2017');
    for (const text of ['Pokok pikiran DPRD', 'Lahan sengketa · Batas lahan', 'Layak dengan perubahan', 'Rp98.000.000', 'Turap sisi timur', 'Dialihkan dari Disperkimtan ke Dinas Bina Marga: Turap kali']) {
      expect(drawer.getByText(text), text).toBeTruthy();
    }
    await press('Pisahkan lagi', dialog());
    expect(store.sent).toEqual([{ name: 'proposal.unmerge', data: { proposal: 'X', base: 4 } }]);
  });

  it('asks for a reason when a card taken out of a merge goes beyond a limit', async () => {
    const store = running();
    store.put('proposal', proposal('X', { title: 'Turap sisi timur', status: 'MERGED', into: 'BKS00034', hall: 'pejuang', version: 4 }));
    store.change('proposal', 'BKS00034', { merged: ['X'] });
    store.reply(OVER);
    await board(store);
    await opened(TURAP);
    await press('Pisahkan lagi', dialog());
    await goBeyond();
    expect(store.sent[1]).toEqual({ name: 'proposal.unmerge', data: { proposal: 'X', base: 4, override: 'Disepakati forum' } });
  });

  it('says why the rest is missing, and asks again', async () => {
    const store = running();
    store.details = () => Promise.reject(new Error('no_answer'));
    await board(store);
    await opened(TURAP);
    expect((await within(dialog()).findByRole('alert')).textContent).toContain('Belum ada jawaban');
    store.details = () => Promise.resolve({ background: 'Longsor 2017' });
    await press('Coba lagi', dialog());
    expect(await within(dialog()).findByText('Longsor 2017')).toBeTruthy();
  });
});

describe('what is alike', () => {
  const like = { proposal: 'BKS00023', score: 0.87, words: 0.8, metres: 42, reasons: ['same_words', 'near', 'same_rw', 'earlier_year', 'council'] };

  it('is shown with its reasons and merged into one card of all owners', async () => {
    const store = running();
    http({ 'proposals/BKS00034/similar': { similar: [like] } });
    await board(store);
    await choose(`Tindakan untuk: ${TURAP}`, 'Cari usulan mirip…');
    expect(await within(dialog()).findByText('kata-katanya 80 % sama, berjarak 42 m, RW yang sama, pernah diusulkan tahun lalu, juga pokir DPRD')).toBeTruthy();
    await fireEvent.click(within(dialog()).getByRole('checkbox', { name: 'Pilih: Pembangunan MCK umum RT 01/RW 03' }));
    await press('Gabungkan yang dicentang (1)…', dialog());
    expect(within(dialog()).getByText(/Aren Jaya · RW 02 · Ketua RW 07; Aren Jaya · RW 07/)).toBeTruthy();
    await fireEvent.click(within(dialog()).getByRole('radio', { name: /Pembangunan MCK/ }));
    await fireEvent.input(within(dialog()).getByLabelText('Judul setelah digabung'), { target: { value: 'Turap dan MCK' } });
    await press('Gabungkan', dialog());
    expect(store.sent).toEqual([
      { name: 'proposal.merge', data: { into: 'BKS00023', base: 1, proposals: [{ proposal: 'BKS00034', base: 1 }], title: 'Turap dan MCK' } },
    ]);
    await waitFor(() => noDialog());
  });

  it('is looked through pair by pair, and pairs that are two are put aside', async () => {
    const store = running();
    http({ '/similar': { pairs: [{ proposal: 'BKS00034', similar: like }, { proposal: 'BKS00001', similar: { ...like, proposal: 'GONE' } }] } });
    await board(store);
    await press('Usulan ganda');
    expect(await within(dialog()).findByText('1 pasang, yang paling mirip di atas. Menggabungkan tidak menghapus pengusulnya.')).toBeTruthy();
    await press(/^Bukan ganda/, dialog());
    expect(within(dialog()).getByText('Tidak ada usulan yang tampak ganda.')).toBeTruthy();
  });

  it('a merge on an old version starts again from the newest', async () => {
    const store = running();
    store.reply({ ok: false, code: 'stale', data: { items: [{ proposal: 'BKS00002', version: 6 }] } });
    await board(store);
    for (const title of ['Peningkatan saluran drainase U-ditch Gg. Mawar', 'Pembuatan sumur resapan di RT 10/RW 07']) {
      await fireEvent.click(screen.getByRole('checkbox', { name: `Pilih: ${title}` }));
    }
    await press('Gabungkan…');
    await press('Gabungkan', dialog());
    await within(dialog()).findByRole('alert');
    await press('Gabungkan', dialog());
    expect(store.sent[1]?.data).toEqual({ into: 'BKS00001', base: 1, proposals: [{ proposal: 'BKS00002', base: 6 }] });
  });
});

describe('splitting', () => {
  it('needs a title of each part', async () => {
    const store = running();
    await board(store);
    await opened(TURAP);
    await press('Pecah…', dialog());
    await press('Pecah menjadi 2', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(dialog()).getByLabelText('Bagian 2'), { target: { value: 'Turap sisi barat' } });
    const [, second] = within(dialog()).getAllByLabelText('Biaya (rupiah)');
    await fireEvent.input(second as HTMLElement, { target: { value: '40.000.000' } });
    await press('Pecah menjadi 2', dialog());
    expect(store.sent).toEqual([
      { name: 'proposal.split', data: { proposal: 'BKS00034', base: 1, parts: [{ title: TURAP }, { title: 'Turap sisi barat', amount: 40_000_000 }] } },
    ]);
  });

  it('asks for a reason when the parts go beyond a limit', async () => {
    const store = running();
    store.reply(OVER);
    await board(store);
    await opened(TURAP);
    await press('Pecah…', dialog());
    await fireEvent.input(within(dialog()).getByLabelText('Bagian 2'), { target: { value: 'Turap sisi barat' } });
    await press('Pecah menjadi 2', dialog());
    await goBeyond();
    expect(store.sent[1]).toEqual({
      name: 'proposal.split',
      data: { proposal: 'BKS00034', base: 1, parts: [{ title: TURAP }, { title: 'Turap sisi barat' }], override: 'Disepakati forum' },
    });
  });
});

class Upload {
  static sent: Upload[] = [];
  upload: { onprogress?: (event: object) => void } = {};
  headers: Record<string, string> = {};
  status = 0;
  responseText = '';
  onload?: () => void;
  onerror?: () => void;
  path = '';
  open(_: string, path: string): void {
    this.path = path;
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  send(): void {
    Upload.sent.push(this);
  }
  answer(status: number, body: unknown): void {
    [this.status, this.responseText] = [status, JSON.stringify(body)];
    this.onload?.();
  }
}

describe('photos', () => {
  const photo = { file: 'f1', width: 400, height: 300, caption: 'Turap longsor' };
  const give = (file: File): Promise<boolean> => fireEvent.change(within(dialog()).getByLabelText('Tambah foto'), { target: { files: [file] } });

  it('are handed in with progress, and a repeat has the same key', async () => {
    Upload.sent = [];
    vi.stubGlobal('XMLHttpRequest', Upload);
    const store = running();
    store.details = () => Promise.resolve({ photos: [] });
    await board(store);
    await opened(TURAP);
    await within(dialog()).findByText('Belum ada foto.');
    await give(new File(['x'], 'a.gif', { type: 'image/gif' }));
    expect((await within(dialog()).findByRole('alert')).textContent).toContain('Berkas ini bukan foto');
    await give(new File(['x'], 'a.jpg', { type: 'image/jpeg' }));
    const [first] = Upload.sent as [Upload];
    expect(first.path).toBe('/api/sessions/bekasi-2018/proposals/BKS00034/photos');
    expect(first.headers).toMatchObject({ authorization: 'Bearer bearer-of-tests', 'content-type': 'image/jpeg' });
    first.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 4 });
    expect((await within(dialog()).findAllByText('25 %')).length).toBeGreaterThan(0);
    first.onerror?.();
    store.details = () => Promise.resolve({ photos: [photo] });
    await within(dialog()).findByText('Belum ada jawaban');
    await press('Coba lagi', dialog());
    const second = Upload.sent[1] as Upload;
    expect(second.headers['idempotency-key']).toBe(first.headers['idempotency-key']);
    second.answer(201, { seq: 3, result: { photo: 'f1' } });
    expect(await within(dialog()).findByRole('button', { name: 'Perbesar: Turap longsor' })).toBeTruthy();
  });

  it('are looked at large, and taken away after one question', async () => {
    const store = running();
    store.details = () => Promise.resolve({ photos: [photo] });
    await board(store);
    await opened(TURAP);
    await fireEvent.click(await within(dialog()).findByRole('button', { name: 'Perbesar: Turap longsor' }));
    await press('Hapus foto', screen.getByRole('dialog', { name: 'Turap longsor' }));
    expect(store.sent).toEqual([]);
    await press('Hapus foto', screen.getByRole('dialog', { name: 'Hapus foto ini?' }));
    expect(store.sent).toEqual([{ name: 'photo.remove', data: { proposal: 'BKS00034', photo: 'f1' } }]);
  });
});

describe('documents and photos of a survey', () => {
  const letter = { file: 'd1', kind: 'cover_letter', pages: 2, size: 90_001 };

  it('are handed in by kind, saved under a name of ours, and taken away after one question', async () => {
    Upload.sent = [];
    vi.stubGlobal('XMLHttpRequest', Upload);
    const store = running();
    store.details = () => Promise.resolve({ photos: [], documents: [letter] });
    await board(store);
    await opened(TURAP);
    expect(await within(dialog()).findByText('2 hlm., 91 kB')).toBeTruthy();
    await fireEvent.change(within(dialog()).getByLabelText('Jenis dokumen'), { target: { value: 'cost_sheet' } });
    await fireEvent.change(within(dialog()).getByLabelText('Tambah dokumen'), { target: { files: [new File(['x'], '../../a.pdf', { type: 'application/pdf' })] } });
    const [sent] = Upload.sent as [Upload];
    expect(sent.path).toBe('/api/sessions/bekasi-2018/proposals/BKS00034/files?kind=cost_sheet');
    sent.answer(415, { code: 'not_a_pdf' });
    expect((await within(dialog()).findByRole('alert')).textContent).toContain('PDF');

    const asked: [string, unknown][] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => (asked.push([path, init.headers]), new Response('%PDF')));
    const saved: string[] = [];
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      saved.push(this.download);
    });
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => undefined;
    await press('Unduh Surat pengantar', dialog());
    await waitFor(() => expect(saved).toEqual(['BKS00034-cover_letter.pdf']));
    expect(asked).toEqual([['/api/files/d1', { authorization: 'Bearer bearer-of-tests' }]]);
    click.mockRestore();

    await press('Hapus Surat pengantar', dialog());
    expect(store.sent).toEqual([]);
    await press('Hapus Surat pengantar', screen.getByRole('dialog', { name: 'Hapus dokumen ini?' }));
    expect(store.sent).toEqual([{ name: 'file.remove', data: { proposal: 'BKS00034', file: 'd1' } }]);
  });

  it('photos of a survey stand apart from those of the proposer', async () => {
    const store = running();
    const photo = { file: 'f1', width: 400, height: 300, caption: 'Turap longsor', kind: '' };
    store.details = () => Promise.resolve({ photos: [photo, { ...photo, file: 's1', caption: 'Diukur', kind: 'survey' }], documents: [] });
    await board(store);
    await opened(TURAP);
    const survey = await within(dialog()).findByRole('region', { name: 'Foto survei perangkat daerah' });
    expect(within(survey).getAllByRole('button', { name: /Perbesar/ }).map((one) => one.getAttribute('aria-label'))).toEqual(['Perbesar: Diukur']);
    const own = within(dialog()).getByRole('region', { name: 'Foto' });
    expect(within(own).getAllByRole('button', { name: /Perbesar/ }).map((one) => one.getAttribute('aria-label'))).toEqual(['Perbesar: Turap longsor']);
  });
});
