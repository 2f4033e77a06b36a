/** The phone's microphone on the air, while its seat has the floor or a place on the panel. Nothing else is sent. */
import { giveRelays } from '../../link/relays';
import type { Plenary } from '../../state/plenary.svelte';
import type { MediaEvent } from '../../wire/protocol';

export type MicState = 'opening' | 'live' | 'denied' | 'failed' | 'off';

/** What a browser gives; a test gives its own. */
export interface MicWorld {
  microphone(): Promise<MediaStream>;
  connection(): RTCPeerConnection;
}

const WORLD: MicWorld = {
  microphone: () => navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } }),
  connection: () => new RTCPeerConnection({ bundlePolicy: 'max-bundle' }),
};
const AGAIN_MS = [0, 1000, 3000, 6000] as const;

type Signal = Pick<Plenary, 'media' | 'onMedia'>;

/** Opens at once; the returned function turns it off. `changed` hears each state. */
export function openMic(signal: Signal, changed: (state: MicState) => void, world: MicWorld = WORLD): () => void {
  let stream: MediaStream | null = null;
  let peer: RTCPeerConnection | null = null;
  let off = false;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function again(): void {
    if (off) return;
    peer?.close();
    peer = null;
    const wait = AGAIN_MS[tries];
    tries += 1;
    if (wait === undefined) return stop('failed');
    changed('opening');
    timer = setTimeout(() => void build(), wait);
  }

  async function build(): Promise<void> {
    const track = stream?.getAudioTracks()[0];
    if (off || !track) return;
    const mine = world.connection();
    peer = mine;
    mine.onconnectionstatechange = () => {
      if (mine !== peer) return;
      if (mine.connectionState === 'connected') {
        tries = 0;
        changed('live');
      } else if (mine.connectionState === 'failed') again();
    };
    try {
      await giveRelays(signal, mine);
      if (mine !== peer || off) return;
      const place = mine.addTransceiver(track, { direction: 'sendonly' });
      await mine.setLocalDescription(await mine.createOffer());
      const answer = await signal.media('publish', { sdp: mine.localDescription?.sdp, tracks: [{ mid: place.mid, source: 'mic' }] });
      if (mine !== peer || off) return;
      if (!answer.ok) throw new Error(answer.code);
      await mine.setRemoteDescription({ type: 'answer', sdp: String(answer['sdp']) });
    } catch {
      if (mine === peer) again();
    }
  }

  const unhear = signal.onMedia((event: MediaEvent) => {
    if (event.event === 'reset' && peer) again();
  });

  function stop(state: MicState): void {
    if (off) return;
    off = true;
    clearTimeout(timer);
    unhear();
    if (peer) void signal.media('leave', { what: 'publish' });
    peer?.close();
    peer = null;
    for (const track of stream?.getTracks() ?? []) track.stop();
    changed(state);
  }

  changed('opening');
  world.microphone().then(
    (found) => {
      stream = found;
      if (off) for (const track of found.getTracks()) track.stop();
      else again();
    },
    () => stop('denied'),
  );
  return () => stop('off');
}
