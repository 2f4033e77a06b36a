import { expect, it } from 'vitest';
import { readPath } from './path';

const pair = (fields: object) => ({ id: 'p', type: 'candidate-pair', localCandidateId: 'l', ...fields });
const local = (fields: object) => ({ id: 'l', type: 'local-candidate', protocol: 'udp', ...fields });
const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'p' };

it.each([
  ['a direct way', [transport, pair({}), local({ candidateType: 'host' })], { relayed: false, over: 'udp' }],
  ['an address behind translation', [transport, pair({}), local({ candidateType: 'prflx' })], { relayed: false, over: 'udp' }],
  ['a relay by UDP', [transport, pair({}), local({ candidateType: 'relay', relayProtocol: 'udp' })], { relayed: true, over: 'udp' }],
  ['a relay inside TLS', [transport, pair({}), local({ candidateType: 'relay', relayProtocol: 'tls' })], { relayed: true, over: 'tls' }],
  ['a browser without transports', [pair({ nominated: true, state: 'succeeded' }), local({ candidateType: 'host' })], { relayed: false, over: 'udp' }],
  ['a pair that is only tried', [pair({ nominated: false, state: 'in-progress' }), local({ candidateType: 'host' })], null],
  ['nothing', [], null],
])('reads %s', (_, rows, expected) => {
  expect(readPath(rows as Record<string, unknown>[])).toEqual(expected);
});
