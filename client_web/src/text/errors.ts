/** What to tell a person about a code of the protocol: a dictionary of its own, so that a phone fetches it after its board. */
import errorsId from './errors.id';
import { texts } from './language';

const e = texts(errorsId, () => import('./errors.en'));

/** What happened, why, and what to do next. */
export interface ErrorText {
  what: string;
  why: string;
  next: string;
}

/** The text for a code of docs/protocol.md; an unknown code gets an honest general one that names it. */
export function errorText(code: string, data: Record<string, unknown> = {}): ErrorText {
  const key = code in errorsId ? (code as keyof typeof errorsId) : 'unknown';
  const params: Record<string, string | number> = { code };
  for (const [name, value] of Object.entries(data)) {
    if (typeof value === 'string' || typeof value === 'number') params[name] = value;
  }
  if (typeof data['retry_after_ms'] === 'number') params['seconds'] = Math.ceil(data['retry_after_ms'] / 1000);
  const [what = '', why = '', next = ''] = e(key, params).split('|');
  return { what, why, next };
}
