import { expect, it } from 'vitest';
import type { Entity, RuleValue } from '../../../wire/protocol';
import { NOW, running } from '../testing/fake.svelte';
import { stops } from './quorum';

const RULES = { quorum_wait_minutes: 180, quorum_postponements: 1, quorum_proceed_at_first: false };
const ways = (quorum: Partial<Entity<'quorum'>>, rules: Record<string, RuleValue> = {}) => {
  const store = running();
  store.put('rules', { id: 'rules', preset: '', attendance: { ...RULES, ...rules } });
  return stops(store, { id: 'quorum', state: 'short', sitting: 1, figures: null, declared_at: NOW, until: null, date: '', reason: '', ...quorum }, NOW);
};

it('says what the rules still ask for before a session is put off or goes on', () => {
  const ask = 'tunggu dulu menurut tata tertib.';
  const first = 'sidang pertama ditunda dulu ke hari lain.';
  expect(ways({})).toEqual({ postpone: ask, proceed: first });
  expect(ways({ state: 'waiting', until: NOW + 60_000 })).toEqual({ postpone: 'dapat setelah 10.43 WIB.', proceed: first });
  expect(ways({ state: 'waiting', until: NOW })).toEqual({ postpone: null, proceed: first });
  expect(ways({ state: 'waited' }, { quorum_proceed_at_first: true })).toEqual({ postpone: null, proceed: null });
  expect(ways({}, { quorum_proceed_at_first: true })).toEqual({ postpone: ask, proceed: ask });
  expect(ways({}, { quorum_wait_minutes: 0, quorum_postponements: 0 })).toEqual({ postpone: 'sudah ditunda sebanyak yang dibolehkan.', proceed: null });
  expect(ways({ sitting: 2 })).toEqual({ postpone: 'sudah ditunda sebanyak yang dibolehkan.', proceed: null });
});
