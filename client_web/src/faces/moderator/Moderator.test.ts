import { configure, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs, expectAccessible } from '../../components/testing/page';
import Moderator from './Moderator.svelte';
import type { Answer } from './store';
import { ballot, FakeStore, NOW, proposal, running } from './testing/fake.svelte';

vi.setConfig({ testTimeout: 60_000 }); // axe and role queries over a whole face are slow without a layout engine

beforeAll(() => {
  configure({ defaultHidden: true, asyncUtilTimeout: 5_000 }); // spares a style computation an element; what is closed is not rendered
  dialogs();
  HTMLElement.prototype.hasPointerCapture ??= () => false;
  globalThis.CSS ??= { escape: (text: string) => text } as unknown as typeof CSS;
  CSS.escape ??= (text: string) => text;
});
beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

const open = (store: FakeStore) => render(Moderator, { store });
const key = (value: string): Promise<boolean> => fireEvent.keyDown(document.body, { key: value });
const part = async (name: RegExp): Promise<void> => {
  await fireEvent.click(screen.getByRole('tab', { name }));
  await tick();
};
const dialog = (): HTMLElement => {
  const found = document.querySelector<HTMLElement>('dialog[open]');
  if (!found) throw new Error('no dialog is open');
  return found;
};
const noDialog = (): void => expect(document.querySelector('dialog[open]')).toBeNull();
const press = (name: string | RegExp, within_: HTMLElement = document.body): Promise<boolean> =>
  fireEvent.click(within(within_).getByRole('button', { name }));
/** Opens the menu of a button by keyboard and chooses an item. */
async function choose(trigger: string | RegExp, item: string | RegExp): Promise<void> {
  const button = screen.getByRole('button', { name: trigger });
  button.focus();
  await fireEvent.keyDown(button, { key: 'Enter' });
  if (!document.querySelector('[role=menu]')) await fireEvent.click(button); // what a browser makes of Enter on a plain button
  const found = await screen.findByRole('menuitem', { name: item });
  found.focus();
  await fireEvent.keyDown(found, { key: 'Enter' });
  await tick();
}
function closed(fields: Parameters<typeof ballot>[1] = {}) {
  return ballot('b1', {
    state: 'closed',
    closed_at: NOW,
    result: {
      counts: [{ option: 'a', votes: 151 }, { option: 'b', votes: 88 }, { option: 'c', votes: 88 }],
      cast: 201, blank: 3, electorate: 240, elected: ['a'], tied: ['b', 'c'], root: '9f'.repeat(32),
    },
    ...fields,
  }); // prettier-ignore
}

describe('before there is anything', () => {
  it('loading shows shapes and a sentence', async () => {
    const store = new FakeStore();
    store.loaded = false;
    store.status = 'connecting';
    open(store);
    expect(screen.getAllByText('Menyambungkan ke sidang…').length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: /Lanjut/ })).toBeNull();
    await expectAccessible();
  });

  it('refused at the door it says what, why and what to do, and no skeleton pretends', async () => {
    const store = new FakeStore();
    store.loaded = false;
    store.status = 'refused';
    store.refusal = { code: 'pass_revoked', data: {} };
    open(store);
    expect(screen.getByRole('alert').textContent).toMatch(/sudah dicabut.*Minta kartu baru/s);
    expect(document.querySelector('[aria-busy]')).toBeNull();
    await expectAccessible();
  });

  it('an empty session says what would fill each part', async () => {
    const store = new FakeStore();
    store.put('session', { ...running().session!, phase: 'draft', opened_at: null });
    open(store);
    expect(screen.getByText('Susunan acara belum ada')).toBeTruthy();
    expect(screen.getByText('Belum ada yang minta bicara')).toBeTruthy();
    await expectAccessible();
    await part(/Papan/);
    expect(screen.getByText('Belum ada usulan')).toBeTruthy();
    await expectAccessible();
  });
});

