/** The relays (TURN) for media where a firewall lets no UDP through: credentials are asked for when needed and kept while they last. */
import type { Ack, MediaMethod } from '../wire/protocol';

const PATIENCE_MS = 2_000; // without an answer a direct path may still work
const FRESH = 0.5; // share of their life in which credentials are handed to another connection

interface Asker {
  media(method: MediaMethod, payload: Record<string, unknown>): Promise<Ack>;
}

interface Kept {
  servers: RTCIceServer[];
  until: number;
  asking: Promise<RTCIceServer[]> | null;
}

const kept = new WeakMap<Asker, Kept>();

/** What the server names, [] when it names none or does not say in time. Never throws. */
export function relaysOf(signal: Asker): Promise<RTCIceServer[]> {
  let mine = kept.get(signal);
  if (mine === undefined) kept.set(signal, (mine = { servers: [], until: -Infinity, asking: null }));
  if (performance.now() < mine.until) return Promise.resolve(mine.servers);
  return (mine.asking ??= fetched(signal, mine));
}

/** Lets the connection's next search for paths use the relays; call it before each description of its own. */
export async function giveRelays(signal: Asker, connection: RTCPeerConnection): Promise<void> {
  const iceServers = await relaysOf(signal);
  if (iceServers.length === 0) return;
  try {
    connection.setConfiguration({ ...connection.getConfiguration(), iceServers });
  } catch {
    // closed meanwhile, or a browser without setConfiguration: it has the direct paths
  }
}

async function fetched(signal: Asker, mine: Kept): Promise<RTCIceServer[]> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), PATIENCE_MS)));
  const ack = await Promise.race([signal.media('relays', {}).catch(() => null), late]);
  clearTimeout(timer);
  mine.asking = null;
  const lasts = ack?.ok ? Number(ack['lasts_ms']) : 0;
  if (!ack?.ok || !(lasts > 0) || !Array.isArray(ack['relays'])) return mine.servers;
  mine.servers = ack['relays'] as RTCIceServer[];
  mine.until = performance.now() + lasts * FRESH;
  return mine.servers;
}
