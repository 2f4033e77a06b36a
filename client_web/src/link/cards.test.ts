import { afterEach, describe, expect, it } from 'vitest';
import { identity } from '../testing/fakes';
import { cards, forgetCard, keepCard, type Card } from './cards';

const card = (pass: string, fields: Partial<Card> = {}): Card => ({
  credential: `c-${pass}`,
  identity: { ...identity, pass, expires_at: 2000 },
  label: `Kartu ${pass}`,
  session: 'Pleno',
  ...fields,
});
const names = (now = 1000): string[] => cards(now).map((one) => one.identity.pass);
const far = (pass: string): Card => card(pass, { identity: { ...identity, pass, expires_at: Date.now() + 60_000 } });

afterEach(() => localStorage.clear());

describe('the cards of one phone', () => {
  it('come with the one used last first, each once', () => {
    for (const pass of ['a', 'b', 'a']) keepCard(far(pass));
    expect(names()).toEqual(['a', 'b']);
  });

  it('are not offered once they have expired, nor kept without end', () => {
    localStorage.setItem('pleno.cards', JSON.stringify([card('old')]));
    expect([names(1000), names(3000)]).toEqual([['old'], []]);
    for (let n = 0; n < 12; n += 1) keepCard(far(`p${n}`));
    expect(names()).toHaveLength(8);
  });

  it('are forgotten one by one, and of one session alone', () => {
    keepCard(far('a'));
    keepCard({ ...far('a'), identity: { ...far('a').identity, session: 's2' } });
    forgetCard(far('a').identity);
    expect(cards().map((one) => one.identity.session)).toEqual(['s2']);
  });

  it('are none where what is stored is damaged', () => {
    for (const bad of ['{', '{"a":1}', '[null, 3, {"credential": 1}]']) {
      localStorage.setItem('pleno.cards', bad);
      expect(cards()).toEqual([]);
    }
  });
});
