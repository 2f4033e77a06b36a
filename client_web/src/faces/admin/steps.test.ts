import { expect, it } from 'vitest';
import { faces } from './steps';

it('previews the cards in the order they are printed in', () => {
  const seats = ['Tokoh', 'Ketua RW 10', 'LPM', 'ketua RW 3', 'Ketua RW 2'].map((office) => ({ hall: 'h', office }));
  const shown = [...faces([{ id: 'h', name: 'Pejuang', kecamatan: 'Medansatria' }], seats, (name) => `Aula ${name}`)];
  expect(shown.map((one) => one.office)).toEqual(['Aula Pejuang', 'Ketua RW 2', 'ketua RW 3', 'Ketua RW 10', 'LPM', 'Tokoh']);
});
