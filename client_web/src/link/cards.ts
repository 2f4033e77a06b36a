/** The participants' cards one phone holds: a family shares it, or one person has two seats. Kept in this browser alone. */
import type { Identity } from '../wire/protocol';
import { saveCredential } from './credential';

export interface Card {
  credential: string;
  identity: Identity;
  /** Office and hall, as the card's page shows them. */
  label: string;
  /** Title of its session. */
  session: string;
}

const NAME = 'pleno.cards';
const MOST = 8;

function isCard(one: unknown): one is Card {
  const card = one as Partial<Card> | null;
  return typeof card?.credential === 'string' && typeof card.label === 'string' && typeof card.identity?.pass === 'string';
}

/** The one used last comes first; those that have expired are left out. now: ms. */
export function cards(now: number = Date.now()): Card[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isCard).filter((one) => one.identity.expires_at > now) : [];
  } catch {
    return []; // damaged or forbidden: as if there were none
  }
}

function write(kept: Card[]): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(kept.slice(0, MOST)));
  } catch {
    // full or forbidden: the card in use goes on without the list
  }
}

const same = (one: Card, identity: Identity): boolean => one.identity.pass === identity.pass && one.identity.session === identity.session;

/** Adds it, or brings it to the front. */
export function keepCard(card: Card): void {
  write([card, ...cards().filter((one) => !same(one, card.identity))]);
}

export function forgetCard(identity: Identity): void {
  write(cards().filter((one) => !same(one, identity)));
}

/** The participant's page opens with this card from now on, in this tab and in new ones. */
export function useCard({ credential, identity }: Card): void {
  saveCredential('participant', { credential, identity });
}
