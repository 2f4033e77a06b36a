import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs } from '../../components/testing/page';
import { idsOf, isId } from './links';
import { card, entity, scene, type Scene } from '../../testing/plenum';
import Face from './Face.svelte';

let current: Scene | null = null;

beforeAll(dialogs);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  current?.plenary.close();
  cleanup();
  vi.useRealTimers();
});

const step = (name: string | RegExp): Promise<boolean> =>
  fireEvent.click(within(screen.getByRole('navigation', { name: 'Langkah menyiapkan sidang' })).getByRole('button', { name }));

describe('secretariat', () => {
  it('shows the facts of the session, its halls with their line, and the health of the server', async () => {
    current = await scene('admin', [
      entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true }),
      entity('seat', 's2', { hall: 'pejuang', office: 'Pengamat', voice: true, vote: false }),
      card('p1'),
    ]);
    const http = globalThis.fetch;
    let health: Record<string, unknown> | null = { status: 'ok', database: 'ok', media: 'native', sessions: 1 };
    globalThis.fetch = (async (path: string, init?: RequestInit) =>
      path === '/healthz'
        ? ({ json: async () => health ?? Promise.reject(new TypeError('network')) } as Response)
        : http(path, init)) as typeof fetch;
    render(Face, { plenary: current.plenary });
    current.server.say('presence', { halls: { pejuang: { connected: true, since: 1, publishing: true, speaking: false, link: 'weak' } }, participants: 41 });
    await current.tick();
    await step(/^1?Sidang/);
    const fact = (term: string): string | undefined => screen.getByText(term).nextElementSibling?.textContent ?? undefined;
    expect(fact('Kursi dengan hak suara')).toBe('1');
    expect(fact('Peserta tersambung')).toBe('41');
    expect(fact('Tanggal')).toBe('Selasa, 23 Januari 2018');
    await step(/Aula/);
    expect(screen.getByRole('row', { name: /Pejuang/ }).textContent).toContain('Sambungan lemah');
    await step(/Periksa dan buka/);
    await current.tick();
    expect(screen.getByText('Inti cepat (native)')).toBeTruthy();
    health = { status: 'unwell', database: 'away', media: 'native', sessions: 1 };
    await current.tick(6000);
    expect(screen.getByText('Tidak menjawab: suara dan perubahan ditahan dulu')).toBeTruthy();
    health = null;
    await current.tick(6000);
    expect(screen.getByText('Server tidak menjawab. Kami coba lagi sendiri.')).toBeTruthy();
  });

  it('asks for a card when there is none', async () => {
    current = await scene('admin', [], { credential: false });
    render(Face, { plenary: current.plenary });
    expect(screen.getByRole('alert').textContent).toContain('Pindai kartu Anda dulu');
  });

  it('links the session to others, once all ids are ids', async () => {
    current = await scene('admin', []);
    render(Face, { plenary: current.plenary });
    await step(/^1?Sidang/);
    const save = (): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: 'Simpan hubungan' }));
    await fireEvent.input(screen.getByLabelText('Sidang jenjang berikutnya'), { target: { value: ' kota-2018 ' } });
    const reaches = screen.getByLabelText(/Sidang lain yang boleh disebut moderator/);
    await fireEvent.input(reaches, { target: { value: 'kec barat!' } });
    await save();
    expect([current.server.of('command').length, document.body.textContent?.includes('Bukan kode sidang: barat!')]).toEqual([0, true]);
    await fireEvent.input(reaches, { target: { value: 'kec-barat\nkec-timur, kec-barat' } });
    await save();
    await current.tick();
    const [sent] = current.server.of('command');
    expect(sent?.payload).toMatchObject({ name: 'session.link', data: { feeds: 'kota-2018', previous: null, reaches: ['kec-barat', 'kec-timur'] } });
    sent?.reply({ ok: true, seq: 101, result: {} });
    await current.tick();
    expect(document.body.textContent).toContain('Tersimpan.');
  });

  it('knows an id, and reads a list of them as it was typed', () => {
    expect([isId('kec_barat-1'), isId(''), isId('a b'), isId('x'.repeat(41))]).toEqual([true, false, false, false]);
    expect(idsOf(' a, b;c\n\na ')).toEqual(['a', 'b', 'c']);
  });

  it('makes a link for an agency on the board, and tells it once', async () => {
    current = await scene('admin', [card('p1', { agency: "Dinas Jum'at" }), card('p2', { agency: 'Dishub' })]);
    const http = globalThis.fetch;
    const asked: unknown[] = [];
    const passes: Record<string, unknown>[] = [{ pass: 'x', role: 'agency', agency: 'DISHUB', seat: null, hall: null, expires_at: Date.now() + 1e9, revoked: false }];
    let away = true;
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (!path.endsWith('/passes')) return http(path, init);
      if (init?.method !== 'POST') return { ok: true, status: 200, json: async () => ({ passes: [...passes] }) } as Response;
      if (away) throw new TypeError('network');
      asked.push(JSON.parse(String(init.body)));
      passes.push({ ...passes[0], pass: 'y', agency: "Dinas Jum'at" });
      return { ok: true, status: 201, json: async () => ({ pass: 'y', path: '/agency#rahasia' }) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await step(/Kursi dan kartu/);
    await current.tick();
    expect([screen.getAllByText('Sudah dibuat').length, screen.getAllByText('Belum dibuat').length]).toEqual([1, 1]);
    const make = (): HTMLElement => screen.getByRole('button', { name: /^Buat tautan\s*: Dinas Jum'at/ });
    await fireEvent.click(make());
    await current.tick();
    expect([screen.queryByRole('dialog'), screen.getAllByRole('alert').length]).toEqual([null, 1]);
    away = false;
    await fireEvent.click(make());
    await current.tick();
    expect(asked).toEqual([{ role: 'agency', agency: "Dinas Jum'at" }]);
    const dialog = screen.getByRole('dialog');
    expect(dialog.textContent).toContain(`${location.origin}/agency#rahasia`);
    expect(within(dialog).getByRole('img', { name: /Dinas Jum'at/ })).toBeTruthy();
    await fireEvent.click(within(dialog).getByRole('button', { name: 'Sudah saya salin' }));
    expect(document.body.textContent).not.toContain('rahasia');
    expect(screen.getAllByText('Sudah dibuat')).toHaveLength(2);
  });

  it('finds by name whose data are to be erased', async () => {
    current = await scene('admin', [entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true })]);
    const http = globalThis.fetch;
    const asked: string[] = [];
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (!path.includes('/people?')) return http(path, init);
      asked.push(path);
      const people = path.endsWith('siti') ? [{ id: 's1', hall: 'pejuang', name: 'Siti', office: 'Ketua RW 01', present: false }] : [];
      return { ok: true, status: 200, json: async () => ({ people, more: false }) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await step('Data orang');
    const find = async (name: string): Promise<void> => {
      await fireEvent.input(screen.getByLabelText('Cari nama atau jabatan'), { target: { value: name } });
      await fireEvent.click(screen.getByRole('button', { name: 'Cari' }));
      await current?.tick();
    };
    await find('nobody');
    expect(screen.getByText('Tidak ada orang bernama demikian di sidang ini.')).toBeTruthy();
    await find(' siti ');
    expect(asked.at(-1)).toBe('/api/sessions/s1/people?purpose=erasure&q=siti');
    await fireEvent.click(screen.getByRole('button', { name: 'Siti · Ketua RW 01 · Pejuang' }));
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'Ketua RW 01' }).selected).toBe(true);
    expect(screen.queryByRole('button', { name: /^Siti/ })).toBeNull();
  });

  it('erases one seat or, said expressly, everybody', async () => {
    current = await scene('admin', [entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true })]);
    const http = globalThis.fetch;
    const erased: string[] = [];
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (init?.method !== 'DELETE') return http(path, init);
      erased.push(path);
      return { ok: true, status: 200, json: async () => ({ erased: 7 }) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await step('Data orang');
    const ask = async (button: string): Promise<void> => {
      await fireEvent.click(screen.getByRole('button', { name: button }));
      const dialog = screen.getByRole('dialog');
      await fireEvent.click(within(dialog).getByRole('button', { name: button }));
      await current?.tick();
    };
    await fireEvent.click(screen.getByRole('button', { name: 'Hapus data kursi ini' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await fireEvent.change(screen.getByLabelText('Aula'), { target: { value: 'pejuang' } });
    await fireEvent.change(screen.getByLabelText('Kursi'), { target: { value: 's1' } });
    expect(screen.getByRole<HTMLOptionElement>('option', { name: 'Ketua RW 01' }).selected).toBe(true);
    await ask('Hapus data kursi ini');
    await ask('Hapus data semua orang');
    expect(erased).toEqual(['/api/sessions/s1/people?seat=s1', '/api/sessions/s1/people?all=yes']);
    expect(document.body.textContent).toContain('Data 7 orang dihapus');
  });

  it('counts the cards by hall, shows them a page at a time, and keeps what was typed in another step', async () => {
    const seats = Array.from({ length: 6 }, (_, n) => entity('seat', `s${n}`, { hall: 'pejuang', office: `Ketua RW ${n}`, voice: true, vote: true }));
    current = await scene('admin', seats);
    const http = globalThis.fetch;
    const card = (fields: Record<string, unknown>): Record<string, unknown> => ({ role: 'delegate', seat: null, hall: null, expires_at: Date.now() + 1e9, revoked: false, ...fields });
    const passes = [card({ role: 'hall', hall: 'pejuang' }), card({ seat: 's0' }), card({ seat: 's1', revoked: true }), card({ seat: 's2', expires_at: 1 })];
    globalThis.fetch = (async (path: string, init?: RequestInit) =>
      path.endsWith('/passes') ? ({ ok: true, status: 200, json: async () => ({ passes }) } as Response) : http(path, init)) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await current.tick();
    expect(screen.getByText('6 kartu belum dicetak, 2 sudah')).toBeTruthy();
    expect(screen.getByRole('img', { name: /lembar 1.*Aula Pejuang, Ketua RW 0, Ketua RW 1, Ketua RW 2, Ketua RW 3$/ })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Lembar berikutnya' }));
    expect(screen.getByRole('img', { name: /lembar 2.*: Ketua RW 4, Ketua RW 5, Aula Jatiasih$/ })).toBeTruthy();
    await step(/Aula/);
    expect(screen.getByRole('row', { name: /^Pejuang.*2 dari 7/ })).toBeTruthy();
    await step(/^1?Sidang/);
    await fireEvent.input(screen.getByLabelText('Sidang tahun lalu'), { target: { value: 'kota-2017' } });
    await step(/Usulan/);
    expect(screen.queryByRole('textbox', { name: 'Sidang tahun lalu' })).toBeNull();
    await step(/^1?Sidang/);
    expect((screen.getByRole('textbox', { name: 'Sidang tahun lalu' }) as HTMLInputElement).value).toBe('kota-2017');
  });

  it('prints once, however often the button is pressed', async () => {
    current = await scene('admin', [entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true })]);
    const http = globalThis.fetch;
    const job = { print: 'j1', state: 'issuing', total: 3, done: 0, set: 0, parts: [] as unknown[] };
    const asked: string[] = [];
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (path.endsWith('/passes')) return { ok: true, status: 200, json: async () => ({ passes: [] }) } as Response;
      if (!path.includes('/prints')) return http(path, init);
      asked.push(`${init?.method ?? 'GET'} ${path.split('/prints')[1]}`);
      if (path.endsWith('/prints') && !init?.method) return { ok: true, status: 200, json: async () => ({ prints: [] }) } as Response;
      if (init?.method === 'POST' && asked.length > 2) return { ok: false, status: 409, json: async () => ({ code: 'print_running' }) } as Response;
      const over = { ...job, state: 'ready', done: 3, set: 3, parts: [{ part: 1, name: 'pejuang', cards: 3 }] };
      return { ok: true, status: 200, json: async () => (init?.method === 'POST' ? job : over) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await current.tick();
    const button = screen.getByRole('button', { name: /^Cetak/ });
    void fireEvent.click(button);
    await fireEvent.click(button);
    await current.tick(2000);
    expect(asked).toEqual(['GET ', 'POST ', 'GET /j1']);
    expect(screen.getByRole('button', { name: 'Pejuang (3 kartu)' })).toBeTruthy();
  });

  it('finds a print again that was begun before the page was loaded, and lets it be stopped', async () => {
    current = await scene('admin', [entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true })]);
    const http = globalThis.fetch;
    const job = { print: 'j1', state: 'issuing', total: 4, done: 1, set: 0, halls: ['pejuang'], parts: [] as unknown[] };
    let away = true;
    let stopped = false;
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (path.endsWith('/passes')) return { ok: true, status: 200, json: async () => ({ passes: [] }) } as Response;
      if (!path.includes('/prints')) return http(path, init);
      if (away) throw new TypeError('network');
      if (init?.method === 'DELETE') stopped = true;
      const now = stopped && init?.method !== 'DELETE' ? { ...job, state: 'stopped', done: 2, set: 2, parts: [{ part: 1, name: 'pejuang', cards: 2 }] } : job;
      return { ok: true, status: 200, json: async () => (path.endsWith('/prints') ? { prints: [now] } : now) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await current.tick();
    expect(screen.queryByText(/Sambungan terputus/)).toBeNull();
    away = false;
    await current.tick(2500);
    expect(screen.getByText('Menerbitkan kartu: 1 dari 4')).toBeTruthy();
    expect(screen.getByText(/sebelum halaman dimuat ulang/)).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Kartu Pejuang' })).toBeTruthy();
    await fireEvent.click(screen.getByRole('button', { name: 'Hentikan' }));
    await current.tick(1000);
    expect(screen.getByText(/^Dihentikan: 2 dari 4/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Pejuang (2 kartu)' })).toBeTruthy();
  });

  it('asks the server for what is sought in the audit trail, and says who did what to whom', async () => {
    current = await scene('admin', [entity('seat', 's1', { hall: 'pejuang', office: 'Ketua RW 01', voice: true, vote: true })]);
    const http = globalThis.fetch;
    const asked: string[] = [];
    const passes = [
      { pass: 'acct-1', role: 'admin', seat: null, hall: null, expires_at: 1, revoked: false },
      { pass: 'p1', role: 'delegate', seat: 's1', hall: null, expires_at: 1, revoked: false },
    ];
    globalThis.fetch = (async (path: string, init?: RequestInit) => {
      if (path.endsWith('/passes')) return { ok: true, status: 200, json: async () => ({ passes }) } as Response;
      if (!path.startsWith('/api/audit')) return http(path, init);
      asked.push(path);
      const done = { id: '2', at: 1, actor: 'pass:acct-1', action: 'pass.issue', subject: 'pass:p1', data: {} };
      const entries = path.includes('having') ? [] : [done, { ...done, id: '1', action: 'people.export', subject: '', data: { people: 6 } }, { ...done, id: '0', actor: 'cli', action: 'strange.deed', subject: 'x' }];
      return { ok: true, status: 200, json: async () => ({ entries }) } as Response;
    }) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await step('Jejak audit');
    await current.tick();
    expect(screen.getByRole('row', { name: /Kartu diterbitkan.*pass\.issue.*Ketua RW 01 · Pejuang.*Sekretariat/ })).toBeTruthy();
    expect(screen.getByRole('row', { name: /Data orang diunduh.*6 orang.*Sekretariat/ })).toBeTruthy();
    expect(screen.getByRole('row', { name: /strange\.deed.*x.*cli/ })).toBeTruthy();
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: ' pass.issue ' } });
    await fireEvent.click(screen.getByRole('button', { name: 'Cari' }));
    await current.tick();
    expect(asked).toEqual(['/api/audit?session=s1&most=100', '/api/audit?session=s1&most=100&having=pass.issue']);
    expect(screen.getByText('Tidak ada catatan yang memuat “pass.issue”.')).toBeTruthy();
    await fireEvent.change(screen.getByRole('combobox', { name: 'Tindakan' }), { target: { value: 'people.export' } });
    await current.tick();
    expect(asked.at(-1)).toBe('/api/audit?session=s1&most=100&having=people.export');
    expect(screen.getByText('Tidak ada catatan yang memuat “Data orang diunduh”.')).toBeTruthy();
    expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('');
    await fireEvent.input(screen.getByRole('searchbox'), { target: { value: 'Pej' } });
    expect(screen.getByText('Tidak ada catatan yang memuat “Data orang diunduh”.')).toBeTruthy();
  });

  it('puts a template in place of the rundown before the session opens, asked once more', async () => {
    current = await scene('admin', [entity('session', 's1', { title: 'Pleno Bekasi', kind: 'plenary', phase: 'draft', place: 'Bekasi', date: '2018-01-23', tz: 'WIB', rehearsal: false })]);
    const http = globalThis.fetch;
    const agendas = [{ id: 'rw', title: { id: 'Rembuk RW', en: 'RW meeting' }, minutes: 135, items: [1, 2] }];
    globalThis.fetch = (async (path: string, init?: RequestInit) =>
      path === '/api/templates' ? ({ ok: true, status: 200, json: async () => ({ agendas }) } as Response) : http(path, init)) as typeof fetch;
    render(Face, { plenary: current.plenary });
    await step(/Susunan acara/);
    await fireEvent.click(screen.getByRole('button', { name: 'Ganti dengan templat lain' }));
    await current.tick();
    await fireEvent.click(screen.getByRole('radio', { name: /Rembuk RW/ }));
    await fireEvent.click(screen.getByRole('button', { name: 'Pakai templat ini' }));
    expect(current.server.of('command')).toEqual([]);
    await fireEvent.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Pakai templat ini' }));
    await current.tick();
    expect(current.server.of('command')[0]?.payload).toMatchObject({ name: 'agenda.template', data: { template: 'rw', replace: true } });
  });
});
