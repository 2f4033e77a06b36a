/** Which seats of this hall vote how, and whether a count of hands can be right. */
import type { Channel, Entity } from '../../wire/protocol';
import type { Store } from './store';

export const CHANNELS: readonly Channel[] = ['phone', 'kiosk', 'hand'];

/** How a seat votes; who was set nothing votes by phone. */
export const channelOf = (store: Store, seat: string): Channel => store.get('channel', seat)?.channel ?? 'phone';

/** The seats of the hall that vote by this channel. */
export const seatsBy = (store: Store, hall: string, channel: Channel): string[] =>
  store.list('channel').flatMap((one) => (one.channel === channel && store.get('seat', one.id)?.hall === hall ? [one.id] : []));

/** Of those seats the ones that are here: all where no attendance is taken; a witness is here and is no attendance (as the server judges it). */
export function handsHere(store: Store, hall: string): string[] {
  const named = store.get('attendance', hall)?.witnesses ?? [];
  const taken = store.list('arrival').some((one) => one.hall === hall && !named.includes(one.id));
  const here = (seat: string): boolean => named.includes(seat) || store.get('arrival', seat)?.left_at === null;
  return seatsBy(store, hall, 'hand').filter((seat) => !taken || here(seat));
}

/** The open ballot that takes votes by this channel, if there is one. */
export const openBallot = (store: Store, channel: 'hand' | 'kiosk'): Entity<'ballot'> | undefined =>
  store.list('ballot').find((one) => one.state === 'open' && (one.channels?.[channel] ?? 0) > 0);

export interface HandFacts {
  seats: number;
  /** People who voted, and those of them who chose nothing. */
  cast: number;
  blank: number;
  /** All hands together, and the most for one option. */
  hands: number;
  most: number;
  chooseMax: number;
}

export type HandProblem = 'empty' | 'seats' | 'allblank' | 'toomany' | 'toofew' | 'oneover';

/** As the server judges it (ballot.hand_count): null when the figures fit. */
export function handProblem({ seats, cast, blank, hands, most, chooseMax }: HandFacts): HandProblem | null {
  if (cast === 0) return 'empty';
  if (cast > seats) return 'seats';
  const choosing = cast - blank;
  if (choosing < 0) return 'allblank';
  if (most > choosing) return 'oneover';
  if (hands > choosing * chooseMax) return 'toomany';
  return hands < choosing ? 'toofew' : null;
}
