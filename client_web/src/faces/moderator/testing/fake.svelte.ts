/** A store by hand for tests of this face: entities are put in, commands are written down and answered as told. */
import { emptyRows, type Entity, type Identity, type Kind, type Kinds, type Presence } from '../../../wire/protocol';
import type { Answer, Store } from '../store';

export const NOW = Date.UTC(2018, 0, 23, 3, 42); // 10.42 WIB

type Rows = { [K in Kind]: Entity<K>[] };
type Reply = Answer | ((name: string, data: Record<string, unknown>) => Answer | Promise<Answer>);

export class FakeStore implements Store {
  status = $state<Store['status']>('live');
  refusal = $state.raw<Store['refusal']>(null);
  retryInSeconds = $state<number | null>(null);
  queued = $state(0);
  storageAway = $state(false);
  delivered = $state(0);
  loaded = $state(true);
  presence = $state.raw<Record<string, Presence>>({});
  participants = $state(0);
  turnout = $state.raw<Record<string, { cast: number; of: number }>>({});
  clock = $state(NOW);
  identity = $state.raw<Identity | null>({ session: 'bekasi-2018', role: 'moderator', seat: null, hall: null, pass: 'p1', expires_at: NOW + 86_400_000 });
  readonly credential = 'bearer-of-tests';
  readonly sent: { name: string; data: Record<string, unknown> }[] = [];
  readonly media_sent: { method: string; payload: Record<string, unknown> }[] = [];
  retried = 0;
  resumed = 0;
  #rows = $state.raw<Rows>(emptyRows());
  #indexes = new WeakMap<object, Map<string, unknown>>();
  #replies: Reply[] = [];

