/** What the band at the top says: whether the room is on air, listening, or being connected again. */
import type { SiteFields, Speaker } from '../../wire/protocol';

export type AirState = 'on' | 'off' | 'cut' | 'connecting' | 'bare' | 'blanked' | 'silenced';

export interface AirFacts {
  /** The link to the server is live. */
  readonly linked: boolean;
  /** Health of what this hall sends; null = nothing is sent by choice or for want of devices. */
  readonly sending: 'idle' | 'connecting' | 'live' | 'reconnecting' | 'unavailable' | null;
  readonly holder: Speaker | null;
  readonly queue: readonly Speaker[];
  readonly spotlight: string | null;
  readonly hall: string;
  /** This hall sits on the panel. */
  readonly panel?: boolean;
  /** What the chair has switched off here. */
  readonly site?: Pick<SiteFields, 'blanked' | 'muted' | 'reason'> | undefined;
}

export const holdsFloor = ({ holder, hall }: Pick<AirFacts, 'holder' | 'hall'>): boolean => holder?.hall === hall;

/** Seen or heard by all: this hall holds the floor, the spotlight is on it, or it sits on the panel that is shown. */
export const isOnAir = (facts: AirFacts): boolean =>
  holdsFloor(facts) || facts.spotlight === facts.hall || (facts.panel === true && facts.spotlight === null);

/** Place of this hall's first request in the queue, 1-based; 0 = none. */
export const placeInQueue = ({ queue, hall }: Pick<AirFacts, 'queue' | 'hall'>): number =>
  queue.findIndex((speaker) => speaker.hall === hall) + 1;

/** A cut outranks everything, then what the chair switched off: nobody may believe to be on air when nothing leaves the room. */
export function airState(facts: AirFacts): AirState {
  if (!facts.linked || facts.sending === 'reconnecting') return 'cut';
  if (facts.site?.blanked) return 'blanked';
  if (facts.site?.muted) return 'silenced';
  if (facts.sending === 'unavailable' || (facts.sending === null && isOnAir(facts))) return 'bare';
  if (isOnAir(facts)) return facts.sending === 'live' ? 'on' : 'connecting';
  return facts.sending === 'connecting' ? 'connecting' : 'off';
}

/** The hall's own request (not one of its delegates'), waiting or holding the floor. A point of order waits beside it. */
export function ownRequest(facts: Pick<AirFacts, 'holder' | 'queue' | 'hall'>): { speaker: Speaker; place: number } | null {
  const own = (speaker: Speaker | null): speaker is Speaker => speaker !== null && speaker.hall === facts.hall && speaker.seat === null;
  if (own(facts.holder)) return { speaker: facts.holder, place: 0 };
  const place = facts.queue.findIndex((speaker) => own(speaker) && speaker.kind !== 'point_of_order');
  const speaker = facts.queue[place];
  return speaker === undefined ? null : { speaker, place: place + 1 };
}
