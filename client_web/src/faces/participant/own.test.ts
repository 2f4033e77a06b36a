import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs, expectAccessible } from '../../components/testing/page';
import { cards } from '../../link/cards';
import { fakeHttp } from '../../testing/fakes';
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
const press = (name: string | RegExp): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));
const tab = (name: string): Promise<boolean> => fireEvent.click(screen.getByRole('link', { name: new RegExp(name) }));
const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const heads = (level: number): string[] => screen.getAllByRole('heading', { level }).map((one) => one.textContent ?? '');
const allowed = entity('rules', 'rules', { preset: '', voting: { delegations_most: 2 } });
const OPEN_RULE = { method: 'approval', delegations: 2, electorate: 'all', majority: 'simple', revote: false };
async function accessible(): Promise<void> {
  vi.useRealTimers();
  await expectAccessible();
}

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

describe('one’s own proposals', () => {
  const board = [card('p1', { rw: '03' }), card('p2', { rw: '007' }), card('p3', { status: 'NOT_AGREED', rw: '01' }), card('p4', { hall: 'jatiasih' })];

  it('come first, then those of the RW, then of the hall, each under its heading', async () => {
    await open(board, { me: { own: ['p3'] } });
    expect(heads(3)).toEqual(['Usulan p3', 'Usulan p2', 'Usulan p1']);
    expect(heads(2).slice(-3)).toEqual(['Usulan saya', 'RW 7', 'Kelurahan Pejuang']);
    expect(screen.getByText('Usulan Anda')).toBeTruthy();
    expect(screen.getByText('RW Anda')).toBeTruthy();
    await press('Semua 4');
    expect(heads(2)).not.toContain('Usulan saya');
    await accessible();
  });

  it('has its headings from the start where those of one group fill the first page', async () => {
    await open([...Array.from({ length: 12 }, (_, i) => card(`p${i + 1}`)), card('p99', { rw: '02' })], { me: { office: 'Ketua RW 07', own: [] } });
    expect(heads(2)).toContain('RW 7');
    expect(heads(2)).not.toContain('Kelurahan Pejuang');
  });

  it('tell what became of them: why not, where to, what the level above decided', async () => {
    const { tick, change } = await open([card('p1', { status: 'NOT_AGREED' }), card('p2')], {
      me: { own: ['p1'] },
      details: { reason: 'Lahan bukan milik pemerintah', decisions: [], trail: null },
    });
    await tick();
    expect(text()).toContain('Alasan: Lahan bukan milik pemerintah');
    fakeHttp({
      '/api/sessions/s1/proposals/p1': {
        body: { reason: '', decisions: [], trail: { group: null, decided_by: null, ancestors: [], sent_to: 'kota', fates: [{ session: 'kota', status: 'PRIORITISED', level: 'CITY', year: 2019, reason: '', at: 1 }] } },
      },
    });
    await change(card('p1', { status: 'SENT_UP', version: 2 }));
    await tick();
    expect(text()).toContain('Kota: Terpilih');
    await accessible();
  });

  it('stand first from the start, also when the board came before it was known whose they are', async () => {
    const { server, plenary, tick } = await open(board, { door: 'dead', me: { own: ['p3'] } });
    expect(heads(3)[0]).toBe('Usulan p1');
    server.door = 'open';
    plenary.retryNow();
    await tick(100);
    expect(heads(3)[0]).toBe('Usulan p3');
    expect(screen.queryByRole('button', { name: /Urutkan ulang/ })).toBeNull();
  });

  it('of others are asked about only when opened', async () => {
    await open(board);
    const calls = fakeHttp({});
    await press('Semua 4');
    expect(calls).toEqual([]);
  });
});

