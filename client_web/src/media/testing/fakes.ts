/** Hand-written stand-ins for the browser's WebRTC objects: they keep the rules the media layer relies on and let a test play the network. */
import type { Ack, MediaEvent, MediaMethod } from '../../wire/protocol';
import type { Signal, World } from '../signal';

export class FakeTrack extends EventTarget {
  readonly kind: 'audio' | 'video';
  readonly id: string;
  enabled = true;
  muted = true;
  readyState: 'live' | 'ended' = 'live';
  contentHint = '';
  onended: (() => void) | null = null;
  readonly clones: FakeTrack[] = [];
  private readonly size: { width?: number; height?: number };

  constructor(kind: 'audio' | 'video', id: string, size: { width?: number; height?: number } = {}) {
    super();
    this.kind = kind;
    this.id = id;
    this.size = size;
  }

  getSettings(): { width?: number; height?: number } {
    return this.size;
  }

  clone(): MediaStreamTrack {
    const copy = new FakeTrack(this.kind, `${this.id}+${this.clones.length + 1}`, this.size);
    this.clones.push(copy);
    return asTrack(copy);
  }

  stop(): void {
    this.readyState = 'ended';
  }

  unmute(): void {
    this.muted = false;
    this.dispatchEvent(new Event('unmute'));
  }
}

export const asTrack = (track: FakeTrack): MediaStreamTrack => track as unknown as MediaStreamTrack;

export class FakeSender {
  track: MediaStreamTrack | null;
  private parameters: { encodings: RTCRtpEncodingParameters[] };

  constructor(track: MediaStreamTrack | null, encodings: RTCRtpEncodingParameters[]) {
    this.track = track;
    this.parameters = { encodings };
  }

  get encoding(): RTCRtpEncodingParameters {
    return this.parameters.encodings[0] ?? {};
  }

  getParameters(): { encodings: RTCRtpEncodingParameters[] } {
    return structuredClone(this.parameters);
  }

  async setParameters(next: { encodings: RTCRtpEncodingParameters[] }): Promise<void> {
    this.parameters = next;
  }

  async replaceTrack(track: MediaStreamTrack | null): Promise<void> {
    this.track = track;
  }
}

export interface FakeTransceiver {
  mid: string | null;
  direction: string;
  sender: FakeSender;
  receiver: { track: MediaStreamTrack };
}

/** A remote offer is text like `offer audio video video`: one m-line a word. */
export class FakePeer extends EventTarget {
  connectionState: RTCPeerConnectionState = 'new';
  signalingState = 'stable';
  localDescription: { type: string; sdp: string } | null = null;
  remoteDescription: { type: string; sdp: string } | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  report = new Map<string, Record<string, unknown>>();
  restarts = 0;
  closed = false;
  configuration: RTCConfiguration = { bundlePolicy: 'max-bundle' };
  /** The relays it knew when it last looked for paths. */
  soughtBy: RTCIceServer[] | undefined;

  getConfiguration(): RTCConfiguration {
    return this.configuration;
  }

  setConfiguration(configuration: RTCConfiguration): void {
    if (this.closed) throw new DOMException('closed', 'InvalidStateError');
    this.configuration = configuration;
  }

  addTransceiver(track: MediaStreamTrack, init: { direction: string; sendEncodings: RTCRtpEncodingParameters[] }): FakeTransceiver {
    const made = { mid: null, direction: init.direction, sender: new FakeSender(track, init.sendEncodings), receiver: { track } };
    this.transceivers.push(made);
    return made;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(options: { iceRestart?: boolean }): Promise<{ type: string; sdp: string }> {
    if (options.iceRestart) this.restarts += 1;
    return { type: 'offer', sdp: `offer ufrag${this.restarts}` };
  }

  async createAnswer(): Promise<{ type: string; sdp: string }> {
    if (this.signalingState !== 'have-remote-offer') throw new DOMException('no offer', 'InvalidStateError');
    return { type: 'answer', sdp: `answer to ${this.remoteDescription?.sdp ?? ''}` };
  }

  async setLocalDescription(description: { type: string; sdp: string }): Promise<void> {
    this.localDescription = description;
    this.soughtBy = this.configuration.iceServers;
    this.transceivers.forEach((transceiver, i) => (transceiver.mid ??= String(i)));
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }

  async setRemoteDescription(description: { type: string; sdp: string }): Promise<void> {
    if (description.sdp.includes('garbled')) throw new DOMException('cannot parse', 'OperationError');
    this.remoteDescription = description;
    if (description.type === 'answer') {
      this.signalingState = 'stable';
      return;
    }
    this.signalingState = 'have-remote-offer';
    const kinds = description.sdp.split(' ').slice(1) as ('audio' | 'video')[];
    for (const kind of kinds.slice(this.transceivers.length)) {
      const track = asTrack(new FakeTrack(kind, `remote${this.transceivers.length}`));
      this.transceivers.push({ mid: String(this.transceivers.length), direction: 'recvonly', sender: new FakeSender(null, []), receiver: { track } });
    }
  }

  async getStats(): Promise<Map<string, Record<string, unknown>>> {
    return this.report;
  }

  close(): void {
    this.closed = true;
    this.connectionState = 'closed';
  }

  /** The network speaks. */
  becomes(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }
}

export class FakeWorld implements World {
  readonly peers: FakePeer[] = [];
  readonly network = new Set<() => void>();
  dice = 0.5;

  peer(): RTCPeerConnection {
    const made = new FakePeer();
    this.peers.push(made);
    return made as unknown as RTCPeerConnection;
  }

  random(): number {
    return this.dice;
  }

  onNetworkChange(listener: () => void): () => void {
    this.network.add(listener);
    return () => this.network.delete(listener);
  }

  get last(): FakePeer {
    const last = this.peers.at(-1);
    if (last === undefined) throw new Error('no peer connection was made');
    return last;
  }
}

type Request = { method: MediaMethod; payload: Record<string, unknown> };

/** A server that answers every request with ok unless told otherwise; `"silence"` never answers. */
export class FakeSignal implements Signal {
  readonly requests: Request[] = [];
  readonly listeners = new Set<(event: MediaEvent) => void>();
  readonly replies = new Map<MediaMethod, (Ack | 'silence' | 'cut')[]>();

  media(method: MediaMethod, payload: Record<string, unknown>): Promise<Ack> {
    this.requests.push({ method, payload });
    const reply = this.replies.get(method)?.shift();
    if (reply === 'silence') return new Promise(() => undefined);
    if (reply === 'cut') return Promise.reject(new Error('no link'));
    return Promise.resolve(reply ?? (method === 'publish' ? { ok: true, sdp: 'answer' } : { ok: true }));
  }

  onMedia(listener: (event: MediaEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  says(event: MediaEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  next(method: MediaMethod, ...replies: (Ack | 'silence' | 'cut')[]): void {
    this.replies.set(method, [...(this.replies.get(method) ?? []), ...replies]);
  }

  sent(method: MediaMethod): Record<string, unknown>[] {
    return this.requests.filter((request) => request.method === method).map((request) => request.payload);
  }
}

export const refuse = (code: string, data: Record<string, unknown> = {}): Ack => ({ ok: false, code, data });
