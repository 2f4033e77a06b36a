import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ballot } from '../../media/testing/plenary.svelte';
import { keepKind, pageKind, remember } from './page';
import { Scan } from './scan.svelte';
import Tablet from './Tablet.svelte';
import { seat, settle, text, world, worlds } from './testing/hall';

worlds();
beforeEach(() => sessionStorage.clear());
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });

describe('what a device is to its hall', () => {
  it('is known at a laptop, asked on a tablet, and told by the address', () => {
    expect([pageKind('', false), pageKind('', true)]).toEqual(['main', null]);
    expect([pageKind('?kios', false), pageKind('?auto', true)]).toEqual(['kiosk', 'main']);
  });

  it('stays what it was through a reload', () => {
    remember();
    expect(pageKind('', true)).toBe('main');
    keepKind('kiosk');
    expect(pageKind('', false)).toBe('kiosk');
  });
});

describe('before there is a hall', () => {
  async function shown(): Promise<string> {
    render(Tablet, { store: world.store, room: world.room, booth: world.booth, onmain: () => undefined });
    await settle();
    return text();
  }

  it.each([
    ['no_pass', 'Buka tautan kartu aula dari sekretariat'],
    ['pass_unknown', 'minta kartu aula yang baru kepada sekretariat'],
    ['pass_revoked', 'minta kartu aula yang baru kepada sekretariat'],
  ])('refused %s sends the operator to the secretariat, not to the operator', async (code, words) => {
    world.plenary.status = 'refused';
    world.plenary.refusal = { code, data: {} };
    const said = await shown();
    expect(said).toContain(words);
    expect(said).not.toContain('operator aula');
  });

  it('a delegate’s card opens no hall', async () => {
    world.plenary.identity = { ...world.plenary.identity!, role: 'delegate', seat: 's1' };
    expect(await shown()).toContain('Kartu ini bukan kartu aula');
  });
});

describe('a tablet beside the laptop', () => {
  const onmain = vi.fn();
  async function open(): Promise<void> {
    const { store, room, booth } = world;
    render(Tablet, { store, room, booth, onmain });
    await settle();
  }

  it('becomes a kiosk, asks the server for no media, and comes back by the staff code', async () => {
    world.plenary.set('seat', seat('s2'));
    world.plenary.set('channel', { id: 's2', channel: 'kiosk' });
    world.plenary.set('ballot', ballot({ channels: { kiosk: 1 } }));
    const [shown, sent] = [vi.spyOn(world.room, 'show'), vi.spyOn(world.room, 'publish')];
    await open();
    expect(text()).toContain('Pemungutan suara dibuka');
    await fireEvent.click(button(/^Buka kios$/));
    await fireEvent.input(screen.getByLabelText(/Kode petugas/), { target: { value: '2468' } });
    await fireEvent.click(screen.getAllByRole('button', { name: 'Buka kios' }).at(-1)!);
    await settle();
    expect(text()).toContain('Tunjukkan kartu QR');
    await fireEvent.click(button(/^Petugas$/));
    await fireEvent.input(screen.getByLabelText(/Kode petugas/), { target: { value: '2468' } });
    await fireEvent.click(button(/^Tutup kios$/));
    await settle();
    expect(text()).not.toContain('Tunjukkan kartu QR');
    expect([shown.mock.calls, sent.mock.calls]).toEqual([[], []]);
  });

  it('takes the place of the laptop only after a warning', async () => {
    await open();
    await fireEvent.click(button(/Jadikan layar utama/));
    expect(text()).toContain('Laptop aula berhenti mengirim');
    expect(onmain).not.toHaveBeenCalled();
    await fireEvent.click(button(/Pindahkan ke sini/));
    expect(onmain).toHaveBeenCalledOnce();
  });

  it('opens a camera of its own for cards, on the side that was asked for, and lets it go', async () => {
    const stop = vi.fn();
    const own = { getTracks: () => [{ stop }] };
    const asked: unknown[] = [];
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: async (wish: unknown) => (asked.push(wish), own) } });
    const scan = new Scan({ booth: world.booth, publisher: world.room.publisher, oncard: () => undefined, facing: 'environment' });
    await scan.open();
    expect([scan.stream, asked]).toEqual([own, [{ video: { facingMode: 'environment' }, audio: false }]]);
    scan.close();
    expect(stop).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });
});
