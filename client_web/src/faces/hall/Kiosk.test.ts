import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ballot } from '../../media/testing/plenary.svelte';
import type { Entity, Identity } from '../../wire/protocol';
import KioskScreen from './KioskScreen.svelte';
import OnAir from './OnAir.svelte';
import { seat, settle, text, world, worlds } from './testing/hall';

worlds();

const TOKEN = 'T'.repeat(43);
const CREDENTIAL = 'secret-credential-of-the-voter';
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const voter = (fields: Partial<Identity> = {}): { body: unknown } => ({
  body: { credential: CREDENTIAL, identity: { session: 's', role: 'delegate', seat: 's2', hall: 'pejuang', pass: 'p', expires_at: 1, ...fields }, server_now: 0 },
});

async function open(props: { idleMs?: number; thanksMs?: number; onclose?: () => void } = {}): Promise<void> {
  render(KioskScreen, { store: world.store, room: world.room, booth: world.booth, hall: 'pejuang', code: '2468', onclose: () => undefined, pauseMs: 1, ...props });
  await settle();
}

async function present(): Promise<void> {
  await fireEvent.input(screen.getByLabelText('Kode kartu'), { target: { value: TOKEN } });
  await fireEvent.click(button(/^Pakai$/));
  await settle();
}

async function vote(): Promise<void> {
  await fireEvent.click(screen.getByLabelText(/turap/));
  await fireEvent.click(button(/^Lanjut$/));
  await settle();
  await fireEvent.click(button(/^Kirim suara$/));
  await settle(20);
}

const asked = (fields: Partial<Entity<'ballot'>> = {}): void => world.plenary.set('ballot', ballot({ channels: { kiosk: 1 }, ...fields }));

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  world.plenary.set('seat', seat('s2'), seat('s1'), seat('s9', { hall: 'aren-jaya' }));
  world.plenary.set('channel', { id: 's2', channel: 'kiosk' }, { id: 's9', channel: 'kiosk' });
  world.replies = { '/kiosk': voter() };
  world.plenary.acks = [{ ok: true, receipt: { v: 1, ballot: 'b1', tracker: 'ab'.repeat(16) } }];
  asked();
});

