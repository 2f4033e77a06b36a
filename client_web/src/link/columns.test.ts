import { expect, it } from 'vitest';
import { changesOf } from './columns';

it('reads a snapshot by columns back into its entities', () => {
  const table = { kind: 'proposal', ids: [0, 'p008', 3, '9', 2, '10'], names: ['title', 'status', 'rank'], columns: [['A', 'B', null], { all: 'SUBMITTED' }, { steps: [4, 1, -2] }] };
  expect(changesOf([table, { kind: 'stage', ids: [0, 'stage'], names: [], columns: [] }])).toEqual([
    { kind: 'proposal', id: 'p008', fields: { title: 'A', status: 'SUBMITTED', rank: 4 } },
    { kind: 'proposal', id: 'p009', fields: { title: 'B', status: 'SUBMITTED', rank: 5 } },
    { kind: 'proposal', id: 'p010', fields: { title: null, status: 'SUBMITTED', rank: 3 } },
    { kind: 'stage', id: 'stage', fields: {} },
  ]);
});
