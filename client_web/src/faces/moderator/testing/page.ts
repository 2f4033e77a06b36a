/** The moderator's page as its tests handle it: by role, by key and by menu. */
import { configure, fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeAll, beforeEach, expect, vi } from 'vitest';
import { dialogs } from '../../../components/testing/page';
import Moderator from '../Moderator.svelte';
import type { FakeStore } from './fake.svelte';

/** Call once in each test file: what a page needs that jsdom lacks, and a fresh browser for each test. */
export function browser(): void {
  vi.setConfig({ testTimeout: 60_000 }); // axe and role queries over a whole face are slow without a layout engine
  beforeAll(() => {
    configure({ defaultHidden: true, asyncUtilTimeout: 5_000 }); // spares a style computation an element; what is closed is not rendered
    dialogs();
    HTMLElement.prototype.hasPointerCapture ??= () => false;
    globalThis.CSS ??= { escape: (text: string) => text } as unknown as typeof CSS;
    CSS.escape ??= (text: string) => text;
  });
  beforeEach(() => {
    sessionStorage.clear();
    localStorage.clear();
  });
}

export const open = (store: FakeStore) => render(Moderator, { store });
export const key = (value: string): Promise<boolean> => fireEvent.keyDown(document.body, { key: value });
export const part = async (name: RegExp): Promise<void> => {
  await fireEvent.click(screen.getByRole('tab', { name }));
  await tick();
};
export const dialog = (): HTMLElement => {
  const found = document.querySelector<HTMLElement>('dialog[open]');
  if (!found) throw new Error('no dialog is open');
  return found;
};
export const noDialog = (): void => expect(document.querySelector('dialog[open]')).toBeNull();
export const press = (name: string | RegExp, within_: HTMLElement = document.body): Promise<boolean> =>
  fireEvent.click(within(within_).getByRole('button', { name }));
/** The box of a combobox, whose words say what holds. */
export const combo = (name: string): HTMLInputElement => screen.getByRole<HTMLInputElement>('combobox', { name });
/** Types into a combobox and takes the one option that is left. */
export async function find(name: string, typed: string): Promise<void> {
  await fireEvent.input(combo(name), { target: { value: typed } });
  const option = await waitFor(() => {
    const [only, ...others] = document.querySelectorAll('.combo__list [role=option]');
    if (!only || others.length > 0) throw new Error(`not one option for "${typed}"`);
    return only;
  });
  await fireEvent.pointerUp(option);
  await tick();
}
/** Opens the menu of a button by keyboard and chooses an item. */
export async function choose(trigger: string | RegExp, item: string | RegExp): Promise<void> {
  const button = screen.getByRole('button', { name: trigger });
  button.focus();
  await fireEvent.keyDown(button, { key: 'Enter' });
  if (!document.querySelector('[role=menu]')) await fireEvent.click(button); // what a browser makes of Enter on a plain button
  const found = await screen.findByRole('menuitem', { name: item });
  found.focus();
  await fireEvent.keyDown(found, { key: 'Enter' });
  await tick();
}
