/** Single-key shortcuts. They can be switched off (WCAG 2.1.4), and never act while someone types or a dialog or menu is open. */
const STORED = 'pleno.keys';

export type Keys = Readonly<Record<string, () => void>>;

export function keysEnabled(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true; // storage is off: the default stands
  }
}

export function enableKeys(on: boolean): void {
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // a browser without storage forgets the choice, nothing else
  }
}

const EDITABLE = 'input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]';

/** Runs the shortcut of an event, if it has one and nothing speaks against it. Says whether it did. */
export function handleKey(event: KeyboardEvent, keys: Keys): boolean {
  if (event.repeat || event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return false;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(EDITABLE) || document.querySelector('dialog[open], [role=menu]')) return false;
  const act = keys[event.key.toLowerCase()];
  if (!act || !keysEnabled()) return false;
  event.preventDefault();
  act();
  return true;
}
