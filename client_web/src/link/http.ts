/** The few HTTP calls of the protocol (§1, §2). A network failure is `null`, a refusal carries its code. */
import type { Exchange, Problem, Snapshot } from '../wire/protocol';
import { pause } from './backoff';
import { changesOf, type Table } from './columns';
import { deviceKey } from './device';

export type Answer<T> = { ok: true; body: T } | { ok: false; code: string; data: Record<string, unknown> };

async function problemOf(response: Response): Promise<{ ok: false; code: string; data: Record<string, unknown> }> {
  let problem: Problem = {};
  try {
    problem = (await response.json()) as Problem;
  } catch {
    // not problem+json: a proxy answered
  }
  const { code, title: _title, detail: _detail, ...data } = problem;
  return { ok: false, code: code ?? (response.status === 401 ? 'credential_unknown' : 'unknown'), data };
}

/** One call of the session's other HTTP paths, as the faces that need them make it. `held`: hand on that storage is away. */
export async function call<T>(path: string, init: RequestInit, held = false): Promise<Answer<T> | null> {
  let response: Response;
  try {
    response = await fetch(path, { cache: 'no-cache', ...init });
    if (response.status >= 502 && response.status <= 504) {
      const problem = held ? await problemOf(response) : null;
      return problem?.code === 'held' ? problem : null;
    }
    if (!response.ok) return await problemOf(response);
    return { ok: true, body: (await response.json()) as T };
  } catch {
    return null;
  }
}

export const bearer = (credential: string): RequestInit => ({ headers: { authorization: `Bearer ${credential}` } });

/** `pin`: what is hidden in a card that another device holds. */
export const exchangePass = (token: string, pin = '', held = false): Promise<Answer<Exchange> | null> =>
  call(
    '/api/passes/exchange',
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token, device: deviceKey(), ...(pin ? { pin } : {}) }),
    },
    held,
  );

export const fetchSnapshot = (session: string, credential: string): Promise<Answer<Snapshot> | null> =>
  call(`/api/sessions/${encodeURIComponent(session)}/snapshot`, bearer(credential));

/** The same in little more than half the bytes, for phones. */
export async function fetchColumns(session: string, credential: string): Promise<Answer<Snapshot> | null> {
  const path = `/api/sessions/${encodeURIComponent(session)}/snapshot?form=columns`;
  const answer = await call<Omit<Snapshot, 'changes'> & { tables: Table[] }>(path, bearer(credential));
  if (!answer?.ok) return answer;
  // A thousand cards are read, made and shown in tasks of their own: a slow phone answers the finger between them.
  await pause(0);
  const body = { ...answer.body, changes: changesOf(answer.body.tables) };
  await pause(0);
  return { ok: true, body };
}

export const fetchPublicSnapshot = (session: string): Promise<Answer<Snapshot> | null> =>
  call(`/api/public/${encodeURIComponent(session)}/snapshot`, {});

export const fetchDetails = (
  session: string,
  proposal: string,
  credential: string,
): Promise<Answer<Record<string, unknown>> | null> =>
  call(`/api/sessions/${encodeURIComponent(session)}/proposals/${encodeURIComponent(proposal)}`, bearer(credential));

/** `T` is what the caller reads of the canonical transcript. */
export const fetchTranscript = <T>(session: string, ballot: string): Promise<Answer<T> | null> =>
  call(`/api/sessions/${encodeURIComponent(session)}/ballots/${encodeURIComponent(ballot)}/transcript`, {});

/** What the server says of itself, well or unwell; null when it says nothing. */
export async function fetchHealth(): Promise<Record<string, unknown> | null> {
  try {
    return (await (await fetch('/healthz', { cache: 'no-store' })).json()) as Record<string, unknown>;
  } catch {
    return null;
  }
}
