import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs, expectAccessible } from '../../components/testing/page';
import { card, entity, scene, type Scene } from '../../testing/plenum';
import type { Change, MediaEvent } from '../../wire/protocol';
import Face from './Face.svelte';
import { openMic, type MicState } from './mic';
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
const session = (fields: Record<string, unknown>): Change =>
  entity('session', 's1', { title: 'Pleno Bekasi', kind: 'plenary', parent: null, phase: 'open', place: 'Bekasi', date: '2018-01-23', tz: 'WIB', rehearsal: false, opened_at: 1, closed_at: null, seat_count: 240, hall_count: 2, ...fields });
const asked = (request: string, seat: string | null, fields: Record<string, unknown> = {}) => ({
  request, hall: 'pejuang', seat, label: `Pembicara ${request}`, note: '', at: 1, since: null, until: null, kind: 'ordinary', proposal: null, ...fields,
}); // prettier-ignore
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

describe('where the session stands', () => {
  it.each([
    ['lobby', 'Menunggu ketua sidang membuka'],
    ['recess', 'Antrean bicara disimpan'],
    ['closed', 'Papan dan hasil masih dapat dibaca'],
    ['sealed', 'tidak dapat diubah lagi'],
  ])('is said plainly: %s', async (phase, words) => {
    await open([session({ phase, recess_reason: phase === 'recess' ? 'Salat Zuhur' : '', recess_until: phase === 'recess' ? Date.UTC(2018, 0, 23, 5) : null })]);
    expect(text()).toContain(words);
    if (phase === 'recess') expect(text()).toMatch(/Salat Zuhur.*Dilanjutkan pukul 12\.00 WIB/);
  });
});

describe('saying that one is here', () => {
  it('is asked once, also where the desk did it, and leaving asks again', async () => {
    const { server, tick, me } = await open();
    await press('Saya hadir');
    await tick();
    const sent = server.of('command')[0];
    expect(sent?.payload).toMatchObject({ name: 'attendance.check_in', data: { seat: 'seat-1' } });
    sent?.reply({ ok: true, seq: 101, result: {} });
    await tick();
    expect(screen.queryByRole('button', { name: 'Saya hadir' })).toBeNull();
    expect(text()).toContain('Kehadiran Anda tercatat');
    await me({ here: true });
    await tab('Acara');
    await press('Saya pulang');
    await press('Saya pulang');
    await tick();
    expect(server.of('command')[1]?.payload).toMatchObject({ name: 'attendance.leave', data: { seat: 'seat-1' } });
    server.of('command')[1]?.reply({ ok: true, seq: 102, result: {} });
    await me({ here: false });
    await tab('Papan');
    expect(screen.getByRole('button', { name: 'Saya hadir' })).toBeTruthy();
    await me({ here: true });
    expect(screen.queryByRole('button', { name: 'Saya hadir' })).toBeNull();
  });

  it('is not offered where the rules leave it to the desk, nor to a card without a seat, nor after the close', async () => {
    await open([entity('rules', 'rules', { preset: '', attendance: { self_check_in: false } })]);
    expect(screen.queryByRole('button', { name: 'Saya hadir' })).toBeNull();
    await tab('Acara');
    expect(text()).toContain('Perlihatkan kartu Anda kepadanya');
    cleanup();
    await open([], { me: { seat: null } });
    expect(screen.queryByRole('button', { name: 'Saya hadir' })).toBeNull();
    cleanup();
    await open([session({ phase: 'closed' })]);
    expect(screen.queryByRole('button', { name: 'Saya hadir' })).toBeNull();
  });

  it('says why it was refused', async () => {
    const { server, tick } = await open();
    await press('Saya hadir');
    await tick();
    server.of('command')[0]?.reply({ ok: false, code: 'no_self_check_in', data: {} });
    await tick();
    expect(screen.getByRole('alert').textContent).not.toBe('');
    expect(screen.getByRole('button', { name: 'Saya hadir' })).toBeTruthy();
  });
});

