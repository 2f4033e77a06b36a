import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs } from '../../components/testing/page';
import { memoryShelf } from '../../link/shelf';
import { ballot, card, entity, scene, type Scene } from '../../testing/plenum';
import type { Change } from '../../wire/protocol';
import Face from './Face.svelte';
import { fetchRest } from './rest.svelte';

let current: Scene | null = null;

async function open(changes: Change[] = [], options: Parameters<typeof scene>[2] = {}): Promise<Scene> {
  current = await scene('participant', changes, options);
  render(Face, { plenary: current.plenary });
  await current.tick();
  return current;
}

/** axe waits with real timers. */
async function accessible(): Promise<void> {
  vi.useRealTimers();
}

const press = (name: string | RegExp): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));
const tab = (name: string): Promise<boolean> => fireEvent.click(screen.getByRole('link', { name: new RegExp(name) }));
const titles = (): string[] => screen.getAllByRole('heading', { level: 3 }).map((one) => one.textContent ?? '');

beforeEach(async () => {
  await fetchRest();
  vi.useFakeTimers();
  window.scrollTo = () => {};
  dialogs();
});
afterEach(() => {
  current?.plenary.close();
  current = null;
  cleanup();
  vi.useRealTimers();
});

describe('getting in', () => {
  it('shows the shape of the board while it connects', async () => {
    const { plenary } = await open([], { door: 'dead' });
    expect(plenary.loaded).toBe(true);
    cleanup();
    const { plenary: fresh } = await scene('participant');
    fresh.close();
    current = null;
    globalThis.fetch = (() => new Promise(() => {})) as typeof fetch;
    localStorage.setItem('pleno.credential.participant', JSON.stringify({ credential: 'c1', identity: { session: 's1', pass: 'p', hall: null } }));
    const { Plenary } = await import('../../state/plenary.svelte');
    const waiting = new Plenary('participant', { makeWire: () => ({ connected: false, open() {}, close() {}, request: async () => null }), openShelf: async () => memoryShelf() });
    waiting.start();
    render(Face, { plenary: waiting });
    expect(screen.getByText('Menyambungkan ke sidang…')).toBeTruthy();
    expect(screen.getByRole('main').getAttribute('aria-busy')).toBe('true');
    waiting.close();
    await accessible();
  });

  it('says to scan a card when there is none, and what to do', async () => {
    await open([], { credential: false });
    expect(screen.getByRole('alert').textContent).toContain('Pindai kartu Anda dulu');
    expect(screen.getByText(/Pindai kode QR pada kartu Anda/)).toBeTruthy();
    await accessible();
  });

  it('says that a hall’s card is for the laptop of the hall', async () => {
    await open([], { identity: { role: 'hall', seat: null }, me: { seat: null, can_vote: false } });
    expect(screen.getByText('Ini kartu aula')).toBeTruthy();
    expect(localStorage.getItem('pleno.cards')).toBeNull();
    cleanup();
    await open();
    expect(screen.queryByText('Ini kartu aula')).toBeNull();
  });

  it('offers the place back when another device took it', async () => {
    const { server, tick, plenary } = await open();
    server.say('bye', { code: 'replaced' });
    await tick();
    await press('Pakai di sini');
    await tick();
    expect(plenary.status).toBe('live');
    expect(screen.getByText('Tersambung')).toBeTruthy();
  });

  it('thanks people and points to the results when the session has ended', async () => {
    const { server, tick } = await open();
    server.say('bye', { code: 'session_sealed' });
    await tick();
    expect(screen.getByText('Sidang sudah selesai')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Lihat hasil' }).getAttribute('href')).toBe('/public/s1');
    await accessible();
  });
});

describe('board', () => {
  const cards = [card('p1'), card('p2'), card('p3'), card('p4', { hall: 'jatiasih', status: 'PRIORITISED', rank: 4096 })];

  it('begins with the own kelurahan and counts each filter', async () => {
    await open(cards);
    expect(titles()).toEqual(['Usulan p1', 'Usulan p2', 'Usulan p3']);
    expect(screen.getByRole('button', { name: 'Terpilih 1' })).toBeTruthy();
    await press('Semua 4');
    expect(titles()[0]).toBe('Usulan p4');
    expect(screen.getAllByText('Rp109.200.000')).toHaveLength(4);
    await accessible();
  });

  it('says so when it is empty, and shows the first card that comes', async () => {
    const { change } = await open();
    expect(screen.getByText('Belum ada usulan dari kelurahan Anda')).toBeTruthy();
    await change(card('p1'));
    expect(titles()).toEqual(['Usulan p1']);
  });

  it('does not re-sort under the reader: it counts, offers, and sorts when asked', async () => {
    const { change } = await open(cards);
    await change(card('p3', { rank: 0 }), card('p5', { rank: 9 }));
    expect(titles()).toEqual(['Usulan p1', 'Usulan p2', 'Usulan p3']);
    await press('Urutkan ulang (2 berubah)');
    expect(titles()).toEqual(['Usulan p3', 'Usulan p1', 'Usulan p2', 'Usulan p5']);
    expect(screen.queryByRole('button', { name: /Urutkan ulang/ })).toBeNull();
  });

  it('changes what a card says where it stands', async () => {
    const { change } = await open(cards);
    await change(card('p2', { title: 'Judul baru', status: 'PRIORITISED', version: 2 }));
    expect(titles()).toEqual(['Usulan p1', 'Judul baru', 'Usulan p3']);
    expect(screen.getAllByText('Terpilih').length).toBeGreaterThan(0);
  });

  it('keeps a withdrawn card in its place and says so', async () => {
    const { change } = await open(cards);
    await change(entity('proposal', 'p2', null));
    expect(titles()).toHaveLength(3);
    expect(screen.getByText('Usulan ini ditarik')).toBeTruthy();
  });

  it('makes only the first cards of a long board', async () => {
    await open(Array.from({ length: 1451 }, (_, i) => card(`p${i}`)));
    expect(titles()).toHaveLength(10);
    await press('Tampilkan lebih banyak');
    expect(titles()).toHaveLength(20);
  });

  it('fetches the details of a proposal when it is opened', async () => {
    const { tick } = await open(cards);
    await fireEvent.click(screen.getByRole('button', { name: 'Usulan p1' }));
    await tick();
    expect(screen.getByText('Banjir')).toBeTruthy();
    expect(screen.getByText('1.250 m')).toBeTruthy();
    await press('Tutup');
    expect(screen.queryByText('Banjir')).toBeNull();
  });

  it('shows what is discussed and who speaks', async () => {
    const { change } = await open(cards);
    await change(
      entity('stage', 'stage', { scene: 'board', spotlight: null, focus: 'p1', ballot: null }),
      entity('floor', 'floor', { holder: { request: 'r1', hall: 'jatiasih', seat: 's9', label: 'Jatiasih · LPM', note: '', at: 1, since: 1, until: Date.now() + 84_000 }, queue: [] }),
    );
    expect(screen.getByText('Sedang dibahas · Pejuang')).toBeTruthy();
    expect(screen.getByRole('timer').textContent).toMatch(/01:2[34]/);
    expect(screen.getAllByRole('status').some((one) => one.textContent === 'Sedang bicara: Jatiasih · LPM')).toBe(true);
  });
});

describe('floor', () => {
  const holder = (seat: string, label: string) => ({ request: 'r0', hall: 'pejuang', seat, label, note: '', at: 1, since: 1, until: Date.now() + 120_000 });
  const queued = (request: string, seat: string) => ({ request, hall: 'pejuang', seat, label: `Pejuang · ${seat}`, note: '', at: 1, since: null, until: null });

  it('asks with a note, and shows the own place in the queue', async () => {
    const { server, tick, change, me } = await open();
    await tab('Bicara');
    await fireEvent.input(screen.getByLabelText('Yang ingin disampaikan'), { target: { value: ' MCK umum ' } });
    await press('Minta bicara');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'floor.request', data: { note: 'MCK umum' } });
    expect(screen.getByText('Mengirim permintaan…')).toBeTruthy();
    server.of('command')[0]?.reply({ ok: true, seq: 101, result: { request: 'r2' } });
    await change(entity('floor', 'floor', { holder: null, queue: [queued('r1', 'seat-9'), queued('r2', 'seat-1')] }));
    await me({ request: 'r2' });
    expect(screen.getByText('Nomor Anda di antrean').parentElement?.textContent).toContain('2');
    await press('Batalkan permintaan');
    await tick();
    expect(server.of('command')[1]?.payload).toMatchObject({ name: 'floor.withdraw', data: { request: 'r2' } });
    await accessible();
  });

  it('tells a speaker it is their turn, and ends it only when confirmed', async () => {
    const { server, change, tick } = await open();
    await tab('Bicara');
    await change(entity('floor', 'floor', { holder: holder('seat-1', 'Pejuang · Ketua RW 07'), queue: [] }));
    expect(screen.getByRole('heading', { name: 'Giliran Anda' })).toBeTruthy();
    expect(screen.getAllByRole('status').some((one) => one.textContent === 'Giliran Anda bicara.')).toBe(true);
    await press('Selesai bicara');
    expect(server.of('command')).toEqual([]);
    await press('Selesai bicara');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'floor.yield' });
    await accessible();
  });

  it('asks nothing of the next turn when the moderator ended this one under the question', async () => {
    const { server, change } = await open();
    await tab('Bicara');
    await change(entity('floor', 'floor', { holder: holder('seat-1', 'Pejuang · Ketua RW 07'), queue: [] }));
    await press('Selesai bicara');
    expect(screen.getByText(/^Selesai bicara\? /)).toBeTruthy();
    await change(entity('floor', 'floor', { holder: null, queue: [] }));
    await change(entity('floor', 'floor', { holder: { ...holder('seat-1', 'Pejuang · Ketua RW 07'), request: 'r-next' }, queue: [] }));
    expect(screen.queryByText(/^Selesai bicara\? /)).toBeNull();
    await press('Selesai bicara');
    expect(server.of('command')).toEqual([]);
  });

  it('says why a request was refused and what to do', async () => {
    const { server, tick } = await open();
    await tab('Bicara');
    await press('Minta bicara');
    await tick();
    server.of('command')[0]?.reply({ ok: false, code: 'no_voice', data: {} });
    await tick();
    expect(screen.getByRole('alert').textContent).toContain('Kursi ini tanpa hak bicara');
    expect(screen.getByRole('alert').textContent).toContain('Sampaikan lewat ketua rombongan aula Anda.');
  });
});

