/** Which language the page speaks, and texts by key in it: Indonesian at once, English when asked for. */

export type Language = 'id' | 'en';
export type Params = Record<string, string | number>;
export type Dictionary = Readonly<Record<string, string>>;
export type Translate<D extends Dictionary> = (key: keyof D & string, params?: Params) => string;

const STORED = 'pleno.lang';
let current: Language = 'id';
const loaders: (() => Promise<void>)[] = [];

export const language = (): Language => current;

const fill = (text: string, params: Params): string =>
  text.replace(/\{(\w+)(?:\|([^|}]+)\|([^}]+))?\}/g, (whole, name: string, one?: string, many?: string) =>
    one === undefined ? String(params[name] ?? whole) : String(params[name]) === '1' ? one : (many as string),
  );

/**
 * One dictionary of texts: `id` is bundled with its face, `en` is fetched only by those who chose English.
 * `{name}` in a text is filled from `params`; `{name|one|many}` says `one` where that is 1, for languages that have a plural.
 */
export function texts<D extends Dictionary>(id: D, en: () => Promise<{ default: Record<keyof D, string> }>): Translate<D> {
  let english: Record<keyof D, string> | null = null;
  const load = async (): Promise<void> => {
    english ??= (await en()).default;
  };
  loaders.push(load);
  return (key, params) => {
    const text = (current === 'en' && english ? english[key] : undefined) ?? id[key] ?? key;
    return params ? fill(text, params) : text;
  };
}

/** What the address (`?lang=en`) or an earlier choice says. */
export function preferredLanguage(search: string, stored: string | null): Language {
  const asked = new URLSearchParams(search).get('lang') ?? stored;
  return asked === 'en' ? 'en' : 'id';
}

export function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** Resolves when every dictionary registered so far can speak `next`. Call it before mounting a face. */
export async function speak(next: Language): Promise<void> {
  if (next === 'en') await Promise.all(loaders.map((load) => load()));
  current = next;
  document.documentElement.lang = next;
}

/** Keeps the choice for the next visit. */
export function rememberLanguage(choice: Language): void {
  try {
    localStorage.setItem(STORED, choice);
  } catch {
    // a browser without storage forgets the choice, nothing else
  }
}
