/** The hall's camera, microphone and level meter as reactive state; what changes here is what the room publishes. */
import { Capture, type CaptureView, type Choice } from '../../media/capture';
import { meter, type Level, type Meter } from '../../media/level';
import type { Publisher } from '../../media/publisher';

const STORED = 'pleno.devices';

export interface BoothParts {
  devices: MediaDevices | null;
  publisher: Pick<Publisher, 'use'>;
  meterOf?: (track: MediaStreamTrack, listener: (level: Level) => void) => Meter;
  streamOf?: (track: MediaStreamTrack) => MediaStream;
}

function remembered(): Choice {
  try {
    const kept = JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<Choice>;
    return { camera: kept.camera ?? null, mic: kept.mic ?? null };
  } catch {
    return { camera: null, mic: null };
  }
}

export class Booth {
  view: CaptureView = $state.raw({ camera: null, mic: null, cameras: [], mics: [], troubles: {}, asking: false });
  level: Level | null = $state.raw(null);
  choice: Choice = $state.raw(remembered());
  /** The camera picture for the eyes of this room. */
  preview: MediaStream | null = $state.raw(null);
  readonly #capture: Capture;
  readonly #parts: BoothParts;
  #meter: Meter | null = null;
  #mic: MediaStreamTrack | null = null;
  #camera: MediaStreamTrack | null = null;

  constructor(parts: BoothParts) {
    this.#parts = parts;
    this.#capture = new Capture(parts.devices, (view) => this.#take(view));
  }

  open(): Promise<CaptureView> {
    return this.#capture.open(this.choice);
  }

  pick(kind: keyof Choice, id: string | null): Promise<CaptureView> {
    this.choice = { ...this.choice, [kind]: id };
    try {
      localStorage.setItem(STORED, JSON.stringify(this.choice));
    } catch {
      // a browser without storage forgets the choice, nothing else
    }
    return this.open();
  }

  close(): void {
    this.#capture.close();
  }

  #take(view: CaptureView): void {
    this.view = view;
    if (view.mic === this.#mic && view.camera === this.#camera) return;
    if (view.mic !== this.#mic) this.#listen(view.mic);
    if (view.camera !== this.#camera) this.preview = view.camera && (this.#parts.streamOf ?? ((track) => new MediaStream([track])))(view.camera);
    this.#mic = view.mic;
    this.#camera = view.camera;
    void this.#parts.publisher.use(view.mic, view.camera);
  }

  #listen(mic: MediaStreamTrack | null): void {
    this.#meter?.close();
    this.#meter = null;
    this.level = null;
    if (mic !== null) this.#meter = (this.#parts.meterOf ?? meter)(mic, (level) => (this.level = level));
  }
}