describe('whose ballot it is', () => {
  it.each([
    [{ in: false, channel: 'phone' as const }, 'halls', 'Anda tidak memilih dalam pemungutan suara ini', 'Pemilihnya hanya aula tertentu'],
    [{ in: true, channel: 'kiosk' as const }, 'all', 'Anda memilih di meja aula', 'Bawa kartu Anda ke kiosk'],
    [{ in: true, channel: 'hand' as const }, 'all', 'Anda memilih dengan mengangkat tangan', 'menghitung tangan'],
  ])('is said before anything was chosen: %j', async (own, electorate, title, why) => {
    await open([ballot('b1', { rule: { ...OPEN_RULE, electorate } })], { me: { ballots: { b1: own } } });
    expect(screen.queryByRole('button', { name: 'Buka surat suara' })).toBeNull();
    expect(screen.queryByText('Pilih dulu')).toBeNull();
    expect(text()).toContain(title);
    await tab('Suara');
    expect(text()).toContain(title);
    expect(text()).toContain(why);
    await accessible();
  });

  it('is not guessed in the moment before the server says', async () => {
    const { me } = await open([ballot('b1')], { me: { ballots: {} } });
    expect(screen.queryByText('Pilih dulu')).toBeNull();
    await me({ ballots: { b1: { in: true, channel: 'phone' } } });
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Tiga prioritas');
  });

  it('is said between ballots, too, by whoever votes elsewhere', async () => {
    await open([], { me: { channel: 'kiosk', ballots: {} } });
    await tab('Suara');
    expect(text()).toContain('Pada pemungutan berikutnya, bawa kartu Anda ke kiosk');
  });
});

describe('a proxy', () => {
  const PEJUANG = { seats: [{ seat: 'seat-3', label: 'Pejuang · Ketua RW 03' }, { seat: 'seat-4', label: 'Pejuang · Ketua RW 04' }], more: false };

  it('is not spoken of where the rules know none', async () => {
    await open([entity('rules', 'rules', { preset: '', voting: { delegations_most: 0 } })], { me: { ballots: {} } });
    await tab('Suara');
    expect(text()).not.toContain('Kuasa suara');
  });

  it('is given to an office found by hall, and taken back', async () => {
    const { server, tick, me } = await open([allowed], { me: { ballots: {} } });
    await tab('Suara');
    expect(text()).toContain('menunjuk peserta lain untuk memilihkan');
    const calls = fakeHttp({
      '/api/sessions/s1/proxies?': { body: PEJUANG },
      '/api/sessions/s1/proxies?q=jatiasih+11': { body: { seats: [{ seat: 'seat-11', label: 'Jatiasih · Ketua RW 11' }], more: false } },
    });
    await press('Beri kuasa');
    await tick();
    const dialog = within(screen.getByRole('dialog', { name: 'Siapa yang memilihkan?' }));
    expect(dialog.getByText('2 peserta')).toBeTruthy();
    expect(text()).toContain('Kalau Anda memilih sendiri, suara Anda sendiri yang dihitung.');
    await fireEvent.input(dialog.getByLabelText('Cari aula atau jabatan'), { target: { value: 'jatiasih 11' } });
    await tick(500);
    expect(calls.map((one) => one.path)).toEqual(['/api/sessions/s1/proxies?', '/api/sessions/s1/proxies?q=jatiasih+11']);
    expect(dialog.getByRole('button', { name: 'Pilih satu peserta' }).getAttribute('aria-disabled')).toBe('true');
    await fireEvent.click(dialog.getByLabelText('Jatiasih · Ketua RW 11'));
    const give = dialog.getByRole('button', { name: 'Beri kuasa kepada Jatiasih · Ketua RW 11' });
    await fireEvent.submit(give.closest('form') as HTMLFormElement);
    await tick();
    const sent = server.of('command')[0];
    expect(sent?.payload).toMatchObject({ name: 'ballot.delegate', data: { to: 'seat-11' } });
    sent?.reply({ ok: true, seq: 101, result: {} });
    await tick();
    expect(screen.queryByRole('dialog')).toBeNull();
    await me({ ballots: {}, proxies: { given: [{ to: 'seat-11', to_label: 'Jatiasih · Ketua RW 11', ballot: null }], received: 2 } });
    expect(text()).toContain('Kuasa sudah diberikan kepada Jatiasih · Ketua RW 11.');
    expect(text()).toContain('Anda memegang kuasa dari 2 peserta');
    await press('Cabut kuasa ini');
    await tick();
    expect(server.of('command')[1]?.payload).toMatchObject({ name: 'ballot.undelegate', data: {} });
    await accessible();
  });

  it('is for the running ballot alone unless one asks for all, and says what was refused', async () => {
    const running = ballot('b1', { secrecy: 'open', proof: null, rule: OPEN_RULE });
    const { server, tick } = await open([allowed, running], { me: { ballots: { b1: { in: true, channel: 'phone' } }, proxies: { given: [], received: 1 } } });
    expect(text()).toContain('Anda memegang kuasa dari 1 peserta');
    await press('Lihat papan');
    await tab('Suara');
    fakeHttp({ '/api/sessions/s1/proxies?ballot=b1': { body: PEJUANG }, '/api/sessions/s1/proxies?': { body: PEJUANG } });
    await press('Beri kuasa');
    await tick();
    const dialog = within(screen.getByRole('dialog'));
    expect((dialog.getByLabelText('Pemungutan ini saja') as HTMLInputElement).checked).toBe(true);
    await fireEvent.click(dialog.getByLabelText('Pejuang · Ketua RW 03'));
    await fireEvent.submit(dialog.getByRole('button', { name: /^Beri kuasa kepada/ }).closest('form') as HTMLFormElement);
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ data: { to: 'seat-3', ballot: 'b1' } });
    server.of('command')[0]?.reply({ ok: false, code: 'delegation_full', data: { seat: 'seat-3', most: 2 } });
    await tick();
    expect(dialog.getByRole('alert').textContent).not.toBe('');
    await fireEvent.click(dialog.getByLabelText('Semua suara terbuka'));
    await tick(500);
    await fireEvent.click(dialog.getByLabelText('Pejuang · Ketua RW 04'));
    await fireEvent.submit(dialog.getByRole('button', { name: /^Beri kuasa kepada/ }).closest('form') as HTMLFormElement);
    await tick();
    expect(server.of('command')[1]?.payload).toMatchObject({ data: { to: 'seat-4' } });
    expect((server.of('command')[1]?.payload['data'] as object | undefined) ?? {}).not.toHaveProperty('ballot');
    await accessible();
  });

  it('is over with the session', async () => {
    const proxies = { given: [{ to: 'x', to_label: 'Pejuang · Ketua RW 03', ballot: null }], received: 1 };
    await open([allowed, entity('session', 's1', { title: 'Pleno', phase: 'closed', tz: 'WIB' })], { me: { ballots: {}, proxies } });
    await tab('Suara');
    expect(text()).not.toContain('Kuasa suara');
  });

  it('says why the list does not come', async () => {
    const { tick } = await open([allowed], { me: { ballots: {} } });
    await tab('Suara');
    fakeHttp({});
    await press('Beri kuasa');
    await tick();
    expect(screen.getByRole('alert').textContent).toContain('Belum ada jawaban');
    await press('Kembali');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('is recalled on the paper: voting oneself counts instead', async () => {
    const running = ballot('b1', { secrecy: 'open', proof: null, rule: OPEN_RULE });
    await open([running], { me: { ballots: { b1: { in: true, channel: 'phone' } }, proxies: { given: [{ to: 'x', to_label: 'Pejuang · Ketua RW 03', ballot: null }], received: 0 } } });
    expect(text()).toContain('Pejuang · Ketua RW 03 memegang kuasa Anda. Kalau Anda mengirim suara, suara Anda sendiri yang dihitung.');
  });
});

