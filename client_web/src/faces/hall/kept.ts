/** What is being written of a draft stays in the browser until it is saved: a reload or a cut loses nothing. */
import { EMPTY, FIELDS, type Form } from '../moderator/board/edit';

export interface Text {
  /** What the text was written upon; version 0: a new draft. */
  base: { version: number; form: Form };
  form: Form;
}
/** By draft id; NEW: the one that no draft is of yet. */
export type Texts = Readonly<Record<string, Text>>;
export const NEW = 'new';

const place = (session: string, hall: string): string => `pleno.usulan.${session}.${hall}`;

export function readTexts(session: string, hall: string): Texts {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place(session, hall)) ?? '{}');
    if (typeof found !== 'object' || found === null) return {};
    return Object.fromEntries(Object.entries(found).flatMap(([id, text]) => (isText(text) ? [[id, whole(text)]] : [])));
  } catch {
    return {}; // storage is off, or another page's: nothing was kept
  }
}

export function keepText(session: string, hall: string, draft: string, text: Text | null): void {
  const { [draft]: _, ...others } = readTexts(session, hall);
  const left = text === null ? others : { ...others, [draft]: text };
  try {
    if (Object.keys(left).length === 0) localStorage.removeItem(place(session, hall));
    else localStorage.setItem(place(session, hall), JSON.stringify(left));
  } catch {
    // storage is off or full: the page itself still has the text
  }
}

function isText(found: unknown): found is Text {
  const text = found as Text | null;
  return typeof text?.base?.version === 'number' && isForm(text.base.form) && isForm(text.form);
}

const isForm = (found: unknown): found is Form => typeof found === 'object' && found !== null && Object.values(found).every((value) => typeof value === 'string');

/** An older page may have known fewer fields. */
const filled = (form: Form): Form => Object.fromEntries(FIELDS.map((field) => [field, form[field] ?? EMPTY[field]])) as Form;
const whole = (text: Text): Text => ({ base: { version: text.base.version, form: filled(text.base.form) }, form: filled(text.form) });
