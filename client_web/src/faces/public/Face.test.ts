import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeHttp, identity } from '../../testing/fakes';
import { ballot, card, entity } from '../../testing/plenum';
import type { Change } from '../../wire/protocol';
import { checkCode, codeOf, trackersOf } from './check';
import Face from './Face.svelte';
import { sessionOfPath } from './session';

const tracker = '7774b8dfe2027fb860fcdeb8c8a7eed1';
const result = {
  counts: [
    { option: 'o1', votes: 3 },
    { option: 'o2', votes: 812 },
    { option: 'o3', votes: 3 },
  ],
  cast: 818,
  blank: 0,
  electorate: 1312,
  elected: ['o2'],
  tied: ['o1', 'o3'],
  root: 'ab'.repeat(32),
};
const changes = (phase: string, ...more: Change[]): Change[] => [
  entity('session', 's1', { title: 'Pleno Bekasi', kind: 'plenary', phase, place: 'Bekasi', date: '2018-01-23', tz: 'WIB', seat_count: 240, hall_count: 2 }),
  entity('hall', 'pejuang', { name: 'Pejuang', kecamatan: 'Medansatria', order: 1, seat_count: 20 }),
  card('p1'),
  card('p2', { status: 'PRIORITISED' }),
  ...more,
];
const snapshot = (upto: number, list: Change[]) => ({ body: { session: 's1', class: 'public', after: 0, upto, server_now: Date.now(), changes: list } });
const tick = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  sessionStorage.clear();
  history.replaceState(null, '', '/public/s1');
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe('public page', () => {
  it('follows a session by its path, without a card or a socket, and renews itself', async () => {
    let state = snapshot(1, changes('draft'));
    const calls = fakeHttp({ '/api/public/s1/snapshot': () => state });
    render(Face);
    await tick();
    expect(screen.getByRole('heading', { level: 1, name: 'Pleno Bekasi' })).toBeTruthy();
    expect(screen.getByText('Sidang belum dibuka')).toBeTruthy();
    expect(screen.getByText('Selasa, 23 Januari 2018 · Bekasi')).toBeTruthy();
    state = snapshot(2, changes('open'));
    await tick(6000);
    expect(screen.getByText('Sidang sedang berlangsung')).toBeTruthy();
    expect(calls.every((call) => call.init.headers === undefined)).toBe(true);
    vi.useRealTimers();
  });

  it('says that what it shows is old when the line is cut', async () => {
    let dead = false;
    fakeHttp({ '/api/public/s1/snapshot': () => (dead ? 'dead' : snapshot(1, changes('open'))) });
    render(Face);
    await tick();
    dead = true;
    await tick(6000);
    expect(screen.getByText(/Sambungan terputus/)).toBeTruthy();
    expect(screen.getByRole('heading', { level: 1, name: 'Pleno Bekasi' })).toBeTruthy();
  });

  it('shows results with equal places for equal votes, and the file to check them', async () => {
    fakeHttp({ '/api/public/s1/snapshot': snapshot(1, changes('closed', ballot('b1', { state: 'closed', result }))) });
    render(Face);
    await tick();
    const rows = within(screen.getByRole('article')).getAllByRole('listitem');
    expect(rows.map((row) => row.querySelector('.chart__n')?.textContent)).toEqual(['1', '2', '2']);
    expect(rows[0]?.textContent).toContain('Terpilih');
    expect(rows[2]?.textContent).toContain('Seri');
    expect(screen.getByText(/Keputusan kembali ke musyawarah/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Berkas hasil untuk diperiksa' }).getAttribute('href')).toBe('/api/sessions/s1/ballots/b1/transcript');
  });

  it('says the rule of a ranking, its places, and why it does not bind', async () => {
    const rule = { method: 'schulze', majority: 'simple', base: 'cast', places: 1, tie: 'forum', weights: 'none' };
    const ranked = { ...result, counts: result.counts.map((one) => ({ ...one, value: String(one.votes) })), elected: [], tied: [], levels: [['o2'], ['o3']], invalid: 'no_quorum' };
    fakeHttp({ '/api/public/s1/snapshot': snapshot(1, changes('closed', ballot('b1', { state: 'closed', rule, result: ranked }))) });
    render(Face);
    await tick();
    expect(screen.getByText('Urutkan, diadu satu per satu')).toBeTruthy();
    expect(screen.getByText(/kuorum tidak terpenuhi saat ditutup/)).toBeTruthy();
    const places = within(screen.getByRole('article')).getAllByRole('listitem').map((row) => row.querySelector('.chart__n')?.textContent);
    expect(places).toEqual(['1', '2', '–']);
  });

  it('tells whether a receipt was counted', async () => {
    fakeHttp({
      '/api/public/s1/snapshot': snapshot(1, changes('closed', ballot('b1', { state: 'closed', result }))),
      '/api/sessions/s1/ballots/b1/transcript': { body: { trackers: [tracker], choices: [['o2']] } },
    });
    render(Face);
    await tick();
    await fireEvent.input(screen.getByLabelText('Kode dari ponsel Anda'), { target: { value: '7774 B8DF E202' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Periksa' }));
    await tick();
    expect(screen.getByText('Kode ini ada di daftar suara “Tiga prioritas”. Suara itu ikut dihitung.')).toBeTruthy();
  });

  it('says of a receipt of a running ballot that its list is still to come, and where a code was mistyped', async () => {
    fakeHttp({ '/api/public/s1/snapshot': snapshot(1, changes('open', ballot('b1'))) });
    render(Face);
    await tick();
    const check = async (value: string): Promise<string> => {
      await fireEvent.input(screen.getByLabelText('Kode dari ponsel Anda'), { target: { value } });
      await fireEvent.click(screen.getByRole('button', { name: 'Periksa' }));
      await tick();
      return document.querySelector('form [role=status]')?.textContent ?? '';
    };
    expect(await check('7774 B8DF E202')).toContain('Pemungutan “Tiga prioritas” masih berjalan: daftar kodenya terbit setelah ditutup.');
    expect(await check('7774 B8DF E2O2')).toContain('mungkin angka 0 atau 1');
    expect(await check('7774')).toBe('Masukkan 12 sampai 32 angka dan huruf a sampai f.');
  });

  it('opens what became of each proposal of a kelurahan', async () => {
    fakeHttp({ '/api/public/s1/snapshot': snapshot(1, changes('open')) });
    render(Face);
    await tick();
    await fireEvent.click(screen.getByRole('button', { name: 'Pejuang' }));
    expect(screen.getByText('Usulan p2')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Pejuang' }).getAttribute('aria-expanded')).toBe('true');
  });

  it('asks which session when nothing says so, and says when there is no such', async () => {
    history.replaceState(null, '', '/public');
    render(Face);
    await tick();
    expect(screen.getByLabelText('Kode sidang')).toBeTruthy();
    cleanup();
    history.replaceState(null, '', '/public/lain');
    const calls = fakeHttp({ '/api/public/lain/snapshot': { status: 404, body: { code: 'unknown_session' } } });
    render(Face);
    await tick(20_000);
    expect(screen.getByRole('alert').textContent).toContain('Sidang tidak ditemukan');
    expect(calls).toHaveLength(1);
  });

  it('leads to the part of the page its link names, once that is drawn', async () => {
    const led: string[] = [];
    Element.prototype.scrollIntoView = function () {
      led.push(this.id);
    };
    history.replaceState(null, '', '/public/s1#periksa');
    fakeHttp({ '/api/public/s1/snapshot': snapshot(1, changes('open')) });
    render(Face);
    expect(led).toEqual([]);
    await tick(10_000);
    expect(led).toEqual(['periksa']);
  });

  it('takes the session from the card it was opened with', async () => {
    history.replaceState(null, '', `/public#${'T'.repeat(22)}`);
    fakeHttp({
      '/api/passes/exchange': { body: { credential: 'c', identity: { ...identity, role: 'public' }, server_now: 0 } },
      '/api/public/s1/snapshot': snapshot(1, changes('open')),
    });
    render(Face);
    await tick();
    expect(location.hash).toBe('');
    expect(screen.getByRole('heading', { level: 1, name: 'Pleno Bekasi' })).toBeTruthy();
  });
});

describe('receipt check', () => {
  it('reads a code however it was grouped', () => {
    expect(codeOf('7774 b8df-E202')).toBe('7774b8dfe202');
    expect(codeOf('7774')).toBeNull();
    expect(codeOf('7774 b8df e2o2 11')).toBeNull();
  });

  it('finds trackers alone or beside their choice, and none in an open ballot', () => {
    expect(trackersOf({ trackers: [tracker] })).toEqual([tracker]);
    expect(trackersOf({ votes: [{ tracker }] })).toEqual([tracker]);
    expect(trackersOf({ votes: [{}] })).toEqual([]);
  });

  it('does not say "not counted" when a list could not be fetched', async () => {
    expect(await checkCode(tracker, ['b1'], async () => null)).toBe('cut');
    expect(await checkCode(tracker, ['b1'], async () => ({ ok: true, body: { trackers: [] } }))).toEqual({ found: false });
    expect(await checkCode('7', ['b1'], async () => null)).toBe('short');
    expect(await checkCode(tracker, ['b0', 'b1'], async (id) => (id === 'b0' ? null : { ok: true, body: { trackers: [tracker] } }))).toEqual({ found: true, ballot: 'b1' });
  });
});

describe('path', () => {
  it('names the session after the face', () => {
    expect(sessionOfPath('/public/bekasi-2018')).toBe('bekasi-2018');
    expect(sessionOfPath('/public')).toBeNull();
    expect(sessionOfPath('/public/a%20b')).toBeNull();
  });
});
