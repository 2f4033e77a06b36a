import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { ballot } from '../../media/testing/plenary.svelte';
import { me } from '../../testing/fakes';
import type { Entity, Receipt } from '../../wire/protocol';
import OnAir from './OnAir.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const rule = (fields: Record<string, unknown> = {}) => ({ electorate: 'each_hall', method: 'single', revote: false, ...fields }) as unknown as Entity<'ballot'>['rule'];
const asked = (fields: Partial<Entity<'ballot'>> = {}): void => {
  world.plenary.set('ballot', ballot({ rule: rule(), choose_max: 1, secrecy: 'open', electorate: 12, ...fields }));
  world.plenary.setStage({ scene: fields.state === 'closed' ? 'result' : 'ballot', ballot: 'b1' });
};
const own = (inside: boolean, voted = {}): void =>
  void (world.plenary.me = me({ role: 'hall', seat: null, can_vote: false, voted, ballots: { b1: { in: inside, channel: 'phone' } } }));
const receipt = (fields: Partial<Receipt> = {}): Receipt => ({ v: 1, session: 's', ballot: 'b1', tracker: null, seat: 'hall:pejuang', choices: ['o1'], key_id: 'k', signature: 's', ...fields });
async function open(): Promise<void> {
  render(OnAir, world.onAir);
  await settle();
}
async function fill(): Promise<void> {
  await fireEvent.click(button(/^Isi surat suara aula$/));
  await settle();
}
async function send(): Promise<void> {
  await fireEvent.click(button(/^Lanjut$/));
  await settle();
  await fireEvent.click(button(/^Kirim suara$/));
  await settle();
}

beforeEach(() => own(true));

describe('the one vote of a hall', () => {
  it('is filled in, looked over, sent once, and shown with its receipt', async () => {
    asked();
    await open();
    expect(text()).toContain('Aula ini punya satu suara');
    await fill();
    await fireEvent.click(screen.getByLabelText(/turap/));
    await fireEvent.click(button(/^Lanjut$/));
    await settle();
    expect(text()).toContain('Terbuka: pilihan tampil dengan nama aula ini. Setelah dikirim tidak bisa diganti.');
    await fireEvent.click(button(/^Kirim suara$/));
    await settle();
    expect(world.plenary.votes).toEqual([{ ballot: 'b1', choices: ['o1'] }]);
    world.plenary.waiting = [{ event: 'vote', payload: { ballot: 'b1' }, tries: 1 }];
    await settle();
    expect(text()).toContain('Menyimpan suara aula');
    world.plenary.waiting = [];
    world.plenary.receipts = { b1: receipt() };
    await settle();
    expect(text()).toContain('Suara aula tersimpan');
    expect(screen.queryByRole('button', { name: /Ganti pilihan/ })).toBeNull();
    await fireEvent.click(button(/^Tanda terima$/));
    await settle();
    expect(text()).toContain('Pilihan aula');
  });

  it('has a paper of every kind', async () => {
    asked({ rule: rule({ method: 'points', points: 10 }), choose_max: 5 });
    await open();
    await fill();
    expect(text()).toContain('Sisa 10 dari 10 poin');
    asked({ id: 'b1', rule: rule({ method: 'borda' }), choose_max: 5 });
    await settle();
    await fireEvent.click(screen.getAllByRole('button', { name: /cermin/ })[0]!);
    await fireEvent.click(screen.getAllByRole('button', { name: /turap/ })[0]!);
    await send();
    expect(world.plenary.votes).toEqual([{ ballot: 'b1', choices: ['o2', 'o1'] }]);
  });

  it('starts from the vote on record where it may be changed', async () => {
    asked({ rule: rule({ revote: true }) });
    world.plenary.receipts = { b1: receipt() };
    await open();
    await fireEvent.click(button(/^Ganti pilihan$/));
    await settle();
    expect((screen.getByLabelText(/turap/) as HTMLInputElement).checked).toBe(true);
  });

  const refused = (code: string): void => void (world.plenary.refusedActs = [{ key: 'k1', event: 'vote', name: '', ballot: 'b1', code, data: {} }]);

  it.each([
    ['already_voted', /Aula ini sudah memberikan suara.*Suara yang pertama tetap dihitung.*moderator/s],
    ['ballot_closed', /sudah ditutup.*moderator/s],
    ['not_in_electorate', /daftar pemilih.*moderator/s],
  ])('refused %s is said, and no second try is offered that cannot help', async (code, words) => {
    asked();
    refused(code);
    await open();
    const said = screen.getByRole('alert').textContent ?? '';
    expect(said).toMatch(words);
    expect(said).not.toContain('operator aula'); // who reads it is that operator
    expect(screen.queryByRole('button', { name: /^Coba lagi$/ })).toBeNull();
    await fireEvent.click(button(/^Mengerti$/));
    await settle();
    expect(world.plenary.refusedActs).toEqual([]);
  });

  it('refused too_many_choices is said, and may be tried again while it is open', async () => {
    asked();
    refused('too_many_choices');
    await open();
    expect(screen.getByRole('alert').textContent).toMatch(/pilihan/i);
    await fireEvent.click(button(/^Coba lagi$/));
    await settle();
    expect(world.plenary.refusedActs).toEqual([]);
    expect(button(/^Kosongkan suara$/)).toBeTruthy();
  });

  it('waits through a cut, and says so', async () => {
    asked();
    world.plenary.status = 'reconnecting';
    world.plenary.waiting = [{ event: 'vote', payload: { ballot: 'b1' }, tries: 1 }];
    await open();
    expect(text()).toContain('Suara aula menunggu sambungan');
  });

  it('is taken back when the ballot closes under the pen, and what became of it is said', async () => {
    asked();
    await open();
    await fill();
    asked({ state: 'closed' });
    await settle();
    expect(document.querySelector('dialog[open] .hpaper')).toBeNull();
    expect(text()).toContain('Aula ini tidak memberikan suara.');
    world.plenary.receipts = { b1: receipt() };
    await settle();
    expect(text()).toContain('Suara aula ikut dihitung.');
  });

  it('is nobody’s here where this hall was not named, or voted on another device', async () => {
    own(false);
    asked();
    await open();
    expect(text()).toContain('Aula ini tidak ikut memilih');
    own(true, { b1: true });
    await settle();
    expect(text()).toContain('Aula ini sudah memberikan suara');
  });

  it('is not spoken of on other ballots', async () => {
    asked({ rule: rule({ electorate: 'all' }) });
    await open();
    expect(text()).not.toContain('Aula ini');
  });
});
