import { fireEvent, render, screen } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import type { Answer } from '../../link/http';
import { speaker } from '../../media/testing/plenary.svelte';
import type { Entity } from '../../wire/protocol';
import OnAir from './OnAir.svelte';
import Slides from './Slides.svelte';
import { settle, text, world, worlds } from './testing/hall';

worlds();

type Done = Answer<{ deck: string; pages: number }> | null;
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });
const deck = (fields: Partial<Entity<'deck'>> = {}): Entity<'deck'> => ({ id: 'd1', title: 'Paparan RW', pages: 3, hall: 'pejuang', page: 0, ...fields });
const sent = { titles: [] as string[], progress: (_share: number): void => undefined, finish: (_answer: Done): void => undefined, cancelled: 0 };

async function open(): Promise<void> {
  Object.assign(sent, { titles: [], cancelled: 0 });
  const send = (_store: unknown, _file: File, title: string, progress: (share: number) => void) => {
    sent.titles.push(title);
    sent.progress = progress;
    return { done: new Promise<Done>((resolve) => (sent.finish = resolve)), cancel: () => (sent.cancelled += 1) };
  };
  render(Slides, { store: world.store, hall: 'pejuang', open: true, onclose: () => undefined, send });
  await settle();
}

async function choose(size = 1000): Promise<void> {
  const file = new File(['%PDF'], 'Paparan RW.pdf', { type: 'application/pdf' });
  Object.defineProperty(file, 'size', { value: size });
  const input = screen.getByLabelText('Masukkan PDF', { selector: 'input' });
  Object.defineProperty(input, 'files', { configurable: true, value: [file] });
  await fireEvent.change(input);
  await settle();
}

describe('bringing slides', () => {
  it('sends the PDF with its name as title, shows how far, and says when it is there', async () => {
    await open();
    expect(text()).toContain('Belum ada paparan');
    await expectAccessible();
    await choose();
    expect(sent.titles).toEqual(['Paparan RW']);
    sent.progress(0.5);
    await settle();
    expect(screen.getByRole('progressbar').getAttribute('value')).toBe('0.5');
    sent.progress(1);
    await settle();
    expect(text()).toContain('Menggambar halaman');
    await expectAccessible();
    sent.finish({ ok: true, body: { deck: 'd1', pages: 12 } });
    await settle();
    expect(text()).toContain('Paparan RW: 12 halaman siap');
  });

  it('can be cancelled', async () => {
    await open();
    await choose();
    await fireEvent.click(button(/Batalkan/));
    sent.finish(null);
    await settle();
    expect(sent.cancelled).toBe(1);
    expect(text()).toContain('Pengiriman dibatalkan');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each([
    [{ ok: false, code: 'not_a_pdf', data: {} }, 'Paparan tidak dapat dibaca'],
    [{ ok: false, code: 'too_many_pages', data: { most: 200 } }, '200 halaman'],
    [null, 'Belum ada jawaban'],
  ] as const)('says why %j', async (answer, words) => {
    await open();
    await choose();
    sent.finish(answer);
    await settle();
    expect(screen.getByRole('alert').textContent).toContain(words);
  });

  it('does not even send what is too large', async () => {
    await open();
    await choose(21 * 1024 * 1024);
    expect(sent.titles).toEqual([]);
    expect(screen.getByRole('alert').textContent).toContain('21 MB terlalu besar');
  });
});

describe('showing slides', () => {
  it('waits for the floor, and lists only the own decks', async () => {
    world.plenary.set('deck', deck(), deck({ id: 'd2', title: 'Milik lain', hall: 'aren-jaya' }));
    await open();
    expect(text()).not.toContain('Milik lain');
    expect(button(/Tampilkan Paparan/).getAttribute('aria-disabled')).toBe('true');
    world.plenary.setFloor(speaker('pejuang'));
    await settle();
    await expectAccessible();
    await fireEvent.click(button(/Tampilkan Paparan/));
    expect(world.plenary.commands).toEqual([{ name: 'deck.show', data: { deck: 'd1' } }]);
  });

  it('removes an own deck after one question, and says why not', async () => {
    world.plenary.set('deck', deck());
    await open();
    await fireEvent.click(button(/Hapus Paparan RW/));
    await settle();
    expect(world.plenary.commands).toEqual([]);
    await expectAccessible();
    world.plenary.answer = { ok: false, code: 'deck_is_shown', data: { deck: 'd1' } };
    await fireEvent.click(button(/^Hapus paparan$/));
    await settle();
    expect(world.plenary.commands).toEqual([{ name: 'deck.remove', data: { deck: 'd1' } }]);
    expect(screen.getByRole('alert').textContent).toContain('sedang tampil');
  });

  it('turns the pages from the page itself, and everybody sees the one that is shown', async () => {
    world.plenary.set('deck', deck({ page: 2 }));
    world.plenary.setStage({ scene: 'slides' });
    render(OnAir, world.onAir);
    await settle();
    expect(screen.getByRole('img', { name: 'Paparan RW, halaman 2' }).getAttribute('src')).toBe('/api/sessions/bekasi-2018/decks/d1/2');
    await expectAccessible();
    await fireEvent.click(button(/^Berikutnya$/));
    await settle();
    await fireEvent.click(button(/Halaman sebelumnya/));
    await settle();
    await fireEvent.click(button(/^Turunkan$/));
    expect(world.plenary.commands).toEqual([
      { name: 'deck.show', data: { deck: 'd1', page: 3 } },
      { name: 'deck.show', data: { deck: 'd1', page: 1 } },
      { name: 'deck.hide', data: {} },
    ]);
    world.plenary.set('deck', deck({ page: 3 }));
    await vi.waitFor(() => expect(button(/^Berikutnya$/).getAttribute('aria-disabled')).toBe('true'));
  });
});
