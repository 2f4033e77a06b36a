/** Finding among some thousand proposals while someone types: one prepared line of text a proposal, all words must occur. */
import type { BoardColumn, Entity } from '../../../wire/protocol';

export type Proposal = Entity<'proposal'>;

export interface Filter {
  text: string;
  hall: string;
  urgency: string;
  type: string;
  status: string;
  land: string;
  source: string;
  survey: string;
  /** The agency in charge, as it is written on the card. */
  agency: string;
}

export const NO_FILTER: Filter = { text: '', hall: '', urgency: '', type: '', status: '', land: '', source: '', survey: '', agency: '' };
/** The fields of a filter that stand behind one button. */
export const FURTHER = ['type', 'land', 'survey', 'source', 'agency'] as const satisfies readonly (keyof Filter)[];
/** Nobody was asked about it yet: not surveyed. */
const UNSURVEYED = 'BELUM';
export const COLUMNS: readonly BoardColumn[] = ['SUBMITTED', 'DISCUSSED', 'PRIORITISED', 'RESERVE', 'NOT_AGREED'];

/** Lower case, no accents, one space: "RW 07", "rw07" and "RW7" are left as written; words are matched as parts. */
export const plain = (text: string): string =>
  text.toLowerCase().normalize('NFD').replace(/\p{Mn}/gu, '').replace(/\s+/g, ' ').trim();

/** The agency it lies with: the one settled on, else the one asked for; empty for none. */
export const agencyOf = (proposal: Proposal): string => proposal.agency_final || proposal.agency || '';

export class SearchIndex {
  readonly #lines = new WeakMap<Proposal, string>();

  line(proposal: Proposal, hallName: string): string {
    const kept = this.#lines.get(proposal);
    if (kept !== undefined) return kept;
    const rw = proposal.rw ? `rw ${proposal.rw} rw${proposal.rw}` : '';
    const parts = [proposal.title, hallName, rw, proposal.proposer, proposal.agency, proposal.address, proposal.problem, proposal.id];
    const line = plain(parts.filter(Boolean).join(' '));
    this.#lines.set(proposal, line);
    return line;
  }
}

export function matcher(filter: Filter, index: SearchIndex, hallName: (id: string) => string): (proposal: Proposal) => boolean {
  const words = plain(filter.text).split(' ').filter(Boolean);
  return (proposal) =>
    (filter.hall === '' || proposal.hall === filter.hall) &&
    (filter.urgency === '' || proposal.urgency === filter.urgency) &&
    (filter.type === '' || proposal.type === filter.type) &&
    (filter.status === '' || proposal.status === filter.status) &&
    (filter.land === '' || proposal.land === filter.land) &&
    (filter.source === '' || proposal.source === filter.source) &&
    (filter.survey === '' || (proposal.survey ?? UNSURVEYED) === filter.survey) &&
    (filter.agency === '' || agencyOf(proposal) === filter.agency) &&
    (words.length === 0 || words.every((word) => index.line(proposal, hallName(proposal.hall)).includes(word)));
}
