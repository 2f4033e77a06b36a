/** What the media layer needs of the link to the server: one request, one stream of events (docs/protocol.md §6), and the outside world as ports. */

import type { Ack, MediaEvent, MediaMethod, Slot, Source } from '../wire/protocol';

export type { MediaEvent, MediaMethod, Slot, Source };
export type Slots = Readonly<Record<string, Slot>>;

export interface Signal {
  media(method: MediaMethod, payload: Record<string, unknown>): Promise<Ack>;
  onMedia(listener: (event: MediaEvent) => void): () => void;
}

/** Everything else that is not ours: how a peer connection is made, dice in [0, 1), and news of another network. */
export interface World {
  peer(): RTCPeerConnection;
  random(): number;
  onNetworkChange(listener: () => void): () => void;
}

/** A request whose loss of answer is an answer too: code `no_answer`. */
export async function ask(signal: Signal, method: MediaMethod, payload: Record<string, unknown>): Promise<Ack> {
  try {
    return await signal.media(method, payload);
  } catch {
    return { ok: false, code: 'no_answer', data: {} };
  }
}

export function browserWorld(): World {
  return {
    peer: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
    random: Math.random,
    onNetworkChange(listener) {
      const connection = (navigator as Navigator & { connection?: EventTarget }).connection;
      addEventListener('online', listener);
      connection?.addEventListener('change', listener);
      return () => {
        removeEventListener('online', listener);
        connection?.removeEventListener('change', listener);
      };
    },
  };
}
