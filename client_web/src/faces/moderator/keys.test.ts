import { afterEach, expect, it, vi } from 'vitest';
import { enableKeys, handleKey } from './keys';

afterEach(() => {
  enableKeys(true);
  document.body.replaceChildren();
});

function send(key: string, target: EventTarget = document.body, init: KeyboardEventInit = {}): { ran: boolean; prevented: boolean } {
  const act = vi.fn();
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.addEventListener('keydown', (e) => handleKey(e as KeyboardEvent, { n: act }), { once: true });
  target.dispatchEvent(event);
  return { ran: act.mock.calls.length > 0, prevented: event.defaultPrevented };
}

it('a key acts once and is taken, in either case', () => {
  expect(send('n')).toEqual({ ran: true, prevented: true });
  expect(send('N')).toEqual({ ran: true, prevented: true });
  expect(send('x')).toEqual({ ran: false, prevented: false });
});

it('held keys and keys with modifiers are left alone', () => {
  for (const init of [{ repeat: true }, { ctrlKey: true }, { metaKey: true }, { altKey: true }]) expect(send('n', document.body, init).ran).toBe(false);
});

it('nothing happens while someone types, but a focused radio or checkbox is no typing', () => {
  for (const html of ['<input>', '<input type="search">', '<textarea></textarea>', '<select></select>']) {
    document.body.innerHTML = html;
    expect(send('n', document.body.firstElementChild ?? document.body).ran).toBe(false);
  }
  document.body.innerHTML = '<input type="radio">';
  expect(send('n', document.body.firstElementChild ?? document.body).ran).toBe(true);
});

it('nothing happens behind a dialog or a menu', () => {
  document.body.innerHTML = '<dialog open></dialog>';
  expect(send('n').ran).toBe(false);
  document.body.innerHTML = '<div role="menu"></div>';
  expect(send('n').ran).toBe(false);
});

it('switched off, no key acts', () => {
  enableKeys(false);
  expect(send('n').ran).toBe(false);
});
