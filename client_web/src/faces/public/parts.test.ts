import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { fakeHttp } from '../../testing/fakes';
import { card, entity } from '../../testing/plenum';
import type { Change } from '../../wire/protocol';
import Face from './Face.svelte';

const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const tick = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function open(session: Record<string, unknown>, ...more: Change[]): Promise<void> {
  const changes = [
    entity('session', 's1', { title: 'Pleno Bekasi', kind: 'plenary', phase: 'open', place: 'Bekasi', date: '2018-01-23', tz: 'WIB', opened_at: 1, seat_count: 240, hall_count: 1, ...session }),
    entity('hall', 'pejuang', { name: 'Pejuang', kecamatan: 'Medansatria', order: 1, seat_count: 20 }),
    ...more,
  ];
  fakeHttp({ '/api/public/s1/snapshot': { body: { session: 's1', class: 'public', after: 0, upto: 1, server_now: Date.now(), changes } } });
  render(Face);
  await tick();
}

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

describe('the public page', () => {
  it('calls nothing running once the plenary is over', async () => {
    const stage = entity('stage', 'stage', { scene: 'board', focus: 'p1' });
    await open({ phase: 'closed' }, entity('crowd', 'crowd', { present: 180, invited: 240, guests: 0 }), card('p1'), stage);
    expect(screen.queryByRole('heading', { name: 'Sedang berjalan' })).toBeNull();
    expect(screen.getByRole('heading', { name: 'Kehadiran' })).toBeTruthy();
    expect(text()).toContain('180 dari 240 undangan');
    expect(text()).not.toContain('Usulan yang dibahas');
  });

  it.each([
    ['lobby', 'Sidang segera dimulai'],
    ['recess', 'Sidang diskors'],
    ['closed', 'Sidang sudah ditutup'],
    ['sealed', 'Sidang selesai dan disahkan'],
  ])('says where the session stands: %s', async (phase, words) => {
    await open({ phase, recess_reason: 'Salat Zuhur', recess_until: Date.UTC(2018, 0, 23, 5) });
    expect(text()).toContain(words);
    expect(text().includes('Salat Zuhur · Dilanjutkan pukul 12.00 WIB')).toBe(phase === 'recess');
  });

  it('tells who is here, the quorum, and the agenda with planned and real minutes', async () => {
    const item = (id: string, order: number, fields: Record<string, unknown>) =>
      entity('agenda', id, { title: `Acara ${id}`, kind: 'REPORT', order, minutes: 10, state: 'todo', started_at: null, ended_at: null, speaker: '', hall: null, since: null, spent_ms: 0, ...fields });
    await open(
      {},
      entity('crowd', 'crowd', { invited: 240, present: 170, guests: 12 }),
      entity('quorum', 'quorum', { state: 'reached', sitting: 1, figures: { present: 165, base: 240, needed: 160 }, declared_at: 1, until: null, date: '', reason: '' }),
      item('a1', 1, { state: 'done', spent_ms: 25 * 60_000, speaker: 'Lurah' }),
      item('a2', 2, {}),
    );
    expect(text()).toContain('170 dari 240 undangan, 12 tamu');
    expect(text()).toContain('165 hadir, perlu 160 dari 240');
    expect(text()).toMatch(/Lurah rencana 10 menit, nyata 25 menit/);
    expect(text()).toContain('rencana mulai');
    vi.useRealTimers();
    await expectAccessible();
  });

  it('shows the fate of a proposal across levels, with reasons', async () => {
    await open(
      {},
      card('p1', { status: 'NOT_ACCOMMODATED' }),
      card('p2', { status: 'MERGED', into: 'p1' }),
      entity('trail', 'p1', {
        group: null, decided_by: null, sent_to: 'kec',
        ancestors: [{ session: 'kel', proposal: 'x', level: 'KELURAHAN', year: 2019, status: 'PRIORITISED', carried: false }],
        fates: [{ session: 'kec', status: 'NOT_ACCOMMODATED', level: 'KECAMATAN', year: 2019, reason: 'Melebihi pagu', at: 1 }],
      }), // prettier-ignore
    );
    await fireEvent.click(screen.getByRole('button', { name: 'Pejuang' }));
    const steps = [...document.querySelectorAll('.steps li')].map((one) => one.textContent?.replace(/\s+/g, ' ').trim());
    expect(steps).toEqual(['Kelurahan 2019: Terpilih', 'Kecamatan 2019: Tidak diakomodir. Alasan: Melebihi pagu']);
    expect(text()).toContain('Digabung ke: Usulan p1');
    vi.useRealTimers();
    await expectAccessible();
  });

  it('says without a pass what was decided of each proposal and why', async () => {
    const told = { proposal: 'p1', status: 'NOT_AGREED', reason_code: 'LAND_DISPUTE', reason: 'batas RW 03', agency: '', decisions: [] };
    const changes = [
      entity('session', 's1', { title: 'Pleno Bekasi', kind: 'plenary', phase: 'closed', place: 'Bekasi', date: '2018-01-23', tz: 'WIB', opened_at: 1, seat_count: 1, hall_count: 1 }),
      entity('hall', 'pejuang', { name: 'Pejuang', kecamatan: '', order: 1, seat_count: 20 }),
      card('p1', { status: 'NOT_AGREED' }),
      card('p2', { status: 'PRIORITISED' }),
    ];
    const path = '/api/public/s1/outcomes?hall=pejuang';
    let answer: unknown = 'dead';
    const calls = fakeHttp({ '/api/public/s1/snapshot': { body: { session: 's1', class: 'public', after: 0, upto: 1, server_now: Date.now(), changes } }, [path]: () => answer as 'dead' });
    render(Face);
    await tick();
    const press = () => fireEvent.click(screen.getByRole('button', { name: 'Pejuang' }));
    await press();
    await tick();
    expect(text()).toContain('Alasan keputusan belum dapat dimuat.');
    answer = { body: { outcomes: [told] } };
    await press();
    await press();
    await tick();
    expect(text()).toContain('Alasan: Lahan sengketa: batas RW 03');
    expect(text().match(/Alasan:/g)).toHaveLength(1);
    expect(calls.filter((one) => one.path === path)).toHaveLength(2);
    vi.useRealTimers();
    await expectAccessible();
  });

  it('links the record once the session is closed, and says whether it is a draft', async () => {
    const record = (fields: Record<string, unknown>) => entity('record', 'record', { number: '050/12', confirmed: null, addenda: [], sealed_without: '', ...fields });
    const confirmed = { upto: 9, digest: 'ab', at: 1 };
    await open({}, record({}));
    expect(screen.queryByRole('link', { name: 'Unduh PDF' })).toBeNull();
    cleanup();
    await open({ phase: 'closed' }, record({}));
    expect(text()).toContain('Draf');
    expect(screen.getByRole('link', { name: 'Unduh PDF' }).getAttribute('href')).toBe('/api/sessions/s1/record.pdf?form=public');
    expect(screen.getByRole('link', { name: 'Baca di peramban' }).getAttribute('href')).toBe('/api/sessions/s1/record.html?form=public');
    cleanup();
    await open({ phase: 'sealed' }, record({ confirmed }));
    expect(screen.getByText('Final')).toBeTruthy();
    cleanup();
    await open({ phase: 'sealed' }, record({ confirmed, addenda: [{ number: 1, text: 'Nama jalan', reason: 'salah tulis', at: 1 }] }));
    expect(text()).toContain('Final dengan ralat');
    expect(text()).toContain('Ralat 1: Nama jalan salah tulis');
  });

  it('tells by which rules it was decided', async () => {
    await open(
      {},
      entity('rules', 'rules', {
        preset: '', attendance: { quorum_base: 'invited', quorum_share: { part: 2, of: 3 } }, voting: { majority: 'two_thirds', consensus_first: true },
        funnel: { main_per_hall: 3, main_per_session: null, ties_to_forum: true }, floor: { minutes: 3, order: 'fair' }, scoring: { own_area: 'off' },
      }), // prettier-ignore
    );
    expect(text()).toContain('Sidang sah bila 2/3 undangan hadir.');
    expect(text()).toContain('Mufakat diusahakan dulu');
    expect(text()).toContain('paling sedikit dua pertiga suara');
    expect(text()).toContain('Tiap kelurahan memilih paling banyak 3 usulan.');
    expect(text()).not.toContain('Sidang memilih paling banyak');
    expect(text()).not.toContain('Penilai tidak menilai');
    expect(text()).toContain('Tiap giliran bicara 3 menit.');
  });
});
