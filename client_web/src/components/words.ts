import { duration, texts } from '../text';
import id from './words.id';

export const w = texts(id, () => import('./words.en'));

/** What is left as "01:24", or "+00:12" once it is over (ms, negative when over). */
export function leftText(ms: number): string {
  return ms > -1000 ? duration(ms) : `+${duration(Math.floor(-ms / 1000) * 1000)}`;
}

/** Time gone by as "00:42"; never negative, whatever two clocks say. */
export const elapsedText = (ms: number): string => duration(Math.floor(Math.max(0, ms) / 1000) * 1000);
