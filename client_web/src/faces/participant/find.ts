/** Searching the board: each word asked for stands somewhere in a card's title, place or status. */
import { t } from '../../text';
import type { Entity } from '../../wire/protocol';

type Card = Entity<'proposal'>;

/** Made once a card: a changed one is another object. */
const texts = new WeakMap<Card, string>();

function textOf(card: Card, hallName: (id: string) => string | undefined): string {
  let text = texts.get(card);
  if (text === undefined) {
    const place = [card.rw ? `rw ${card.rw}` : '', hallName(card.hall) ?? ''];
    text = [card.title, ...place, t(`status.${card.status}`)].join(' ').toLowerCase();
    texts.set(card, text);
  }
  return text;
}

/** Whether a card fits; null when nothing is asked for. A number fits the same number: 7 is 07, and not 17. */
export function matching(query: string, hallName: (id: string) => string | undefined): ((card: Card) => boolean) | null {
  const words = query.toLowerCase().match(/\d+|[^\s\d]+/g);
  if (!words) return null;
  const tests = words.map((word) => (/\d/.test(word) ? new RegExp(`(^|\\D)0*${Number(word)}(\\D|$)`) : word));
  return (card) => {
    const text = textOf(card, hallName);
    return tests.every((test) => (typeof test === 'string' ? text.includes(test) : test.test(text)));
  };
}