describe('the floor', () => {
  it('says that the session is over instead of waiting for it to begin', async () => {
    await open([session({ phase: 'closed' })]);
    await tab('Bicara');
    expect(screen.getByRole('heading', { name: 'Sidang sudah ditutup' })).toBeTruthy();
    expect(text()).toContain('Hasilnya ada di Papan dan di Suara.');
    expect(text()).not.toContain('Minta bicara dibuka saat sidang berjalan');
  });

  it('takes a kind of request, about the proposal under discussion', async () => {
    const { server, tick } = await open([card('p1'), entity('stage', 'stage', { scene: 'board', spotlight: null, focus: 'p1', ballot: null })]);
    await tab('Bicara');
    await fireEvent.click(screen.getByLabelText('Menolak'));
    await fireEvent.click(screen.getByLabelText(/Tentang usulan yang sedang dibahas/));
    await press('Minta bicara');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'floor.request', data: { kind: 'against', proposal: 'p1' } });
    await accessible();
  });

  it('raises a point of order besides the own request, after saying what it is for', async () => {
    const { server, tick, change, me } = await open([entity('floor', 'floor', { holder: null, queue: [asked('r1', 'seat-1')] })], { me: { request: 'r1' } });
    await tab('Bicara');
    await press('Interupsi');
    expect(text()).toContain('Hanya tentang tata cara sidang');
    expect(document.activeElement?.className, 'what took the place of the button').toBe('card');
    expect(server.of('command')).toEqual([]);
    await press('Ajukan interupsi');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'floor.request', data: { kind: 'point_of_order' } });
    server.of('command')[0]?.reply({ ok: true, seq: 101, result: { request: 'r2' } });
    await change(entity('floor', 'floor', { holder: null, queue: [asked('r2', 'seat-1', { kind: 'point_of_order' }), asked('r1', 'seat-1')] }));
    await me({ request: 'r1', point: 'r2' });
    expect(screen.getByText('Interupsi Anda menunggu')).toBeTruthy();
    expect(screen.getByText('Nomor Anda di antrean').parentElement?.textContent).toContain('2');
  });

  it('tells the place in the order in force, and whose side is due', async () => {
    await open([entity('floor', 'floor', { holder: null, queue: [asked('r9', 'x'), asked('r1', 'seat-1')], order: ['r1', 'r9'], due: 'against' })], { me: { request: 'r1' } });
    await tab('Bicara');
    expect(screen.getByText('Nomor Anda di antrean').parentElement?.textContent).toContain('1');
    expect(text()).toContain('Urutan adil sedang dipakai');
    expect(text()).toContain('Urutan menurut keadilan');
    expect(text()).toContain('Giliran berikutnya untuk yang menolak');
  });

  it('shows that the clock stands, and offers the microphone to the speaker and the panel alone', async () => {
    const holder = { ...asked('r1', 'seat-1', { since: 1 }), paused: 'chair', remaining: 65_000, running_since: null, spoken_ms: 5 };
    const { change } = await open([entity('floor', 'floor', { holder, queue: [] })]);
    await tab('Bicara');
    expect(text()).toContain('01:05');
    expect(text()).toContain('Waktu dihentikan ketua sidang');
    expect(screen.getByRole('button', { name: 'Bicara lewat ponsel ini' })).toBeTruthy();
    await change(entity('floor', 'floor', { holder: { ...holder, seat: 'x' }, queue: [] }));
    expect(screen.queryByRole('button', { name: 'Bicara lewat ponsel ini' })).toBeNull();
    await change(entity('floor', 'floor', { holder: null, queue: [], panel: [{ hall: 'pejuang', seat: 'seat-1', label: 'a' }] }));
    expect(screen.getByText('Anda duduk di panel')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Bicara lewat ponsel ini' })).toBeTruthy();
    await accessible();
  });
});

