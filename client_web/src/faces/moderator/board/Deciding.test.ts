import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import { expectAccessible } from '../../../components/testing/page';
import { proposal, running, type FakeStore } from '../testing/fake.svelte';
import { browser, choose, combo, dialog, find, key, noDialog, open, press } from '../testing/page';
import { Selection } from './selection.svelte';

browser();

const column = (name: string): HTMLElement => screen.getByRole('heading', { name, level: 3 }).closest('section') as HTMLElement;
const named = (name: RegExp): HTMLElement => screen.getByRole('dialog', { name });
async function board(store: FakeStore): Promise<FakeStore> {
  open(store);
  await key('2');
  return store;
}
const pick = (title: string, shiftKey = false): Promise<boolean> => fireEvent.click(screen.getByRole('checkbox', { name: `Pilih: ${title}` }), { shiftKey });

describe('statuses on the board', () => {
  it('stand in few columns, each with its name on the card', async () => {
    const store = running();
    store.put('proposal', proposal('A', { status: 'AGREED', title: 'Sudah disepakati warga' }), proposal('R', { status: 'RETURNED', title: 'Alamat keliru' }));
    await board(store);
    expect(within(column('Dibahas')).getByText('Disepakati')).toBeTruthy();
    expect(within(column('Diajukan')).getByText('Dikembalikan')).toBeTruthy();
    expect(screen.queryByText(/Baru dipindah/)).toBeNull();
    await fireEvent.change(screen.getByLabelText('Status'), { target: { value: 'AGREED' } });
    expect(screen.getByText('1 dari 9 usulan cocok')).toBeTruthy();
  });
});

