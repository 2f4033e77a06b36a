import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectAccessible } from '../../components/testing/page';
import { loadCredential } from '../../link/credential';
import { identity } from '../../testing/fakes';
import { speak } from '../../text';
import Face from './Face.svelte';
import Found from './Found.svelte';

type Reply = [number, Record<string, unknown>];
const ACCOUNT = { login: 'ratna', name: 'Staf Bappeda', totp: true, recovery_left: 7 };
const PLACES = [{ session: 'bekasi', title: 'Pleno Bekasi', phase: 'open', roles: ['moderator', 'admin'] }];
const IN = { stage: 'in', token: 't-in', account: ACCOUNT, owed: null, sessions: PLACES };
const LOGINS = {
  logins: [
    { id: 'l1', begun_at: 1_800_000_000_000, seen_at: 1_800_000_600_000, address: '10.0.0.4', agent: 'Mozilla/5.0 Firefox/140.0', here: true },
    { id: 'l2', begun_at: 1_800_000_000_000, seen_at: 1_800_000_600_000, address: '10.0.0.9', agent: 'Mozilla/5.0 Chrome/141.0 Safari/537.36', here: false },
  ],
};
let replies: Record<string, Reply | null>;
let asked: { what: string; body: unknown; token: string }[];

beforeEach(() => {
  asked = [];
  replies = { 'GET /me': [200, { stage: 'out' }], 'GET /logins': [200, LOGINS], 'POST /logout': [200, {}] };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const what = `${init.method} ${path.replace('/api/accounts', '')}`;
    asked.push({ what, body: init.body ? JSON.parse(String(init.body)) : undefined, token: (init.headers as Record<string, string>)['x-pleno-token'] ?? '' });
    const reply = replies[what];
    if (!reply) throw new TypeError('offline');
    return new Response(JSON.stringify(reply[1]), { status: reply[0] });
  });
});
afterEach(async () => {
  cleanup();
  localStorage.clear();
  sessionStorage.clear();
  await speak('id');
});

const type = (label: string, value: string): Promise<void> => fireEvent.input(screen.getByLabelText(label), { target: { value } }) as unknown as Promise<void>;
const press = (name: string | RegExp): Promise<void> => fireEvent.click(screen.getByRole('button', { name })) as unknown as Promise<void>;

async function logIn(): Promise<void> {
  await screen.findByLabelText('Nama akun');
  await type('Nama akun', 'ratna');
  await type('Sandi', 'kucing tidur di pagar');
  await press('Masuk');
}

describe('logging in', () => {
  it('asks name and password, then the code, then opens the session chosen', async () => {
    const go = vi.fn();
    render(Face, { go });
    replies['POST /login'] = [200, { stage: 'code', token: 't-code' }];
    await logIn();
    const heading = await screen.findByRole('heading', { name: 'Kode dari ponsel' });
    expect(document.activeElement).toBe(heading);
    await expectAccessible();
    replies['POST /login/code'] = [200, { stage: 'in', token: 't-in' }];
    replies['GET /me'] = [200, IN];
    await type('Kode enam angka', '123456');
    await press('Lanjut');
    await screen.findByRole('heading', { name: 'Pilih sidang' });
    await screen.findByText('Perangkat ini');
    expect(asked.find((one) => one.what === 'POST /login/code')).toEqual({ what: 'POST /login/code', body: { code: '123456' }, token: 't-code' });
    await expectAccessible();
    replies['POST /enter'] = [200, { credential: 'c', identity: { ...identity, role: 'moderator' }, server_now: 1 }];
    await press(/Buka sebagai moderator/);
    await waitFor(() => expect(go).toHaveBeenCalledWith('/moderator'));
    expect(asked.at(-1)).toEqual({ what: 'POST /enter', body: { session: 'bekasi', role: 'moderator' }, token: 't-in' });
    expect(loadCredential('moderator')?.credential).toBe('c');
  });

  it('says what was wrong, how long to wait, and that nothing changed while offline', async () => {
    render(Face);
    replies['POST /login'] = [401, { code: 'login_failed' }];
    await logIn();
    expect((await screen.findByRole('alert')).textContent).toContain('Nama atau sandi tidak cocok');
    await expectAccessible();
    replies['POST /login'] = [429, { code: 'too_many_attempts', retry_after_ms: 4200 }];
    await press('Masuk');
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Tunggu 5 detik'));
    replies['POST /login'] = null;
    await press('Masuk');
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Tidak ada yang berubah'));
    expect((screen.getByLabelText('Sandi') as HTMLInputElement).value).toBe('kucing tidur di pagar');
  });

  it('goes back to the password when the half login is over', async () => {
    replies['GET /me'] = [200, { stage: 'code', token: 't' }];
    replies['POST /login/code'] = [401, { code: 'not_logged_in' }];
    render(Face);
    await screen.findByRole('heading', { name: 'Kode dari ponsel' });
    await type('Kode enam angka', '000000');
    await press('Lanjut');
    await screen.findByRole('heading', { name: 'Masuk' });
    expect(screen.getByRole('alert').textContent).toContain('Anda belum masuk');
  });

  it('may show the password, and tries again when nobody answers at first', async () => {
    replies['GET /me'] = null;
    render(Face);
    expect((await screen.findByRole('alert')).textContent).toContain('Belum ada jawaban');
    replies['GET /me'] = [200, { stage: 'out' }];
    await press(/Coba/);
    const field = await screen.findByLabelText('Sandi');
    expect(field.getAttribute('type')).toBe('password');
    await press('Tampilkan sandi');
    expect(field.getAttribute('type')).toBe('text');
    expect(field.getAttribute('autocomplete')).toBe('current-password');
  });
});

