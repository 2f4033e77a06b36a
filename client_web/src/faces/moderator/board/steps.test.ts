import { describe, expect, it } from 'vitest';
import protocol from '../../../../../docs/protocol.md?raw';
import { COLUMN_OF, type ProposalStatus } from '../../../wire/protocol';
import { mayDecide, REASON_CODES, statusAfter, stepsFrom } from './steps';

const STATUSES = Object.keys(COLUMN_OF) as ProposalStatus[];
const worded = (text: string): ProposalStatus[] =>
  text.split(/[^A-Z_…]+/).flatMap((word) => (word.endsWith('_…') ? STATUSES.filter((one) => one.startsWith(word.slice(0, -1))) : STATUSES.filter((one) => one === word)));

/** The table "from | to" of docs/protocol.md, read as people read it. */
function table(): Map<ProposalStatus, Set<ProposalStatus>> {
  const steps = new Map<ProposalStatus, Set<ProposalStatus>>();
  const rows = (/\| from \| to \|\n\|[-|]+\|\n((?:\|.*\|\n)+)/.exec(protocol)?.[1] ?? '').trim().split('\n');
  for (const row of rows) {
    const [, left = '', right = ''] = row.split('|');
    const from = worded(left);
    for (const status of from) {
      const to = new Set(worded(right.replace(/as `\w+`/, '')));
      const like = /as `(\w+)`/.exec(right)?.[1] as ProposalStatus | undefined;
      if (like) for (const one of [...(steps.get(like) ?? []), like]) to.add(one);
      if (right.includes('each other')) for (const one of from) to.add(one);
      to.delete(status);
      to.delete('MERGED');
      steps.set(status, to);
    }
  }
  return steps;
}

describe('the life of a proposal', () => {
  it('goes where the protocol says', () => {
    const said = table();
    expect(said.size).toBe(16);
    for (const [status, to] of said) expect([status, ...stepsFrom(status).sort()]).toEqual([status, ...[...to].sort()]);
    expect([stepsFrom('MERGED'), stepsFrom('WITHDRAWN')]).toEqual([[], []]);
  });

  it('a decision leads to its status; what is ranked and accepted stays in the ranking', () => {
    expect(statusAfter('ACCEPTED', 'SUBMITTED')).toBe('AGREED');
    expect(statusAfter('ACCEPTED_WITH_CHANGES', 'RESERVE')).toBe('RESERVE');
    expect(statusAfter('POSTPONED', 'PRIORITISED')).toBe('DISCUSSED');
    expect([mayDecide('ACCEPTED', 'RETURNED'), mayDecide('REJECTED', 'RETURNED'), mayDecide('ACCEPTED', 'AGREED')]).toEqual([false, true, true]);
  });

  it('knows every code of the protocol', () => {
    const line = /^`reason_code`: `([A-Z_ ]+)`/m.exec(protocol)?.[1] ?? '';
    expect([...REASON_CODES].sort()).toEqual(line.split(' ').sort());
  });
});
