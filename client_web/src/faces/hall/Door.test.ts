import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DoorPerson } from '../../wire/protocol';
import { tokenOf } from './api';
import Door from './Door.svelte';
import { arrival, seat, settle, text, world, worlds } from './testing/hall';

worlds();

const TOKEN = 'T'.repeat(43);
const person = (id: string, name: string, office: string): DoorPerson => ({ id, hall: 'pejuang', name, office, present: false });
const SITI = person('s1', 'Siti Aminah', 'Ketua RW 07');
const BUDI = person('s2', 'Budi Santoso', 'Ketua RT 03');
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const crowd = (fields = {}): void => world.plenary.set('attendance', { id: 'pejuang', invited: 130, present: 101, guests: 4, witnesses: [], ...fields });

async function open(): Promise<void> {
  render(Door, { store: world.store, room: world.room, booth: world.booth, hall: 'pejuang', open: true, onclose: () => undefined, patience: 0 });
  await settle();
}

async function present(card: string): Promise<void> {
  await fireEvent.input(screen.getByLabelText('Kode kartu'), { target: { value: card } });
  await fireEvent.click(button(/^Pakai$/));
  await settle();
}

beforeEach(() => {
  world.replies = { 'people?': { body: { people: [SITI, BUDI], more: false } } };
  world.plenary.set('seat', seat('s1'), seat('s2'));
  crowd();
});