describe('the kiosk', () => {
  it('takes a card, a vote, says thank you, and forgets', async () => {
    await open({ thanksMs: 150 });
    await present();
    expect(text()).toContain('Ketua s2');
    await fireEvent.click(screen.getByLabelText(/turap/));
    await fireEvent.click(button(/^Lanjut$/));
    await settle();
    expect(text()).toContain('Ini pilihan Anda?');
    await fireEvent.click(button(/^Kirim suara$/));
    await settle(20);
    const { event, payload } = world.plenary.requests[0]!;
    expect(event).toBe('vote');
    expect(payload).toMatchObject({ ballot: 'b1', choices: ['o1'], credential: CREDENTIAL });
    expect(payload['tracker']).toMatch(/^[0-9a-f]{32}$/);
    expect(payload['key']).toBe(payload['tracker']);
    expect(text()).toContain('Terima kasih');
    expect(text()).not.toContain('turap');
    expect(text()).not.toContain('ABAB'); // the code is shown to nobody who did not ask for it
    await vi.waitFor(() => expect(text()).toContain('Tunjukkan kartu QR'));
    expect(text()).not.toContain('Ketua s2');
    expect(JSON.stringify(localStorage) + JSON.stringify(sessionStorage)).not.toMatch(/secret-credential|o1|abab/);
  });

  it('tells whoever comes again before the paper is filled, for this ballot alone', async () => {
    await open({ thanksMs: 20 });
    await present();
    await vote();
    await vi.waitFor(() => expect(text()).toContain('Tunjukkan kartu QR'));
    await present();
    expect(text()).toContain('Suara Anda sudah tercatat');
    expect(screen.queryByLabelText(/turap/)).toBeNull();
    asked({ id: 'b2' });
    await settle();
    await present();
    expect(screen.getByLabelText(/turap/)).toBeTruthy();
  });

  it('says why no more can be chosen', async () => {
    asked({ choose_max: 2, options: ['o1', 'o2', 'o3'].map((id) => ({ id, label: `Pilihan ${id}`, detail: '' })) });
    await open();
    await present();
    for (const option of ['o1', 'o2']) await fireEvent.click(screen.getByLabelText(`Pilihan ${option}`));
    expect(text()).toContain('Sudah 2 pilihan. Lepas satu bila ingin mengganti.');
    await fireEvent.click(screen.getByLabelText('Pilihan o1'));
    expect(text()).not.toContain('Lepas satu');
  });

  it('the next voter finds an empty paper', async () => {
    await open();
    await present();
    await vote();
    await fireEvent.click(button(/^Selesai$/));
    await settle();
    world.plenary.set('channel', { id: 's1', channel: 'kiosk' });
    world.replies = { '/kiosk': voter({ seat: 's1' }) };
    await present();
    expect((screen.getByLabelText(/turap/) as HTMLInputElement).checked).toBe(false);
  });

  it('shows the receipt code when asked to, and takes it away', async () => {
    await open({ thanksMs: 100 });
    await present();
    await vote();
    await fireEvent.click(button(/Lihat kode/));
    expect(text()).toContain('ABAB ABAB');
    await vi.waitFor(() => expect(text()).not.toContain('ABAB'));
  });

  it('repeats the same vote under the same key until the server has spoken', async () => {
    world.plenary.acks = [null, { ok: false, code: 'held', data: {} }, { ok: true, receipt: { v: 1, ballot: 'b1', tracker: 'ab'.repeat(16) } }];
    await open();
    await present();
    await vote();
    await vi.waitFor(() => expect(text()).toContain('Terima kasih'));
    expect(world.plenary.requests).toHaveLength(3);
    expect(new Set(world.plenary.requests.map((one) => one.payload['key'])).size).toBe(1);
  });

  it('an open vote carries no tracker and leaves no code', async () => {
    asked({ secrecy: 'open', proof: null });
    world.plenary.acks = [{ ok: true, receipt: { v: 1, ballot: 'b1', tracker: null } }];
    await open();
    await present();
    await vote();
    expect(world.plenary.requests[0]?.payload).not.toHaveProperty('tracker');
    expect(screen.queryByRole('button', { name: /Lihat kode/ })).toBeNull();
  });

  it.each([
    ['already_voted', 'Suara Anda sudah tercatat'],
    ['ballot_closed', 'sudah ditutup'],
  ])('goes back to the start when the vote is refused as %s', async (code, words) => {
    world.plenary.acks = [{ ok: false, code, data: {} }];
    await open();
    await present();
    await vote();
    expect(screen.getByRole('alert').textContent).toContain(words);
    expect(text()).toContain('Tunjukkan kartu QR');
    expect(text()).not.toContain('Ketua s2');
  });

  it.each([
    [{ role: 'hall', seat: null }, 'bukan kartu peserta'],
    [{ seat: 's9' }, 'milik aula Aren Jaya'],
    [{ seat: 's1' }, 'memilih dengan cara lain'],
  ] as const)('does not take the card of %j', async (identity, words) => {
    world.plenary.set('hall', ...world.plenary.list('hall'));
    world.replies = { '/kiosk': voter(identity as Partial<Identity>) };
    await open();
    await present();
    expect(screen.getByRole('alert').textContent).toContain(words);
    expect(text()).not.toContain('Kehadiran'); // it is about voting here
    expect(text()).toContain('Tunjukkan kartu QR');
  });

  it('takes an abandoned paper back', async () => {
    await open({ idleMs: 60 });
    await present();
    await fireEvent.click(screen.getByLabelText(/turap/));
    await vi.waitFor(() => expect(text()).toContain('Tunjukkan kartu QR'));
    expect(world.plenary.requests).toHaveLength(0);
  });

  it('waits when no ballot is open, and closes only at the start, for who knows the code', async () => {
    const onclose = vi.fn();
    await open({ onclose });
    await present();
    expect(screen.queryByRole('button', { name: /Petugas/ })).toBeNull();
    world.plenary.set('ballot');
    await settle();
    expect(text()).toContain('Belum ada pemungutan suara');
    await fireEvent.click(button(/Petugas/));
    await fireEvent.input(screen.getByLabelText(/Kode petugas/), { target: { value: '1111' } });
    await fireEvent.click(button(/Tutup kios/));
    expect(screen.getByRole('alert').textContent).toContain('tidak cocok');
    expect(onclose).not.toHaveBeenCalled();
    await fireEvent.input(screen.getByLabelText(/Kode petugas/), { target: { value: '2468' } });
    await fireEvent.click(button(/Tutup kios/));
    expect(onclose).toHaveBeenCalledOnce();
  });

  it('leaves the question for the code by itself', async () => {
    await open({ idleMs: 60 });
    await fireEvent.click(button(/Petugas/));
    expect(text()).toContain('Tutup kios?');
    await vi.waitFor(() => expect(text()).toContain('Tunjukkan kartu QR'));
  });
});

describe('the kiosk on the hall’s page', () => {
  it('opens with a code of four digits, and is still there after a reload', async () => {
    const { unmount } = render(OnAir, world.onAir);
    await fireEvent.click(button(/Kios suara/));
    await settle();
    expect(button(/Buka kios/).getAttribute('aria-disabled')).toBe('true');
    await fireEvent.input(screen.getByLabelText(/Kode petugas/), { target: { value: '2468' } });
    await fireEvent.click(button(/Buka kios/));
    await settle();
    expect(text()).toContain('Tunjukkan kartu QR');
    unmount();
    render(OnAir, world.onAir);
    await settle();
    expect(text()).toContain('Tunjukkan kartu QR');
  });

  it('says what to do where nobody votes at a kiosk', async () => {
    world.plenary.set('channel');
    render(OnAir, world.onAir);
    await fireEvent.click(button(/Kios suara/));
    await settle();
    expect(text()).toContain('Atur cara memilih');
    expect(button(/Buka kios/).getAttribute('aria-disabled')).toBe('true');
  });
});
