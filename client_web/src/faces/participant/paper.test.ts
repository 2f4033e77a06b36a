import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs } from '../../components/testing/page';
import { ballot, scene, type Scene } from '../../testing/plenum';
import type { BallotFields, BallotRule, Method } from '../../wire/protocol';
import Face from './Face.svelte';
import { choicesOf, filledFrom, fitting, marksOf, paperOf, picked } from './paper';
import { fetchRest } from './rest.svelte';

const RULE: BallotRule = {
  method: 'approval', scale_least: 0, scale_most: 0, variant: '', points: 0, budget: null, majority: 'simple', base: 'cast', places: 1, tie: 'forum',
  weights: 'none', rounds: 1, revote: false, quorum: false, delegations: 0, witness_confirms: false, electorate: 'all',
}; // prettier-ignore
const rule = (fields: Partial<BallotRule>): Record<string, unknown> => ({ rule: { ...RULE, ...fields } });
const options = (n: number, cost?: number) => Array.from({ length: n }, (_, i) => ({ id: `o${i + 1}`, label: `Usulan ${i + 1}`, detail: 'Pejuang', ...(cost ? { cost } : {}) }));
const fields = (method: Method, more: Partial<BallotRule> = {}): BallotFields =>
  ({ ...ballot('b1').fields, options: options(3, 40), choose_max: 3, ...rule({ method, ...more }) }) as unknown as BallotFields;

