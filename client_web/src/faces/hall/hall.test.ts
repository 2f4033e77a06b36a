import axe from 'axe-core';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dialogs } from '../../components/testing/page';
import type { Level } from '../../media/level';
import { Room } from '../../media/room.svelte';
import { FakeSignal, FakeTrack, FakeWorld, asTrack } from '../../media/testing/fakes';
import { ballot, FakePlenary, NOW, presence, proposal, RESULT, session, speaker } from '../../media/testing/plenary.svelte';
import { airState, ownRequest, type AirFacts } from './air';
import { Booth } from './booth.svelte';
import { cameraFinding, micFinding, verdict } from './checks';
import Hall from './Hall.svelte';
import type { Store } from './store';

let store: FakePlenary;
let signal: FakeSignal;
let world: FakeWorld;
let room: Room;
let booth: Booth;
let hear: (level: Level) => void = () => undefined;
const mic = new FakeTrack('audio', 'mic');

function devices(grant: boolean): MediaDevices {
  const target = new EventTarget() as unknown as MediaDevices;
  target.getUserMedia = async (wanted) => {
    if (!grant) throw new DOMException('', 'NotAllowedError');
    const camera = new FakeTrack('video', 'cam', { width: 1280, height: 720 });
    const tracks = [...(wanted?.video ? [asTrack(camera)] : []), ...(wanted?.audio ? [asTrack(mic)] : [])];
    return {
      getTracks: () => tracks,
      getVideoTracks: () => tracks.filter((t) => t.kind === 'video'),
      getAudioTracks: () => tracks.filter((t) => t.kind === 'audio'),
    } as MediaStream;
  };
  target.enumerateDevices = async () => [
    { kind: 'videoinput', deviceId: 'c1', label: 'Kamera USB depan' } as MediaDeviceInfo,
    { kind: 'audioinput', deviceId: 'm1', label: 'Mixer aula (USB)' } as MediaDeviceInfo,
  ];
  return target;
}

function boothWith(got: MediaDevices | null): Booth {
  return new Booth({
    devices: got,
    publisher: room.publisher,
    streamOf: (track) => ({ id: track.id }) as MediaStream,
    meterOf: (_track, listener) => {
      hear = listener;
      return { close: () => undefined };
    },
  });
}

beforeAll(dialogs);
beforeEach(() => {
  localStorage.clear();
  store = new FakePlenary();
  signal = new FakeSignal();
  world = new FakeWorld();
  room = new Room(signal, {
    world,
    streamOf: (track) => ({ id: track.id }) as MediaStream,
    makePlayer: () => ({ srcObject: null, muted: false, autoplay: false, play: async () => undefined, pause: () => undefined }),
  });
  booth = boothWith(devices(true));
  vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue(undefined);
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', { configurable: true, writable: true, value: null });
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  globalThis.fetch = (async () => new Response('{}')) as typeof fetch;
});

afterEach(() => {
  cleanup();
  room.close();
  booth.close();
  vi.restoreAllMocks();
});

const settle = (ms = 10): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const text = (): string => (document.body.textContent ?? '').replace(/\s+/g, ' ');
const button = (name: RegExp): HTMLElement => screen.getByRole('button', { name });

async function sound(): Promise<void> {
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
  expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
}

async function open(props: { auto?: boolean } = {}): Promise<void> {
  render(Hall, { store: store as unknown as Store, room, booth, origin: 'https://pleno.example', ...props });
  await booth.open();
  await settle();
}

async function inside(): Promise<void> {
  await open({ auto: true });
  world.last.becomes('connected');
  await settle();
}