describe('my account', () => {
  it('enrols a telephone by QR or typed key, and shows the recovery codes once', async () => {
    replies['GET /me'] = [200, { ...IN, account: { ...ACCOUNT, totp: false }, owed: 'totp', sessions: [] }];
    replies['POST /totp'] = [200, { secret: 'ABCDEFGHIJKLMNOP', qr: 'data:image/svg+xml,x', seal: 's' }];
    replies['PUT /totp'] = [401, { code: 'code_wrong' }];
    render(Face);
    await screen.findByText('Daftarkan ponsel dulu');
    expect(screen.queryByText('Pleno Bekasi')).toBeNull();
    await type('Sandi Anda sekarang', 'kucing tidur di pagar');
    await press('Lanjut');
    await screen.findByAltText('Kode QR untuk aplikasi di ponsel');
    expect(screen.getByText('ABCD EFGH IJKL MNOP')).toBeTruthy();
    await expectAccessible();
    await type('2. Ketik kode enam angka yang tampil di ponsel', '111111');
    await press('Selesai');
    expect((await screen.findByRole('alert')).textContent).toContain('Kode tidak cocok');
    replies['PUT /totp'] = [200, { stage: 'in', token: 't2', recovery: ['aaaa-bbbb', 'cccc-dddd'] }];
    await type('2. Ketik kode enam angka yang tampil di ponsel', '222222');
    await press('Selesai');
    await screen.findByText('aaaa-bbbb');
    expect(screen.queryByText('Daftarkan ponsel dulu')).toBeNull();
    await expectAccessible();
    replies['GET /me'] = [200, IN];
    await press('Sudah saya catat');
    await screen.findByText('Pleno Bekasi');
    expect(screen.queryByText('aaaa-bbbb')).toBeNull();
  });

  it('changes the password, and says when the new one is too weak', async () => {
    replies['GET /me'] = [200, IN];
    replies['POST /password'] = [400, { code: 'weak_password', reason: 'short', least: 12, most: 200 }];
    render(Face);
    await fireEvent.click(await screen.findByRole('button', { name: 'Ganti sandi' }));
    await type('Sandi sekarang', 'kucing tidur di pagar');
    await type('Sandi baru', 'pendek');
    await press('Simpan sandi baru');
    expect((await screen.findByRole('alert')).textContent).toContain('12–200');
    replies['POST /password'] = [200, {}];
    await press('Simpan sandi baru');
    await screen.findByText('Sandi diganti. Perangkat lain dikeluarkan.');
    expect(asked.find((one) => one.what === 'POST /password')?.body).toEqual({ password: 'kucing tidur di pagar', new: 'pendek' });
  });

  it('ends another login and logs out', async () => {
    replies['GET /me'] = [200, IN];
    replies['DELETE /logins/l2'] = [200, { ended: 1 }];
    render(Face);
    const end = await screen.findByRole('button', { name: /Keluarkan: Chrome 141/ });
    replies['GET /logins'] = [200, { logins: LOGINS.logins.slice(0, 1) }];
    await fireEvent.click(end);
    await screen.findByText('Anda hanya masuk di perangkat ini.');
    await press('Keluar');
    await screen.findByLabelText('Nama akun');
  });

  it('speaks English too, and says when there is no session yet', async () => {
    replies['GET /me'] = [200, { ...IN, sessions: [] }];
    await speak('en');
    render(Face);
    await screen.findByText('No session for this account yet');
    expect(screen.getByRole('button', { name: 'Log out' })).toBeTruthy();
    await expectAccessible();
  });
});

