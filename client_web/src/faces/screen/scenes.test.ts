import { cleanup, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SubscriberView } from '../../media/subscriber';
import { ballot, FakePlenary, halls, NOW, presence, proposal, session, speaker } from '../../media/testing/plenary.svelte';
import type { Kinds } from '../../wire/protocol';
import { around } from './agenda';
import Agenda from './Agenda.svelte';
import Board from './Board.svelte';
import Foot from './Foot.svelte';
import Join from './Join.svelte';
import Live from './Live.svelte';
import { rollOf } from './roll';
import Signer from './Signer.svelte';
import Slides from './Slides.svelte';
import Stage from './Stage.svelte';
import type { Store } from './store';
import Strip from './Strip.svelte';
import Wall from './Wall.svelte';
import { beside, onWall, shownDeck, stageHalls, tiles, wish } from './wall';

let store: FakePlenary;
const media: SubscriberView = { health: 'idle', refusal: null, stage: [], thumbs: {}, audio: [] };
const props = () => ({ store: store as unknown as Store, media });
const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const site = (id: string, fields: Partial<Kinds['site']> = {}) => ({
  id, came_at: NOW, lost_at: null, outages: 0, lost_ms: 0, blanked: false, muted: false, ...fields,
}); // prettier-ignore
const member = (hall: string) => ({ hall, seat: null, label: hall });

