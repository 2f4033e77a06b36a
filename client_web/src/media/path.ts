/** Which way media takes: straight to the server, or through a relay because a firewall lets nothing else out. */

export interface Path {
  readonly relayed: boolean;
  /** What carries it out of this machine. */
  readonly over: 'udp' | 'tcp' | 'tls';
}

type Row = Record<string, unknown>;

/** From a connection's statistics; null before a pair of candidates is in use. */
export function readPath(report: Iterable<Row>): Path | null {
  const rows = new Map<unknown, Row>();
  for (const row of report) rows.set(row['id'], row);
  const all = [...rows.values()];
  const chosen = all.find((row) => row['type'] === 'transport')?.['selectedCandidatePairId'];
  const inUse = rows.get(chosen) ?? all.find((row) => row['type'] === 'candidate-pair' && row['nominated'] === true && row['state'] === 'succeeded');
  const local = rows.get(inUse?.['localCandidateId']);
  if (local === undefined) return null;
  const relayed = local['candidateType'] === 'relay';
  const over = relayed ? local['relayProtocol'] : local['protocol'];
  return { relayed, over: over === 'tcp' || over === 'tls' ? over : 'udp' };
}
