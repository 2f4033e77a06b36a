import { fireEvent, render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ballot } from '../../media/testing/plenary.svelte';
import type { Entity } from '../../wire/protocol';
import { handProblem, handsHere, openBallot, seatsBy, type HandFacts } from './hands';
import Hands from './Hands.svelte';
import { arrival, seat, settle, text, world, worlds } from './testing/hall';

worlds();

const OPEN = ballot({ secrecy: 'open', choose_max: 2, channels: { hand: 3 } });
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const enter = (name: RegExp, value: number): Promise<boolean> => fireEvent.change(screen.getByRole('textbox', { name }), { target: { value: String(value) } });

async function open(fields: Partial<Entity<'ballot'>> = {}): Promise<void> {
  render(Hands, { store: world.store, hall: 'pejuang', ballot: { ...OPEN, ...fields }, seats: 3, open: true, ondoor: () => undefined, onclose: () => undefined });
  await settle();
}

beforeEach(() => {
  world.plenary.set('seat', seat('s1'), seat('s2'), seat('s3'), seat('s9', { hall: 'aren-jaya' }));
  world.plenary.set('channel', { id: 's1', channel: 'hand' }, { id: 's2', channel: 'kiosk' }, { id: 's9', channel: 'hand' });
  world.plenary.set('attendance', { id: 'pejuang', invited: 20, present: 5, guests: 0, witnesses: ['s1', 's3'] });
});

describe('the figures', () => {
  const facts = (fields: Partial<HandFacts>): HandFacts => ({ seats: 3, cast: 3, blank: 0, hands: 4, most: 3, chooseMax: 2, ...fields });
  it.each([
    [null, {}],
    [null, { hands: 0, most: 0, blank: 3 }],
    ['empty', { cast: 0, hands: 0, most: 0 }],
    ['seats', { cast: 4 }],
    ['allblank', { blank: 4 }],
    ['oneover', { most: 4 }],
    ['toomany', { hands: 7 }],
    ['toofew', { hands: 2, most: 2 }],
  ] as const)('are judged %s for %j', (word, fields) => {
    expect(handProblem(facts(fields))).toBe(word);
  });

  it('counts only the seats of this hall, and finds the ballot that asks for them', () => {
    expect(seatsBy(world.store, 'pejuang', 'hand')).toEqual(['s1']);
    expect(seatsBy(world.store, 'pejuang', 'kiosk')).toEqual(['s2']);
    world.plenary.set('ballot', ballot(), OPEN);
    expect(openBallot(world.store, 'hand')).toBe(OPEN);
    expect(openBallot(world.store, 'kiosk')).toBeUndefined();
  });
});

describe('who is here', () => {
  const came = (id: string, left_at: number | null = null): { id: string; hall: string; at: number; channel: 'name'; left_at: number | null } => ({ id, hall: 'pejuang', at: 1, channel: 'name', left_at });
  const here = (): string[] => handsHere(world.store, 'pejuang');

  it('is everybody until somebody besides the witnesses was checked in', () => {
    world.plenary.set('channel', ...['s1', 's2', 's4'].map((id) => ({ id, channel: 'hand' as const })));
    world.plenary.set('seat', seat('s1'), seat('s2'), seat('s4'));
    expect(here()).toEqual(['s1', 's2', 's4']);
    world.plenary.set('arrival', came('s1'));
    expect(here()).toEqual(['s1', 's2', 's4']);
    world.plenary.set('arrival', came('s1'), came('s2'));
    expect(here()).toEqual(['s1', 's2']);
    world.plenary.set('arrival', came('s1'), came('s2', 9));
    expect(here()).toEqual(['s1']);
  });
});

