import axe from 'axe-core';
import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Room } from '../../media/room.svelte';
import { FakeSignal, FakeWorld } from '../../media/testing/fakes';
import { ballot, FakePlenary, halls, NOW, presence, proposal, RESULT, session, speaker } from '../../media/testing/plenary.svelte';
import type { Store } from './store';
import Screen from './Screen.svelte';
import { checkCode, rows } from './result';
import { beside, grid, tiles, wish } from './wall';

let store: FakePlenary;
let signal: FakeSignal;
let room: Room;
let blocked = false;

beforeEach(() => {
  store = new FakePlenary();
  signal = new FakeSignal();
  blocked = false;
  room = new Room(signal, {
    world: new FakeWorld(),
    streamOf: (track) => ({ id: track.id }) as MediaStream,
    makePlayer: () => ({
      srcObject: null,
      muted: false,
      autoplay: false,
      pause: () => undefined,
      play: async () => {
        if (blocked) throw new DOMException('', 'NotAllowedError');
      },
    }),
  });
  // jsdom plays nothing
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  vi.spyOn(HTMLMediaElement.prototype, 'pause').mockReturnValue(undefined);
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { configurable: true, writable: true, value: null });
});

afterEach(() => {
  cleanup();
  room.close();
  vi.restoreAllMocks();
});

const show = () => render(Screen, { store: store as unknown as Store, room });
const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const tile = (id: string): HTMLElement => {
  const found = document.querySelector<HTMLElement>(`[data-tile="${id}"]`);
  if (found === null) throw new Error(`no tile ${id}`);
  return found;
};

async function sound(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
}

describe('the wall as data', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 1],
    [2, 2, 1],
    [12, 4, 3],
    [13, 4, 4],
    [30, 6, 5],
    [56, 8, 7],
  ])('%i halls stand in %i × %i', (n, columns, rowCount) => {
    expect(grid(n)).toEqual({ columns, rows: rowCount });
  });

  it('calls a hall absent before it was ever here, cut when its link fell, speaking when it holds the floor', () => {
    const list = halls(4);
    const [a, b, c, d] = tiles(
      list,
      { 'bintara-jaya': presence({ connected: false, link: 'cut' }), 'aren-jaya': presence({ link: 'audio' }), 'kayuringin-jaya': presence({ link: 'weak' }) },
      { holder: speaker('aren-jaya'), queue: [speaker('bintara-jaya')] },
    );
    expect(a?.state).toBe('absent');
    expect(b).toMatchObject({ state: 'cut', queued: 1 });
    expect(c).toMatchObject({ state: 'speaking', without: 'audio' });
    expect(d).toMatchObject({ state: 'live', weak: true });
  });

  it('asks for every thumbnail on the wall, the speaker first, and for HD only on stage and board', () => {
    const list = halls(3);
    const floor = { holder: speaker('aren-jaya'), queue: [speaker('pejuang'), speaker('pejuang', { request: 'x' })] };
    const stage = { scene: 'wall' as const, spotlight: null, focus: null, ballot: null };
    expect(wish('wall', list, stage, floor, true)).toEqual({ halls: ['aren-jaya', 'pejuang', 'bintara-jaya'], stage: false, audio: true });
    expect(wish('stage', list, stage, floor, true)).toEqual({ halls: ['pejuang'], stage: true, audio: true });
    expect(wish('ballot', list, stage, floor, false)).toEqual({ halls: [], stage: false, audio: false });
  });

  it('puts the floor holder beside the stage when the spotlight is elsewhere', () => {
    const stage = { scene: 'stage' as const, spotlight: 'pejuang', focus: null, ballot: null };
    expect(beside(stage, { holder: speaker('aren-jaya'), queue: [speaker('pejuang')] })).toEqual(['aren-jaya']);
  });
});