describe('the band as data', () => {
  const facts = (fields: Partial<AirFacts>): AirFacts => ({ linked: true, sending: 'live', holder: null, queue: [], spotlight: null, hall: 'pejuang', ...fields });
  it.each([
    ['off', {}],
    ['on', { holder: speaker('pejuang') }],
    ['on', { spotlight: 'pejuang' }],
    ['cut', { holder: speaker('pejuang'), linked: false }],
    ['cut', { holder: speaker('pejuang'), sending: 'reconnecting' }],
    ['connecting', { sending: 'connecting', holder: speaker('pejuang') }],
    ['bare', { sending: 'unavailable' }],
    ['bare', { sending: null, holder: speaker('pejuang') }],
    ['off', { sending: null }],
  ] as const)('is %s for %j', (state, fields) => {
    expect(airState(facts(fields))).toBe(state);
  });

  it('takes only the hall’s own request as its hand, not one of its delegates', () => {
    const delegate = speaker('pejuang', { seat: 'seat-7', request: 'r7' });
    expect(ownRequest(facts({ queue: [delegate] }))).toBeNull();
    expect(ownRequest(facts({ queue: [delegate, speaker('pejuang')] }))?.place).toBe(2);
  });
});

describe('preflight', () => {
  it('shows the room its own picture and enters only when told to', async () => {
    await open();
    expect(text()).toContain('Hanya Anda yang melihat');
    expect(document.querySelector('video')?.srcObject).toEqual({ id: 'cam' });
    expect(signal.sent('publish')).toHaveLength(0);
    await sound();
    await fireEvent.click(button(/Masuk ke sidang/));
    await settle();
    expect(signal.sent('publish')[0]?.['tracks']).toHaveLength(3);
    expect(text()).toContain('MENYAMBUNGKAN');
    world.last.becomes('connected');
    await settle();
    expect(text()).toContain('MENDENGARKAN');
  });

  it.each([
    [{ candidateType: 'relay', protocol: 'udp', relayProtocol: 'tls' }, /Jawaban server \d+ milidetik\. .*server perantara \(TLS\)/, 'ok'],
    [{ candidateType: 'host', protocol: 'udp' }, /Jawaban server \d+ milidetik\.(?!.*perantara)/, 'ok'],
  ])('opens the way of pictures with one small one, and says when it is a relay: %j', async (candidate, words, tone) => {
    await open();
    expect(signal.sent('show')).toEqual([{ halls: ['bintara-jaya'], stage: false, audio: false }]);
    signal.says({ event: 'offer', sdp: 'offer video', generation: 1, slots: {} });
    await settle();
    world.last.report = new Map<string, Record<string, unknown>>([
      ['t', { id: 't', type: 'transport', selectedCandidatePairId: 'p' }],
      ['p', { id: 'p', type: 'candidate-pair', localCandidateId: 'l' }],
      ['l', { id: 'l', type: 'local-candidate', ...candidate }],
    ]);
    world.last.becomes('connected');
    const row = (): HTMLElement => screen.getByRole('heading', { name: 'Sambungan' }).closest('li')!;
    await vi.waitFor(() => expect(row().textContent).toMatch(words), 5_000);
    expect(row().dataset['tone']).toBe(tone);
    await sound();
  });

  it.each([
    ['says what to ask for when no picture can come', false],
    ['says nothing of pictures when there is no other hall to have one of', true],
  ])('%s', async (_, alone) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    if (alone) store.set('hall', store.list('hall')[0]!);
    await open();
    await vi.waitFor(() => expect(text()).toMatch(/Jawaban server/), 5_000);
    vi.advanceTimersByTime(16_000);
    const blocked = 'Minta petugas jaringan membuka UDP ke server';
    if (alone) await settle(1_200);
    else await vi.waitFor(() => expect(text()).toContain(blocked), 5_000);
    expect([text().includes(blocked), /tidak sampai\. Jawaban server/.test(text())]).toEqual([!alone, !alone]);
    vi.useRealTimers();
    await sound();
  });

  it('names what to do when the browser was told to refuse, and lets one in to watch', async () => {
    booth.close();
    booth = boothWith(devices(false));
    await open();
    expect(text()).toContain('Aula lain belum dapat mendengar Anda');
    expect(text()).toContain('tekan ikon gembok');
    await sound();
    await fireEvent.click(button(/Masuk tanpa kamera dan mikrofon/));
    await settle();
    expect(signal.sent('publish')).toHaveLength(0);
    expect(signal.sent('show').at(-1)).toEqual({ halls: [], stage: true, audio: true });
    for (const device of [/^Nyalakan mikrofon/, /^Nyalakan kamera/]) {
      await fireEvent.click(button(device));
      await settle();
      expect(text()).toContain('Kamera, Mikrofon: perlu dibenahi');
      expect(text()).toMatch(/tekan ikon gembok.*Minta izin lagi/);
      await fireEvent.click(button(/^Minta izin lagi$/));
      await vi.waitFor(() => expect(text()).toContain('Peramban masih menolak.'));
      await fireEvent.click(button(/^Selesai$/));
      await settle();
    }
  });

  it('explains https on another machine', async () => {
    booth.close();
    booth = boothWith(null);
    await open();
    expect(text()).toContain('Buka halaman ini lewat alamat https');
  });

  it('goes in by itself when asked to and a device is granted', async () => {
    await open({ auto: true });
    expect(text()).not.toContain('Hanya Anda yang melihat');
    expect(signal.sent('publish')).toHaveLength(1);
  });

  it('remembers the chosen devices', async () => {
    await open();
    await fireEvent.change(screen.getByLabelText('Mikrofon'), { target: { value: 'm1' } });
    expect(JSON.parse(localStorage.getItem('pleno.devices') ?? '{}')).toEqual({ camera: null, mic: 'm1' });
  });

  it('puts loudness in words with an order', () => {
    const view = { ...booth.view, mic: asTrack(mic) };
    expect(micFinding(view, { bar: 0.9, word: 'loud' }).text).toContain('Turunkan penguat');
    expect(micFinding(view, { bar: 0.5, word: 'right' }).tone).toBe('ok');
    expect(cameraFinding({ ...view, troubles: { camera: 'in_use' } }).text).toContain('Tutup aplikasi lain');
  });

  it('never calls a hall ready while its microphone is not, and names what is worst', () => {
    const as = (tone: 'ok' | 'warn' | 'bad') => ({ tone, word: '', text: '' });
    const of = (mic: 'ok' | 'warn' | 'bad', net: 'ok' | 'warn' | 'bad', camera: 'ok' | 'warn' | 'bad') => verdict({ mic: as(mic), net: as(net), others: [as(camera)] }, false);
    expect(of('bad', 'ok', 'ok').title).toContain('belum dapat mendengar Anda');
    expect(of('bad', 'bad', 'ok').title).toContain('belum sampai ke server');
    expect([of('warn', 'ok', 'warn').tone, of('warn', 'ok', 'warn').title]).toEqual(['warn', 'Bisa ikut, 2 hal perlu dibenahi']);
    expect(of('ok', 'ok', 'ok').tone).toBe('ok');
  });
});