describe('counting hands', () => {
  it('enters the count with the chosen witness', async () => {
    await open();
    expect(text()).toContain('Isi dulu berapa orang yang ikut');
    await enter(/turap/, 3);
    await enter(/cermin/, 1);
    await enter(/Orang yang ikut/, 3);
    await fireEvent.change(screen.getByLabelText('Saksi hitungan'), { target: { value: 's3' } });
    expect(text()).toContain('Cocok, 4 tangan dari paling banyak 6');
    await fireEvent.click(button(/Kirim dengan saksi/));
    expect(world.plenary.commands).toEqual([
      {
        name: 'ballot.hand_count',
        data: {
          ballot: 'b1', hall: 'pejuang', cast: 3, witness: 's3',
          counts: [{ option: 'o1', votes: 3 }, { option: 'o2', votes: 1 }, { option: 'o3', votes: 0 }, { option: 'o4', votes: 0 }, { option: 'o5', votes: 0 }],
        },
      },
    ]); // prettier-ignore
  });

  it('finds nothing wrong with a count that was not begun', async () => {
    await open();
    expect(text()).not.toContain('Belum cocok');
    expect(text()).toMatch(/Pemeriksaan jumlah ?Isi dulu berapa orang yang ikut/);
    await enter(/Orang yang ikut/, 2);
    expect(text()).toContain('Belum cocok, 0 tangan dari paling banyak 4');
  });

  it('never takes more than there are seats, and says why it waits', async () => {
    await open();
    await enter(/turap/, 9);
    expect((screen.getByRole('textbox', { name: /turap/ }) as HTMLInputElement).value).toBe('3');
    await enter(/Orang yang ikut/, 2);
    expect(text()).toContain('lebih banyak tangan dari orang yang memilih');
    await fireEvent.click(button(/Kirim dengan saksi/));
    expect(world.plenary.commands).toHaveLength(0);
  });

  it.each([
    ['too_many_hands', 'Hitungan melebihi jumlah kursi'],
    ['hands_do_not_add_up', 'Hitungan tidak cocok'],
    ['not_a_witness', 'Bukan saksi aula ini'],
  ])('explains %s', async (code, words) => {
    await open();
    await enter(/turap/, 1);
    await enter(/Orang yang ikut/, 1);
    world.plenary.answer = { ok: false, code, data: { seats: 3 } };
    await fireEvent.click(button(/Kirim dengan saksi/));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain(words);
  });

  it('shows what was entered and lets it be replaced', async () => {
    const counts = [{ option: 'o1', votes: 2 }];
    const hands = [{ hall: 'pejuang', cast: 2, blank: 0, counts, operator: 'p1', witness: 's1', confirmed: false, version: 1 }];
    await open({ hands, rule: { witness_confirms: true } as Entity<'ballot'>['rule'] & object });
    expect(text()).toContain('Terkirim: 2 orang, saksi Ketua s1');
    expect(text()).toContain('Menunggu saksi');
    expect((screen.getByRole('textbox', { name: /turap/ }) as HTMLInputElement).value).toBe('2');
    expect(button(/Ganti hitungan/)).toBeTruthy();
  });
});

describe('the witness', () => {
  it('is named here, from those who are present', async () => {
    world.plenary.set('attendance', { id: 'pejuang', invited: 20, present: 1, guests: 0, witnesses: [] });
    world.plenary.set('arrival', arrival('s2'), arrival('s3', { left_at: 1 }));
    await open();
    expect(text()).toContain('Pilih saksi dulu');
    await fireEvent.click(button(/Jadikan saksi/));
    expect(world.plenary.commands).toEqual([{ name: 'hall.witness', data: { hall: 'pejuang', seat: 's2', named: true } }]);
  });

  it('needs somebody to be checked in first, and leads there', async () => {
    world.plenary.set('attendance', { id: 'pejuang', invited: 20, present: 0, guests: 0, witnesses: [] });
    const ondoor = vi.fn();
    render(Hands, { store: world.store, hall: 'pejuang', ballot: OPEN, seats: 3, open: true, ondoor, onclose: () => undefined });
    await settle();
    expect(text()).toContain('Catat dulu siapa yang hadir');
    await fireEvent.click(button(/^Catat hadir$/));
    expect(ondoor).toHaveBeenCalledOnce();
  });
});
