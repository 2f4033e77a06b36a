import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { proposal, running } from '../testing/fake.svelte';
import { browser, choose, dialog, key, noDialog, open, press } from '../testing/page';

browser();

describe('the board', () => {
  const column = (name: string): HTMLElement => screen.getByRole('heading', { name, level: 3 }).closest('section') as HTMLElement;
  const titles = (name: string): string[] => within(column(name)).queryAllByRole('article').map((card) => card.querySelector('h3')?.textContent?.trim() ?? '');

  it('shows the columns, finds while typing, and passes axe', async () => {
    open(running());
    await key('2');
    expect(titles('Terpilih')).toEqual(['Perbaikan turap kali RT 12/RW 02', 'Pemasangan cermin tikungan dan pita kejut Gg. Salak']);
    expect(within(column('Tidak disepakati')).getByText('Alasan: Sama dengan usulan dinas tahun 2018')).toBeTruthy();
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'sumur' } });
    expect(titles('Diajukan')).toEqual(['Pembuatan sumur resapan di RT 10/RW 07']);
    expect(screen.getByText('1 dari 7 usulan cocok')).toBeTruthy();
    await press('Hapus saringan');
    expect(titles('Diajukan')).toHaveLength(3);
  });

  it('moves a card by its menu, with the version that was looked at', async () => {
    const store = running();
    open(store);
    await key('2');
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Terpilih');
    expect(store.sent).toEqual([{ name: 'proposal.move', data: { proposal: 'BKS00003', base: 1, status: 'PRIORITISED', before: null } }]);
  });

  it('moves a card by Alt and arrows, and follows it when the move is known', async () => {
    const store = running();
    store.reply({ ok: true, seq: 9, result: { proposal: 'BKS00002', version: 2 } });
    open(store);
    await key('2');
    const title = screen.getByRole('button', { name: 'Pembuatan sumur resapan di RT 10/RW 07' });
    await fireEvent.keyDown(title, { key: 'ArrowUp', altKey: true });
    expect(store.sent).toEqual([{ name: 'proposal.move', data: { proposal: 'BKS00002', base: 1, status: 'SUBMITTED', before: 'BKS00001' } }]);
    store.remove('proposal', 'BKS00001');
    store.change('proposal', 'BKS00002', { version: 2, status: 'DISCUSSED' });
    await waitFor(() => expect(titles('Dibahas')).toContain('Pembuatan sumur resapan di RT 10/RW 07'));
    await waitFor(() => expect(document.activeElement?.textContent?.trim()).toBe('Pembuatan sumur resapan di RT 10/RW 07'));
  });

  it('another’s move marks the card where it was and offers the new order', async () => {
    const store = running();
    open(store);
    await key('2');
    store.change('proposal', 'BKS00001', { status: 'RESERVE', version: 2 });
    await tick();
    expect(titles('Diajukan')[0]).toBe('Peningkatan saluran drainase U-ditch Gg. Mawar');
    expect(screen.getByText('Baru dipindah ke Cadangan')).toBeTruthy();
    await press('Papan berubah (1). Urutkan ulang');
    expect(titles('Cadangan')).toEqual(['Peningkatan saluran drainase U-ditch Gg. Mawar']);
  });

  it('"not agreed" needs a reason that everybody will read', async () => {
    const store = running();
    open(store);
    await key('2');
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Tidak disepakati');
    await press('Tidak disepakati', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.change(within(dialog()).getByLabelText('Jenis alasan'), { target: { value: 'ALREADY_PROPOSED' } });
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: ' Sudah ada di Renja ' } });
    await press('Tidak disepakati', dialog());
    expect(store.sent).toEqual([
      { name: 'proposal.move', data: { proposal: 'BKS00003', base: 1, status: 'NOT_AGREED', reason_code: 'ALREADY_PROPOSED', reason: 'Sudah ada di Renja', before: null } },
    ]);
    await waitFor(() => noDialog());
  });

  it('asks for a reason when a chosen card becomes too dear', async () => {
    const store = running();
    store.reply({ ok: false, code: 'over_ceiling', data: { hall: 'pejuang', what: 'ceiling', limit: 500_000_000, actual: 574_000_000, proposals: ['BKS00034'], findings: [] } });
    open(store);
    await key('2');
    await choose('Tindakan untuk: Perbaikan turap kali RT 12/RW 02', 'Sunting');
    await fireEvent.input(within(dialog()).getByLabelText<HTMLInputElement>('Biaya (rupiah)'), { target: { value: '194000000' } });
    await press('Simpan', dialog());
    const asked = await screen.findByRole('dialog', { name: 'Melewati batas?' });
    await fireEvent.input(within(asked).getByLabelText('Alasan melewati batas'), { target: { value: 'Harga naik' } });
    await press('Tetap jalankan', asked);
    expect(store.sent[1]).toEqual({ name: 'proposal.edit', data: { proposal: 'BKS00034', base: 1, fields: { amount: 194_000_000 }, override: 'Harga naik' } });
    await waitFor(() => noDialog());
  });

  it('when another was faster, both texts stand side by side and the next save is on top of the newest', async () => {
    const store = running();
    store.reply({ ok: false, code: 'stale', data: { version: 5, fields: { ...store.get('proposal', 'BKS00034'), title: 'Turap 32 m', amount: 120_000_000 } } });
    open(store);
    await key('2');
    await choose('Tindakan untuk: Perbaikan turap kali RT 12/RW 02', 'Sunting');
    const title = within(dialog()).getByLabelText<HTMLInputElement>('Usulan');
    await fireEvent.input(title, { target: { value: 'Turap dan tangga' } });
    await press('Simpan', dialog());
    expect(store.sent[0]).toEqual({ name: 'proposal.edit', data: { proposal: 'BKS00034', base: 1, fields: { title: 'Turap dan tangga' } } });
    await screen.findByText('Usulan ini baru saja diubah orang lain');
    expect(title.value).toBe('Turap dan tangga');
    expect(within(dialog()).getByText('Turap 32 m')).toBeTruthy();
    expect(within(dialog()).getByLabelText<HTMLInputElement>('Biaya (rupiah)').value).toBe('120000000');
    await press('Simpan di atas isi terbaru', dialog());
    expect(store.sent[1]).toEqual({ name: 'proposal.edit', data: { proposal: 'BKS00034', base: 5, fields: { title: 'Turap dan tangga' } } });
  });

  it('adds a proposal, and says which field is missing', async () => {
    const store = running();
    open(store);
    await key('2');
    await press('Tambah usulan');
    await press('Tambahkan', dialog());
    expect(within(dialog()).getByText('Pilih kelurahannya')).toBeTruthy();
    const hall = within(dialog()).getByLabelText<HTMLSelectElement>('Kelurahan');
    await fireEvent.change(hall, { target: { value: 'jatiasih' } });
    await press('Tambahkan', dialog());
    expect(within(dialog()).getByText('Tulis usulannya')).toBeTruthy();
    await fireEvent.input(within(dialog()).getByLabelText('Usulan'), { target: { value: 'Lampu jalan' } });
    await fireEvent.input(within(dialog()).getByLabelText(/Biaya/), { target: { value: '12.500.000' } });
    await press('Tambahkan', dialog());
    expect(store.sent).toEqual([{ name: 'proposal.add', data: { hall: 'jatiasih', title: 'Lampu jalan', amount: 12_500_000 } }]);
  });

  it('draws a page of a thousand cards, and more when asked', async () => {
    const store = running();
    store.put('proposal', ...Array.from({ length: 1451 }, (_, i) => proposal(`J${i}`, { rank: i + 10 })));
    open(store);
    await key('2');
    expect(within(column('Diajukan')).getAllByRole('article')).toHaveLength(40);
    await press(/Tampilkan berikutnya/);
    expect(within(column('Diajukan')).getAllByRole('article')).toHaveLength(80);
    await fireEvent.input(screen.getByLabelText('Cari usulan'), { target: { value: 'usulan j1' } });
    expect(column('Diajukan').querySelectorAll('article').length).toBeLessThan(40); // what fits the screen at once,
    await waitFor(() => expect(column('Diajukan').querySelectorAll('article')).toHaveLength(80), { timeout: 20_000 }); // the rest right after
  });

  it('puts a proposal aside for a ballot without leaving the board', async () => {
    open(running());
    await key('2');
    await choose('Tindakan untuk: Perbaikan turap kali RT 12/RW 02', 'Masukkan ke pemungutan suara');
    await press('Lanjutkan menyusun');
    expect(screen.getByText('Pilihan dari papan (1)')).toBeTruthy();
  });
});