describe('the phone’s microphone', () => {
  function parts(answer: { ok: boolean; code?: string } = { ok: true }) {
    const track = { stop: vi.fn() };
    const peers: { close: ReturnType<typeof vi.fn>; connectionState: string; onconnectionstatechange?: () => void }[] = [];
    const sent: [string, Record<string, unknown>][] = [];
    const states: MicState[] = [];
    let heard: (event: MediaEvent) => void = () => {};
    const signal = {
      media: async (method: string, payload: Record<string, unknown> = {}) => (sent.push([method, payload]), { sdp: 'answer', data: {}, ...answer } as never),
      onMedia: (listener: typeof heard) => ((heard = listener), () => (heard = () => {})),
    };
    const world = {
      microphone: async () => ({ getAudioTracks: () => [track], getTracks: () => [track] }) as unknown as MediaStream,
      connection: () => {
        const peer = {
          connectionState: 'new', close: vi.fn(), addTransceiver: () => ({ mid: '0' }), createOffer: async () => ({}),
          setLocalDescription: async () => {}, localDescription: { sdp: 'offer' }, setRemoteDescription: async () => {},
        }; // prettier-ignore
        peers.push(peer);
        return peer as unknown as RTCPeerConnection;
      },
    };
    return { track, peers, sent, states, signal, world, hear: (event: MediaEvent) => heard(event) };
  }
  const tick = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

  it('is published alone, survives a reset, and is let go when the turn ends', async () => {
    const it = parts();
    const close = openMic(it.signal, (state) => it.states.push(state), it.world);
    await tick();
    expect(it.sent.map(([method]) => method)).toEqual(['relays', 'publish']);
    expect(it.sent[1]).toEqual(['publish', { sdp: 'offer', tracks: [{ mid: '0', source: 'mic' }] }]);
    Object.assign(it.peers[0] as object, { connectionState: 'connected' });
    it.peers[0]?.onconnectionstatechange?.();
    expect(it.states.at(-1)).toBe('live');
    it.hear({ event: 'reset', code: 'worker_restarted' });
    await tick(10);
    expect(it.peers).toHaveLength(2);
    close();
    expect(it.track.stop).toHaveBeenCalled();
    expect(it.sent.at(-1)).toEqual(['leave', { what: 'publish' }]);
    expect(it.states.at(-1)).toBe('off');
  });

  it('says so when it is refused by the person or, again and again, by the server', async () => {
    const denied = parts();
    openMic(denied.signal, (state) => denied.states.push(state), { ...denied.world, microphone: () => Promise.reject(new Error('no')) });
    await tick();
    expect(denied.states.at(-1)).toBe('denied');
    const failed = parts({ ok: false, code: 'forbidden' });
    openMic(failed.signal, (state) => failed.states.push(state), failed.world);
    await tick(30_000);
    expect(failed.states.at(-1)).toBe('failed');
    expect(failed.track.stop).toHaveBeenCalled();
  });
});