let current: Scene | null = null;
async function open(changes: Record<string, unknown>, options: Parameters<typeof scene>[2] = {}): Promise<Scene> {
  current = await scene('participant', [ballot('b1', changes)], options);
  render(Face, { plenary: current.plenary });
  await current.tick();
  return current;
}
const press = (name: string | RegExp): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));
const sent = (): unknown => current?.server.of('vote').at(-1)?.payload;
async function cast(): Promise<void> {
  await press('Kirim suara');
  await current?.tick();
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

describe('the form of a vote', () => {
  it('keeps options in the ballot’s order, values with what was given, and a ranking as made', () => {
    expect(choicesOf(fields('approval'), { chosen: ['o3', 'o1'], values: {} })).toEqual(['o1', 'o3']);
    expect(choicesOf(fields('score'), { chosen: [], values: { o3: 5, o2: 0, o1: 1 } })).toEqual(['o1:1', 'o3:5']);
    expect(choicesOf(fields('borda'), { chosen: ['o3', 'o1'], values: {} })).toEqual(['o3', 'o1']);
  });

  it('is read back from a vote on record', () => {
    for (const [method, choices] of [['points', ['o1:7', 'o3:2']], ['schulze', ['o2', 'o1']], ['knapsack', ['o1', 'o2']]] as const) {
      const paper = fields(method);
      expect(choicesOf(paper, filledFrom(paper, choices))).toEqual(choices);
    }
    expect(picked(fields('points'), ['o3:2', 'gone:1']).map((one) => [one.option.id, one.value])).toEqual([['o3', '2']]);
  });

  it('never gives more points than are left, nor marks off the scale', () => {
    const points = fields('points', { points: 10 });
    expect(fitting(points, { o1: 7 }, 'o2', 9)).toBe(3);
    expect(fitting(points, { o1: 7 }, 'o1', 12)).toBe(10);
    expect(fitting(points, {}, 'o1', -4)).toBe(0);
    expect(fitting(points, {}, 'o1', Number.NaN)).toBe(0);
    const marks = fields('score', { scale_least: 2, scale_most: 50 });
    expect(fitting(marks, {}, 'o1', 1)).toBe(0);
    expect(fitting(marks, {}, 'o1', 80)).toBe(50);
  });

  it('shows a short scale as marks and a long one as a number', () => {
    expect(marksOf(fields('score', { scale_most: 5 }))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(marksOf(fields('score', { scale_least: 3, scale_most: 5 }))).toEqual([0, 3, 4, 5]);
    expect(marksOf(fields('score', { scale_most: 10 }))).toBeNull();
    expect(paperOf(fields('equal_shares'))).toBe('choose');
  });
});

describe('a paper for every method', () => {
  it('yes, no or abstain: one of them, and no blank beside abstaining', async () => {
    const answers = [{ id: 'yes', label: 'Setuju' }, { id: 'no', label: 'Tidak setuju' }, { id: 'abstain', label: 'Abstain' }];
    await open({ options: answers, choose_max: 1, ...rule({ method: 'yes_no', majority: 'two_thirds', base: 'valid' }) });
    expect(screen.getByText(/Paling sedikit dua pertiga dari suara sah/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Suara kosong' })).toBeNull();
    await fireEvent.click(screen.getByRole('radio', { name: 'Tidak setuju' }));
    await press('Kirim 1 pilihan');
    await cast();
    expect(sent()).toMatchObject({ choices: ['no'] });
  });

  it('score: marks by radio, what is not marked is left out', async () => {
    await open({ options: options(3), choose_max: 3, ...rule({ method: 'score', scale_most: 5 }) });
    vi.useRealTimers();
    vi.useFakeTimers();
    await fireEvent.click(screen.getAllByRole('radio', { name: '4' })[2] as HTMLElement);
    await fireEvent.click(screen.getAllByRole('radio', { name: '2' })[0] as HTMLElement);
    expect(screen.getByText('2 dari 3 dinilai')).toBeTruthy();
    await press('Periksa dan kirim');
    expect(screen.getByText('nilai 4')).toBeTruthy();
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1:2', 'o3:4'] });
  });

  it('points: steps and typing, never beyond what is left', async () => {
    await open({ options: options(2), choose_max: 2, ...rule({ method: 'points', points: 5 }) });
    await press('Tambah satu untuk Usulan 1');
    expect(screen.getByText('Sisa 4 dari 5 poin')).toBeTruthy();
    const second = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Poin untuk Usulan 2' });
    await fireEvent.change(second, { target: { value: '9' } });
    expect(second.value).toBe('4');
    expect(screen.getByRole('button', { name: 'Tambah satu untuk Usulan 1' }).getAttribute('aria-disabled')).toBe('true');
    vi.useRealTimers();
    vi.useFakeTimers();
    await press('Periksa dan kirim');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1:1', 'o2:4'] });
  });

  it('ranking: tapped in order, moved by buttons, and the keyboard stays with what moved', async () => {
    const { tick } = await open({ options: options(3), choose_max: 3, ...rule({ method: 'schulze' }) });
    await press(/^Usulan 3/);
    await press(/^Usulan 1/);
    await press('Naikkan Usulan 1');
    await tick();
    expect((document.activeElement as HTMLElement).getAttribute('aria-label')).toBe('Naikkan Usulan 1');
    expect(screen.getByText('Usulan 1 sekarang nomor 1')).toBeTruthy();
    await press(/^Usulan 2/);
    await press('Keluarkan Usulan 2 dari urutan');
    vi.useRealTimers();
    vi.useFakeTimers();
    await press('Periksa urutan (2)');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1', 'o3'] });
  });

  it('budget: what costs more than is left cannot be taken', async () => {
    await open({ options: options(3, 40_000_000), choose_max: 3, ...rule({ method: 'knapsack', budget: 90_000_000 }) });
    await fireEvent.click(screen.getByRole('checkbox', { name: /Usulan 3/ }));
    await fireEvent.click(screen.getByRole('checkbox', { name: /Usulan 1/ }));
    expect(screen.getByText('Sisa Rp10.000.000 dari Rp90.000.000')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Usulan 2.*Melebihi sisa/ }).disabled).toBe(true);
    await press('Kirim 2 pilihan');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1', 'o3'] });
  });

  it('equal shares: no limit but one’s own will', async () => {
    await open({ options: options(3, 40_000_000), choose_max: 3, ...rule({ method: 'equal_shares', budget: 50_000_000 }) });
    for (const box of screen.getAllByRole('checkbox')) await fireEvent.click(box);
    await press('Kirim 3 pilihan');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1', 'o2', 'o3'] });
  });

  it('two hundred options are searched, and what was ticked stays ticked', async () => {
    await open({ options: options(200), choose_max: 3, ...rule({ method: 'approval' }) });
    await fireEvent.click(screen.getByRole('checkbox', { name: /^Usulan 7 / }));
    await fireEvent.input(screen.getByRole('searchbox', { name: 'Cari pilihan' }), { target: { value: 'usulan 19' } });
    expect(screen.getByText('11 dari 200 pilihan')).toBeTruthy();
    await fireEvent.click(screen.getByRole('checkbox', { name: /^Usulan 199/ }));
    await press('Kirim 2 pilihan');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o7', 'o199'] });
  });

  it('asks nobody where the halls vote', async () => {
    await open({ ...rule({ electorate: 'each_hall' }) });
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    expect(screen.getByText('Satu suara per aula')).toBeTruthy();
  });
});

describe('after the vote', () => {
  const receipt = { v: 1 as const, session: 's1', ballot: 'b1', tracker: null, seat: 'seat-1', choices: ['o1'], key_id: 'k', signature: 's', turn: 0 };

  it('an open vote that may be changed is taken up as it stands and sent as the next turn', async () => {
    const { server, tick, plenary } = await open({ secrecy: 'open', proof: null, ...rule({ revote: true }) }, { me: { voted: { b1: true }, receipts: { b1: receipt } } });
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    await press('Ubah suara');
    expect(screen.getByRole<HTMLInputElement>('checkbox', { name: /Perbaikan turap/ }).checked).toBe(true);
    await fireEvent.click(screen.getByRole('checkbox', { name: /Penerangan/ }));
    await press('Kirim 2 pilihan');
    await cast();
    expect(sent()).toMatchObject({ choices: ['o1', 'o3'], turn: 1 });
    server.of('vote')[0]?.reply({ ok: true, receipt: { ...receipt, choices: ['o1', 'o3'], turn: 1 } });
    await tick();
    expect(plenary.receipts['b1']?.turn).toBe(1);
    expect(screen.getByText('Penerangan jalan')).toBeTruthy();
    expect(screen.queryByRole('checkbox')).toBeNull();
  });

  it('a change that was refused leaves the earlier vote in sight', async () => {
    const { server, tick } = await open({ secrecy: 'open', proof: null, ...rule({ revote: true }) }, { me: { voted: { b1: true }, receipts: { b1: receipt } } });
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    await press('Ubah suara');
    await press('Kirim 1 pilihan');
    await cast();
    server.of('vote')[0]?.reply({ ok: false, code: 'wrong_channel', data: { channel: 'kiosk' } });
    await tick();
    expect(screen.getByRole('alert').textContent).toContain('Suara yang tercatat sebelumnya tetap berlaku');
    expect(screen.getByText('Perbaikan turap')).toBeTruthy();
  });

  it('a receipt without turns offers no change', async () => {
    await open({ secrecy: 'open', proof: null, ...rule({}) }, { me: { voted: { b1: true }, receipts: { b1: receipt } } });
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    expect(screen.queryByRole('button', { name: 'Ubah suara' })).toBeNull();
  });

  it('the witness of a hand-count confirms the version it saw', async () => {
    const hand = { hall: 'pejuang', operator: 'p9', witness: 'seat-1', confirmed: false, version: 2 };
    const { server } = await open({ secrecy: 'open', proof: null, hands: [hand], ...rule({ witness_confirms: true }) }, { me: { can_vote: false } });
    expect(screen.getByText(/baru masuk ke hasil setelah Anda membenarkannya/)).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Periksa hitungan' }).getAttribute('href')).toBe('#suara');
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    expect(screen.getByText(/layar operator aula Pejuang/)).toBeTruthy();
    expect(screen.getByText(/jangan ditekan: minta operator menghitung lagi/)).toBeTruthy();
    await press('Angkanya benar');
    expect(server.of('command')[0]?.payload).toMatchObject({ name: 'ballot.confirm_count', data: { ballot: 'b1', hall: 'pejuang', base: 2 } });
  });

  it('is not told that the count waits where the rules do not ask for it', async () => {
    const hand = { hall: 'pejuang', operator: 'p9', witness: 'seat-1', confirmed: false, version: 1 };
    await open({ secrecy: 'open', proof: null, hands: [hand], ...rule({}) }, { me: { can_vote: false } });
    expect(screen.queryByText(/baru masuk ke hasil/)).toBeNull();
  });

  it('a result says its rule, that the majority was missed, and what was spent', async () => {
    const result = { counts: [{ option: 'o1', votes: 5 }, { option: 'o2', votes: 4 }, { option: 'o3', votes: 0 }], cast: 9, blank: 0, electorate: 9, elected: [], tied: [], root: 'ab' };
    await open(
      { state: 'closed', closed_at: 2, ...rule({ majority: 'two_thirds' }), result: { ...result, invalid: 'no_majority', verdict: { majority: 'two_thirds', base: 'cast', size: '9', needed: '6', more_than: false, reached: [] } } },
      { me: { can_vote: false } },
    );
    await fireEvent.click(screen.getByRole('link', { name: /Suara/ }));
    expect(screen.getByText('Mayoritas tidak tercapai')).toBeTruthy();
    expect(screen.getByText('Perlu paling sedikit 6 dari 9 (suara yang masuk).')).toBeTruthy();
  });
});
