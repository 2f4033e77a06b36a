import { cleanup, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { saveCredential } from '../link/credential';
import { identity } from '../testing/fakes';
import LogOut from './LogOut.svelte';
import { expectAccessible } from './testing/page';

const mine = { ...identity, pass: 'acct-8f2a-01' };
let asked: [string, RequestInit | undefined][] = [];

function server(answers: Record<string, unknown | null>): void {
  asked = [];
  globalThis.fetch = (async (path: string, init?: RequestInit) => {
    asked.push([path, init]);
    const body = answers[path];
    if (body === null) throw new TypeError('network');
    return { ok: true, status: 200, json: async () => body } as Response;
  }) as typeof fetch;
}

afterEach(() => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
});

describe('LogOut', () => {
  it('ends the login with the token of the page, forgets the credential and leads to where one logs in', async () => {
    server({ '/api/accounts/me': { stage: 'in', token: 't1' }, '/api/accounts/logout': {} });
    saveCredential('moderator', { credential: 'c9', identity: mine });
    const go = vi.fn();
    render(LogOut, { face: 'moderator', identity: mine, credential: 'c9', quiet: true, go });
    const button = screen.getByRole('button', { name: 'Keluar dari akun' });
    button.focus();
    expect(document.activeElement).toBe(button);
    await expectAccessible();
    button.click();
    await waitFor(() => expect(go).toHaveBeenCalledWith('/masuk'));
    expect(asked.map(([path]) => path)).toEqual(['/api/accounts/me', '/api/accounts/logout']);
    expect(asked[1]?.[1]).toMatchObject({ method: 'POST', headers: { 'x-pleno-token': 't1' } });
    expect(localStorage.getItem('pleno.credential.moderator')).toBeNull();
  });

  it('leads out where the login is over already', async () => {
    server({ '/api/accounts/me': { stage: 'out' } });
    const go = vi.fn();
    render(LogOut, { face: 'admin', identity: mine, credential: 'c9', go });
    screen.getByRole('button', { name: 'Keluar dari akun' }).click();
    await waitFor(() => expect(go).toHaveBeenCalledWith('/masuk'));
  });

  it('says when the server cannot be reached, and stays', async () => {
    server({ '/api/accounts/me': null });
    const go = vi.fn();
    render(LogOut, { face: 'admin', identity: mine, credential: 'c9', go });
    screen.getByRole('button', { name: 'Keluar dari akun' }).click();
    expect((await screen.findByRole('alert')).textContent).toMatch(/masih masuk/);
    expect(go).not.toHaveBeenCalled();
  });

  it('is not there for whoever came with a card', () => {
    render(LogOut, { face: 'moderator', identity, credential: 'c1' });
    expect(screen.queryByRole('button')).toBeNull();
  });
});
