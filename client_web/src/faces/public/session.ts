/** Which session a public page shows: its path, else the card it was opened with. */
import { loadCredential, saveCredential, takeToken } from '../../link/credential';
import { exchangePass } from '../../link/http';

const ID = /^[A-Za-z0-9_-]{1,40}$/;

export function sessionOfPath(path: string): string | null {
  const name = path.split('/')[2] ?? '';
  return ID.test(name) ? name : null;
}

/** A refusal's code, or the session, or null when nothing says which. */
export async function findSession(): Promise<{ session: string } | { code: string } | null> {
  const named = sessionOfPath(location.pathname);
  const token = takeToken();
  if (named !== null) return { session: named };
  if (token === null) {
    const kept = loadCredential('public');
    return kept ? { session: kept.identity.session } : null;
  }
  const answer = await exchangePass(token);
  if (answer === null) return { code: 'no_answer' };
  if (!answer.ok) return { code: answer.code };
  saveCredential('public', answer.body);
  return { session: answer.body.identity.session };
}
