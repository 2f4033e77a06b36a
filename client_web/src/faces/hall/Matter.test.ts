import { render } from '@testing-library/svelte';
import { beforeEach, expect, it } from 'vitest';
import { ballot } from '../../media/testing/plenary.svelte';
import Matter from './Matter.svelte';
import { seat, settle, text, world, worlds } from './testing/hall';

worlds();

beforeEach(() => {
  world.plenary.set('seat', seat('s1'), seat('s2'), seat('s9', { hall: 'aren-jaya' }));
  world.plenary.set('ballot', ballot({ closes_at: null, channels: { hand: 1, kiosk: 1 } }));
  world.plenary.setStage({ scene: 'ballot', ballot: 'b1' });
});

async function how(...channels: { id: string; channel: 'hand' | 'kiosk' }[]): Promise<string> {
  world.plenary.set('channel', ...channels);
  render(Matter, { store: world.store, hall: 'pejuang' });
  await settle();
  return text();
}

it('says that people vote on their phones where nobody of this hall votes otherwise', async () => {
  expect(await how({ id: 's9', channel: 'hand' })).toContain('Warga memilih lewat ponsel masing-masing.');
});

it('says how this hall votes where it is not by phone', async () => {
  const said = await how({ id: 's1', channel: 'hand' }, { id: 's2', channel: 'kiosk' });
  expect(said).toContain('tekan "Hitung tangan"');
  expect(said).toContain('memilih bergantian di kios suara');
  expect(said).not.toContain('ponsel');
});

it('says so beside the time that is left, too', async () => {
  world.plenary.set('ballot', ballot({ channels: { hand: 1 } }));
  expect(await how({ id: 's1', channel: 'hand' })).toMatch(/Sisa waktu.*Hitung tangan/);
});

it('says what a yes or no came to, and not that anything was chosen', async () => {
  const options = [{ id: 'yes', label: 'Setuju' }, { id: 'no', label: 'Tidak setuju' }];
  const rule = { ...(ballot().rule as object), method: 'yes_no' };
  const result = { counts: [{ option: 'yes', votes: 1 }, { option: 'no', votes: 4 }], cast: 5, blank: 0, electorate: 9, elected: ['no'], tied: [], root: 'ab' };
  world.plenary.set('ballot', ballot({ state: 'closed', options, rule, result } as unknown as Parameters<typeof ballot>[0]));
  world.plenary.setStage({ scene: 'result', ballot: 'b1' });
  const said = await how();
  expect(said).toMatch(/Tidak setuju.*4 suara.*Ditolak/);
  expect(said).not.toContain('Terpilih');
});