describe('accounts of the staff', () => {
  const KEPT = { id: 'a2', login: 'dishub', name: 'Dishub', totp: false, totp_required: false, must_change: false, recovery_left: 0, disabled: false, scopes: [] };

  it('gives an agency its role by name and another password, and never sends what was typed for something else', async () => {
    replies['GET /me'] = [200, { ...IN, manages: true }];
    replies['GET '] = [200, { accounts: [KEPT] }];
    replies['PUT /a2/scopes'] = replies['POST /a2/password'] = [200, {}];
    render(Face);
    await fireEvent.click(await screen.findByRole('button', { name: 'Kelola akun' }));
    await fireEvent.click(await screen.findByRole('button', { name: 'Beri peran: Dishub' }));
    await fireEvent.change(screen.getByLabelText('Peran'), { target: { value: 'agency' } });
    await fireEvent.change(screen.getByLabelText('Sidang'), { target: { value: 'bekasi' } });
    await type('Nama perangkat daerah', 'Dinas Perhubungan');
    await press('Beri peran');
    await screen.findByText('Tersimpan');
    expect(asked.find((one) => one.what === 'PUT /a2/scopes')?.body).toEqual({ session: 'bekasi', role: 'agency', agency: 'Dinas Perhubungan' });
    await press('Tambah akun');
    await type('Sandi hari pertama', 'sandi orang lain');
    await press('Sandi baru: Dishub');
    expect((screen.getByLabelText('Sandi hari pertama') as HTMLInputElement).value).toBe('');
    await type('Sandi hari pertama', 'sawah luas di selatan');
    await press('Sandi baru');
    await waitFor(() => expect(asked.find((one) => one.what === 'POST /a2/password')?.body).toEqual({ password: 'sawah luas di selatan' }));
    await waitFor(() => expect(screen.queryByLabelText('Sandi hari pertama')).toBeNull());
  });
});

describe('founding a session', () => {
  it('has no template chosen beforehand, and none is sent without one', async () => {
    const agendas = ['rw', 'kota'].map((id) => ({ id, title: { id: `Musrenbang ${id}`, en: id }, minutes: 135, items: [1] }));
    const sent: unknown[] = [];
    vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
      if (path === '/api/templates') return new Response(JSON.stringify({ agendas }), { status: 200 });
      sent.push(JSON.parse(String(init.body)));
      return new Response(JSON.stringify({ session: 's' }), { status: 201 });
    });
    const onfound = vi.fn();
    render(Found, { onfound });
    await press('Buat sidang dari templat');
    const city = await screen.findByRole('radio', { name: /Musrenbang kota/ });
    expect(screen.queryAllByRole('radio', { checked: true })).toEqual([]);
    await type('Nama sidang', 'Pleno Kota');
    await type('Tempat', 'Balai Kota');
    await type('Tanggal', '2027-03-15');
    await press('Buat sidang');
    expect(sent).toEqual([]);
    await fireEvent.click(city);
    await press('Buat sidang');
    await waitFor(() => expect(onfound).toHaveBeenCalled());
    expect(sent).toEqual([{ title: 'Pleno Kota', place: 'Balai Kota', date: '2027-03-15', tz: 'WIB', template: 'kota', rehearsal: false }]);
  });
});