/** Pictures load when the test says so. */
let images: { src: string; onload: (() => void) | null; onerror: (() => void) | null }[] = [];
beforeEach(() => {
  store = new FakePlenary();
  images = [];
  vi.stubGlobal(
    'Image',
    class {
      src = '';
      onload: (() => void) | null = null;
      onerror: (() => void) | null = null;
      constructor() {
        images.push(this);
      }
    },
  );
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('who is on stage', () => {
  const floor = { holder: speaker('aren-jaya'), queue: [speaker('pejuang')], panel: ['pejuang', 'aren-jaya', 'jatiasih', 'a', 'b'].map(member) };
  const stage = { scene: 'stage' as const, spotlight: null, focus: null, ballot: null };

  it('is the speaker and then the panel, each once, four at most; the spotlight alone', () => {
    expect(stageHalls(stage, floor)).toEqual(['aren-jaya', 'pejuang', 'jatiasih', 'a']);
    expect(stageHalls({ ...stage, spotlight: 'x' }, floor)).toEqual(['x']);
    expect(beside(stage, floor)).toEqual([]);
  });

  it('is shown with all its pictures', async () => {
    store.set('floor', { id: 'floor', holder: speaker('aren-jaya', { label: 'Aren Jaya' }), queue: [], panel: [member('pejuang'), member('jatiasih')] });
    render(Stage, props());
    expect(document.querySelectorAll('.talk .stage')).toHaveLength(3);
    expect(document.querySelector('.talk')?.getAttribute('data-n')).toBe('3');
  });

  it('needs HD for slides a hall shares, and no picture at all for a deck', () => {
    expect(wish('slides', halls(2), stage, floor, true)).toEqual({ halls: [], stage: true, audio: true });
    expect(wish('slides', halls(2), stage, floor, true, true)).toEqual({ halls: [], stage: false, audio: true });
  });
});

describe('the clock of the speaker', () => {
  const hold = (fields: object): void => store.set('floor', { id: 'floor', holder: { ...speaker('aren-jaya', { since: NOW }), ...fields }, queue: [], warn_s: 30 });

  it('stands still while paused and says why', () => {
    hold({ until: null, remaining: 65_000, paused: 'outage', running_since: null, spoken_ms: 10_000 });
    render(Stage, props());
    expect(screen.getByRole('timer').textContent).toBe('01:05');
    expect(text()).toContain('Waktu berhenti: aula terputus');
  });

  it('warns shortly before the end, and says when it is over', () => {
    hold({ until: NOW + 20_000, running_since: NOW - 100_000 });
    render(Stage, props());
    expect(text()).toContain('Hampir habis');
    cleanup();
    hold({ until: NOW - 20_000, running_since: NOW - 100_000 });
    render(Stage, props());
    expect(text()).toContain('Lewat waktu');
  });
});

describe('halls', () => {
  it('are marked lost by the site log, and calmly blanked without a reason', async () => {
    store.set('site', site('pejuang', { lost_at: NOW - 65_000 }), site('aren-jaya', { blanked: true, reason: 'rahasia' }), site('jatiasih', { muted: true }));
    const found = tiles(store.list('hall'), store.presence, store.floor, store.list('site'));
    expect(found.find((one) => one.id === 'pejuang')).toMatchObject({ state: 'cut', since: NOW - 65_000 });
    render(Wall, props());
    const blanked = document.querySelector('[data-tile="aren-jaya"]')?.textContent;
    expect(blanked).toContain('gambar ditutup sementara');
    expect(text()).not.toContain('rahasia');
    expect(document.querySelector('[data-tile="pejuang"]')?.textContent).toContain('01:05');
    expect(screen.getByRole('img', { name: 'dibisukan' })).toBeTruthy();
    cleanup();
    render(Foot, { ...props(), scene: 'wall', ballot: undefined });
    expect(text()).toContain('1 ditutup gambarnya');
    expect(text()).toContain('1 terputus');
    expect(text()).toContain('10 aula tampil');
  });

  it('answer a roll-call where everybody sees it', () => {
    const call = {
      id: 'c1', question: 'Terdengar?', started_at: NOW, ended_at: null, absent: ['jatiasih', 'pejuang'],
      answers: [{ hall: 'aren-jaya', heard: 'yes' as const, note: '', by: 'hall' as const, at: NOW }, { hall: 'pejuang', heard: 'no' as const, note: '', by: 'moderator' as const, at: NOW }],
    }; // prettier-ignore
    store.set('rollcall', { ...call, id: 'c0', ended_at: NOW, answers: [] }, call);
    expect(rollOf(call, store.list('hall'))).toMatchObject({ yes: 1, partly: 0, no: 1, open: 9 });
    render(Wall, props());
    const said = (id: string) => document.querySelector(`[data-tile="${id}"]`)?.textContent;
    expect(said('aren-jaya')).toContain('mendengar');
    expect(said('pejuang')).toContain('tidak mendengar');
    expect(said('bintara-jaya')).toContain('belum menjawab');
    expect(said('jatiasih')).not.toContain('belum menjawab');
    cleanup();
    render(Strip, props());
    expect(text()).toContain('1 mendengar · 0 sebagian · 1 tidak · 9 belum menjawab');
  });

  it('come next in the order in force, not in the order they asked', () => {
    store.set('floor', { id: 'floor', holder: null, queue: [speaker('pejuang', { label: 'Pejuang' }), speaker('jatiasih', { label: 'Jatiasih' })], order: ['r-jatiasih', 'r-pejuang'] });
    render(Foot, { ...props(), scene: 'wall', ballot: undefined });
    expect(text()).toMatch(/Berikutnya\s*Jatiasih/);
  });
});

describe('what the whole room should know', () => {
  it('is nothing while there is nothing to tell', () => {
    store.set('crowd', { id: 'crowd', invited: 240, present: 0, guests: 0 });
    store.set('quorum', { id: 'quorum', state: 'undeclared', sitting: 1, figures: null, declared_at: null, until: null, date: '', reason: '' });
    render(Strip, props());
    expect(document.querySelector('.sstrip')).toBeNull();
  });

  it('is how many are here, and the quorum with its figures and its wait', async () => {
    store.set('crowd', { id: 'crowd', invited: 1312, present: 640, guests: 30 });
    store.set('quorum', { id: 'quorum', state: 'waiting', sitting: 1, figures: { present: 640, base: 1312, needed: 657 }, declared_at: NOW, until: NOW + 90_000, date: '', reason: '' });
    render(Strip, props());
    expect(text()).toContain('Hadir 640 dari 1.312 undangan');
    expect(text()).toContain('30 tamu');
    expect(text()).toContain('Menunggu kuorum');
    expect(text()).toContain('640 hadir, perlu 657');
    expect(screen.getByRole('timer').textContent).toBe('01:30');
  });

  it('is a recess, why and until when', () => {
    store.set('session', session({ phase: 'recess', recess_reason: 'Salat Zuhur', recess_until: NOW + 600_000 }));
    render(Strip, props());
    expect(text()).toContain('Salat Zuhur');
    expect(text()).toContain('dilanjutkan pukul 10.52 WIB');
    expect(screen.getByRole('timer').textContent).toBe('10:00');
  });

  it('is an opening shown from elsewhere', () => {
    store.set('cast', {
      id: 'cast', to: [], source: 's0', title: 'Pembukaan kota',
      shown: { scene: 'stage', hall: '', proposal: '', ballot: '', speaker: 'Wali Kota', item: 'Sambutan', item_started_at: null, phase: 'open' },
    }); // prettier-ignore
    render(Strip, props());
    expect(text()).toContain('Disiarkan dari Pembukaan kota');
    expect(text()).toContain('Sambutan · Wali Kota');
  });
});

describe('slides', () => {
  const deck = (fields: Partial<Kinds['deck']> = {}) => ({ id: 'd1', title: 'Rancangan Renja', pages: 20, hall: null, page: 3, ...fields });
  const shown = (): string | null => document.querySelector('.sslides img')?.getAttribute('src') ?? null;

  it('show the page, fetch the next ahead, and keep the old page until the new one is here', async () => {
    store.set('deck', deck());
    render(Slides, props());
    expect(shown()).toBeNull();
    expect(images[0]?.src).toBe('/api/sessions/bekasi-2018/decks/d1/3');
    images[0]?.onload?.();
    await tick();
    expect(shown()).toBe('/api/sessions/bekasi-2018/decks/d1/3');
    expect(screen.getByRole('img', { name: 'Rancangan Renja, halaman 3 dari 20' })).toBeTruthy();
    expect(images.at(-1)?.src).toBe('/api/sessions/bekasi-2018/decks/d1/4');
    store.set('deck', deck({ page: 4 }));
    await tick();
    expect(shown()).toBe('/api/sessions/bekasi-2018/decks/d1/3');
    images.at(-1)?.onload?.();
    await tick();
    expect(shown()).toBe('/api/sessions/bekasi-2018/decks/d1/4');
  });

  it('say when a page cannot be had, and try again', async () => {
    vi.useFakeTimers();
    store.set('deck', deck());
    render(Slides, props());
    images[0]?.onerror?.();
    await tick();
    expect(text()).toContain('Halaman belum dapat dimuat');
    await vi.advanceTimersByTimeAsync(3000);
    expect(images).toHaveLength(2);
    images[1]?.onload?.();
    await tick();
    expect(shown()).toContain('/d1/3');
  });

  it('are the window of the hall on stage when no deck is shown, and say so when there is neither', () => {
    expect(shownDeck([deck({ page: 0 })])).toBeUndefined();
    store.set('deck', deck({ page: 0 }));
    render(Slides, props());
    expect(text()).toContain('Belum ada bahan paparan');
    cleanup();
    store.set('floor', { id: 'floor', holder: speaker('aren-jaya'), queue: [] });
    render(Slides, props());
    expect(document.querySelector('.sslides .stage')).toBeTruthy();
  });
});

describe('quota and ceiling beside the proposal', () => {
  const whole = (fields: Partial<Kinds['funnel']> = {}) => ({ id: 'session', hall: null, main: { used: 7, limit: 10 }, amount: { used: 0, limit: null }, ...fields });

  it('say how much is used, of the hall and of the session, and what is over', async () => {
    store.set('proposal', proposal());
    store.setStage({ scene: 'board', focus: 'p1' });
    store.set('funnel', whole(), { id: 'aren-jaya', hall: 'aren-jaya', main: { used: 3, limit: 3 }, amount: { used: 250_000_000, limit: 200_000_000 } });
    render(Board, props());
    expect(text()).toContain('Kuota terpilih, Aren Jaya 3 dari 3');
    expect(text()).toContain('Sudah penuh');
    expect(text()).toContain('Rp250.000.000 dari Rp200.000.000');
    expect(text()).toContain('Melebihi batas');
    expect(text()).toContain('Kuota terpilih, seluruh sidang 7 dari 10');
  });

  it('count a hall that has chosen nothing from nought, and are absent without a limit', () => {
    store.set('proposal', proposal());
    store.setStage({ scene: 'board', focus: 'p1' });
    store.set('funnel', whole({ main: { used: 7, limit: null }, per_hall: { main: 5, reserve: null, next_level: null } }));
    render(Board, props());
    expect(text()).toContain('Kuota terpilih, Aren Jaya 0 dari 5');
    cleanup();
    store.set('funnel', whole({ main: { used: 7, limit: null } }));
    render(Board, props());
    expect(document.querySelector('.smeter')).toBeNull();
    expect(document.querySelector('.sboard')?.getAttribute('data-alone')).toBe('true');
  });
});

it('keeps presence in step with the site log', () => {
  store.presence = { pejuang: presence({ connected: false, link: 'cut' }) };
  expect(tiles(halls(1), store.presence, undefined, [site('pejuang')])[0]?.state).toBe('cut');
});

describe('the interpreter', () => {
  const signing = { scene: 'wall' as const, spotlight: null, focus: null, ballot: null, interpreter: 'aren-jaya' };

  it('is asked for before all else in every scene, and has no tile where nobody else sits', () => {
    const list = halls(3).map((hall) => ({ ...hall, seat_count: hall.id === 'aren-jaya' ? 0 : 20 }));
    for (const scene of ['wall', 'stage', 'slides', 'board', 'ballot', 'result', 'agenda', 'join'] as const)
      expect(wish(scene, list, signing, undefined, true).halls[0]).toBe('aren-jaya');
    expect(wish('wall', list, signing, undefined, true).halls).toEqual(['aren-jaya', 'pejuang', 'bintara-jaya']);
    expect(onWall(list, signing).map((hall) => hall.id)).toEqual(['pejuang', 'bintara-jaya']);
    expect(onWall(halls(3), signing)).toHaveLength(3);
  });

  it('says why there is no picture', () => {
    store.presence = { 'aren-jaya': presence({ connected: false, link: 'cut' }) };
    render(Signer, { ...props(), hall: 'aren-jaya' });
    expect(screen.getByRole('complementary', { name: 'Juru bahasa isyarat' }).textContent).toContain('terputus');
  });
});

describe('a moving picture', () => {
  const made = (id: string) => ({ id }) as unknown as MediaStream;
  const videos = (): string[] => [...document.querySelectorAll('video')].map((video) => `${(video.srcObject as MediaStream | null)?.id} ${video.dataset['hall'] ?? '-'}`);

  it('stays until the next has its first frame, also when that next is replaced before it came', async () => {
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
    Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { configurable: true, writable: true, value: null });
    const { rerender } = render(Live, { source: made('a'), look: 'tile__video', hall: 'pejuang' });
    await rerender({ source: null });
    expect(videos()).toEqual(['a pejuang']);
    await rerender({ source: made('b') });
    await rerender({ source: made('c') });
    expect(videos()).toEqual(['a pejuang', 'c -']);
    document.querySelectorAll('video')[1]?.dispatchEvent(new Event('loadeddata'));
    await tick();
    expect(videos()).toEqual(['c pejuang']);
  });
});

describe('the agenda', () => {
  const item = (n: number, fields: Partial<Kinds['agenda']> = {}) => ({
    id: `a${n}`, title: `Acara ${n}`, kind: 'lain', order: n, minutes: 30, state: 'todo' as const, started_at: null, ended_at: null, speaker: '', hall: null, since: null, spent_ms: 0, ...fields,
  }); // prettier-ignore
  const running = [1, 2, 3].map((n) => item(n, { state: 'done', started_at: NOW - 3_600_000, ended_at: NOW - 3_000_000 + n }));
  const many = [...running, item(4, { state: 'now', started_at: NOW - 600_000, since: NOW - 600_000 }), ...[5, 6, 7, 8, 9].map((n) => item(n))];

  it('shows what is now with two before it, and when the others are expected', () => {
    const part = around(many, NOW - 7_200_000, NOW, 6);
    expect(part.lines.map(({ item: { id } }) => id)).toEqual(['a2', 'a3', 'a4', 'a5', 'a6', 'a7']);
    expect([part.before, part.after]).toEqual([1, 2]);
    expect(part.lines[3]?.at).toBe(NOW + 1_200_000);
    expect(part.lines[4]?.at).toBe(NOW + 3_000_000);
  });

  it('promises no hour before the session is opened, and never leaves a hole at its end', () => {
    expect(around([1, 2].map((n) => item(n)), null, NOW, 6)).toMatchObject({ before: 0, after: 0, lines: [{ at: null }, { at: null }] });
    const over = many.map((one) => ({ ...one, state: 'done' as const, ended_at: one.order }));
    expect(around(over, NOW, NOW, 6)).toMatchObject({ before: 3, after: 0 });
  });

  it('is read with its times, and says how far over time it is', () => {
    store.set('agenda', ...many.map((one) => (one.state === 'now' ? { ...one, since: NOW - 2_400_000 } : one)));
    render(Agenda, { store: store as unknown as Store });
    expect(text()).toContain('30 menit, lewat 10');
    expect(text()).toContain('1 acara sudah selesai');
    expect(text()).toContain('dan 3 acara lagi');
    cleanup();
    store.set('agenda');
    render(Agenda, { store: store as unknown as Store });
    expect(text()).toContain('Susunan acara belum ada');
  });
});

describe('the way in', () => {
  it('is a code, its address in words, and that voters use their own card', () => {
    render(Join, { store: store as unknown as Store, origin: 'https://sidang.bekasi.go.id' });
    expect(screen.getByRole('img', { name: 'Kode QR ke halaman sidang' })).toBeTruthy();
    expect(text()).toContain('sidang.bekasi.go.id/public/bekasi-2018');
    expect(text()).toContain('kartu Anda sendiri');
    cleanup();
    render(Join, { store: store as unknown as Store, origin: 'http://127.0.0.1:8080' });
    expect(text()).toContain('hanya terbuka di komputer ini');
  });
});

describe('the foot', () => {
  it('keeps the clock of the vote while the line is cut', () => {
    store.status = 'reconnecting';
    render(Foot, { ...props(), scene: 'ballot', ballot: ballot() });
    expect(screen.getByRole('timer').textContent).toBe('02:08');
    expect(screen.getByRole('status').textContent).toContain('Layar menyambung kembali');
  });

  it('counts the speaker down where no large clock does', () => {
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya', since: NOW - 60_000, until: NOW + 156_000 }));
    const { rerender } = render(Foot, { ...props(), scene: 'wall', ballot: undefined });
    expect(screen.getByRole('timer').textContent).toContain('02:36');
    void rerender({ scene: 'stage' });
    return tick().then(() => expect(screen.queryByRole('timer')).toBeNull());
  });
});