describe('the agenda', () => {
  const item = (id: string, order: number, fields: Record<string, unknown>) =>
    entity('agenda', id, { title: `Acara ${id}`, kind: 'REPORT', order, minutes: 10, state: 'todo', started_at: null, ended_at: null, speaker: '', hall: null, since: null, spent_ms: 0, ...fields });

  it('tells who speaks, real time against planned, and how late the session is', async () => {
    const now = Date.now();
    await open([
      session({ opened_at: now - 30 * 60_000 }),
      item('a1', 1, { state: 'done', spent_ms: 25 * 60_000, ended_at: now - 5 * 60_000, speaker: 'Lurah' }),
      item('a2', 2, { state: 'now', since: now - 5 * 60_000, hall: 'jatiasih' }),
      item('a3', 3, {}),
    ]);
    await tab('Acara');
    const rows = within(screen.getByRole('list')).getAllByRole('listitem').map((one) => one.textContent?.replace(/\s+/g, ' '));
    expect(rows[0]).toMatch(/Lurah.*rencana 10 menit, nyata 25 menit/);
    expect(rows[1]).toMatch(/Jatiasih.*berjalan 05:0/);
    expect(rows[2]).toContain('rencana mulai');
    expect(text()).toContain('Sidang 15 menit lebih lambat dari rencana');
    await accessible();
  });

  it('tells who is here, and the quorum', async () => {
    await open([
      entity('crowd', 'crowd', { invited: 240, present: 170, guests: 12 }),
      entity('quorum', 'quorum', { state: 'reached', sitting: 1, figures: { present: 165, base: 240, needed: 160 }, declared_at: 1, until: null, date: '', reason: '' }),
    ]);
    await tab('Acara');
    expect(text()).toContain('Hadir 170 dari 240 undangan dan 12 tamu');
    expect(text()).toContain('165 hadir, perlu 160 dari 240');
  });

  it('fetches a slide only when asked to, and each page anew', async () => {
    const deck = (page: number) => entity('deck', 'd1', { title: 'Renja', pages: 9, hall: null, page });
    const { change } = await open([deck(2)]);
    await tab('Acara');
    expect(document.querySelector('img.pdeck')).toBeNull();
    await press('Muat halaman ini');
    expect(document.querySelector('img.pdeck')?.getAttribute('src')).toBe('/api/sessions/s1/decks/d1/2');
    await change(deck(3));
    expect(document.querySelector('img.pdeck')?.getAttribute('src')).toBe('/api/sessions/s1/decks/d1/2');
    expect(screen.getByText('Halaman berganti menjadi 3')).toBeTruthy();
    await press('Muat halaman ini');
    expect(document.querySelector('img.pdeck')?.getAttribute('src')).toBe('/api/sessions/s1/decks/d1/3');
  });
});

describe('the details of a proposal', () => {
  const details = {
    owner: 'seat-1',
    answer: { agency: 'Dinas SDA', survey_status: 'SUDAH', survey_date: '2018-01-10', survey_note: '', land: 'PEMDA', cost: 90_000_000, note: 'Perlu gorong-gorong', verdict: 'FEASIBLE_WITH_CHANGES', reason_code: '', at: 1 },
    decisions: [{ level: 'KELURAHAN', status: 'REJECTED', at: 1, reason_code: 'OVER_CEILING', reason: 'Melebihi pagu', amount: null, volume: null, note: '' }],
    merged: ['p2'],
    trail: { group: null, decided_by: null, ancestors: [], sent_to: 'kec', fates: [] },
  };

  it('tell the agency’s answer, each decision with its reason, and where it went', async () => {
    const { tick } = await open([card('p1', { status: 'SENT_UP' }), card('p2', { status: 'MERGED', into: 'p1' })], { details });
    await press('Usulan p1');
    await tick();
    expect(text()).toContain('Layak dengan perubahan');
    expect(text()).toContain('Perlu gorong-gorong');
    expect(text()).toContain('Kelurahan: Ditolak');
    expect(text()).toContain('Melebihi pagu');
    expect(text()).toContain('Gabungan dari: Usulan p2');
    expect(text()).toContain('Sudah dikirim ke tingkat berikutnya');
    await accessible();
  });

  it('let the owner withdraw it with a reason, and nobody else', async () => {
    const { server, tick } = await open([card('p1')], { details });
    await press('Usulan p1');
    await tick();
    await press('Tarik usulan saya');
    await press('Tarik usulan');
    await tick();
    expect(server.of('command')).toEqual([]);
    await fireEvent.input(screen.getByLabelText('Alasan menarik usulan'), { target: { value: ' Sudah dibangun ' } });
    await press('Tarik usulan');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'proposal.withdraw', data: { proposal: 'p1', base: 1, reason: 'Sudah dibangun' } });
    cleanup();
    const other = await open([card('p1')], { details: { ...details, owner: 'seat-2' } });
    await press('Usulan p1');
    await other.tick();
    expect(screen.queryByRole('button', { name: 'Tarik usulan saya' })).toBeNull();
  });
});

