import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { describe, expect, it } from 'vitest';
import type { Answer } from './store';
import { ballot, FakeStore, NOW, running } from './testing/fake.svelte';
import { browser, choose, combo, dialog, key, noDialog, open, part, find, press } from './testing/page';

browser();

describe('the way out', () => {
  it('is in the head of the page for whoever came by an account, and only then', () => {
    const store = new FakeStore();
    const { unmount } = open(store);
    expect(screen.queryByRole('button', { name: 'Keluar dari akun' })).toBeNull();
    unmount();
    Object.assign(store, { identity: { ...store.identity, pass: 'acct-8f2a-01' } });
    open(store);
    expect(screen.getByRole('button', { name: 'Keluar dari akun' })).toBeTruthy();
  });
});

describe('before there is anything', () => {
  it('loading shows shapes and a sentence', async () => {
    const store = new FakeStore();
    store.loaded = false;
    store.status = 'connecting';
    open(store);
    expect(screen.getAllByText('Menyambungkan ke sidang…').length).toBeGreaterThan(0);
    expect(screen.queryByRole('button', { name: /Lanjut/ })).toBeNull();
  });

  it('refused at the door it says what, why and what to do, and no skeleton pretends', async () => {
    const store = new FakeStore();
    store.loaded = false;
    store.status = 'refused';
    store.refusal = { code: 'pass_revoked', data: {} };
    open(store);
    expect(screen.getByRole('alert').textContent).toMatch(/sudah dicabut.*Minta kartu baru/s);
    expect(document.querySelector('[aria-busy]')).toBeNull();
  });

  it('an empty session says what would fill each part', async () => {
    const store = new FakeStore();
    store.put('session', { ...running().session!, phase: 'draft', opened_at: null });
    open(store);
    expect(screen.getByText('Susunan acara belum ada')).toBeTruthy();
    expect(screen.getByText('Belum ada yang minta bicara')).toBeTruthy();
    await part(/Papan/);
    expect(screen.getByText('Belum ada usulan')).toBeTruthy();
  });
});

describe('the page loaded anew', () => {
  it('opens where the moderator was', async () => {
    const { unmount } = open(running());
    await part(/Papan/);
    unmount();
    open(running());
    expect(await screen.findByRole('heading', { name: 'Papan usulan' })).toBeTruthy();
  });
});

describe('the big screen', () => {
  it('says in sight why a scene cannot be chosen', () => {
    open(running());
    expect(screen.getByText('Suara dan Hasil dapat ditampilkan setelah pemungutan suara dibuka.')).toBeTruthy();
  });
});

describe('the rundown', () => {
  function draft(): FakeStore {
    const store = running();
    store.change('session', 'bekasi-2018', { phase: 'draft', opened_at: null });
    for (const item of store.list('agenda')) store.change('agenda', item.id, { state: 'todo', started_at: null, ended_at: null, since: null, spent_ms: 0 });
    return store;
  }

  it('the button that opens says how many halls are there', () => {
    open(draft());
    expect(screen.getByRole('button', { name: /^Buka sidang/ }).textContent).toContain('11 dari 12 aula tersambung');
  });

  it('opens a session only after stating what that means', async () => {
    const store = draft();
    open(store);
    await key('n');
    expect(within(dialog()).getByText('11 dari 12')).toBeTruthy();
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
    expect(screen.getByText(/^1 terputus: /)).toBeTruthy();
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

  it('a hall whose page is open but which sends nothing does not count as a good link', () => {
    const store = running();
    store.presence = { ...store.presence, 'aren-jaya': { ...store.presence['aren-jaya']!, publishing: false } };
    open(store);
    expect(screen.getByText('1 belum mengirim: mungkin masih memeriksa perangkat')).toBeTruthy();
    const tile = document.querySelector('[data-hall=aren-jaya]')!;
    expect(tile.textContent).toContain('Belum mengirim');
    expect(tile.textContent).not.toContain('Lancar');
  });

  it('a hall’s menu says how many tablets stand beside its page', async () => {
    const store = running();
    store.presence = { ...store.presence, 'aren-jaya': { ...store.presence['aren-jaya']!, tablets: 2 } };
    open(store);
    await fireEvent.keyDown(document.querySelector('[data-hall=aren-jaya] .tile__button') as Element, { key: 'Enter' });
    expect((await screen.findByRole('group', { name: 'Aren Jaya' })).textContent).toContain('2 tablet terhubung');
  });

  it('E ends the turn, + gives a minute', async () => {
    const store = running();
    open(store);
    await key('+');
    await waitFor(() => expect(store.sent).toHaveLength(1));
    await tick();
    await key('e');
    expect(store.sent).toEqual([{ name: 'floor.extend', data: { minutes: 1 } }, { name: 'floor.yield', data: { request: 'r0' } }]);
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

  it('the interpreter gets a place on the big screen, and the choice jumps back when it is refused', async () => {
    const store = running();
    open(store);
    await find('Juru bahasa isyarat', 'jatiasih');
    expect(store.sent).toEqual([{ name: 'stage.interpreter', data: { hall: 'jatiasih' } }]);
    store.reply({ ok: false, code: 'unknown_hall', data: { hall: 'pejuang' } });
    await find('Juru bahasa isyarat', 'pejuang');
    await waitFor(() => expect(combo('Juru bahasa isyarat').value).toBe('Tidak ada'));
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
  });
});

describe('the keys', () => {
  it('are listed on ?, and can be switched off', async () => {
    const store = running();
    open(store);
    await key('?');
    await fireEvent.click(within(dialog()).getByRole('switch'));
    await press('Tutup', dialog());
    await key('n');
    expect(store.sent).toEqual([]);
  });
});
