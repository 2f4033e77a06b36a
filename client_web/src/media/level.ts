/** Loudness of the microphone as a bar and a word. */

export type LevelWord = 'silent' | 'quiet' | 'right' | 'loud';

export interface Level {
  /** 0–1 along the bar: −60 dBFS to 0 dBFS. */
  readonly bar: number;
  readonly word: LevelWord;
}

const FLOOR_DB = -60;
const HOLD = 20; // readings (2 s at 10 Hz) a word looks back on: speech has pauses

/** RMS level in dBFS of samples in −1…1; −Infinity for silence. */
export function decibels(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i] ?? 0) ** 2;
  return samples.length === 0 ? -Infinity : 10 * Math.log10(sum / samples.length);
}

export function barOf(db: number): number {
  return Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
}

/** The word for the loudest of the last two seconds. */
export class LevelJudge {
  private readonly recent: number[] = [];

  next(db: number): Level {
    this.recent.push(db);
    if (this.recent.length > HOLD) this.recent.shift();
    const peak = Math.max(...this.recent);
    const word = peak < -55 ? 'silent' : peak < -40 ? 'quiet' : peak > -6 ? 'loud' : 'right';
    return { bar: barOf(db), word };
  }
}

export interface Meter {
  close(): void;
}

type Context = Pick<AudioContext, 'createMediaStreamSource' | 'createAnalyser' | 'resume' | 'close'>;

/** Listens to a track ten times a second until closed; it never plays it. */
export function meter(track: MediaStreamTrack, listener: (level: Level) => void, context: Context = new AudioContext()): Meter {
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream([track]));
  source.connect(analyser);
  void context.resume().catch(() => undefined);
  const samples = new Float32Array(analyser.fftSize);
  const judge = new LevelJudge();
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    listener(judge.next(decibels(samples)));
  }, 100);
  let open = true;
  return {
    close() {
      if (!open) return;
      open = false;
      clearInterval(timer);
      source.disconnect();
      void context.close().catch(() => undefined);
    },
  };
}

/** Three rising notes, 1.2 s, for 'terdengar?'. Resolves when they have sounded. */
export async function chime(context: AudioContext = new AudioContext()): Promise<void> {
  await context.resume();
  const gain = context.createGain();
  gain.connect(context.destination);
  const start = context.currentTime + 0.05;
  [523.25, 659.25, 783.99].forEach((hertz, i) => {
    const tone = context.createOscillator();
    const at = start + i * 0.4;
    tone.frequency.value = hertz;
    tone.connect(gain);
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.4, at + 0.03);
    gain.gain.linearRampToValueAtTime(0, at + 0.38);
    tone.start(at);
    tone.stop(at + 0.4);
  });
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  await context.close();
}
