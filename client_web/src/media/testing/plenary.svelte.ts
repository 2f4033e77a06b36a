/** A plenary the test writes by hand: what the hall and screen faces read, and the commands they gave. */
import type { CommandAnswer, RefusedAct, VoteAnswer } from '../../state/plenary.svelte';
import { emptyRows, type Entity, type Ack, type Identity, type Kind, type Kinds, type Me, type Presence, type Receipt, type Speaker } from '../../wire/protocol';

export const NOW = Date.UTC(2018, 0, 23, 3, 42, 0); // 10.42 WIB

export const speaker = (hall: string, fields: Partial<Speaker> = {}): Speaker => ({
  request: `r-${hall}`,
  hall,
  seat: null,
  label: hall,
  note: '',
  at: NOW,
  since: null,
  until: null,
  ...fields,
});

export const presence = (fields: Partial<Presence> = {}): Presence => ({
  connected: true,
  since: NOW - 42_000,
  publishing: true,
  speaking: false,
  link: 'good',
  ...fields,
});

const NAMES = 'Pejuang,Bintara Jaya,Aren Jaya,Kayuringin Jaya,Kaliabang Tengah,Jatirahayu,Jatiwaringin,Jatiranggon,Bantargebang,Bojong Menteng,Mustikajaya,Jatiasih';

export function halls(n = 12): Entity<'hall'>[] {
  const names = NAMES.split(',');
  return Array.from({ length: n }, (_, i) => {
    const name = names[i] ?? `Kelurahan ${i + 1}`;
    return { id: name.toLowerCase().replaceAll(' ', '-'), name, kecamatan: 'Bekasi', order: i + 1, seat_count: 20 };
  });
}

type Rows = { [K in Kind]: Entity<K>[] };

export const session = (fields: Partial<Kinds['session']> = {}): Entity<'session'> => ({
  id: 'bekasi-2018',
  title: 'Musrenbang Kota Bekasi',
  kind: 'plenary',
  parent: null,
  phase: 'open',
  place: 'Sidang pleno 1',
  date: '2018-01-23',
  tz: 'WIB',
  rehearsal: false,
  opened_at: NOW,
  closed_at: null,
  seat_count: 240,
  hall_count: 12,
  ...fields,
});

export class FakePlenary {
  status: 'exchanging' | 'connecting' | 'live' | 'reconnecting' | 'refused' | 'ended' = $state('live');
  refusal: { code: string; data: Record<string, unknown> } | null = $state.raw(null);
  retryInSeconds: number | null = $state(null);
  queued = $state(0);
  storageAway = $state(false);
  loaded = $state(true);
  wasLive = true;
  updatedAt: number | null = NOW - 42_000;
  identity: Identity | null = $state.raw({ session: 'bekasi-2018', role: 'hall', seat: null, hall: 'pejuang', pass: 'p1', expires_at: NOW * 2 });
  me: Me | null = $state.raw(null);
  group: string | null = $state(null);
  credential: string | null = 'c1';
  readonly requests: { event: string; payload: Record<string, unknown> }[] = [];
  /** What the next live requests are answered, the last of them for good; null = no answer. */
  acks: (Ack | null)[] = [null];
  presence: Record<string, Presence> = $state.raw(Object.fromEntries(halls().map(({ id }) => [id, presence()])));
  turnout: Record<string, { cast: number; of: number }> = $state.raw({});
  rows: Rows = $state.raw({
    ...emptyRows(),
    session: [session()],
    hall: halls(),
    agenda: [{
      id: 'a5', title: 'Paparan kelurahan', kind: 'paparan', order: 5, minutes: 60, state: 'now', started_at: NOW, ended_at: null,
      speaker: 'Lurah', hall: null, since: NOW, spent_ms: 0,
    }], // prettier-ignore
    floor: [{ id: 'floor', holder: null, queue: [] }],
    stage: [{ id: 'stage', scene: 'wall', spotlight: null, focus: null, ballot: null }],
  });
  receipts: Record<string, Receipt> = $state.raw({});
  waiting: readonly { event: string; payload: Record<string, unknown>; tries: number }[] = $state.raw([]);
  refusedActs: readonly RefusedAct[] = $state.raw([]);
  readonly votes: { ballot: string; choices: readonly string[] }[] = [];
  readonly commands: { name: string; data: Record<string, unknown> }[] = [];
  answer: CommandAnswer = { ok: true, seq: 1, result: {} };
  retries = 0;
  resumes = 0;
  time = $state(NOW);

