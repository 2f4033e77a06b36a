/** The account's few HTTP calls (protocol §1). The cookie is the browser's; the page sends along the token it was told. */
import { call, type Answer } from '../../link/http';
import { errorText, type ErrorText } from '../../text';
import type { Exchange } from '../../wire/protocol';
import { m } from './text';

export type Role = 'admin' | 'moderator' | 'agency';
export interface Account {
  login: string;
  name: string;
  totp: boolean;
  recovery_left: number;
}
export interface Place {
  session: string;
  title: string;
  phase: 'draft' | 'lobby' | 'open' | 'recess' | 'closed' | 'sealed';
  roles: Role[];
}
export interface Me {
  stage: 'out' | 'code' | 'enrol' | 'in';
  account?: Account;
  owed?: 'totp' | 'password' | null;
  sessions?: Place[];
  /** An admin of the installation. */
  manages?: boolean;
}
export interface Login {
  id: string;
  begun_at: number;
  seen_at: number;
  address: string;
  agent: string;
  here: boolean;
}
/** An account as an admin of the installation sees it. session: null for the whole installation. */
export interface Kept extends Account {
  id: string;
  totp_required: boolean;
  must_change: boolean;
  disabled: boolean;
  scopes: { session: string | null; role: Role; agency: string }[];
}
export interface Offer {
  secret: string;
  qr: string;
  seal: string;
}

let token = '';

export const ask = <T>(method: string, path: string, body?: unknown): Promise<Answer<T> | null> => send<T>(method, `/api/accounts${path}`, body);

/** path: any that a login opens. */
export async function send<T>(method: string, path: string, body?: unknown): Promise<Answer<T> | null> {
  const headers: Record<string, string> = { 'x-pleno-token': token };
  if (body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  const answer = await call<T & { token?: string }>(path, init);
  if (answer?.ok && answer.body.token) token = answer.body.token;
  return answer;
}

export const whoAmI = (): Promise<Answer<Me> | null> => ask('GET', '/me');
export const enter = (session: string, role: Role): Promise<Answer<Exchange> | null> => ask('POST', '/enter', { session, role });

/** What to tell about an answer that is none, or a refusal. */
export function trouble(answer: { ok: false; code: string; data: Record<string, unknown> } | null): ErrorText {
  if (answer === null) return { what: m('offline.what'), why: '', next: m('offline.next') };
  const wait = answer.data['retry_after_ms'];
  if (answer.code === 'too_many_attempts' && typeof wait === 'number')
    return { what: m('wait.what'), why: '', next: m('wait.next', { n: Math.ceil(wait / 1000) }) };
  return errorText(answer.code, answer.data);
}