describe('the door', () => {
  it('offers the card first: at the door it is what comes next', async () => {
    await open();
    const [reader, list] = [screen.getByLabelText('Kode kartu'), screen.getByRole('region', { name: 'Daftar undangan' })];
    expect(reader.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  });

  it('says how many are here of those invited, and lists them with name and office', async () => {
    await open();
    expect(text()).toContain('101 dari 130');
    expect(text()).toMatch(/Siti Aminah ?Ketua RW 07/);
    expect(world.calls[0]?.path).toBe('/api/sessions/bekasi-2018/people?q=');
    expect(new Headers(world.calls[0]?.init.headers).get('authorization')).toBe('Bearer c1');
  });

  it('finds by a part of the name, and shows the answer to the last question only', async () => {
    await open();
    world.replies = { 'people?': { body: { people: [BUDI], more: true } } };
    await fireEvent.input(screen.getByLabelText('Cari nama atau jabatan'), { target: { value: ' budi s' } });
    await settle(20);
    expect(world.calls.at(-1)?.path).toContain('people?q=budi%20s');
    expect(text()).not.toContain('Siti Aminah');
    expect(text()).toContain('Masih ada yang lain');
  });

  it('checks in by name, and out again', async () => {
    await open();
    await fireEvent.click(button(/^Hadir Siti Aminah/));
    await settle();
    expect(world.plenary.commands).toEqual([{ name: 'attendance.check_in', data: { seat: 's1', channel: 'name' } }]);
    expect(text()).toContain('Siti Aminah dicatat hadir.');
    world.plenary.set('arrival', arrival('s1'));
    await settle();
    expect(text()).toContain('Hadir sejak');
    await fireEvent.click(button(/^Pulang Siti Aminah/));
    expect(world.plenary.commands[1]).toEqual({ name: 'attendance.leave', data: { seat: 's1' } });
  });

  it('whoever went out can come back', async () => {
    world.plenary.set('arrival', arrival('s1', { left_at: 5 }));
    await open();
    expect(button(/^Hadir Siti Aminah/)).toBeTruthy();
  });

  it('lets a card move to another device, once that was confirmed', async () => {
    await open();
    await fireEvent.click(button(/^Pindahkan ke perangkat baru: Siti Aminah/));
    await settle();
    expect(text()).toContain('memang Siti Aminah');
    await fireEvent.click(button(/^Batal$/));
    expect(text()).not.toContain('memang Siti Aminah');
    expect(world.plenary.commands).toEqual([]);
    await fireEvent.click(button(/^Pindahkan ke perangkat baru: Siti Aminah/));
    world.plenary.answer = { ok: true, seq: 9, result: { until: Date.UTC(2018, 0, 23, 3, 10) } };
    await fireEvent.click(button(/^Pindahkan$/));
    await settle();
    expect(world.plenary.commands).toEqual([{ name: 'pass.release', data: { seat: 's1' } }]);
    expect(text()).toContain('Kartu Siti Aminah dapat dibuka di perangkat baru sampai pukul 10.10 WIB.');
    expect(text()).not.toContain('memang Siti Aminah');
  });

  it('has no cards to move in a group', async () => {
    world.plenary.set('session', { ...world.plenary.session!, kind: 'group' });
    await open();
    expect(screen.queryByRole('button', { name: /perangkat baru/ })).toBeNull();
  });

  it('says why it was refused', async () => {
    await open();
    world.plenary.answer = { ok: false, code: 'wrong_phase', data: {} };
    await fireEvent.click(button(/^Hadir Budi/));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('Belum waktunya');
  });

  it('counts guests one by one and typed', async () => {
    await open();
    await fireEvent.click(button(/Tambah Tamu/));
    expect(world.plenary.commands).toEqual([{ name: 'attendance.check_in', data: { guests: 5 } }]);
    await settle();
    await fireEvent.change(screen.getByLabelText('Tamu tanpa kursi'), { target: { value: '27' } });
    expect(world.plenary.commands[1]).toEqual({ name: 'attendance.check_in', data: { guests: 27 } });
  });

  it('names witnesses among those here, as many as the rules allow', async () => {
    world.plenary.set('arrival', arrival('s1'), arrival('s2'));
    await open();
    await fireEvent.click(button(/^Jadikan saksi Budi/));
    expect(world.plenary.commands).toEqual([{ name: 'hall.witness', data: { hall: 'pejuang', seat: 's2', named: true } }]);
    await settle();
    crowd({ witnesses: ['s2', 's1'] });
    await settle();
    expect(screen.queryByRole('button', { name: /Jadikan saksi/ })).toBeNull();
    await fireEvent.click(button(/Batalkan saksi Budi/));
    expect(world.plenary.commands[1]).toEqual({ name: 'hall.witness', data: { hall: 'pejuang', seat: 's2', named: false } });
  });

  it('says how the seats vote, sets one of them or all, and jumps back when refused', async () => {
    world.plenary.set('channel', { id: 's2', channel: 'kiosk' });
    await open();
    expect(text()).toContain('Kios 1 · angkat tangan 0');
    expect(screen.queryByLabelText('Cara memilih Siti Aminah')).toBeNull();
    await fireEvent.click(button(/^Atur cara memilih$/));
    const siti = screen.getByLabelText<HTMLSelectElement>('Cara memilih Siti Aminah');
    expect([siti.value, screen.getByLabelText<HTMLSelectElement>('Cara memilih Budi Santoso').value]).toEqual(['phone', 'kiosk']);
    await fireEvent.change(siti, { target: { value: 'hand' } });
    await settle();
    await fireEvent.change(screen.getByLabelText('Semua kursi aula ini'), { target: { value: 'kiosk' } });
    await fireEvent.click(button(/^Pakai untuk semua kursi$/));
    await settle();
    expect(world.plenary.commands).toEqual([
      { name: 'channel.set', data: { channel: 'hand', seats: ['s1'] } },
      { name: 'channel.set', data: { channel: 'kiosk', hall: 'pejuang' } },
    ]);
    world.plenary.answer = { ok: false, code: 'channel_fixed', data: { ballot: 'b1' } };
    await fireEvent.change(siti, { target: { value: 'hand' } });
    await settle();
    expect([siti.value, screen.getByRole('alert').textContent?.includes('Cara memilih sudah ditetapkan')]).toEqual(['phone', true]);
  });

  it('keeps no names once it is closed', async () => {
    const { rerender } = render(Door, { store: world.store, room: world.room, booth: world.booth, hall: 'pejuang', open: true, onclose: () => undefined });
    await settle();
    await rerender({ open: false });
    world.replies = {};
    await rerender({ open: true });
    await settle();
    expect(text()).not.toContain('Siti');
    expect(text()).toContain('Daftar belum dapat diambil');
  });

  it('nobody found is said with what to do', async () => {
    world.replies = { 'people?': { body: { people: [], more: false } } };
    await open();
    expect(text()).toContain('dihitung sebagai tamu');
  });
});

describe('cards', () => {
  it('takes the secret out of an address, and nothing else', () => {
    expect(tokenOf(` https://pleno.example/participant#${TOKEN}\n`)).toBe(TOKEN);
    expect(tokenOf(TOKEN)).toBe(TOKEN);
    expect(tokenOf('https://pleno.example/participant')).toBeNull();
    expect(tokenOf('halo')).toBeNull();
  });

  it('checks in by card and greets by name', async () => {
    await open();
    world.replies['/door'] = { body: { ...SITI, present: true, already: false } };
    await present(`https://x/participant#${TOKEN}`);
    expect(JSON.parse(String(world.calls.at(-1)?.init.body))).toEqual({ token: TOKEN });
    expect(text()).toContain('Siti Aminah dicatat hadir');
    expect((screen.getByLabelText('Kode kartu') as HTMLInputElement).value).toBe('');
  });

  it('says when that person is here already', async () => {
    await open();
    world.replies['/door'] = { body: { ...SITI, present: true, already: true } };
    await present(TOKEN);
    expect(text()).toContain('Siti Aminah sudah tercatat hadir');
  });

  it.each([
    [{ code: 'wrong_hall', hall: 'aren-jaya', name: 'Aren Jaya' }, 'Kursi ini milik aula Aren Jaya'],
    [{ code: 'pass_unknown' }, 'Kartu ini tidak dikenal'],
    [{ code: 'no_seat' }, 'Kartu ini bukan kartu peserta'],
  ])('explains %j', async (body, words) => {
    await open();
    world.replies['/door'] = { status: 409, body };
    await present(TOKEN);
    expect(screen.getByRole('alert').textContent).toContain(words);
    expect(text()).not.toContain('kepada operator aula'); // who reads it is that operator
  });

  it('a code that is none is not sent', async () => {
    await open();
    await present('bukan kartu');
    expect(world.calls.filter((call) => call.path.includes('door'))).toHaveLength(0);
    expect(text()).toContain('Itu bukan kode kartu peserta');
  });

  it('no answer is said, and the page goes on', async () => {
    await open();
    await present(TOKEN);
    expect(screen.getByRole('alert').textContent).toContain('Belum ada jawaban');
  });
});