describe('the board', () => {
  it('puts the proposals of the own RW first and marks them', async () => {
    await open([card('p1', { rw: '02' }), card('p2', { rw: '7' })]);
    expect(screen.getAllByRole('heading', { level: 3 }).map((one) => one.textContent)).toEqual(['Usulan p2', 'Usulan p1']);
    expect(screen.getAllByText('RW Anda')).toHaveLength(1);
  });
});

describe('scoring', () => {
  const criterion = (key: string, fields: Record<string, unknown> = {}) => ({
    key, name: `Ukuran ${key}`, name_en: '', least: 1, most: 5, step: 1, weight: 1, factor: false, hint: '', hint_en: '', automatic: null, ...fields,
  }); // prettier-ignore
  const scoring = entity('scoring', 'n1', {
    title: 'Penilaian prioritas', criteria: { name: '', name_en: '', criteria: [criterion('a'), criterion('kk', { automatic: 'households' })], method: 'mean', pass_mark: null, preset: '' },
    proposals: ['p1', 'p2', 'p3'], scorers: 5, agencies: false, own_area: 'hall', state: 'open', opened_at: 1, closes_at: null, closed_at: null, results: null, settlements: [], reason: '',
  }); // prettier-ignore
  const mine = (scores = {}) => ({ scoring: { scoring: 'n1', barred: ['p3'], scores } });

  it('is one form a proposal; what is barred is locked and says why; what was given is there again', async () => {
    const { server, tick, me } = await open([card('p1'), card('p2', { households: null }), card('p3'), scoring], { me: mine({ p2: { a: 4, kk: 2 } }) });
    expect(text()).toContain('1 dari 2 usulan sudah Anda nilai');
    await press('Lanjutkan penilaian');
    expect(text()).toContain('Tidak Anda nilai: usulan dari wilayah atau milik Anda sendiri');
    expect(screen.queryByRole('button', { name: /Usulan p3/ })).toBeNull();
    await press(/Usulan p2/);
    expect(screen.getAllByRole<HTMLInputElement>('radio').filter((one) => one.checked).map((one) => one.value)).toEqual(['4', '2']);
    await press('Kembali');
    await press(/Usulan p1/);
    expect(screen.getAllByRole('radio')).toHaveLength(5);
    expect(text()).toContain('Dihitung sendiri dari data usulan');
    await press('Simpan nilai');
    await tick();
    expect(server.of('command')).toEqual([]);
    await fireEvent.click(screen.getByLabelText('3'));
    await press('Simpan nilai');
    await tick();
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'score.give', data: { proposal: 'p1', scores: { a: 3 } } });
    server.of('command')[0]?.reply({ ok: true, seq: 101, result: {} });
    await me(mine({ p1: { a: 3 }, p2: { a: 4, kk: 2 } }));
    expect(text()).toContain('Nilai tersimpan');
    await press('Kembali');
    expect(text()).toContain('Semua sudah dinilai');
    await accessible();
  });

  it('says why a sheet was refused and keeps it; and that scoring was closed meanwhile', async () => {
    const { server, tick, me } = await open([card('p1'), scoring], { me: mine() });
    await press('Isi penilaian');
    await press(/Usulan p1/);
    await fireEvent.click(screen.getByLabelText('5'));
    await press('Simpan nilai');
    await tick();
    server.of('command')[0]?.reply({ ok: false, code: 'scoring_closed', data: {} });
    await tick();
    expect(screen.getByRole('alert').textContent).not.toBe('');
    expect(screen.getByLabelText<HTMLInputElement>('5').checked).toBe(true);
    await me({ scoring: null });
    expect(text()).toContain('Penilaian sudah ditutup');
  });
});