describe('the rundown', () => {
  function draft(): FakeStore {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    for (const item of store.list('agenda')) store.change('agenda', item.id, { state: 'todo', started_at: null, ended_at: null });
    return store;
  }

  it('opens a session only after stating what that means', async () => {
    const store = draft();
    open(store);
    await key('n');
    expect(within(dialog()).getByText('11 dari 12')).toBeTruthy();
    await expectAccessible();
    expect(store.sent).toEqual([]);
    await press('Buka sidang', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'session.open', data: {} }]));
    await waitFor(() => noDialog());
  });

  it('N goes to the item it names, so that two moderators do not skip one', async () => {
    const store = running();
    open(store);
    expect(screen.getByRole('button', { name: /Lanjut.*Tanggapan perangkat daerah, 30 menit/s })).toBeTruthy();
    await key('n');
    expect(store.sent).toEqual([{ name: 'agenda.goto', data: { item: 'i8' } }]);
  });

  it('a refusal stands above the button, says what to do, and is put away', async () => {
    const store = running();
    store.reply({ ok: false, code: 'wrong_phase', data: {} });
    open(store);
    await key('n');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/Belum waktunya.*belum dibuka.*bagian Sidang/s);
    await expectAccessible();
    await press('Mengerti', alert);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('says how late the session is', async () => {
    const store = running();
    store.clock = NOW + 24 * 60_000; // the current item had 18 minutes left
    open(store);
    expect(screen.getByText('Terlambat 6 menit')).toBeTruthy();
    expect(screen.getByText(/lewat 06:00/)).toBeTruthy();
  });

  it('at the end it closes the session, once asked, and an open ballot is named', async () => {
    const store = running();
    for (const item of store.list('agenda')) store.change('agenda', item.id, { state: item.order === 13 ? 'now' : 'done', started_at: NOW });
    store.put('ballot', ballot('b1'));
    open(store);
    expect(screen.getByText('Tutup dulu pemungutan suara "Tiga prioritas lintas kelurahan".')).toBeTruthy();
    await key('n');
    await press('Tutup sidang', dialog());
    expect(store.sent.map((one) => one.name)).toEqual(['session.close']);
  });

  it('an item can be gone back to, after asking', async () => {
    const store = running();
    open(store);
    await press('Laporan Kepala Bappeda (selesai)');
    expect(store.sent).toEqual([]);
    await press('Pindah acara', dialog());
    expect(store.sent).toEqual([{ name: 'agenda.goto', data: { item: 'i3' } }]);
  });
});

