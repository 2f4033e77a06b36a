/**
 * A paper begun and not yet sent. Of an open ballot the tab keeps it, and a reload finds it. Of a secret one nothing is
 * written to the phone: whoever borrows or takes the phone could read there what was about to be voted.
 */
import { keepInTab, keptInTab } from '../../link/tab';
import type { Plenary } from '../../state/plenary.svelte';
import type { Entity } from '../../wire/protocol';
import { choicesOf, empty, filledFrom, type Filled } from './paper';

const STORED = 'pleno.paper.';

/** What lives only as long as the page. */
const inPage = new WeakMap<Plenary, Map<string, string>>();

const keyOf = (plenary: Plenary, ballot: Entity<'ballot'>): string => `${STORED}${plenary.me?.seat ?? ''}.${ballot.id}`;

export function keepBegun(plenary: Plenary, ballot: Entity<'ballot'>, filled: Filled): void {
  const choices = choicesOf(ballot, filled);
  const text = choices.length > 0 ? JSON.stringify(choices) : null;
  const key = keyOf(plenary, ballot);
  const kept = inPage.get(plenary) ?? new Map<string, string>();
  const written = ballot.secrecy === 'open' && keepInTab(key, text);
  inPage.set(plenary, text === null || written ? (kept.delete(key), kept) : kept.set(key, text));
}

/** The paper as it was left; null where none was begun, or where it no longer fits the ballot. */
export function begun(plenary: Plenary, ballot: Entity<'ballot'>): Filled | null {
  const key = keyOf(plenary, ballot);
  const choices = read(inPage.get(plenary)?.get(key) ?? (ballot.secrecy === 'open' ? keptInTab(key) : null));
  if (choices === null) return null;
  const ids = new Set(ballot.options.map((option) => option.id));
  const fits = choices.length <= ballot.choose_max && choices.every((choice) => ids.has(choice.split(':')[0] ?? ''));
  return fits ? filledFrom(ballot, choices) : null;
}

/** null also for what cannot be read. */
function read(text: string | null): string[] | null {
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    return Array.isArray(found) && found.every((one) => typeof one === 'string') ? found : null;
  } catch {
    return null;
  }
}

export const forgetBegun = (plenary: Plenary, ballot: Entity<'ballot'>): void => keepBegun(plenary, ballot, empty());
