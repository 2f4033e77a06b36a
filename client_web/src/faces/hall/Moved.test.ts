import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { session } from '../../media/testing/plenary.svelte';
import Moved from './Moved.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();

it('says where the hall went, and that it is back, for a while', async () => {
  render(Moved, { store: world.store, tellMs: 60 });
  await settle();
  expect(screen.queryByRole('status')).toBeNull();
  world.plenary.group = 'g1';
  world.plenary.set('session', session({ title: 'Kelompok Infrastruktur' }));
  await settle();
  expect(text()).toContain('Sidang kelompok: Kelompok Infrastruktur');
  await expectAccessible();
  world.plenary.group = null;
  await settle();
  expect(text()).toContain('Kembali ke pleno');
  await vi.waitFor(() => expect(text()).not.toContain('Kembali ke pleno'));
});