describe('deciding', () => {
  it('accepts one with changes, on the version that was looked at, with what was agreed', async () => {
    const store = await board(running());
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Putuskan…');
    await expectAccessible();
    await fireEvent.click(within(dialog()).getByRole('radio', { name: 'Disetujui dengan perubahan' }));
    await fireEvent.change(within(dialog()).getByLabelText('Tingkat yang memutuskan'), { target: { value: 'KECAMATAN' } });
    await fireEvent.input(within(dialog()).getByLabelText(/Biaya yang disetujui/), { target: { value: '12.500.000' } });
    await press('Disetujui dengan perubahan', dialog());
    expect(store.sent).toEqual([
      { name: 'proposal.decide', data: { proposal: 'BKS00003', base: 1, decision: 'ACCEPTED_WITH_CHANGES', level: 'KECAMATAN', amount: 12_500_000 } },
    ]);
    await waitFor(() => noDialog());
  });

  it('offers only what may follow', async () => {
    const store = running();
    store.put('proposal', proposal('R', { status: 'RETURNED', title: 'Alamat keliru' }));
    await board(store);
    await choose('Tindakan untuk: Alamat keliru', 'Putuskan…');
    expect(within(dialog()).getByRole<HTMLInputElement>('radio', { name: 'Disetujui' }).disabled).toBe(true);
    expect(within(dialog()).getByRole<HTMLInputElement>('radio', { name: 'Ditolak' }).disabled).toBe(false);
    const statuses = within(within(dialog()).getByLabelText(/pindah ke status lain/)).getAllByRole('option').map((one) => one.getAttribute('value'));
    expect(statuses).toEqual(['', 'SUBMITTED', 'VERIFIED', 'NOT_AGREED']);
  });

  it('a postponement waits for a kind of reason and words', async () => {
    const store = await board(running());
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Putuskan…');
    await fireEvent.click(within(dialog()).getByRole('radio', { name: 'Ditunda' }));
    await press('Ditunda', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.change(within(dialog()).getByLabelText('Jenis alasan'), { target: { value: 'LAND_DISPUTE' } });
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Menunggu batas lahan' } });
    await press('Ditunda', dialog());
    expect(store.sent[0]?.data).toEqual({ proposal: 'BKS00003', base: 1, decision: 'POSTPONED', reason_code: 'LAND_DISPUTE', reason: 'Menunggu batas lahan' });
  });
});

describe('limits of the funnel', () => {
  const refusal = {
    ok: false as const,
    code: 'over_ceiling',
    data: {
      hall: 'pejuang', what: 'ceiling', limit: 500_000_000, actual: 574_000_000, proposals: ['BKS00003'],
      findings: [
        { code: 'over_ceiling', hall: 'pejuang', what: 'ceiling', limit: 500_000_000, actual: 574_000_000, proposals: ['BKS00003'] },
        { code: 'over_quota', hall: null, what: 'main', limit: 3, actual: 4, proposals: ['BKS00003'] },
      ],
    },
  }; // prettier-ignore

  it('shows the figures and gives the same act again with a reason', async () => {
    const store = running();
    store.reply(refusal);
    await board(store);
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Terpilih');
    const asked = await screen.findByRole('dialog', { name: 'Melewati batas?' });
    expect(within(asked).getByText('menjadi Rp574.000.000, batasnya Rp500.000.000')).toBeTruthy();
    expect(within(asked).getByText('menjadi 4 usulan, batasnya 3 usulan')).toBeTruthy();
    await expectAccessible();
    await press('Tetap jalankan', asked);
    expect(store.sent).toHaveLength(1);
    await fireEvent.input(within(asked).getByLabelText('Alasan melewati batas'), { target: { value: 'Disepakati forum' } });
    await press('Tetap jalankan', asked);
    expect(store.sent[1]).toEqual({ name: 'proposal.move', data: { proposal: 'BKS00003', base: 1, status: 'PRIORITISED', before: null, override: 'Disepakati forum' } });
    await waitFor(() => noDialog());
  });

  it('can be kept: nothing is sent and nothing is left behind', async () => {
    const store = running();
    store.reply(refusal);
    await board(store);
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Terpilih');
    await press('Kembali, jangan lewati batas', await screen.findByRole('dialog', { name: 'Melewati batas?' }));
    await waitFor(() => noDialog());
    expect(store.sent).toHaveLength(1);
    expect(screen.queryByRole('alert')).toBeNull();
    await choose('Tindakan untuk: Pelatihan menjahit untuk PKK', 'Cadangan');
    expect(store.sent).toHaveLength(2);
  });

  it('stands above the board in words, of the session and of the hall looked at', async () => {
    const store = running();
    store.put(
      'funnel',
      { id: 'session', hall: null, main: { used: 2, limit: 36 }, amount: { used: 118_500_000, limit: 100_000_000 }, reserve: { used: 0, limit: 12 }, next_level: { used: 0, limit: null }, unpriced: 1, shares: [], findings: [{ code: 'over_ceiling', what: 'ceiling', limit: 100_000_000, actual: 118_500_000 }], per_hall: { main: 3, reserve: 1, next_level: null } },
      { id: 'aren-jaya', hall: 'aren-jaya', main: { used: 4, limit: 3 }, amount: { used: 118_500_000, limit: null }, unpriced: 0, shares: [], findings: [{ code: 'over_quota', what: 'main', limit: 3, actual: 4 }] },
    ); // prettier-ignore
    await board(store);
    const meter = screen.getByRole('region', { name: 'Kuota dan pagu' });
    expect(within(meter).getByText('Terpilih 2 dari 36')).toBeTruthy();
    expect(within(meter).getByText('Pagu Rp118.500.000 dari Rp100.000.000').closest('[data-tone="bad"]')).toBeTruthy();
    expect(within(meter).getByText('1 kelurahan melewati batas')).toBeTruthy();
    await find('Kelurahan', 'aren');
    expect(within(meter).getByText('Terpilih 4 dari 3')).toBeTruthy();
    await press('Per kelurahan', meter);
    const rows = within(dialog()).getAllByRole('listitem');
    expect(rows).toHaveLength(12);
    expect(within(rows[0] as HTMLElement).getByText('Aren Jaya')).toBeTruthy();
    expect(within(rows[1] as HTMLElement).getByText('Terpilih 0 dari 3')).toBeTruthy();
    await expectAccessible();
    await press('Lihat kartunya: Pejuang', dialog());
    expect(combo('Kelurahan').value).toBe('Pejuang');
  });
});

describe('many at once', () => {
  it('picks one, a stretch, and all in view', async () => {
    const store = running();
    store.put('proposal', proposal('X4', { rank: 4, title: 'Empat' }));
    await board(store);
    await pick('Peningkatan saluran drainase U-ditch Gg. Mawar');
    await pick('Pelatihan menjahit untuk PKK', true);
    expect(screen.getByText('3 dipilih')).toBeTruthy();
    await press('Pilih semua yang terlihat (8)');
    expect(screen.getByText('8 dipilih')).toBeTruthy();
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'sumur' } });
    expect(screen.getByText('7 di luar saringan')).toBeTruthy();
    await press('Kosongkan pilihan');
    expect(screen.queryByText(/dipilih$/)).toBeNull();
  });

  it('says which were changed meanwhile, and goes on without them', async () => {
    const store = running();
    store.reply({ ok: false, code: 'stale', data: { items: [{ proposal: 'BKS00002', version: 7 }] } });
    store.reply({ ok: true, seq: 4, result: { proposals: [{ proposal: 'BKS00001', version: 2 }] } });
    await board(store);
    await pick('Peningkatan saluran drainase U-ditch Gg. Mawar');
    await pick('Pembuatan sumur resapan di RT 10/RW 07');
    await press('Putuskan atau pindahkan…');
    await fireEvent.change(within(dialog()).getByLabelText(/pindah ke status lain/), { target: { value: 'DISCUSSED' } });
    await press('Dibahas (2)', dialog());
    expect(store.sent[0]).toEqual({
      name: 'proposals.move',
      data: { items: [{ proposal: 'BKS00001', base: 1 }, { proposal: 'BKS00002', base: 1 }], status: 'DISCUSSED' },
    });
    expect(await within(dialog()).findByText('Pembuatan sumur resapan di RT 10/RW 07')).toBeTruthy();
    await expectAccessible();
    await press('Lewati 1 usulan ini', dialog());
    await press('Dibahas (1)', dialog());
    expect(store.sent[1]?.data).toEqual({ items: [{ proposal: 'BKS00001', base: 1 }], status: 'DISCUSSED' });
    await waitFor(() => noDialog());
    expect(screen.getByText('1 dipilih')).toBeTruthy();
  });

  it('a second try is on top of the newest versions', async () => {
    const store = running();
    store.reply({ ok: false, code: 'stale', data: { items: [{ proposal: 'BKS00002', version: 7 }] } });
    await board(store);
    await pick('Peningkatan saluran drainase U-ditch Gg. Mawar');
    await pick('Pembuatan sumur resapan di RT 10/RW 07');
    await press('Putuskan atau pindahkan…');
    await fireEvent.click(within(dialog()).getByRole('radio', { name: 'Disetujui' }));
    await press('Disetujui (2)', dialog());
    await within(dialog()).findByText(/tidak dapat ikut/);
    await press('Disetujui (2)', dialog());
    expect(store.sent[1]).toEqual({
      name: 'proposals.decide',
      data: { items: [{ proposal: 'BKS00001', base: 1 }, { proposal: 'BKS00002', base: 7 }], decision: 'ACCEPTED' },
    });
  });

  it('sends no more than five hundred a command', async () => {
    const store = running();
    store.put('proposal', ...Array.from({ length: 1200 }, (_, i) => proposal(`J${i}`, { rank: i + 10 })));
    store.reply(...[0, 1].map(() => (_: string, data: Record<string, unknown>) => ({ ok: true as const, seq: 1, result: { proposals: (data['items'] as { proposal: string }[]).map(({ proposal }) => ({ proposal, version: 2 })) } })));
    store.reply({ ok: false, code: 'wrong_phase', data: {} });
    await board(store);
    await fireEvent.change(screen.getByLabelText('Status'), { target: { value: 'SUBMITTED' } });
    await pick('Usulan J0');
    await press(/Pilih semua yang terlihat/);
    await press('Putuskan atau pindahkan…');
    await fireEvent.click(within(dialog()).getByRole('radio', { name: 'Disetujui' }));
    await press('Disetujui (1.203)', dialog());
    await waitFor(() => expect(store.sent.map((one) => (one.data['items'] as unknown[]).length)).toEqual([500, 500, 203]));
    expect(within(named(/Putuskan/)).getByText('1.000 usulan sudah diputuskan, 203 belum.')).toBeTruthy();
    await tick();
  });
});

describe('a selection', () => {
  it('stretches both ways inside one list only, and forgets what is gone', () => {
    const one = new Selection();
    const order = ['a', 'b', 'c', 'd'];
    one.toggle('c', 'x', order, false);
    one.toggle('a', 'x', order, true);
    expect(one.ids.sort()).toEqual(['a', 'b', 'c']);
    one.toggle('d', 'y', order, true);
    expect(one.ids.sort()).toEqual(['a', 'b', 'c', 'd']);
    one.toggle('b', 'x', order, false);
    expect(one.has('b')).toBe(false);
    one.keep((id) => id !== 'a');
    expect(one.ids.sort()).toEqual(['c', 'd']);
  });
});
