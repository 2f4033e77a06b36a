import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { NOW, running } from '../testing/fake.svelte';
import { browser, dialog, key, noDialog, open, press } from '../testing/page';
import { inOrder, leftOf, rule, spokenOf } from './floor';

browser();

describe('the floor in figures', () => {
  it('serves the fair order while it is in force, and the queue otherwise', () => {
    const floor = running().floor!;
    expect(inOrder(floor).map((one) => one.request)).toEqual(['r1', 'r2', 'r3']);
    expect(inOrder({ ...floor, order: ['r3', 'r1', 'r2'] }).map((one) => one.request)).toEqual(['r3', 'r1', 'r2']);
    expect(inOrder(undefined)).toEqual([]);
  });

  it('a clock that stands keeps what was left; pauses are no time spoken', () => {
    const holder = { ...running().floor!.holder!, paused: 'chair' as const, until: null, remaining: 84_000, running_since: null, spoken_ms: 36_000 };
    expect([leftOf(holder, NOW), leftOf(holder, NOW + 60_000)]).toEqual([84_000, 84_000]);
    expect(spokenOf(holder, NOW + 60_000)).toBe(36_000);
    expect(spokenOf({ ...holder, running_since: NOW - 4_000 }, NOW)).toBe(40_000);
  });

  it('a number of the rules is known once they are here', () => {
    const store = running();
    expect(rule(store, 'floor', 'minutes')).toBeUndefined();
    store.put('rules', { id: 'rules', preset: '', floor: { minutes: 3 } });
    expect(rule(store, 'floor', 'minutes')).toBe(3);
  });
});

describe('the queue', () => {
  it('names the kind of a request and the side that is due', async () => {
    const store = running();
    const [first, second, third] = store.floor!.queue;
    store.change('floor', 'floor', { due: 'against', queue: [{ ...first!, kind: 'point_of_order' }, { ...second!, kind: 'for' }, { ...third!, kind: 'ordinary' }] });
    open(store);
    expect(document.querySelector('[data-request=r1]')?.textContent).toContain('Interupsi');
    expect(document.querySelector('[data-request=r2]')?.textContent).toContain('Mendukung');
    expect(document.querySelector('[data-request=r3]')?.textContent).not.toMatch(/Interupsi|Mendukung|Menolak|Menanggapi/);
    expect(screen.getByText('Giliran yang menolak')).toBeTruthy();
  });

  it('gives the floor for as long as the rules say, until something else is chosen', async () => {
    const store = running();
    store.put('rules', { id: 'rules', preset: '', floor: { minutes: 4 } });
    open(store);
    await key('g');
    expect(store.sent).toEqual([{ name: 'floor.grant', data: { request: 'r1', minutes: 4 } }]);
  });

  it('whoever is not next gets the floor only with a reason, after saying who would be next', async () => {
    const store = running();
    store.reply({ ok: false, code: 'reason_required', data: { expected: 'r1' } });
    open(store);
    await press('Beri: Pejuang · Ketua RW 14');
    await waitFor(() => expect(within(dialog()).getByText('Kaliabang Tengah · Ketua RW 07')).toBeTruthy());
    expect(within(dialog()).getByText('Pejuang · Ketua RW 14')).toBeTruthy();
    await press('Beri giliran', dialog());
    expect(store.sent).toHaveLength(1); // no reason, no second command
    await fireEvent.input(within(dialog()).getByLabelText('Alasan'), { target: { value: ' Difabel didahulukan ' } });
    await press('Beri giliran', dialog());
    await waitFor(() => noDialog());
    expect(store.sent[1]).toEqual({ name: 'floor.grant', data: { request: 'r3', minutes: 5, reason: 'Difabel didahulukan' } });
  });

  it('a first whose hall is cut off is the reason already', async () => {
    const store = running();
    store.change('floor', 'floor', { queue: store.floor!.queue.slice(1) });
    store.reply({ ok: false, code: 'reason_required', data: { expected: 'r2' } });
    open(store);
    await key('g');
    await waitFor(() => expect(within(dialog()).getByLabelText<HTMLTextAreaElement>('Alasan').value).toBe('Aula Bojong Menteng sedang terputus'));
  });

  it('moves a request one place ahead, unless the fair order rules', async () => {
    const store = running();
    open(store);
    await press('Majukan Pejuang · Ketua RW 14 satu urutan');
    expect(store.sent).toEqual([{ name: 'floor.reorder', data: { request: 'r3', before: 'r2' } }]);
    store.change('floor', 'floor', { order: ['r3', 'r2', 'r1'] });
    await waitFor(() => expect(screen.queryByRole('button', { name: /Majukan/ })).toBeNull());
    expect(screen.getByText(/Urutan adil/)).toBeTruthy();
  });
});

