/** What is said before there is a hall to show. */
import { d } from './devices';
import type { Store } from './store';
import { h } from './text';

const NEW_CARD = new Set(['pass_unknown', 'pass_expired', 'pass_revoked']);

export const gateWords = () => ({
  exchanging: h('gate.exchanging'),
  connecting: h('gate.connecting'),
  detail: h('gate.detail'),
  ended: h('gate.ended'),
  endedDetail: h('gate.ended.detail'),
  next: (code: string) => (code === 'no_pass' ? d('gate.nocard') : NEW_CARD.has(code) ? d('gate.newcard') : null),
});

/** The card is nobody's hall. */
export const noHall = () => ({ title: h('gate.role'), detail: h('gate.role.detail'), wrong: true });

/** The hall whose card was shown; a delegate's card names a hall too, and is not the hall's. */
export const hallOf = (store: Store): string | null => (store.identity?.role === 'hall' ? store.identity.hall : null);
