/** What the gallery shows: proposals as in the data of the demonstration, and results as the wire carries them. */
import type { BallotFields, ProposalCard } from '../../wire/protocol';

/** 23 January 2018, 10.42 in the west of the country. */
export const NOW = Date.UTC(2018, 0, 23, 3, 42);

const BASE = { hall: 'arenjaya', status: 'SUBMITTED', rank: 1, type: 'FISIK', version: 1 } as const;
export const PROPOSALS: readonly (ProposalCard & { id: string })[] = [
  { ...BASE, id: 'BKS00034', title: 'Perbaikan turap kali di RT 12/RW 02', amount: 109_200_000, households: 47, rw: '02', urgency: 'SANGAT_MENDESAK', land: 'PEMDA' },
  { ...BASE, id: 'BKS00001', title: 'Peningkatan saluran drainase U-ditch 40x60 Gg. Mawar RT 07/RW 07', amount: 74_000_000, households: 18, rw: '07', urgency: 'MENDESAK', land: 'SENGKETA' },
  { ...BASE, id: 'BKS00002', title: 'Pembuatan sumur resapan di RT 10/RW 07', amount: null, households: 85, rw: '07', urgency: 'CUKUP', land: 'PEMDA' },
];
export const HALLS = [
  'Arenjaya', 'Bekasijaya', 'Bintara', 'Bintarajaya', 'Bojongmenteng', 'Durenjaya', 'Jakamulya', 'Jatiasih', 'Jatirahayu', 'Kaliabang Tengah', 'Mustikajaya', 'Pejuang',
] as const; // prettier-ignore

const PAPER: BallotFields = {
  title: 'Tiga prioritas',
  secrecy: 'secret',
  proof: 'inclusion',
  choose_max: 2,
  options: PROPOSALS.map((one) => ({ id: one.id, label: one.title, detail: 'Arenjaya' })),
  state: 'closed',
  opened_at: NOW - 600_000,
  closes_at: null,
  closed_at: NOW,
  electorate: 240,
  result: null,
  reason: null,
};
const RESULT = { cast: 187, electorate: 240, blank: 3, root: '' };
const counted = (...votes: number[]) => PAPER.options.map((option, i) => ({ option: option.id, votes: votes[i] ?? 0 }));

/** One is elected, one is not, one has no votes. */
export const RANKED: BallotFields = { ...PAPER, result: { ...RESULT, counts: counted(121, 63, 0), elected: ['BKS00034'], tied: [] } };
/** Two share the last place. */
export const TIED: BallotFields = { ...PAPER, result: { ...RESULT, counts: counted(121, 63, 63), elected: ['BKS00034'], tied: ['BKS00001', 'BKS00002'] } };

export function yesNo(yes: string, no: string): BallotFields {
  // prettier-ignore
  return {
    ...PAPER,
    choose_max: 1,
    options: [{ id: 'yes', label: yes, detail: '' }, { id: 'no', label: no, detail: '' }],
    rule: {
      method: 'yes_no', scale_least: 0, scale_most: 0, variant: '', points: 0, budget: null, majority: 'simple', base: 'valid', places: 1, tie: 'revote',
      weights: 'none', rounds: 1, revote: false, quorum: false, delegations: 0, witness_confirms: false, electorate: 'all',
    },
    result: { ...RESULT, counts: [{ option: 'yes', votes: 142 }, { option: 'no', votes: 42 }], elected: ['yes'], tied: [] },
  };
}
