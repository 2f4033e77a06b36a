import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { proposal, running, type FakeStore } from '../testing/fake.svelte';
import { browser, key, open, press } from '../testing/page';

browser();
afterEach(() => vi.unstubAllGlobals());

/** A page wide enough for the details to lie beside the board. */
function wide(): void {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }));
}
async function board(view: 'Kartu' | 'Tabel' = 'Kartu'): Promise<FakeStore> {
  const store = running();
  open(store);
  await key('2');
  if (view !== 'Kartu') await fireEvent.click(screen.getByRole('radio', { name: view }));
  return store;
}
const rows = (): string[] => screen.getAllByRole('row').flatMap((row) => row.dataset['card'] ?? []);
const at = (): string => document.activeElement?.closest<HTMLElement>('[data-card]')?.dataset['card'] ?? '';
const here = (value: string): Promise<boolean> => fireEvent.keyDown(document.activeElement ?? document.body, { key: value });
const details = (): HTMLElement => screen.getByRole('complementary');
const SUBMITTED = ['BKS00001', 'BKS00002', 'BKS00003'];

describe('the table of the board', () => {
  it('is sorted by a press on a head, both ways and back, and holds still when a figure changes', async () => {
    const store = await board('Tabel');
    const before = rows();
    expect(before).toHaveLength(7);
    await press('Biaya');
    expect(screen.getByRole('columnheader', { name: 'Biaya' }).getAttribute('aria-sort')).toBe('descending');
    expect([rows()[0], rows().at(-1)]).toEqual(['BKS00034', 'BKS00003']); // without a figure: last
    store.change('proposal', 'BKS00030', { amount: 900_000_000, version: 2 });
    await tick();
    expect(rows()[0]).toBe('BKS00034');
    await press('Biaya');
    expect([rows()[0], rows().at(-1)]).toEqual(['BKS00001', 'BKS00003']); // 74 million is now the least
    await press('Biaya');
    expect(rows()).toEqual(before);
  });

  it('narrows by what stands behind one button, which says how much is set', async () => {
    const store = running();
    store.put('proposal', proposal('POKIR', { title: 'Posyandu', source: 'COUNCIL', land: 'WARGA', survey: 'SUDAH' }));
    open(store);
    await key('2');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tabel' }));
    await press('Saringan lain');
    await fireEvent.change(await screen.findByLabelText('Sumber'), { target: { value: 'COUNCIL' } });
    expect(rows()).toEqual(['POKIR']);
    expect(screen.getByRole('button', { name: 'Saringan lain (1)' })).toBeTruthy();
    await fireEvent.change(screen.getByLabelText('Survei'), { target: { value: 'BELUM' } });
    expect(screen.getByText('0 dari 8 usulan cocok')).toBeTruthy();
  });

  it('draws a page of a thousand rows, and as many more as the keyboard walks to', async () => {
    const store = running();
    store.put('proposal', ...Array.from({ length: 1451 }, (_, i) => proposal(`J${i}`, { rank: i + 10 })));
    open(store);
    await key('2');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tabel' }));
    expect(rows()).toHaveLength(60);
    const last = rows().at(-1) ?? '';
    document.querySelector<HTMLElement>(`[data-card="${last}"] .pcard__open`)?.focus();
    await here('j');
    await waitFor(() => expect(rows()).toHaveLength(120));
    await waitFor(() => expect(at()).toBe(rows()[60]));
  });
});

describe('walking through the board by keyboard', () => {
  it('goes card by card, and to the column beside', async () => {
    await board();
    await here('j');
    await waitFor(() => expect(at()).toBe(SUBMITTED[0]));
    await here('ArrowDown');
    await waitFor(() => expect(at()).toBe(SUBMITTED[1]));
    await here('k');
    await waitFor(() => expect(at()).toBe(SUBMITTED[0]));
    await here('ArrowRight');
    await waitFor(() => expect(at()).toBe('BKS00023'));
    await here('x');
    expect(screen.getByText('1 dipilih')).toBeTruthy();
  });

  it('begins at the first that was found, straight from the search', async () => {
    await board('Tabel');
    const search = screen.getByRole('searchbox');
    await fireEvent.input(search, { target: { value: 'sumur' } });
    await fireEvent.keyDown(search, { key: 'Enter' });
    await waitFor(() => expect(at()).toBe('BKS00002'));
  });

  it('after a move it goes on where the card stood', async () => {
    const store = await board();
    store.reply({ ok: true, seq: 9, result: { proposal: 'BKS00001', version: 2 } });
    await here('j');
    await waitFor(() => expect(at()).toBe('BKS00001'));
    await here('p');
    expect(store.sent).toEqual([{ name: 'proposal.move', data: { proposal: 'BKS00001', base: 1, status: 'PRIORITISED', before: null } }]);
    store.change('proposal', 'BKS00001', { status: 'PRIORITISED', version: 2 });
    await waitFor(() => expect(document.activeElement?.closest('section')?.getAttribute('data-status')).toBe('PRIORITISED'));
    await here('j');
    await waitFor(() => expect(at()).toBe('BKS00002'));
  });
});

