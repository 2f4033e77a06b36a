import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { memoryShelf } from '../../link/shelf';
import { Plenary } from '../../state/plenary.svelte';
import { FakeServer, fakeHttp, identity, synced } from '../../testing/fakes';
import Face from './Face.svelte';
import { fetchRest } from './rest.svelte';

const TOKEN = 'T'.repeat(24);
const EXCHANGE = '/api/passes/exchange';
type Reply = { status?: number; body: unknown };
const refused = (code: string, data: Record<string, unknown> = {}): Reply => ({ status: 409, body: { code, ...data } });
const entry: Reply = { body: { credential: 'c2', identity, server_now: 0 } };

let plenary: Plenary;
let answers: Reply[];
let calls: { path: string; init: RequestInit }[];

/** The page as it stands when the card's link was opened; each exchange gets the next answer. */
async function open(...replies: Reply[]): Promise<void> {
  answers = replies;
  history.replaceState(null, '', `/participant#${TOKEN}`);
  calls = fakeHttp({
    [EXCHANGE]: () => answers.shift() ?? entry,
    '/api/sessions/s1/snapshot': { body: { session: 's1', class: 'participant', after: 0, upto: 1, server_now: 0, changes: [] } },
  });
  const server = new FakeServer();
  server.auto = (event) => (event === 'sync' ? synced(1) : undefined);
  plenary = new Plenary('participant', { makeWire: server.makeWire, openShelf: async () => memoryShelf(), dice: () => 0.5 });
  plenary.start();
  render(Face, { plenary });
  await vi.waitFor(() => expect(plenary.status).toBe('refused'));
  await screen.findByRole('heading', { name: /operator aula/ });
}

const sent = (): { token: string; device: string; pin?: string }[] =>
  calls.filter((one) => one.path === EXCHANGE).map((one) => JSON.parse(String(one.init.body)) as { token: string; device: string; pin?: string });
const type = (text: string): Promise<boolean> => fireEvent.input(screen.getByLabelText('PIN kartu'), { target: { value: text } });
const press = (name: string): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));

beforeEach(async () => {
  await fetchRest();
  localStorage.clear();
  sessionStorage.clear();
  window.scrollTo = () => {};
});
afterEach(() => {
  plenary.close();
  cleanup();
});

describe('a card that another device holds', () => {
  it('says so, and comes in with its hidden PIN', async () => {
    await open(refused('pass_claimed', { pin: true }), refused('pin_wrong', { tries: 4 }));
    expect(screen.getByRole('alert').textContent).toContain('sudah dipakai di perangkat lain');
    expect(screen.getByLabelText('PIN kartu').getAttribute('inputmode')).toBe('numeric');
    await expectAccessible();
    await type('12 34');
    await press('Pindahkan ke ponsel ini');
    expect(screen.getByText('PIN terdiri dari enam angka.')).toBeTruthy();
    expect(sent()).toHaveLength(1);
    await type('123456');
    await press('Pindahkan ke ponsel ini');
    expect(await screen.findByText(/Sisa 4 kali mencoba/)).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('PIN kartu'));
    await expectAccessible();
    await type('654321');
    await press('Pindahkan ke ponsel ini');
    await vi.waitFor(() => expect(plenary.status).toBe('live'));
    expect(sent().map((one) => one.pin)).toEqual([undefined, '123456', '654321']);
    expect(new Set(sent().map((one) => `${one.token} ${one.device}`)).size).toBe(1);
    expect(plenary.refusal).toBeNull();
    expect(localStorage.getItem('pleno.credential.participant')).toContain('c2');
  });

  it('leaves the operator as the way once the PIN is spent', async () => {
    await open(refused('pass_claimed', { pin: true }), refused('pin_spent'), refused('pass_claimed', { pin: false }));
    await type('123456');
    await press('Pindahkan ke ponsel ini');
    await vi.waitFor(() => expect(screen.queryByLabelText('PIN kartu')).toBeNull());
    expect(screen.getByText(/Sudah lima kali salah/)).toBeTruthy();
    await press('Sudah dibantu operator');
    expect(await screen.findByText(/belum dibuka operator/)).toBeTruthy();
    await expectAccessible();
    await press('Sudah dibantu operator');
    await vi.waitFor(() => expect(plenary.status).toBe('live'));
  });

  it('asks for no PIN where the card has none, and keeps what was typed out of the way when nobody answers', async () => {
    await open(refused('pass_claimed', { pin: false }));
    expect(screen.queryByLabelText('PIN kartu')).toBeNull();
    await expectAccessible();
    globalThis.fetch = (async () => {
      throw new TypeError('network');
    }) as typeof fetch;
    await press('Sudah dibantu operator');
    await vi.waitFor(() => expect(screen.getAllByRole('alert')).toHaveLength(2));
    expect(plenary.status).toBe('refused');
  });

  it('gives way to what is final, such as a card that was withdrawn meanwhile', async () => {
    await open(refused('pass_claimed', { pin: true }), refused('pass_revoked'));
    await type('123456');
    await press('Pindahkan ke ponsel ini');
    expect(await screen.findByText('Kartu ini sudah dicabut')).toBeTruthy();
    expect(screen.queryByLabelText('PIN kartu')).toBeNull();
  });
});
