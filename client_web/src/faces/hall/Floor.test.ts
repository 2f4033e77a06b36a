import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { NOW, session, speaker } from '../../media/testing/plenary.svelte';
import type { Entity, Holder } from '../../wire/protocol';
import { airState, ownRequest, type AirFacts } from './air';
import OnAir from './OnAir.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();

const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const site = (fields: Partial<Entity<'site'>>): Entity<'site'> => ({
  id: 'pejuang', came_at: NOW, lost_at: null, outages: 0, lost_ms: 0, blanked: false, muted: false, reason: '', ...fields,
}); // prettier-ignore
const roll = (fields: Partial<Entity<'rollcall'>> = {}): Entity<'rollcall'> => ({
  id: 'rc1', question: '', started_at: NOW, ended_at: null, absent: [], answers: [], ...fields,
}); // prettier-ignore

async function open(): Promise<void> {
  render(OnAir, world.onAir);
  await settle();
}

function holds(fields: Partial<Holder>): void {
  world.plenary.set('floor', { id: 'floor', holder: { ...speaker('pejuang', { since: NOW }), ...fields }, queue: [], warn_s: 30 });
}

describe('a closed session', () => {
  it('is said to be over, and nobody waits for a turn', async () => {
    world.plenary.set('session', session({ phase: 'closed' }));
    await open();
    expect(text()).toContain('Sidang sudah ditutup. Kamera dan mikrofon boleh dimatikan.');
    expect(text()).toContain('Terima kasih sudah bermusyawarah.');
    expect(text()).not.toMatch(/saat giliran aula Anda|Panggung menunggu/);
  });
});

describe('the roll-call', () => {
  it('asks plainly, answers for this hall, and shows the answer', async () => {
    world.plenary.set('rollcall', roll());
    await open();
    expect(text()).toContain('Apakah suara kami terdengar?');
    await fireEvent.click(button(/^Sebagian$/));
    expect(world.plenary.commands).toEqual([{ name: 'rollcall.answer', data: { hall: 'pejuang', heard: 'partly' } }]);
    world.plenary.set('rollcall', roll({ answers: [{ hall: 'pejuang', heard: 'partly', note: '', by: 'hall', at: NOW }] }));
    await settle();
    expect(text()).toContain('Jawaban aula: Sebagian');
    expect(button(/^Sebagian$/).getAttribute('aria-pressed')).toBe('true');
  });

  it('uses the moderator’s words, says what the moderator noted, and ends', async () => {
    world.plenary.set('rollcall', roll({ question: 'Suara Bekasi Timur?', answers: [{ hall: 'pejuang', heard: 'no', note: '', by: 'moderator', at: NOW }] }));
    await open();
    expect(text()).toContain('Suara Bekasi Timur?');
    expect(text()).toContain('Dicatat moderator: Tidak terdengar');
    world.plenary.set('rollcall', roll({ ended_at: NOW }));
    await settle();
    expect(screen.queryByRole('button', { name: /^Sebagian$/ })).toBeNull();
  });

  it('says why an answer was refused', async () => {
    world.plenary.set('rollcall', roll());
    await open();
    world.plenary.answer = { ok: false, code: 'no_rollcall', data: {} };
    await fireEvent.click(button(/^Ya, jelas$/));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('Tidak ada cek suara');
  });
});

describe('asking for the floor', () => {
  async function choose(name: RegExp): Promise<void> {
    const menu = button(/Permintaan bicara lain/);
    menu.focus();
    await fireEvent.keyDown(menu, { key: 'Enter' });
    if (!document.querySelector('[role=menu]')) await fireEvent.click(menu); // what a browser makes of Enter on a plain button
    const item = await screen.findByRole('menuitem', { name });
    item.focus();
    await fireEvent.keyDown(item, { key: 'Enter' });
    await settle(20);
  }

  it.each([
    [/Interupsi/, 'point_of_order'],
    [/Mendukung/, 'for'],
    [/Menolak/, 'against'],
    [/Menjawab/, 'answer'],
  ])('asks by the menu for %s', async (name, kind) => {
    await open();
    await fireEvent.input(screen.getByLabelText(/Pokok bicara/), { target: { value: 'lahan' } });
    await choose(name);
    expect(world.plenary.commands).toEqual([{ name: 'floor.request', data: { note: 'lahan', kind } }]);
  });

  it('the plain hand stays one press, without a kind', async () => {
    await open();
    await fireEvent.click(button(/^Angkat tangan$/));
    expect(world.plenary.commands).toEqual([{ name: 'floor.request', data: {} }]);
  });

  it('a point of order waits beside the hand, and is withdrawn by itself', async () => {
    world.plenary.setFloor(null, speaker('pejuang', { request: 'p1', kind: 'point_of_order' }));
    await open();
    expect(button(/^Angkat tangan$/)).toBeTruthy();
    expect(text()).toContain('Interupsi tata tertib');
    await fireEvent.click(button(/Tarik interupsi/));
    expect(world.plenary.commands).toEqual([{ name: 'floor.withdraw', data: { request: 'p1' } }]);
    expect(ownRequest({ holder: null, hall: 'pejuang', queue: [speaker('pejuang', { kind: 'point_of_order' })] })).toBeNull();
  });
});

describe('the clock', () => {
  it('warns before the end', async () => {
    holds({ until: NOW + 31_000 });
    await open();
    expect(text()).not.toContain('Waktu hampir habis');
    world.plenary.time = NOW + 2000;
    await settle();
    expect(text()).toContain('Waktu hampir habis');
  });

  it.each([
    ['chair', 'dijeda moderator'],
    ['outage', 'sambungan terputus'],
    ['recess', 'sidang diskors'],
  ] as const)('stands while paused (%s), with the reason and what is left', async (paused, words) => {
    holds({ paused, remaining: 84_000, until: null });
    await open();
    expect(text()).toContain(words);
    expect(screen.getAllByRole('timer')[0]?.textContent).toContain('01:24');
    expect(text()).not.toContain('Waktu hampir habis');
  });
});

describe('what the chair does to the hall', () => {
  const facts = (fields: Partial<AirFacts>): AirFacts => ({ linked: true, sending: 'live', holder: null, queue: [], spotlight: null, hall: 'pejuang', ...fields });

  it('blanked and muted outrank being on air, a cut outranks both', () => {
    const blanked = { blanked: true, muted: true, reason: 'x' };
    expect(airState(facts({ holder: speaker('pejuang'), site: blanked }))).toBe('blanked');
    expect(airState(facts({ holder: speaker('pejuang'), site: { ...blanked, blanked: false } }))).toBe('silenced');
    expect(airState(facts({ linked: false, site: blanked }))).toBe('cut');
  });

  it('the panel is on air, unless the spotlight is elsewhere', () => {
    expect(airState(facts({ panel: true }))).toBe('on');
    expect(airState(facts({ panel: true, spotlight: 'aren-jaya' }))).toBe('off');
  });

  it('shows the reason for being switched off', async () => {
    world.plenary.set('site', site({ blanked: true, reason: 'Ada siaran lain di ruangan' }));
    await open();
    expect(text()).toContain('DIMATIKAN MODERATOR');
    expect(text()).toContain('Ada siaran lain di ruangan');
  });

  it('says when the hall was muted', async () => {
    world.plenary.set('site', site({ muted: true }));
    await open();
    expect(text()).toContain('SUARA DIMATIKAN MODERATOR');
  });
});