describe('an opening held elsewhere', () => {
  const shown = { scene: 'board', hall: '', proposal: 'Turap Kali Abang', ballot: '', speaker: 'Bappeda · Kepala', item: 'Paparan', item_started_at: 1, phase: 'open' };

  it('is told in words, and that this board is one’s own', async () => {
    const { change } = await open([entity('cast', 'cast', { to: [], source: 'kota', title: 'Pembukaan kota', shown })]);
    expect(text()).toContain('Siaran pembukaan: Pembukaan kota');
    expect(screen.getByRole('heading', { name: 'Turap Kali Abang' })).toBeTruthy();
    expect(text()).toContain('Bappeda · Kepala');
    await accessible();
    vi.useFakeTimers();
    await change(entity('cast', 'cast', { to: [], source: null, title: '', shown: null }));
    await current?.tick(100);
    expect(text()).not.toContain('Siaran pembukaan');
  });
});

describe('several cards on one phone', () => {
  it('are kept with office and hall once they are in, and lead to each other', async () => {
    await open([], { me: { ballots: {} } });
    expect(cards().map((one) => one.label)).toEqual(['Ketua RW 07 · Pejuang']);
    localStorage.setItem('pleno.cards', JSON.stringify([...cards(), { ...cards()[0], identity: { ...cards()[0]?.identity, pass: 'pass-2' } }]));
    await tab('Acara');
    expect(screen.getByRole('link', { name: 'Kartu lain di ponsel ini (1)' }).getAttribute('href')).toBe('/');
  });

  it.each(['pass_revoked', 'pass_moved'])('lose the one that is no good any more (%s)', async (code) => {
    const { server, tick } = await open([], { me: { ballots: {} } });
    expect(cards()).toHaveLength(1);
    server.say('bye', { code });
    await tick();
    expect(cards()).toEqual([]);
  });
});
