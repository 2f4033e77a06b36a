import { describe, expect, it } from 'vitest';
import type { Entity } from '../../wire/protocol';
import { matching } from './find';

const card = (title: string, rw: string, hall = 'pejuang'): Entity<'proposal'> => ({ id: title, title, rw, hall, status: 'PRIORITISED' }) as Entity<'proposal'>;
const cards = [card('Perbaikan turap kali', '07'), card('Pos kamling', '17'), card('Turap RT 03', '02', 'jatiasih')];
const names: Record<string, string> = { pejuang: 'Pejuang', jatiasih: 'Jatiasih' };
const found = (query: string): string[] | undefined => {
  const fits = matching(query, (id) => names[id]);
  return fits ? cards.filter(fits).map(({ title }) => title) : undefined;
};

describe('searching the board', () => {
  it('asks for every word, in the title, the place or the status', () => {
    expect(found('TURAP')).toEqual(['Perbaikan turap kali', 'Turap RT 03']);
    expect(found('turap jatiasih')).toEqual(['Turap RT 03']);
    expect(found('terpilih kamling')).toEqual(['Pos kamling']);
    expect(found('lapangan')).toEqual([]);
  });

  it('takes a number as the number it is', () => {
    expect(found('rw 7')).toEqual(['Perbaikan turap kali']);
    expect(found('rw07')).toEqual(['Perbaikan turap kali']);
  });

  it('is no search without a word', () => {
    expect(found('   ')).toBeUndefined();
    expect(found('·')).toEqual([]);
  });
});
