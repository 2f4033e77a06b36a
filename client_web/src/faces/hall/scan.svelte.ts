/** Reads QR cards with a camera. A card is a secret: the picture that is sent to others never shows it. */
import type { Publisher } from '../../media/publisher';
import type { Booth } from './booth.svelte';
import { codeReader, type ReadCode } from './codes';

const LOOK_MS = 200;
/** The same card stays before the camera for a while: it is read once. */
const AGAIN_MS = 4000;

/** Of a tablet's cameras, the one that looks at whoever stands before it, or the one on its back. */
export type Facing = 'user' | 'environment';

export interface ScanParts {
  booth: Booth;
  publisher: Pick<Publisher, 'setCameraOff' | 'view'>;
  oncard: (text: string) => void;
  reader?: () => ReadCode;
  /** No camera is sent here: one is opened for the card alone. */
  facing?: Facing | undefined;
}

export class Scan {
  stream = $state.raw<MediaStream | null>(null);
  failed = $state(false);
  /** The hall's only camera is used: its picture is not sent meanwhile. */
  borrowed = $state(false);
  readonly #parts: ScanParts;
  #own: MediaStream | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = { text: '', at: 0 };
  #run = 0;

  constructor(parts: ScanParts) {
    this.#parts = parts;
  }

  /** Browsers give cameras to safe pages only. */
  static get possible(): boolean {
    return (navigator.mediaDevices as MediaDevices | undefined) !== undefined;
  }

  get on(): boolean {
    return this.stream !== null;
  }

  /** Another camera than the one that is sent, if there is one; else that one, with its sending stopped. */
  async open(): Promise<void> {
    const { booth, publisher } = this.#parts;
    this.failed = false;
    const mine = ++this.#run;
    const sent = booth.view.camera?.getSettings().deviceId;
    const other = booth.view.cameras.find((camera) => camera.id !== sent);
    const { facing } = this.#parts;
    const video = facing && !booth.view.camera ? { facingMode: facing } : other && booth.view.camera ? { deviceId: { exact: other.id } } : null;
    if (video) {
      try {
        const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
        if (mine !== this.#run) return stop(stream);
        this.#own = stream;
        this.stream = stream;
        return;
      } catch {
        // that camera is taken, gone or forbidden: the hall's own will do, if there is one
      }
    }
    if (mine !== this.#run) return;
    if (!booth.preview) {
      this.failed = true;
      return;
    }
    this.borrowed = !publisher.view.cameraOff;
    if (this.borrowed) publisher.setCameraOff(true);
    this.stream = booth.preview;
  }

  /** Looks at the picture until closed. */
  watch(video: HTMLVideoElement): () => void {
    const read = (this.#parts.reader ?? codeReader)();
    let over = false;
    const look = async (): Promise<void> => {
      const text = await read(video).catch(() => null);
      if (over) return;
      if (text) this.#read(text);
      if (this.on) this.#timer = setTimeout(() => void look(), LOOK_MS);
    };
    void look();
    return () => {
      over = true;
      clearTimeout(this.#timer);
    };
  }

  #read(text: string): void {
    const now = Date.now();
    const same = text === this.#last.text && now - this.#last.at < AGAIN_MS;
    this.#last = { text, at: now };
    if (!same) this.#parts.oncard(text);
  }

  close(): void {
    this.#run += 1;
    clearTimeout(this.#timer);
    if (this.#own) stop(this.#own);
    this.#own = null;
    this.stream = null;
    this.#last = { text: '', at: 0 };
    if (this.borrowed) this.#parts.publisher.setCameraOff(false);
    this.borrowed = false;
  }
}

const stop = (stream: MediaStream): void => stream.getTracks().forEach((track) => track.stop());