  get session(): Entity<'session'> | undefined {
    return this.rows.session[0];
  }
  get floor(): Entity<'floor'> | undefined {
    return this.rows.floor[0];
  }
  get stage(): Entity<'stage'> | undefined {
    return this.rows.stage[0];
  }
  list<K extends Kind>(kind: K): Entity<K>[] {
    return this.rows[kind] as Entity<K>[];
  }
  get<K extends Kind>(kind: K, id: string): Entity<K> | undefined {
    return this.list(kind).find((row) => row.id === id);
  }
  now(): number {
    return this.time;
  }
  async command(name: string, data: Record<string, unknown> = {}): Promise<CommandAnswer> {
    this.commands.push({ name, data });
    return this.answer;
  }
  async vote(ballot: string, choices: readonly string[]): Promise<VoteAnswer> {
    this.votes.push({ ballot, choices });
    return { ok: false, code: 'no_answer', data: {} };
  }
  dismiss(key: string): void {
    this.refusedActs = this.refusedActs.filter((act) => act.key !== key);
  }
  async request(event: string, payload: Record<string, unknown>): Promise<Ack | null> {
    this.requests.push({ event, payload });
    return (this.acks.length > 1 ? this.acks.shift() : this.acks[0]) ?? null;
  }
  async details(): Promise<Record<string, unknown>> {
    return { problem: 'Turap longsor setiap hujan deras.', address: 'RT 12' };
  }
  retryNow(): void {
    this.retries += 1;
  }
  resume(): void {
    this.resumes += 1;
  }

  set<K extends Kind>(kind: K, ...rows: Entity<K>[]): void {
    this.rows = { ...this.rows, [kind]: rows };
  }
  setStage(fields: Partial<Kinds['stage']>): void {
    this.set('stage', { id: 'stage', scene: 'wall', spotlight: null, focus: null, ballot: null, ...fields });
  }
  setFloor(holder: Speaker | null, ...queue: Speaker[]): void {
    this.set('floor', { id: 'floor', holder, queue });
  }
}

export const proposal = (fields: Partial<Kinds['proposal']> = {}): Entity<'proposal'> => ({
  id: 'p1',
  title: 'Perbaikan turap kali di RT 12/RW 02',
  hall: 'aren-jaya',
  status: 'DISCUSSED',
  rank: 2,
  amount: 109_200_000,
  households: 47,
  rw: '02',
  urgency: 'MENDESAK',
  land: 'PEMDA',
  type: 'FISIK',
  version: 1,
  ...fields,
});

export const ballot = (fields: Partial<Kinds['ballot']> = {}): Entity<'ballot'> => ({
  id: 'b1',
  title: 'Pilih paling banyak 3 prioritas lintas kelurahan',
  secrecy: 'secret',
  proof: 'inclusion',
  choose_max: 3,
  options: [
    { id: 'o1', label: 'Perbaikan turap kali', detail: 'Aren Jaya · Rp109,2 jt · 47 KK' },
    { id: 'o2', label: 'Pemasangan cermin tikungan dan pita kejut', detail: 'Jatirahayu' },
    { id: 'o3', label: 'Pemasangan penerangan jalan umum', detail: 'Kayuringin Jaya' },
    { id: 'o4', label: 'Pengadaan pompa air apung RW 14', detail: 'Pejuang' },
    { id: 'o5', label: 'Perbaikan rumah tidak layak huni', detail: 'Bintara Jaya' },
  ],
  state: 'open',
  opened_at: NOW - 60_000,
  closes_at: NOW + 128_000,
  closed_at: null,
  electorate: 1312,
  result: null,
  reason: null,
  ...fields,
});

export const RESULT: Kinds['ballot']['result'] = {
  counts: [
    { option: 'o1', votes: 812 },
    { option: 'o2', votes: 701 },
    { option: 'o3', votes: 588 },
    { option: 'o4', votes: 297 },
    { option: 'o5', votes: 431 },
  ],
  cast: 1204,
  blank: 12,
  electorate: 1312,
  elected: ['o1', 'o2', 'o3'],
  tied: [],
  root: '3f9a02bc77de0011',
};