describe('the result as data', () => {
  it('ranks by votes, keeps the paper’s order among equals and lets them share a place', () => {
    const tied = ballot({ result: { ...RESULT!, counts: [{ option: 'o1', votes: 5 }, { option: 'o2', votes: 9 }, { option: 'o3', votes: 5 }], cast: 10, elected: ['o2'], tied: ['o1', 'o3'] } });
    expect(rows(tied).map((row) => [row.id, row.place, row.mark])).toEqual([
      ['o2', 1, 'elected'],
      ['o1', 2, 'tied'],
      ['o3', 2, 'tied'],
      ['o4', null, null],
      ['o5', null, null],
    ]);
    expect(rows(tied)[0]?.share).toBe(0.9);
  });

  it('shortens the root to what a room can compare', () => {
    expect(checkCode('3f9a02bc77de0011')).toBe('3f9a 02bc 77de');
  });
});

describe('the screen', () => {
  it('shows every hall by name with its state in words', async () => {
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya · Ketua RW 09' }), speaker('kaliabang-tengah', { label: 'Kaliabang Tengah' }), speaker('bojong-menteng'));
    store.presence = { ...store.presence, 'bojong-menteng': presence({ connected: false, link: 'cut' }), bantargebang: presence({ link: 'audio' }) };
    show();
    expect(document.querySelectorAll('.tile')).toHaveLength(12);
    expect(tile('aren-jaya').textContent).toContain('Bicara');
    expect(tile('kaliabang-tengah').textContent).toContain('Antre 1');
    expect(tile('bojong-menteng').textContent).toMatch(/terputus\s*00:42\s*antrean dijaga/);
    expect(tile('bantargebang').textContent).toContain('suara saja');
    expect(text()).toContain('Paparan kelurahan');
    expect(text()).toContain('10.42WIB');
    expect(text()).toContain('Berikutnya');
    await sound();
  });

  it('marks each picture with its hall', async () => {
    show();
    await tick();
    await new Promise((resolve) => setTimeout(resolve, 5));
    signal.says({ event: 'offer', sdp: 'offer video', generation: 1, slots: { 0: { kind: 'video', use: 'thumb', hall: 'pejuang', source: 'camera' } } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const video = tile('pejuang').querySelector('video');
    expect(video?.dataset['hall']).toBe('pejuang');
    expect((video?.srcObject as unknown as { id: string }).id).toBe('remote0');
  });

  it('shrinks the words of a wall of 56 but keeps every name', () => {
    store.set('hall', ...halls(56));
    show();
    expect(document.querySelector('.wall')?.getAttribute('data-density')).toBe('tiny');
    expect(text()).toContain('Kelurahan 56');
  });

  it('puts the speaker on stage with office, time left and who is next', async () => {
    store.setStage({ scene: 'stage' });
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya · Ketua RW 09', since: NOW - 60_000, until: NOW + 156_000 }), speaker('pejuang', { label: 'Pejuang · Ketua RW 07' }));
    show();
    expect(document.querySelector('.lower')?.textContent).toMatch(/Aren Jaya\s*Ketua RW 09/);
    expect(screen.getByRole('timer').textContent).toBe('02:36');
    expect(document.querySelector('.snext')?.textContent).toMatch(/1\s*Pejuang\s*Ketua RW 07/);
    await sound();
  });

  it('names the next in the queue even when that hall is the one on stage', () => {
    store.setStage({ scene: 'stage', spotlight: 'pejuang' });
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya' }), speaker('pejuang', { label: 'Pejuang · Ketua RW 07' }));
    show();
    const next = [...document.querySelectorAll('.snext')].map((one) => one.textContent);
    expect(next[0]).toContain('Aren Jaya');
    expect(next[1]).toMatch(/1\s*Pejuang · Ketua RW 07/);
  });

  it('says that the stage waits when nobody is on it', () => {
    store.setStage({ scene: 'stage' });
    show();
    expect(text()).toContain('Panggung menunggu pembicara');
  });

  it('lets the room read the proposal in focus, with its problem from the details', async () => {
    store.set('proposal', proposal());
    store.setStage({ scene: 'board', focus: 'p1' });
    show();
    await new Promise((resolve) => setTimeout(resolve));
    expect(text()).toContain('Perbaikan turap kali di RT 12/RW 02');
    expect(text()).toContain('Rp109.200.000');
    expect(text()).toContain('Turap longsor setiap hujan deras.');
    await sound();
  });

  it('shows turnout and time of a running ballot and never a count by option', async () => {
    store.set('ballot', ballot());
    store.setStage({ scene: 'ballot', ballot: 'b1' });
    store.turnout = { b1: { cast: 1125, of: 1312 } };
    show();
    expect(text()).toContain('1.125');
    expect(text()).toContain('suara masuk dari 1.312');
    expect(screen.getByRole('timer').textContent).toBe('02:08');
    expect(document.querySelector('.rbar')).toBeNull();
    expect(text()).toContain('Hasil tampil setelah suara ditutup');
    await sound();
  });

  it('declares the result ranked, with counts, and names the elected', async () => {
    store.set('ballot', ballot({ state: 'closed', closed_at: NOW, result: RESULT }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    show();
    const order = [...document.querySelectorAll<HTMLElement>('.rbar')].map((row) => row.dataset['option']);
    expect(order).toEqual(['o1', 'o2', 'o3', 'o5', 'o4']);
    expect(document.querySelectorAll('.rbar[data-won]')).toHaveLength(3);
    expect(screen.getAllByText('Terpilih')).toHaveLength(3);
    expect(text()).toContain('1.204 suara dari 1.312 pemilih (91 %)');
    await sound();
  });

  it('announces floor, ballot and result to a screen reader', async () => {
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya · Ketua RW 09' }));
    show();
    const said = () => document.querySelector('[aria-live]')?.textContent;
    expect(said()).toBe('Bicara: Aren Jaya · Ketua RW 09');
    store.set('ballot', ballot());
    store.setStage({ scene: 'ballot', ballot: 'b1' });
    await tick();
    expect(said()).toContain('Pemungutan suara dibuka: Pilih');
    store.set('ballot', ballot({ state: 'closed', result: RESULT }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    await tick();
    expect(said()).toContain('Terpilih: Perbaikan turap kali, Pemasangan cermin');
  });

  it('says a tie aloud', () => {
    store.set('ballot', ballot({ state: 'closed', closed_at: NOW, result: { ...RESULT!, elected: ['o1'], tied: ['o2', 'o3'] } }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    show();
    expect(text()).toContain('Suara seri di batas terpilih');
    expect(screen.getAllByText('Seri')).toHaveLength(2);
  });

  it('says the rule, and that a majority was missed, instead of electing', async () => {
    const verdict = { majority: 'two_thirds' as const, base: 'cast' as const, size: '1204', needed: '2408/3', more_than: false, reached: [] };
    const rule = { method: 'single', majority: 'two_thirds', base: 'cast', places: 1, tie: 'forum', weights: 'none' } as never;
    store.set('ballot', ballot({ state: 'closed', closed_at: NOW, rule, result: { ...RESULT!, elected: [], tied: [], invalid: 'no_majority', verdict } }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    show();
    expect(text()).toContain('Mayoritas tidak tercapai');
    expect(text()).toContain('Perlu paling sedikit 802,67 dari 1.204 (suara yang masuk).');
    expect(screen.queryByText('Terpilih')).toBeNull();
    await sound();
  });

  it('shows what a budget bought, and what that cost', () => {
    const rule = { method: 'knapsack', majority: 'simple', base: 'cast', places: 1, tie: 'forum', weights: 'none', budget: 100_000_000 } as never;
    const options = ['o1', 'o2'].map((id) => ({ id, label: id, cost: 60_000_000 }));
    const counts = [{ option: 'o1', votes: 2, value: '2' }, { option: 'o2', votes: 5, value: '5' }];
    store.set('ballot', ballot({ state: 'closed', closed_at: NOW, rule, options, result: { ...RESULT!, counts, elected: ['o2'], tied: [], spent: 60_000_000 } }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    show();
    expect(text()).toContain('Dibiayai');
    expect(text()).toContain('Dibelanjakan Rp60.000.000 dari Rp100.000.000');
  });

  it('keeps the last picture of the plenary through a cut and says so', () => {
    store.status = 'reconnecting';
    show();
    expect(text()).toContain('Layar menyambung kembali');
    expect(document.querySelectorAll('.tile')).toHaveLength(12);
  });

  it('says to the room that votes and commands are held while storage is away', () => {
    store.storageAway = true;
    show();
    expect(text()).toContain('Penyimpanan sedang tidak menjawab. Suara dan perintah ditahan, tidak hilang.');
  });

  it('counts what is on the wall while nobody speaks', () => {
    store.presence = {
      pejuang: presence(),
      'aren-jaya': presence({ publishing: false }),
      jatirahayu: presence({ link: 'audio' }),
      jatiasih: presence({ connected: false, link: 'cut', publishing: false }),
    };
    show();
    expect(document.querySelector('.sfoot')?.textContent).toMatch(/1 aula tampil\s*1 suara saja\s*1 tanpa gambar\s*1 terputus, antrean dijaga\s*8 belum bergabung/);
  });

  it('says when only the media plane is away', async () => {
    signal.next('show', { ok: false, code: 'media_unavailable', data: {} });
    show();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(text()).toContain('Gambar dan suara belum tersedia');
  });

  it.each([
    ['exchanging', 'Memeriksa kartu layar'],
    ['connecting', 'Menyambungkan ke sidang'],
    ['ended', 'Sidang selesai'],
  ] as const)('explains itself while %s', async (status, words) => {
    store.status = status;
    store.loaded = false;
    show();
    expect(text()).toContain(words);
    await sound();
  });

  it('explains a refusal and offers the way back', async () => {
    store.status = 'refused';
    store.refusal = { code: 'replaced', data: {} };
    show();
    expect(screen.getByRole('alert').textContent).toContain('Kartu ini dipakai di tempat lain');
    screen.getByRole('button', { name: 'Pakai di sini' }).click();
    expect(store.resumes).toBe(1);
    await sound();
  });

  it('asks again by itself after a refusal that may pass, and not after one that stays', async () => {
    vi.useFakeTimers();
    store.status = 'refused';
    store.refusal = { code: 'internal', data: { incident: 'x1' } };
    show();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(store.resumes).toBe(1);
    store.refusal = { code: 'pass_revoked', data: {} };
    await vi.advanceTimersByTimeAsync(60_000);
    expect(store.resumes).toBe(1);
    expect(screen.queryByRole('button', { name: 'Coba sekarang' })).toBeNull();
    vi.useRealTimers();
  });

  it('keeps the interpreter where it is while scenes come and go', async () => {
    store.setStage({ interpreter: 'pejuang' });
    show();
    const place = document.querySelector('.signer');
    for (const scene of ['stage', 'board', 'slides', 'agenda', 'join', 'wall'] as const) {
      store.setStage({ scene, interpreter: 'pejuang' });
      await tick();
      expect(document.querySelector('.screen')?.getAttribute('data-scene')).toBe(scene);
      expect(document.querySelector('.signer')).toBe(place);
    }
    store.setStage({});
    await tick();
    expect(document.querySelector('.signer')).toBeNull();
  });

  it('says that there are no halls yet', () => {
    store.set('hall');
    show();
    expect(text()).toContain('Belum ada aula');
  });

  it('asks for one touch when the browser holds back the sound, and then plays', async () => {
    blocked = true;
    show();
    await new Promise((resolve) => setTimeout(resolve, 5));
    signal.says({ event: 'offer', sdp: 'offer audio', generation: 1, slots: { 0: { kind: 'audio', use: 'audio', hall: 'pejuang', source: 'mic' } } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const ask = screen.getByRole('button', { name: 'Aktifkan suara aula' });
    blocked = false;
    ask.click();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(screen.queryByRole('button', { name: 'Aktifkan suara aula' })).toBeNull();
  });

  it('names a rehearsal as one', () => {
    store.set('session', session({ rehearsal: true }));
    show();
    expect(text()).toContain('Gladi');
  });
});