describe('the clock of the turn', () => {
  it('P pauses and resumes it, and the card says why it stands', async () => {
    const store = running();
    open(store);
    await key('p');
    await waitFor(() => expect(store.sent).toEqual([{ name: 'floor.pause', data: {} }]));
    const holder = store.floor!.holder!;
    store.change('floor', 'floor', { holder: { ...holder, until: null, remaining: 84_000, paused: 'chair', spoken_ms: 36_000, running_since: null } });
    await waitFor(() => expect(screen.getByText('Waktu dijeda moderator')).toBeTruthy());
    expect(screen.getByText('01:24')).toBeTruthy();
    await key('p');
    await waitFor(() => expect(store.sent.at(-1)).toEqual({ name: 'floor.resume', data: {} }));
    store.change('floor', 'floor', { holder: { ...holder, until: null, remaining: 84_000, paused: 'outage' } });
    await waitFor(() => expect(screen.getByText('Waktu berhenti: aulanya terputus')).toBeTruthy());
  });

  it('warns from when the rules say', async () => {
    const store = running();
    store.change('floor', 'floor', { warn_s: 30 });
    open(store);
    expect(screen.queryByText(/Sisa kurang/)).toBeNull();
    store.clock = NOW + 60_000;
    await waitFor(() => expect(screen.getByText('Sisa kurang dari 30 detik')).toBeTruthy());
  });
});

describe('who was heard', () => {
  it('is a table, least heard first, with the running turn counted and the silent halls named', async () => {
    const store = running();
    store.put('equity', { id: 'hall:aren-jaya', times: 1, spoken_ms: 60_000, waiting: 0 }, { id: 'hall:pejuang', times: 1, spoken_ms: 90_000, waiting: 1 }, { id: 'group:WOMEN', times: 0, spoken_ms: 0, waiting: 1 }, { id: 'group:', times: 2, spoken_ms: 150_000, waiting: 1 });
    open(store);
    await press('Pemerataan bicara');
    const rows = within(within(dialog()).getByRole('table', { name: 'Per aula' })).getAllByRole('row').map((row) => row.textContent?.replace(/\s+/g, ' '));
    expect(rows[1]).toMatch(/Pejuang101:301/);
    expect(rows[2]).toMatch(/Aren Jaya bicara104:360/); // 60 s before, 216 s now
    expect(within(dialog()).getByRole('rowheader', { name: 'Perempuan' })).toBeTruthy();
    expect(within(dialog()).getByText(/10 aula belum pernah bicara/)).toBeTruthy();
  });

  it('says so when nobody spoke', async () => {
    open(running());
    await press('Pemerataan bicara');
    expect(within(dialog()).getByText('Belum ada giliran bicara')).toBeTruthy();
  });
});

describe('fairness in the queue', () => {
  it('says what the hall of each request was heard for, against the mean of all halls', async () => {
    const store = running();
    store.change('floor', 'floor', { holder: null });
    store.put('equity', { id: 'hall:pejuang', times: 2, spoken_ms: 600_000, waiting: 1 }, { id: 'hall:aren-jaya', times: 1, spoken_ms: 120_000, waiting: 0 });
    store.put('equity', { id: 'group:WOMEN', times: 1, spoken_ms: 120_000, waiting: 0 });
    open(store);
    expect(screen.getByText('Garis tegak: rata-rata 01:00 per aula.')).toBeTruthy();
    const [first, , third] = document.querySelectorAll<HTMLElement>('.queue__item');
    expect(within(first!).getByText('sudah 00:00')).toBeTruthy();
    expect(within(third!).getByText('sudah 10:00')).toBeTruthy();
    expect(screen.getByText('3 giliran selesai: perempuan 1, difabel 0, anak 0.')).toBeTruthy();
  });
});

describe('the panel', () => {
  it('is set as a whole of halls and seats, each once', async () => {
    const store = running();
    open(store);
    await press('Panel');
    const choose = (label: string, value: string) => fireEvent.change(within(dialog()).getByLabelText(label, { selector: 'select' }), { target: { value } });
    await press('Tetapkan panel', dialog());
    expect(store.sent).toEqual([]);
    await choose('Tempat 1', 'pejuang');
    await choose('Tempat 2', 'pejuang');
    expect(within(dialog()).getByText('Ada yang dipilih dua kali.')).toBeTruthy();
    await choose('Tempat 2', 'aren-jaya');
    await choose('Siapa di tempat 2', 's2');
    await press('Tetapkan panel', dialog());
    await waitFor(() => expect(store.sent).toEqual([{ name: 'panel.set', data: { members: [{ hall: 'pejuang' }, { seat: 's2' }] } }]));
    await waitFor(() => noDialog());
  });

  it('that sits is shown and can be ended; a refusal stays in view', async () => {
    const store = running();
    store.change('floor', 'floor', { panel: [{ hall: 'jatiasih', seat: null, label: 'Jatiasih' }] });
    store.reply({ ok: false, code: 'no_panel', data: {} });
    open(store);
    await press('Panel (1)');
    expect(within(dialog()).getByLabelText<HTMLSelectElement>('Tempat 1', { selector: 'select' }).value).toBe('jatiasih');
    await press('Akhiri panel', dialog());
    expect((await within(dialog()).findByRole('alert')).textContent).toMatch(/Tidak ada panel/);
  });
});