describe('during the plenary', () => {
  it('listens with the microphone off, and says that it will open by itself', async () => {
    await inside();
    expect(text()).toContain('MENDENGARKAN');
    expect(text()).toContain('Menyala sendiri saat giliran aula Anda');
    expect(mic.clones.at(-1)?.enabled).toBe(false);
    await sound();
  });

  it('says how many tablets stand beside this page', async () => {
    await inside();
    expect(text()).not.toContain('tablet terhubung');
    store.presence = { ...store.presence, pejuang: { ...store.presence['pejuang']!, tablets: 2 } };
    await settle();
    expect(text()).toContain('2 tablet terhubung');
  });

  it('opens the microphone with the floor and closes it after', async () => {
    await inside();
    store.setFloor(speaker('pejuang', { label: 'Pejuang · Ketua RW 07', since: NOW, until: NOW + 84_000 }));
    await settle();
    expect(text()).toContain('SEDANG TAMPIL');
    expect(screen.getAllByRole('timer')[0]?.textContent).toBe('01:24');
    expect(mic.clones.at(-1)?.enabled).toBe(true);
    await sound();
    store.setFloor(null);
    await settle();
    expect(mic.clones.at(-1)?.enabled).toBe(false);
    expect(text()).toContain('MENDENGARKAN');
  });

  it('warns a hall on air whose microphone is off', async () => {
    await inside();
    store.setFloor(speaker('pejuang', { since: NOW, until: NOW + 84_000 }));
    await settle();
    await fireEvent.click(button(/Matikan mikrofon/));
    expect(text()).toContain('aula lain belum mendengar Anda');
  });

  it('raises the hand with a topic, shows the place, and lowers it', async () => {
    await inside();
    await fireEvent.input(screen.getByLabelText(/Pokok bicara/), { target: { value: ' status lahan ' } });
    await fireEvent.click(button(/Angkat tangan/));
    expect(store.commands).toEqual([{ name: 'floor.request', data: { note: 'status lahan' } }]);
    store.setFloor(speaker('aren-jaya'), speaker('jatiasih'), speaker('pejuang', { note: 'status lahan' }));
    await settle();
    expect(text()).toContain('Nomor 2 di antrean');
    await fireEvent.click(button(/Turunkan tangan · nomor 2/));
    expect(store.commands[1]).toEqual({ name: 'floor.withdraw', data: { request: 'r-pejuang' } });
  });

  it('yields the floor it holds itself, once that is confirmed', async () => {
    await inside();
    store.setFloor(speaker('pejuang', { since: NOW, until: NOW + 84_000 }));
    await settle();
    await fireEvent.click(button(/Selesai bicara/));
    expect(store.commands).toEqual([]);
    await fireEvent.click(within(screen.getByRole('dialog', { name: 'Selesai bicara?' })).getByRole('button', { name: 'Selesai bicara' }));
    expect(store.commands).toEqual([{ name: 'floor.yield', data: { request: 'r-pejuang' } }]);
  });

  it('asks nothing of the next turn when the moderator ended this one under the question', async () => {
    await inside();
    store.setFloor(speaker('pejuang', { since: NOW, until: NOW + 84_000 }));
    await settle();
    await fireEvent.click(button(/Selesai bicara/));
    store.setFloor(speaker('jatiasih', { since: NOW, until: NOW + 84_000 }));
    await settle();
    expect(document.querySelector('dialog[open]')).toBeNull();
    store.setFloor(speaker('pejuang', { request: 'r-next', since: NOW, until: NOW + 84_000 }));
    await settle();
    expect(document.querySelector('dialog[open]')).toBeNull();
    expect(button(/Selesai bicara/)).toBeTruthy();
  });

  it('says why a command was refused and what to do', async () => {
    await inside();
    store.answer = { ok: false, code: 'wrong_phase', data: {} };
    await fireEvent.click(button(/Angkat tangan/));
    await settle();
    expect(screen.getByRole('alert').textContent).toContain('Belum waktunya');
    await sound();
  });

  it('keeps the place and names the remedies through a cut', async () => {
    await inside();
    store.setFloor(null, speaker('jatiasih'), speaker('pejuang'));
    store.status = 'reconnecting';
    await settle();
    expect(text()).toContain('MENYAMBUNG KEMBALI');
    expect(text()).toContain('Nomor 2 di antrean dan semua suara warga Anda dijaga');
    expect(text()).toContain('Periksa kabel atau lampu router');
    store.time = NOW + 42_000;
    await settle();
    expect(text()).toMatch(/Terputus\s*00:42/);
    await sound();
    await fireEvent.click(button(/Coba sekarang/));
    expect(store.retries).toBe(1);
  });

  it('publishes anew when the line is back', async () => {
    await inside();
    const shown = signal.sent('show');
    store.status = 'reconnecting';
    await settle();
    store.status = 'live';
    await vi.waitFor(() => expect(signal.sent('publish')).toHaveLength(2));
    expect(signal.sent('show')).toEqual([...shown, { halls: [], stage: true, audio: true }]);
  });

  it('stays of use when the media plane is away', async () => {
    signal.next('publish', ...Array.from({ length: 5 }, () => ({ ok: false as const, code: 'media_unavailable', data: {} })));
    await open({ auto: true });
    await settle();
    expect(text()).toContain('TANPA GAMBAR DAN SUARA');
    expect(text()).toContain('Gambar dan suara belum tersedia');
    expect(button(/Angkat tangan/).getAttribute('aria-disabled')).toBeNull();
  });

  it('shows the speaker’s picture, and its own when it is on air', async () => {
    await inside();
    store.setFloor(speaker('aren-jaya', { label: 'Aren Jaya · Ketua RW 09' }));
    signal.says({ event: 'offer', sdp: 'offer video', generation: 1, slots: { 0: { kind: 'video', use: 'stage', hall: 'aren-jaya', source: 'camera_hd' } } });
    await settle();
    const stage = () => document.querySelector<HTMLVideoElement>('.onair__l video');
    expect(stage()?.srcObject).toEqual({ id: 'remote0' });
    expect(document.querySelector('.lower')?.textContent).toMatch(/Aren Jaya\s*Ketua RW 09/);
    store.setFloor(speaker('pejuang'));
    await settle();
    expect(stage()?.srcObject).toEqual({ id: 'cam' });
  });

  it('says which hall on stage was cut', async () => {
    await inside();
    store.presence = { ...store.presence, 'aren-jaya': presence({ connected: false, link: 'cut' }) };
    store.setFloor(speaker('aren-jaya'));
    await settle();
    expect(text()).toContain('Aren Jaya terputus. Gilirannya dijaga.');
  });

  it('follows the board, a ballot with its turnout, and the result', async () => {
    await inside();
    store.set('proposal', proposal());
    store.setStage({ scene: 'board', focus: 'p1' });
    await settle();
    expect(text()).toContain('Rp109.200.000');
    store.set('ballot', ballot());
    store.setStage({ scene: 'ballot', ballot: 'b1' });
    store.turnout = { b1: { cast: 127, of: 240 } };
    await settle();
    expect(text()).toContain('127 dari 240 suara masuk');
    expect(text()).not.toContain('812');
    store.set('ballot', ballot({ state: 'closed', result: RESULT }));
    store.setStage({ scene: 'result', ballot: 'b1' });
    await settle();
    expect(text()).toMatch(/Perbaikan turap kali\s*812 suara/);
    await sound();
  });

  it('gives the people in the room an address to follow', async () => {
    await inside();
    expect(screen.getByRole('img', { name: 'Kode QR ke halaman sidang' })).toBeTruthy();
    expect(text()).toContain('pleno.example/public/bekasi-2018');
  });

  it('turns the camera off without losing the room’s own sight of the level', async () => {
    await inside();
    hear({ bar: 0.6, word: 'right' });
    await fireEvent.click(button(/Matikan kamera/));
    await settle();
    expect(text()).toContain('Gambar tidak dikirim');
    expect(world.last.transceivers[1]?.sender.encoding.active).toBe(false);
    expect(world.last.transceivers[0]?.sender.encoding.active).toBe(true);
  });

  it('switches the camera light off when the plenary ends', async () => {
    await inside();
    const camera = booth.view.camera;
    store.status = 'ended';
    await settle();
    expect(text()).toContain('Sidang selesai');
    expect(camera?.readyState).toBe('ended');
    await sound();
  });

  it('offers no hand while the session is not open', async () => {
    store.set('session', session({ phase: 'draft' }));
    await inside();
    expect(text()).toContain('Sidang belum dibuka');
    expect(button(/Angkat tangan/).getAttribute('aria-disabled')).toBe('true');
  });
});

describe('the gate', () => {
  it('explains a card that belongs to no hall', async () => {
    store.identity = { ...store.identity!, hall: null };
    await open();
    expect(screen.getByRole('alert').textContent).toContain('Kartu ini bukan kartu aula');
    await sound();
  });

  it('offers to try at once while the first connection fails', async () => {
    store.loaded = false;
    store.status = 'reconnecting';
    store.retryInSeconds = 8;
    await open();
    expect(text()).toContain('Kami coba lagi dalam 8 detik');
    await fireEvent.click(button(/Coba sekarang/));
    expect(store.retries).toBe(1);
  });
});
