/** Every dictionary of the client: whole in both languages, and no word kept that no page says. (That no page says a word no dictionary has, the compiler checks.) */
import { describe, expect, it } from 'vitest';

type Words = Record<string, string>;
const modules = import.meta.glob<{ default: Words }>('../**/{id,en,*.id,*.en}.ts', { eager: true });
const sources = import.meta.glob<string>(['../**/*.{ts,svelte}', '!../**/{id,en,*.id,*.en}.ts', '!../**/*.test.ts', '!../**/testing/**'], { query: '?raw', import: 'default', eager: true });

const indonesian = Object.keys(modules).filter((path) => /(\/|\.)id\.ts$/.test(path));
const english = (path: string): string => path.replace(/id\.ts$/, 'en.ts');
const words = (path: string): Words => modules[path]?.default ?? {};
const blanks = (text: string): string[] => Array.from(text.matchAll(/\{\w+\}/g), (found) => found[0]).sort();
/** The blanks that a word's number follows, as in `{n|vote|votes}`. */
const counted = (text: string): string[] => Array.from(text.matchAll(/\{(\w+)\|[^|}]+\|[^}]+\}/g), (found) => `{${found[1]}}`);

/** What the sources spell: words in quotes, and keys put together in backticks ("phase.${name}") as patterns. */
function spelled(texts: readonly string[]): (key: string) => boolean {
  const plain = new Set<string>();
  const made: RegExp[] = [];
  for (const text of texts) {
    for (const [, word] of text.matchAll(/['"`]([\w.:-]+)['"`]/g)) plain.add(word as string);
    for (const [, template] of text.matchAll(/`([\w.:-]*\$\{[^`]*)`/g)) {
      const parts = (template as string).split(/\$\{[^{}]*\}/);
      if (parts.some((part) => part.includes('.')) && parts.every((part) => /^[\w.:-]*$/.test(part))) {
        made.push(new RegExp(`^${parts.map((part) => part.replace(/[.]/g, '\\.')).join('.+')}$`));
      }
    }
  }
  return (key) => plain.has(key) || made.some((pattern) => pattern.test(key));
}

describe('dictionaries', () => {
  const said = spelled(Object.values(sources));

  it('are found', () => {
    expect(indonesian.length).toBeGreaterThan(12);
    expect(Object.keys(sources).length).toBeGreaterThan(200);
  });

  it('tell a word that is said from one that is not', () => {
    const known = spelled(["p('votes.void')", 'h(`kind.${kind}.detail`)', 'data-x={`${a} ${b}`}']);
    expect(['votes.void', 'kind.answer.detail'].every(known)).toBe(true);
    expect(['votes', 'kind.answer', 'anything'].some(known)).toBe(false);
  });

  it.each(indonesian)('%s has the same keys and blanks in English, and no empty words', (path) => {
    const [ours, theirs] = [words(path), words(english(path))];
    expect(Object.keys(theirs).sort()).toEqual(Object.keys(ours).sort());
    for (const [key, text] of Object.entries(ours)) {
      expect(blanks(theirs[key] ?? ''), key).toEqual(blanks(text));
      expect(blanks(text), key).toEqual(expect.arrayContaining(counted(theirs[key] ?? '')));
      expect(Math.min(text.trim().length, (theirs[key] ?? '').trim().length), key).toBeGreaterThan(0);
    }
  });

  // what is told of a code is looked up by the code that came (see text.test.ts)
  it.each(indonesian.filter((path) => !path.endsWith('errors.id.ts')))('%s keeps no word that no page says', (path) => {
    expect(Object.keys(words(path)).filter((key) => !said(key))).toEqual([]);
  });
});