describe('voting', () => {
  it('takes over the screen, says what the receipt proves, and limits the choices', async () => {
    const { change } = await open([card('p1')]);
    await change(ballot('b1'));
    expect(screen.queryByRole('navigation')).toBeNull();
    expect(screen.getByRole('heading', { level: 1, name: 'Tiga prioritas' })).toBeTruthy();
    expect(screen.getByText(/tanpa menyebut pilihan Anda/)).toBeTruthy();
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
    await fireEvent.click(boxes[0] as HTMLElement);
    await fireEvent.click(boxes[2] as HTMLElement);
    expect(boxes[1]?.disabled).toBe(true);
    expect(screen.getByText('Sudah 2 dari 2. Lepas satu bila ingin mengganti.')).toBeTruthy();
    await fireEvent.click(boxes[0] as HTMLElement);
    expect(boxes[1]?.disabled).toBe(false);
    await accessible();
  });

  it('says it plainly when the receipt would show the choice', async () => {
    await open([ballot('b1', { proof: 'full' })]);
    expect(screen.getByText(/Siapa pun yang memegang kode Anda dapat melihat pilihan Anda/)).toBeTruthy();
  });

  it('asks once more, sends, and says "recorded" only with the receipt', async () => {
    const { server, tick } = await open([ballot('b1')]);
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await press('Kirim 1 pilihan');
    await tick();
    expect(screen.getByRole('heading', { name: 'Kirim suara ini?' })).toBeTruthy();
    expect(server.of('vote')).toEqual([]);
    await press('Kirim suara');
    await tick();
    expect(screen.getByText('Mengirim suara…')).toBeTruthy();
    expect(screen.queryByText('Suara Anda sudah tercatat')).toBeNull();
    const payload = server.of('vote')[0]?.payload as { tracker: string; choices: string[] };
    expect(payload.choices).toEqual(['o1']);
    server.of('vote')[0]?.reply({ ok: true, receipt: { v: 1, session: 's1', ballot: 'b1', tracker: payload.tracker, seat: null, choices: null, key_id: 'k', signature: 's' } });
    await tick();
    expect(screen.getByText('Suara Anda sudah tercatat')).toBeTruthy();
    expect(screen.getByText('Isi pilihan tidak tertulis di tanda terima ini.')).toBeTruthy();
    expect(document.querySelector('.receipt__code')?.textContent?.replace(/ /g, '')).toBe(payload.tracker.slice(0, 12).toUpperCase());
    expect(screen.queryByText('Perbaikan turap')).toBeNull();
    vi.useRealTimers();
    await vi.waitFor(() => expect(screen.getByRole('img', { name: /Kode QR/ })).toBeTruthy());
    await accessible();
  });

  it('lets a blank vote be cast, after asking', async () => {
    const { server, tick } = await open([ballot('b1')]);
    await press('Suara kosong');
    await tick();
    expect(screen.getByText(/Suara kosong dihitung hadir/)).toBeTruthy();
    await press('Kirim suara');
    await tick();
    expect(server.of('vote')[0]?.payload['choices']).toEqual([]);
  });

  it('keeps a vote made while cut off, says it is not counted yet, and sends it when the line is back', async () => {
    const { server, tick } = await open([ballot('b1', { closes_at: Date.now() + 600_000 })]);
    server.door = 'dead';
    server.cut();
    await tick();
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await press('Kirim 1 pilihan');
    await press('Kirim suara');
    await tick();
    expect(screen.getByText('Menyambung kembali… suara Anda aman')).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Menunggu dikirim (1)' })).toBeTruthy();
    expect(screen.getByText(/Belum masuk hitungan. Ditutup dalam/)).toBeTruthy();
    vi.useRealTimers();
    vi.useFakeTimers();
    server.door = 'open';
    await press('Coba sekarang');
    await tick();
    const sent = server.of('vote')[0];
    sent?.reply({ ok: true, receipt: { v: 1, session: 's1', ballot: 'b1', tracker: sent.payload['tracker'], seat: null, choices: null, key_id: 'k', signature: 's' } });
    await tick();
    expect(screen.getByText('Tersambung lagi. 1 tindakan yang menunggu sudah terkirim.')).toBeTruthy();
    expect(screen.getByText('Suara Anda sudah tercatat')).toBeTruthy();
  });

  it('says why a late vote was refused and what can be done', async () => {
    const { server, tick, change } = await open([ballot('b1')]);
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await press('Kirim 1 pilihan');
    await press('Kirim suara');
    await tick();
    server.of('vote')[0]?.reply({ ok: false, code: 'ballot_closed', data: {} });
    await change(ballot('b1', { state: 'closed' }));
    expect(screen.getByRole('alert').textContent).toContain('Suara Anda tidak dapat diterima');
    expect(screen.getByText('Sampaikan ke operator aula.')).toBeTruthy();
    await press('Sampaikan keberatan');
    expect(screen.getByText('Keberatan atas “Tiga prioritas”')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Menolak' }).checked).toBe(true);
    expect(screen.getByRole<HTMLTextAreaElement>('textbox', { name: /Yang ingin disampaikan/ }).value).toContain('Tiga prioritas');
    await press('Minta bicara');
    await tick();
    expect(server.of('command')[0]?.payload['data']).toMatchObject({ kind: 'against', note: 'Keberatan atas pemungutan suara “Tiga prioritas”:' });
    await tab('Papan');
    await tab('Bicara');
    expect(screen.queryByText('Keberatan atas “Tiga prioritas”')).toBeNull();
  });

  it('finds an open paper after a reload as it was left, until it is sent', async () => {
    const { plenary, server, tick } = await open([ballot('b1', { secrecy: 'open' })]);
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await tick();
    cleanup();
    render(Face, { plenary });
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Perbaikan turap/ }).checked).toBe(true);
    await press('Kirim 1 pilihan');
    await press('Kirim suara');
    await tick();
    expect(sessionStorage.length, 'it may still be lost').toBe(1);
    const vote = server.of('vote')[0];
    vote?.reply({ ok: true, receipt: { v: 1, session: 's1', ballot: 'b1', tracker: vote.payload['key'], seat: 'seat-1', choices: ['o1'], key_id: 'k', signature: 's' } });
    await tick();
    expect(sessionStorage.length).toBe(0);
  });

  it('opens an empty paper where what the tab kept of it cannot be read', async () => {
    const { plenary, tick } = await open([ballot('b1', { secrecy: 'open' })]);
    for (const damaged of ['{', '"o1"', '[1]', 'null']) {
      await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
      await tick();
      const [kept = ''] = Object.keys(sessionStorage).filter((name) => name.startsWith('pleno.paper.'));
      cleanup();
      sessionStorage.setItem(kept, damaged);
      render(Face, { plenary });
      expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Perbaikan turap/ }).checked).toBe(false);
    }
  });

  it('writes nothing of a secret paper to the phone, says so, and keeps it while the board is read', async () => {
    const { tick } = await open([card('p1'), ballot('b1')]);
    const leaves = (): boolean => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(leaves()).toBe(true);
    expect(screen.queryByText(/tidak disimpan di ponsel/)).toBeNull();
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await tick();
    expect(screen.getByText(/tidak disimpan di ponsel/)).toBeTruthy();
    expect(leaves()).toBe(false);
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toContain('o1');
    await press('Lihat papan');
    expect(leaves(), 'put aside').toBe(false);
    await press('Buka surat suara');
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Perbaikan turap/ }).checked).toBe(true);
  });

  it('lets the person choose again when the vote itself was wrong', async () => {
    const { server, tick } = await open([ballot('b1')]);
    await fireEvent.click(screen.getByLabelText(/Perbaikan turap/));
    await press('Kirim 1 pilihan');
    await press('Kirim suara');
    await tick();
    server.of('vote')[0]?.reply({ ok: false, code: 'unknown_option', data: {} });
    await tick();
    await press('Pilih lagi');
    await tick();
    expect(screen.getAllByRole<HTMLInputElement>('checkbox').every((box) => !box.checked)).toBe(true);
  });

  it('does not ask those who have voted, or may not', async () => {
    await open([ballot('b1')], { me: { voted: { b1: true } } });
    expect(screen.getByRole('navigation')).toBeTruthy();
    await tab('Suara');
    expect(screen.getByText(/Dikirim dari perangkat lain/)).toBeTruthy();
    cleanup();
    await open([ballot('b1')], { me: { can_vote: false } });
    await tab('Suara');
    expect(screen.getByText('Anda mengikuti tanpa hak suara')).toBeTruthy();
  });

  it('lets the board be read meanwhile, and keeps the way back in sight', async () => {
    await open([card('p1'), ballot('b1')]);
    await press('Lihat papan');
    expect(titles()).toEqual(['Usulan p1']);
    expect(screen.getByRole('link', { name: /Suara/ }).textContent).toContain('suara dibuka');
    await press('Buka surat suara');
    expect(screen.getAllByRole('checkbox')).toHaveLength(3);
  });

  it('shows the result with counts, the elected and the tied', async () => {
    const { change } = await open([ballot('b1')], { me: { can_vote: false } });
    await tab('Suara');
    await change(
      ballot('b1', {
        state: 'closed',
        closed_at: 2,
        result: { counts: [{ option: 'o1', votes: 5 }, { option: 'o2', votes: 812 }, { option: 'o3', votes: 5 }], cast: 1204, blank: 3, electorate: 1312, elected: ['o2'], tied: ['o1', 'o3'], root: 'ab' },
      }),
    );
    const rows = within(screen.getByRole('list')).getAllByRole('listitem').map((row) => row.textContent ?? '');
    expect(rows[0]).toContain('Cermin tikungan');
    expect(rows[0]).toContain('Terpilih');
    expect(rows[1]).toContain('Seri');
    expect(screen.getByText(/Keputusan kembali ke musyawarah/)).toBeTruthy();
    expect(screen.getByText('1.204 suara dari 1.312 pemilih · 3 suara kosong')).toBeTruthy();
    await accessible();
  });

  it('sends after a reload what an earlier page could not', async () => {
    const shelf = memoryShelf();
    await shelf.put({ key: 'ab'.repeat(16), owner: 's1/pass-1', event: 'vote', payload: { ballot: 'b1', choices: ['o1'], key: 'ab'.repeat(16), tracker: 'ab'.repeat(16) }, at: 1 });
    const { server, tick } = await open([ballot('b1')], { shelf });
    await tick();
    expect(screen.queryByRole('checkbox')).toBeNull();
    expect(server.of('vote')[0]?.payload['tracker']).toBe('ab'.repeat(16));
  });
});
