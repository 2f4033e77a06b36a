/** Camera and microphone of this machine: asking for them, changing them, and naming what went wrong so that a person can mend it. */

export type DeviceKind = 'camera' | 'mic';
export type TroubleCode = 'insecure' | 'denied' | 'missing' | 'in_use' | 'unplugged' | 'unknown';
export type Troubles = Readonly<Partial<Record<DeviceKind, TroubleCode>>>;

export interface Choice {
  /** Device id, or null for the one the browser prefers. */
  readonly camera: string | null;
  readonly mic: string | null;
}

export interface Device {
  readonly id: string;
  readonly label: string;
}

export interface CaptureView {
  readonly camera: MediaStreamTrack | null;
  readonly mic: MediaStreamTrack | null;
  readonly cameras: readonly Device[];
  readonly mics: readonly Device[];
  readonly troubles: Troubles;
  readonly asking: boolean;
}

type Devices = Pick<MediaDevices, 'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'>;

const NAMES: Readonly<Record<string, TroubleCode>> = {
  NotAllowedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
};

/** Maps the DOMException of getUserMedia (Media Capture §10.2) to a code of ours. */
export function troubleOf(error: unknown): TroubleCode {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  return NAMES[name] ?? 'unknown';
}

function cameraConstraints(id: string | null): MediaTrackConstraints {
  const base = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
  return id === null ? base : { ...base, deviceId: { exact: id } };
}

function micConstraints(id: string | null): MediaTrackConstraints {
  const base = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: { ideal: 1 } };
  return id === null ? base : { ...base, deviceId: { exact: id } };
}

/** Owns at most one camera and one microphone track; `close` stops both and is idempotent. `devices` null = insecure context. */
export class Capture {
  private current: CaptureView = { camera: null, mic: null, cameras: [], mics: [], troubles: {}, asking: false };
  private wanted: Choice = { camera: null, mic: null };
  private closed = false;
  private turn = 0;

  private readonly devices: Devices | null;
  private readonly changed: (view: CaptureView) => void;

  constructor(
    devices: Devices | null,
    changed: (view: CaptureView) => void,
  ) {
    this.devices = devices;
    this.changed = changed;
    devices?.addEventListener('devicechange', this.listChanged);
  }

  get view(): CaptureView {
    return this.current;
  }

  /** Asks for both at once (one question to the person); if that fails, for each alone, so that one broken device does not cost the other. */
  async open(choice: Choice): Promise<CaptureView> {
    this.wanted = choice;
    const turn = ++this.turn;
    if (this.devices === null) {
      this.set({ troubles: { camera: 'insecure', mic: 'insecure' } });
      return this.current;
    }
    this.set({ asking: true });
    const got = await this.ask(this.devices, choice);
    if (this.closed || turn !== this.turn) {
      for (const track of [got.camera, got.mic]) track?.stop();
      return this.current;
    }
    this.adopt('camera', got.camera);
    this.adopt('mic', got.mic);
    this.set({ ...got, asking: false });
    await this.list();
    return this.current;
  }

  close(): void {
    this.closed = true;
    this.devices?.removeEventListener('devicechange', this.listChanged);
    this.adopt('camera', null);
    this.adopt('mic', null);
    this.set({ camera: null, mic: null });
  }

  private async ask(devices: Devices, choice: Choice): Promise<{ camera: MediaStreamTrack | null; mic: MediaStreamTrack | null; troubles: Troubles }> {
    try {
      const stream = await devices.getUserMedia({ video: cameraConstraints(choice.camera), audio: micConstraints(choice.mic) });
      return { camera: stream.getVideoTracks()[0] ?? null, mic: stream.getAudioTracks()[0] ?? null, troubles: {} };
    } catch {
      const camera = await this.one(devices, 'camera', choice.camera);
      const mic = await this.one(devices, 'mic', choice.mic);
      const troubles: Partial<Record<DeviceKind, TroubleCode>> = {};
      if (camera.trouble !== null) troubles.camera = camera.trouble;
      if (mic.trouble !== null) troubles.mic = mic.trouble;
      return { camera: camera.track, mic: mic.track, troubles };
    }
  }

  private async one(devices: Devices, kind: DeviceKind, id: string | null): Promise<{ track: MediaStreamTrack | null; trouble: TroubleCode | null }> {
    try {
      const stream = await devices.getUserMedia(kind === 'camera' ? { video: cameraConstraints(id) } : { audio: micConstraints(id) });
      return { track: stream.getTracks()[0] ?? null, trouble: null };
    } catch (error) {
      const trouble = troubleOf(error);
      if (id !== null && trouble === 'missing') return await this.one(devices, kind, null); // the chosen one is gone: any other
      return { track: null, trouble };
    }
  }

  /** Lets the old track go and watches the new one; the view changes once, when both devices are settled. */
  private adopt(kind: DeviceKind, track: MediaStreamTrack | null): void {
    const old = this.current[kind];
    if (old !== null && old !== track) {
      old.onended = null;
      old.stop();
    }
    if (track !== null) {
      track.contentHint = kind === 'camera' ? 'motion' : 'speech';
      track.onended = () => {
        this.set({ [kind]: null, troubles: { ...this.current.troubles, [kind]: 'unplugged' } });
      };
    }
  }

  private readonly listChanged = (): void => {
    void this.list().then(() => {
      const lost = Object.values(this.current.troubles).some((code) => code === 'unplugged' || code === 'missing');
      if (lost && !this.current.asking && !this.closed) void this.open(this.wanted);
    });
  };

  private async list(): Promise<void> {
    const all = (await this.devices?.enumerateDevices().catch(() => [])) ?? [];
    const pick = (kind: MediaDeviceKind): Device[] =>
      all.filter((d) => d.kind === kind && d.deviceId !== '').map((d) => ({ id: d.deviceId, label: d.label }));
    if (!this.closed) this.set({ cameras: pick('videoinput'), mics: pick('audioinput') });
  }

  private set(part: Partial<CaptureView>): void {
    this.current = { ...this.current, ...part };
    this.changed(this.current);
  }
}

/** The browser's devices, or null where it hides them: a page over plain http on another machine (Secure Contexts §3). */
export function browserDevices(): MediaDevices | null {
  return (navigator.mediaDevices as MediaDevices | undefined) ?? null;
}
