/**
 * A paper begun and not yet sent. Of an open ballot the tab keeps it, and a reload finds it. Of a secret one nothing is
 * written to the phone: whoever borrows or takes the phone could read there what was about to be voted.
 */
import type { Plenary } from '../../state/plenary.svelte';
import type { Entity } from '../../wire/protocol';
import { choicesOf, empty, filledFrom, type Filled } from './paper';

const STORED = 'pleno.paper.';

/** What lives only as long as the page. */
const inPage = new WeakMap<Plenary, Map<string, string>>();

const keyOf = (plenary: Plenary, ballot: Entity<'ballot'>): string => `${STORED}${plenary.me?.seat ?? ''}.${ballot.id}`;

export function keepBegun(plenary: Plenary, ballot: Entity<'ballot'>, filled: Filled): void {
  const choices = choicesOf(ballot, filled);
  const key = keyOf(plenary, ballot);
  if (ballot.secrecy === 'open') {
    try {
      if (choices.length > 0) sessionStorage.setItem(key, JSON.stringify(choices));
      else sessionStorage.removeItem(key);
      return;
    } catch {
      // a browser without storage keeps it as long as the page lives
    }
  }
  const kept = inPage.get(plenary) ?? new Map<string, string>();
  inPage.set(plenary, choices.length > 0 ? kept.set(key, JSON.stringify(choices)) : (kept.delete(key), kept));
}

/** The paper as it was left; null where none was begun, or where it no longer fits the ballot. */
export function begun(plenary: Plenary, ballot: Entity<'ballot'>): Filled | null {
  const key = keyOf(plenary, ballot);
  let text = inPage.get(plenary)?.get(key) ?? null;
  try {
    if (ballot.secrecy === 'open') text ??= sessionStorage.getItem(key);
  } catch {
    // as above
  }
  if (text === null) return null;
  const choices = JSON.parse(text) as string[];
  const ids = new Set(ballot.options.map((option) => option.id));
  const fits = choices.length <= ballot.choose_max && choices.every((choice) => ids.has(choice.split(':')[0] ?? ''));
  return fits ? filledFrom(ballot, choices) : null;
}

export const forgetBegun = (plenary: Plenary, ballot: Entity<'ballot'>): void => keepBegun(plenary, ballot, empty());
