import { render } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { Opening } from '../../media/opening.svelte';
import { FakeWorld } from '../../media/testing/fakes';
import { speaker } from '../../media/testing/plenary.svelte';
import { FakeServer } from '../../testing/fakes';
import OnAir from './OnAir.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();

let server: FakeServer;
const cast = (source: string | null): void => world.plenary.set('cast', { id: 'cast', to: [], source, title: 'Pembukaan Kota', shown: null });

beforeEach(async () => {
  server = new FakeServer();
  server.auto = () => ({ ok: true });
  const opening = new Opening({ makeWire: server.makeWire, dice: () => 0.5, room: { world: new FakeWorld() } });
  render(OnAir, { ...world.onAir, opening });
  await settle();
});

describe('an opening that is cast here', () => {
  it('has the hall’s stage, sends nothing there, and gives it back to a speaker of the own session', async () => {
    expect([server.opened, document.querySelector('[data-opening]')]).toEqual([0, null]);
    cast('kota');
    await settle();
    expect(server.asked).toEqual(['kota']);
    expect(document.querySelector('[data-opening]')).not.toBeNull();
    expect(text()).toContain('kamera dan mikrofon aula tidak dikirim ke sana');
    expect(server.sent.map(({ payload }) => payload['method'])).toEqual(['relays', 'show']);
    await expectAccessible();
    world.plenary.setFloor(speaker('pejuang'));
    await settle();
    expect(document.querySelector('[data-opening]')).toBeNull();
    expect(server.of('media').at(-1)?.payload).toMatchObject({ stage: false, audio: false });
    world.plenary.setFloor(null);
    cast(null);
    await settle();
    expect([server.connected, text().includes('Pembukaan Kota')]).toEqual([false, false]);
  });
});