describe('floor and halls', () => {
  it('shows whose turn it is and how long, and passes axe in full swing', async () => {
    open(running());
    expect(screen.getByRole('heading', { name: 'Aren Jaya' })).toBeTruthy();
    expect(screen.getByText('01:24')).toBeTruthy();
    expect(screen.getByText('1 dari 12 aula terputus')).toBeTruthy();
    await expectAccessible();
  });

  it('G gives the floor to the first whose hall is here, for the chosen minutes', async () => {
    const store = running();
    store.change('floor', 'floor', { queue: store.floor!.queue.slice(1) }); // the first is now a hall that fell
    open(store);
    await fireEvent.change(screen.getByLabelText('Lama'), { target: { value: screen.getByRole<HTMLOptionElement>('option', { name: '3 menit' }).value } });
    await key('g');
    expect(store.sent).toEqual([{ name: 'floor.grant', data: { request: 'r3', minutes: 3 } }]);
  });

  it('a delegate speaks from a phone: a fallen hall does not hold that place', () => {
    const store = running();
    store.presence = { ...store.presence, 'kaliabang-tengah': { ...store.presence['bojong-menteng']! } };
    open(store);
    const row = document.querySelector('[data-request=r1]');
    expect(row?.getAttribute('data-state')).toBe('next');
    expect(document.querySelector('[data-request=r2]')?.getAttribute('data-state')).toBe('held');
  });

  it('E ends the turn, + gives a minute', async () => {
    const store = running();
    open(store);
    await key('+');
    await waitFor(() => expect(store.sent).toHaveLength(1));
    await tick();
    await key('e');
    expect(store.sent).toEqual([{ name: 'floor.extend', data: { minutes: 1 } }, { name: 'floor.yield', data: {} }]);
  });

  it('a second press while the answer is awaited gives no second command', async () => {
    const store = running();
    let answer: (value: Answer) => void = () => undefined;
    store.reply(() => new Promise<Answer>((resolve) => (answer = resolve)));
    open(store);
    await key('g');
    await key('g');
    await key('g');
    expect(store.sent).toHaveLength(1);
    answer({ ok: true, seq: 1, result: {} });
    await tick();
    await waitFor(() => expect(document.querySelector('.floor [aria-busy=true]')).toBeNull());
    await key('g');
    expect(store.sent).toHaveLength(2);
  });

  it('taking a request out of the queue is asked once', async () => {
    const store = running();
    open(store);
    await press('Keluarkan Bojong Menteng dari antrean');
    expect(store.sent).toEqual([]);
    await press('Keluarkan', dialog());
    expect(store.sent).toEqual([{ name: 'floor.withdraw', data: { request: 'r2' } }]);
  });

  it('a hall’s menu puts it on stage or gives it the floor, by keyboard', async () => {
    const store = running();
    open(store);
    await choose('Jatiasih', 'Tampilkan di panggung');
    await choose('Pejuang', /Beri giliran/);
    expect(store.sent).toEqual([
      { name: 'stage.spotlight', data: { hall: 'jatiasih' } },
      { name: 'floor.grant', data: { request: 'r3', minutes: 5 } },
    ]);
  });

  it('the big screen offers only what there is', async () => {
    const store = running();
    open(store);
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Hasil' }).disabled).toBe(true);
    await fireEvent.click(screen.getByRole('radio', { name: 'Aula' }));
    expect(store.sent).toEqual([{ name: 'stage.show', data: { scene: 'wall' } }]);
  });

  it('what happens in the room is announced', async () => {
    const store = running();
    open(store);
    await tick();
    const region = document.querySelector('p[aria-live]');
    expect(region?.textContent).toBe('');
    store.presence = { ...store.presence, jatiasih: { ...store.presence['bojong-menteng']! } };
    await tick();
    expect(region?.textContent).toBe('Aula Jatiasih terputus.');
    const speaker = { ...store.floor!.queue[0]!, since: NOW, until: NOW + 300_000 };
    store.change('floor', 'floor', { holder: speaker, queue: store.floor!.queue.slice(1) });
    store.put('ballot', ballot('b1'));
    await tick();
    expect(region?.textContent).toBe('Giliran bicara: Kaliabang Tengah · Ketua RW 07. Pemungutan suara dibuka: Tiga prioritas lintas kelurahan.');
  });

  it('reconnecting says so and how to hurry; the room stays readable', async () => {
    const store = running();
    store.status = 'reconnecting';
    store.retryInSeconds = 8;
    store.queued = 2;
    open(store);
    await press('Coba sekarang');
    expect(store.retried).toBe(1);
    expect(screen.getByRole('heading', { name: 'Aren Jaya' })).toBeTruthy();
    await expectAccessible();
  });
});

describe('the board', () => {
  const column = (name: string): HTMLElement => screen.getByRole('heading', { name, level: 3 }).closest('section') as HTMLElement;
  const titles = (name: string): string[] => within(column(name)).queryAllByRole('article').map((card) => card.querySelector('h3')?.textContent?.trim() ?? '');

  it('shows the columns, finds while typing, and passes axe', async () => {
    open(running());
    await key('2');
    expect(titles('Terpilih')).toEqual(['Perbaikan turap kali RT 12/RW 02', 'Pemasangan cermin tikungan dan pita kejut Gg. Salak']);
    expect(within(column('Tidak disepakati')).getByText('Alasan: Sama dengan usulan dinas tahun 2018')).toBeTruthy();
    await expectAccessible();
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
    await expectAccessible();
    await press('Tidak disepakati', dialog());
    expect(store.sent).toEqual([]);
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: ' Sudah ada di Renja ' } });
    await press('Tidak disepakati', dialog());
    expect(store.sent).toEqual([
      { name: 'proposal.move', data: { proposal: 'BKS00003', base: 1, status: 'NOT_AGREED', before: null, reason: 'Sudah ada di Renja' } },
    ]);
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
    await expectAccessible();
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
    await expectAccessible();
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
  });

  it('puts a proposal aside for a ballot without leaving the board', async () => {
    open(running());
    await key('2');
    await choose('Tindakan untuk: Perbaikan turap kali RT 12/RW 02', 'Masukkan ke pemungutan suara');
    await press('Lanjutkan menyusun');
    expect(screen.getByText('Pilihan dari papan (1)')).toBeTruthy();
  });
});