describe('taking a move back', () => {
  async function moved(): Promise<FakeStore> {
    const store = await board();
    store.reply({ ok: true, seq: 9, result: { proposal: 'BKS00001', version: 2 } });
    await here('j');
    await waitFor(() => expect(at()).toBe('BKS00001'));
    await here('p');
    store.change('proposal', 'BKS00001', { status: 'PRIORITISED', version: 2 });
    await screen.findByText(/dipindah ke Terpilih/);
    return store;
  }

  it('puts the card where it was, before the one it stood before', async () => {
    const store = await moved();
    await here('z');
    expect(store.sent[1]).toEqual({ name: 'proposal.move', data: { proposal: 'BKS00001', base: 2, status: 'SUBMITTED', before: 'BKS00002' } });
    await waitFor(() => expect(screen.queryByText(/dipindah ke Terpilih/)).toBeNull());
  });

  it('is not offered any more once somebody else touched the card', async () => {
    const store = await moved();
    store.change('proposal', 'BKS00001', { version: 3 });
    await waitFor(() => expect(screen.queryByText(/dipindah ke Terpilih/)).toBeNull());
    await here('z');
    expect(store.sent).toHaveLength(1);
  });

  it('of a refused card gives its reason again', async () => {
    const store = running();
    store.change('proposal', 'BKS00022', { reason_code: 'DUPLICATE' });
    store.reply({ ok: true, seq: 9, result: { proposal: 'BKS00022', version: 2 } });
    open(store);
    await key('2');
    document.querySelector<HTMLElement>('[data-card="BKS00022"] .pcard__open')?.focus();
    await here('d');
    store.change('proposal', 'BKS00022', { status: 'DISCUSSED', version: 2 });
    await screen.findByText(/dipindah ke Dibahas/);
    await press(/^Urungkan/);
    expect(store.sent[1]?.data).toEqual({
      proposal: 'BKS00022', base: 2, status: 'NOT_AGREED', before: null, reason_code: 'DUPLICATE', reason: 'Sama dengan usulan dinas tahun 2018',
    }); // prettier-ignore
  });
});

describe('details beside the board', () => {
  it('follow the walk, act by keys, and give the keyboard back to the card', async () => {
    wide();
    const store = await board();
    await fireEvent.click(screen.getByRole('button', { name: 'Peningkatan saluran drainase U-ditch Gg. Mawar' }));
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Peningkatan saluran drainase U-ditch Gg. Mawar'));
    expect(details().textContent).toContain('BKS00001');
    await here('j');
    await waitFor(() => expect(details().textContent).toContain('BKS00002'));
    await waitFor(() => expect(details().contains(document.activeElement)).toBe(true));
    await here('s');
    await press('Kembali', screen.getByRole('dialog', { name: 'Putuskan usulan' }));
    expect(within(details()).getByRole('heading', { level: 2 }).textContent).toBe('Pembuatan sumur resapan di RT 10/RW 07');
    await fireEvent.keyDown(details(), { key: 'Escape' });
    await waitFor(() => expect(screen.queryByRole('complementary')).toBeNull());
    expect(at()).toBe('BKS00002');
    expect(store.sent).toEqual([]);
  });

  it('say so when the proposal has left the board meanwhile', async () => {
    wide();
    const store = await board();
    await fireEvent.click(screen.getByRole('button', { name: 'Pelatihan menjahit untuk PKK' }));
    store.remove('proposal', 'BKS00003');
    await screen.findByText('Usulan ini sudah tidak ada di papan.');
    expect(within(details()).queryByRole('button', { name: /^Putuskan/ })).toBeNull();
  });
});