  put<K extends Kind>(kind: K, ...entities: Entity<K>[]): this {
    const ids = new Set(entities.map((entity) => entity.id));
    const rows = [...this.#rows[kind].filter((entity) => !ids.has(entity.id)), ...entities];
    this.#rows = { ...this.#rows, [kind]: rows };
    return this;
  }

  change<K extends Kind>(kind: K, id: string, fields: Partial<Kinds[K]>): void {
    const rows = this.#rows[kind].map((entity) => (entity.id === id ? { ...entity, ...fields } : entity));
    this.#rows = { ...this.#rows, [kind]: rows };
  }

  remove<K extends Kind>(kind: K, id: string): void {
    this.#rows = { ...this.#rows, [kind]: this.#rows[kind].filter((entity) => entity.id !== id) };
  }

  /** The answers to the next commands, in order; after them everything is accepted. */
  reply(...replies: Reply[]): void {
    this.#replies.push(...replies);
  }

  list<K extends Kind>(kind: K): Entity<K>[] {
    return this.#rows[kind];
  }
  get<K extends Kind>(kind: K, id: string): Entity<K> | undefined {
    const rows = this.#rows[kind];
    let index = this.#indexes.get(rows);
    if (!index) this.#indexes.set(rows, (index = new Map(rows.map((entity) => [entity.id, entity]))));
    return index.get(id) as Entity<K> | undefined;
  }
  get session(): Entity<'session'> | undefined {
    return this.list('session')[0];
  }
  get floor(): Entity<'floor'> | undefined {
    return this.get('floor', 'floor');
  }
  get stage(): Entity<'stage'> | undefined {
    return this.get('stage', 'stage');
  }
  now(): number {
    return this.clock;
  }
  async command(name: string, data: Record<string, unknown> = {}): Promise<Answer> {
    this.sent.push({ name, data });
    const reply = this.#replies.shift();
    if (typeof reply === 'function') return reply(name, data);
    return reply ?? { ok: true, seq: 1, result: {} };
  }
  async media(method: string, payload: Record<string, unknown> = {}): Promise<{ ok: true }> {
    this.media_sent.push({ method, payload });
    return { ok: true };
  }
  onMedia(): () => void {
    return () => undefined;
  }
  details(): Promise<Record<string, unknown>> {
    return Promise.resolve({});
  }
  retryNow(): void {
    this.retried += 1;
  }
  resume(): void {
    this.resumed += 1;
  }
}

const MINUTE = 60_000;
const HALLS = [
  'Pejuang', 'Bintara Jaya', 'Aren Jaya', 'Kayuringin Jaya', 'Kaliabang Tengah', 'Jatirahayu',
  'Jatiwaringin', 'Jatiranggon', 'Bantargebang', 'Bojong Menteng', 'Mustikajaya', 'Jatiasih',
];
export const slug = (name: string): string => name.toLowerCase().replace(/ /g, '-');

const here = (link: Presence['link'], minutes = 30, publishing = true): Presence => ({
  connected: link !== 'cut' && link !== 'absent',
  since: NOW - minutes * MINUTE,
  publishing,
  speaking: false,
  link,
});

export function proposal(id: string, fields: Partial<Kinds['proposal']> = {}): Entity<'proposal'> {
  return {
    id, title: `Usulan ${id}`, hall: 'pejuang', status: 'SUBMITTED', rank: 1, amount: 74_000_000, households: 18, rw: '07',
    urgency: 'MENDESAK', land: 'PEMDA', type: 'FISIK', version: 1, problem: 'Genangan setinggi mata kaki', address: 'Gg. Mawar RT 07/RW 07',
    volume: 50, unit: 'm', agency: 'Dinas Bina Marga dan Sumber Daya Air', proposer: 'Ketua RW 07', reason: '', ...fields,
  }; // prettier-ignore
}

export function ballot(id: string, fields: Partial<Kinds['ballot']> = {}): Entity<'ballot'> {
  return {
    id, title: 'Tiga prioritas lintas kelurahan', secrecy: 'secret', proof: 'inclusion', choose_max: 2,
    options: [
      { id: 'a', label: 'Perbaikan turap kali di RT 12/RW 02', detail: 'Aren Jaya' },
      { id: 'b', label: 'Penerangan jalan umum Gg. Mushola', detail: 'Kayuringin Jaya' },
      { id: 'c', label: 'Pengadaan pompa air apung RW 14', detail: 'Pejuang' },
    ],
    state: 'open', opened_at: NOW - 3 * MINUTE, closes_at: NOW + 2 * MINUTE, closed_at: null, electorate: 240, result: null, reason: null, ...fields,
  }; // prettier-ignore
}

/** A session with twelve halls that has been running since 08.30. */
export function running(): FakeStore {
  const store = new FakeStore();
  const opened = NOW - 132 * MINUTE;
  store.participants = 217;
  store.put('session', {
    id: 'bekasi-2018', title: 'Musrenbang Kota Bekasi · Sidang pleno 1', kind: 'plenary', parent: null, phase: 'open', place: 'Bappeda Kota Bekasi',
    date: '2018-01-23', tz: 'WIB', rehearsal: false, opened_at: opened, closed_at: null, seat_count: 240, hall_count: 12,
  }); // prettier-ignore
  store.put('hall', ...HALLS.map((name, order) => ({ id: slug(name), name, kecamatan: 'Bekasi', order: order + 1, seat_count: 20 })));
  store.put('seat', ...Array.from({ length: 240 }, (_, i) => ({ id: `s${i}`, hall: slug(HALLS[i % 12] ?? ''), office: 'Ketua RW 07', constituency: 'RW', voice: true, vote: true })));
  const items: [string, number][] = [
    ['Registrasi dan cek perangkat', 30], ['Pembukaan, Indonesia Raya, doa', 10], ['Laporan Kepala Bappeda', 10], ['Paparan prioritas dan pagu', 15],
    ['Pokok pikiran DPRD', 10], ['Tata tertib dan kuorum', 5], ['Paparan 12 kelurahan', 70], ['Tanggapan perangkat daerah', 30],
    ['Pemungutan suara prioritas', 20], ['Baca draf Berita Acara', 10], ['Pemilihan delegasi', 10], ['Penandatanganan', 10], ['Penutup dan doa', 10],
  ]; // prettier-ignore
  let at = opened;
  store.put(
    'agenda',
    ...items.map(([title, minutes], i) => {
      const state = i < 6 ? ('done' as const) : i === 6 ? ('now' as const) : ('todo' as const);
      const started = state === 'todo' ? null : at;
      at += minutes * MINUTE;
      return {
        id: `i${i + 1}`, title, kind: 'REPORT', order: i + 1, minutes, state, started_at: started, ended_at: state === 'done' ? at : null,
        speaker: '', hall: null, since: state === 'now' ? started : null, spent_ms: state === 'done' ? minutes * MINUTE : 0, note: '',
      }; // prettier-ignore
    }),
  );
  const asked = (request: string, hall: string, label: string, note: string, minutes: number, seat: string | null = null) => ({
    request, hall, seat, label, note, at: NOW - minutes * MINUTE, since: null, until: null,
  }); // prettier-ignore
  store.put('floor', {
    id: 'floor',
    holder: { ...asked('r0', 'aren-jaya', 'Aren Jaya · Ketua RW 09', 'Paparan prioritas', 9), since: NOW - 216_000, until: NOW + 84_000 },
    queue: [
      asked('r1', 'kaliabang-tengah', 'Kaliabang Tengah · Ketua RW 07', 'Sumur resapan RT 08/RW 07', 6, 's4'),
      asked('r2', 'bojong-menteng', 'Bojong Menteng', 'Status lahan jalan Gg. Mushola', 4),
      asked('r3', 'pejuang', 'Pejuang · Ketua RW 14', 'Jalur pemandu difabel Jl. Dahlia', 2, 's0'),
    ],
  });
  store.put('stage', { id: 'stage', scene: 'stage', spotlight: null, focus: 'BKS00034', ballot: null });
  store.presence = Object.fromEntries(HALLS.map((name) => [slug(name), here('good')]));
  store.presence = {
    ...store.presence,
    'kayuringin-jaya': here('fair'),
    'kaliabang-tengah': here('weak'),
    bantargebang: here('audio'),
    'bojong-menteng': { ...here('cut'), since: NOW - 42_000 },
  };
  store.put(
    'proposal',
    proposal('BKS00034', { title: 'Perbaikan turap kali RT 12/RW 02', hall: 'aren-jaya', status: 'PRIORITISED', rank: 1, amount: 109_200_000, households: 47, rw: '02', urgency: 'SANGAT_MENDESAK' }),
    proposal('BKS00030', { title: 'Pemasangan cermin tikungan dan pita kejut Gg. Salak', hall: 'aren-jaya', status: 'PRIORITISED', rank: 2, amount: 9_300_000, land: 'BELUM_DISERAHKAN' }),
    proposal('BKS00023', { title: 'Pembangunan MCK umum RT 01/RW 03', hall: 'aren-jaya', status: 'DISCUSSED', amount: 96_000_000 }),
    proposal('BKS00001', { title: 'Peningkatan saluran drainase U-ditch Gg. Mawar', land: 'SENGKETA' }),
    proposal('BKS00002', { title: 'Pembuatan sumur resapan di RT 10/RW 07', rank: 2, urgency: 'CUKUP' }),
    proposal('BKS00003', { title: 'Pelatihan menjahit untuk PKK', rank: 3, type: 'NON_FISIK', urgency: 'TIDAK_MENDESAK', amount: null }),
    proposal('BKS00022', { title: 'Pengaspalan jalan Jl. Melati', status: 'NOT_AGREED', reason: 'Sama dengan usulan dinas tahun 2018' }),
  );
  return store;
}