describe('ballots', () => {
  it('composes, states what opening fixes, and opens', async () => {
    const store = running();
    store.reply({ ok: true, seq: 12, result: { ballot: 'b1' } });
    open(store);
    await key('3');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tulis sendiri' }));
    await press('Setuju, tidak, abstain');
    await press(/Buka suara/);
    expect(screen.getByText('Tulis pertanyaannya')).toBeTruthy();
    noDialog();
    await fireEvent.input(screen.getByLabelText('Pertanyaan'), { target: { value: 'Setuju tata tertib?' } });
    await fireEvent.click(screen.getByRole('radio', { name: /^Terbuka/ }));
    await expectAccessible();
    await press(/Buka suara/);
    expect(within(dialog()).getByText('240 kursi dengan hak suara')).toBeTruthy();
    expect(within(dialog()).getByText('Tidak tersambung: Bojong Menteng')).toBeTruthy();
    await expectAccessible();
    await press('Buka suara', dialog());
    expect(store.sent).toEqual([
      {
        name: 'ballot.open',
        data: {
          title: 'Setuju tata tertib?', choose_max: 1, secrecy: 'open', seconds: 300,
          options: [{ id: 'o1', label: 'Setuju' }, { id: 'o2', label: 'Tidak setuju' }, { id: 'o3', label: 'Abstain' }],
        },
      },
    ]); // prettier-ignore
    store.put('ballot', ballot('b1', { title: 'Setuju tata tertib?' }));
    expect(await screen.findByRole('heading', { name: 'Setuju tata tertib?' })).toBeTruthy();
  });

  it('keeps the draft when opening is refused', async () => {
    const store = running();
    store.reply({ ok: false, code: 'ballot_is_open', data: { ballot: 'b9' } });
    open(store);
    await key('3');
    await fireEvent.click(screen.getByRole('radio', { name: 'Tulis sendiri' }));
    await press('Setuju, tidak, abstain');
    await fireEvent.input(screen.getByLabelText('Pertanyaan'), { target: { value: 'Sah?' } });
    await press(/Buka suara/);
    await press('Buka suara', dialog());
    expect((await screen.findByRole('alert')).textContent).toMatch(/Masih ada pemungutan suara yang terbuka/);
    expect(screen.getByLabelText<HTMLTextAreaElement>('Pertanyaan').value).toBe('Sah?');
  });

  it('picks from the board', async () => {
    open(running());
    await key('3');
    await press('Ambil dari papan');
    await fireEvent.input(within(dialog()).getByRole('searchbox'), { target: { value: 'turap' } });
    await fireEvent.click(within(dialog()).getByRole('checkbox', { name: /Perbaikan turap kali/ }));
    await expectAccessible();
    await press('Selesai, 1 diambil', dialog());
    expect(screen.getByText('Pilihan dari papan (1)')).toBeTruthy();
  });

  it('cannot be opened before the session is, and says so', async () => {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    open(store);
    await key('3');
    expect(screen.getByText('Buka sidang dulu, baru pemungutan suara dapat dibuka')).toBeTruthy();
    expect(screen.getByRole('button', { name: /Buka suara/ }).getAttribute('aria-disabled')).toBe('true');
  });

  it('while it runs shows turnout and time, never a result', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    store.turnout = { b1: { cast: 187, of: 240 } };
    open(store);
    expect(screen.getByRole('img', { name: '187 dari 240 suara masuk' })).toBeTruthy(); // already on the first part
    await key('3');
    expect(screen.getByText('187')).toBeTruthy();
    expect(screen.getByText('02:00')).toBeTruthy();
    expect(screen.getByText(/hasil belum dihitung/)).toBeTruthy();
    expect(screen.queryByRole('table')).toBeNull();
    await expectAccessible();
  });

  it('closing states what it fixes; another moderator may have been faster', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    store.turnout = { b1: { cast: 187, of: 240 } };
    store.reply({ ok: false, code: 'ballot_closed', data: {} });
    open(store);
    await key('3');
    await press(/Tutup suara/);
    expect(within(dialog()).getByText('187 dari 240 (77 %)')).toBeTruthy();
    expect(within(dialog()).getByText('53 orang')).toBeTruthy();
    expect(within(dialog()).getByText('Bojong Menteng')).toBeTruthy();
    await expectAccessible();
    await press('Tutup dan tetapkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.close', data: { ballot: 'b1' } }]);
    expect((await screen.findByRole('alert')).textContent).toMatch(/moderator lain sudah menutupnya/);
  });

  it('a void needs a reason', async () => {
    const store = running();
    store.put('ballot', ballot('b1'));
    open(store);
    await key('3');
    await press('Batalkan pemungutan suara');
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: 'Pertanyaan keliru' } });
    await press('Batalkan', dialog());
    expect(store.sent).toEqual([{ name: 'ballot.void', data: { ballot: 'b1', reason: 'Pertanyaan keliru' } }]);
  });

  it('a result explains a tie, offers a run-off among the tied, and links the record', async () => {
    const store = running();
    store.put('ballot', closed());
    store.change('stage', 'stage', { scene: 'wall', ballot: 'b1' });
    open(store);
    await key('3');
    expect(screen.getAllByRole('row').slice(1).map((row) => within(row).getByRole('rowheader').textContent)).toHaveLength(3);
    expect(screen.getByText('2 pilihan seri dengan 88 suara')).toBeTruthy();
    expect(screen.getByText(/sama kuat untuk 1 tempat yang tersisa/)).toBeTruthy();
    expect(screen.getByText('201 dari 240 pemilih memberikan suara, 3 di antaranya tanpa pilihan.')).toBeTruthy();
    expect(screen.getByRole('link', { name: /catatan lengkap/ }).getAttribute('href')).toBe('/api/sessions/bekasi-2018/ballots/b1/transcript');
    await expectAccessible();
    await press('Tampilkan hasil di layar besar');
    expect(store.sent).toEqual([{ name: 'stage.show', data: { scene: 'result' } }]);
    await press('Susun suara ulang');
    expect(screen.getByLabelText<HTMLTextAreaElement>('Pertanyaan').value).toBe('Ulang: Tiga prioritas lintas kelurahan');
    expect(screen.getByText('Pilihan (2)')).toBeTruthy();
  });

  it('elected proposals are moved on the board in one press', async () => {
    const store = running();
    const options = [{ id: 'BKS00001', label: 'Drainase' }, { id: 'BKS00023', label: 'MCK' }];
    const counts = [{ option: 'BKS00001', votes: 5 }, { option: 'BKS00023', votes: 9 }];
    store.put('ballot', closed({ options, result: { counts, cast: 9, blank: 0, electorate: 240, elected: ['BKS00023'], tied: [], root: 'ab' } }));
    open(store);
    await key('3');
    await press('Pindahkan 1 usulan ke Terpilih');
    expect(store.sent).toEqual([{ name: 'proposal.move', data: { proposal: 'BKS00023', base: 1, status: 'PRIORITISED', before: null } }]);
  });

  it('a void ballot says why', async () => {
    const store = running();
    store.put('ballot', ballot('b1', { state: 'void', closed_at: NOW, reason: 'Pertanyaan keliru' }));
    open(store);
    await key('3');
    expect(screen.getByText('Pemungutan suara ini dibatalkan')).toBeTruthy();
    expect(screen.getByText('Alasan: Pertanyaan keliru')).toBeTruthy();
    await expectAccessible();
  });
});

describe('the keys', () => {
  it('are listed on ?, and can be switched off', async () => {
    const store = running();
    open(store);
    await key('?');
    await expectAccessible();
    await fireEvent.click(within(dialog()).getByRole('switch'));
    await press('Tutup', dialog());
    await key('n');
    expect(store.sent).toEqual([]);
  });
});
