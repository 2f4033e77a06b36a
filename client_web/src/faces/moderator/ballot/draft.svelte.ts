/** A ballot being composed: kept over tab switches and reloads of this page, seen by nobody until it is opened. */
import { keepInTab, keptInTab } from '../../../link/tab';
import type { BallotRule, Majority, MajorityBase, Method, Proof, Secrecy } from '../../../wire/protocol';
import { sentWeights, tooManyWeights, type Weight } from './weights';

export interface FreeOption {
  id: string;
  label: string;
  detail: string;
  /** In rupiah; asked for where a budget is spent. */
  cost?: number | null;
}

export type Circle = BallotRule['electorate'];

/** Empty, or null, leaves it to the rules of the session. */
interface Kept {
  title: string;
  source: 'board' | 'free';
  proposals: string[];
  options: FreeOption[];
  chooseMax: number;
  secrecy: Secrecy;
  proof: Proof;
  minutes: number | null;
  method: Method;
  scaleLeast: number;
  scaleMost: number;
  points: number | null;
  budget: number | null;
  variant: '' | 'classic' | 'modified';
  majority: '' | Majority;
  base: '' | MajorityBase;
  places: number | null;
  tie: '' | BallotRule['tie'];
  rounds: number;
  weights: '' | BallotRule['weights'];
  /** Where weights are given seat by seat: the lines as typed, what they say, and how many say nothing. */
  weightLines: string;
  given: Weight[];
  weightsWrong: number;
  circle: Circle;
  halls: string[];
  seats: string[];
  revote: boolean | null;
  quorum: boolean | null;
  override: string;
}

export type Fault = 'title' | 'options' | 'blank' | 'same' | 'chooseMax';
/** What a method or an electorate asks for besides. */
export type RuleFault = 'budget' | 'points' | 'scale' | 'tooMany' | 'places' | 'halls' | 'seats' | 'proof' | 'weights' | 'weightsMany' | 'weightsHalls';

export const PLAIN: readonly Method[] = ['approval', 'single', 'yes_no'];
export const BUDGETED: readonly Method[] = ['knapsack', 'equal_shares'];
const SHORT: readonly Method[] = ['borda', 'schulze', 'equal_shares'];
const SHORT_MAX = 60;

export const TITLE_MAX = 90;
export const OPTIONS_MAX = 200;
const STORED = 'pleno.ballot.draft';

const fresh = (): Kept => ({
  title: '',
  source: 'board',
  proposals: [],
  options: [],
  chooseMax: 1,
  secrecy: 'secret',
  proof: 'inclusion',
  minutes: 5,
  method: 'approval',
  scaleLeast: 0,
  scaleMost: 5,
  points: 10,
  budget: null,
  variant: '',
  majority: '',
  base: '',
  places: null,
  tie: '',
  rounds: 1,
  weights: '',
  weightLines: '',
  given: [],
  weightsWrong: 0,
  circle: 'all',
  halls: [],
  seats: [],
  revote: null,
  quorum: null,
  override: '',
});

function kept(): Kept {
  try {
    const text = keptInTab(STORED);
    return text === null ? fresh() : { ...fresh(), ...(JSON.parse(text) as Partial<Kept>) };
  } catch {
    return fresh(); // unreadable: an empty draft
  }
}

export class Draft {
  value = $state<Kept>(kept());

  get count(): number {
    return this.value.source === 'board' ? this.value.proposals.length : this.value.options.length;
  }

  get begun(): boolean {
    return this.value.title.trim() !== '' || this.count > 0;
  }

  /** Everything that stands between this draft and opening, in the order of the form. */
  get faults(): Fault[] {
    const { title, source, options, chooseMax, method } = this.value;
    const labels = options.map((option) => option.label.trim().toLowerCase());
    const faults: Fault[] = [];
    if (title.trim() === '') faults.push('title');
    if (method === 'yes_no') return faults;
    if (this.count < 2 || this.count > OPTIONS_MAX) faults.push('options');
    else if (source === 'free' && labels.some((label) => label === '')) faults.push('blank');
    else if (source === 'free' && new Set(labels).size < labels.length) faults.push('same');
    else if (method === 'approval' && chooseMax > this.count) faults.push('chooseMax');
    return faults;
  }

  /** What the method or the electorate still lacks. */
  get ruleFaults(): RuleFault[] {
    const { method, scaleLeast, scaleMost, points, budget, places, circle, halls, seats, secrecy, proof, weights, given, weightsWrong } = this.value;
    const faults: RuleFault[] = [];
    if (BUDGETED.includes(method) && !budget) faults.push('budget');
    if (method === 'points' && !points) faults.push('points');
    if (method === 'score' && scaleLeast >= scaleMost) faults.push('scale');
    if (SHORT.includes(method) && this.count > SHORT_MAX) faults.push('tooMany');
    if (this.asksPlaces && places !== null && places > this.count) faults.push('places');
    if (method === 'equal_shares' && secrecy === 'secret' && proof === 'inclusion') faults.push('proof');
    if (secrecy === 'open' && weights === 'given') {
      if (circle === 'each_hall') faults.push('weightsHalls');
      else if (given.length === 0 || weightsWrong > 0) faults.push('weights');
      else if (tooManyWeights(given)) faults.push('weightsMany');
    }
    if (circle === 'halls' && halls.length === 0) faults.push('halls');
    if (circle === 'seats' && seats.length === 0) faults.push('seats');
    return faults;
  }

  /** Whether papers hold more than one choice, so that a secret ballot publishes their sums alone. */
  get sums(): boolean {
    const { method, chooseMax } = this.value;
    return method !== 'yes_no' && method !== 'single' && (method !== 'approval' || chooseMax > 1);
  }

  /** A yes or no has one answer, a budget as many as it buys. */
  get asksPlaces(): boolean {
    return this.value.method !== 'yes_no' && !BUDGETED.includes(this.value.method);
  }

  /** The proposals this draft decides on. */
  get about(): string[] {
    return this.value.source === 'board' ? [...this.value.proposals] : [];
  }

  /** The data of `ballot.open`; what is left to the rules of the session is not in it. */
  payload(): Record<string, unknown> {
    const { title, secrecy, proof, minutes, override } = this.value;
    return {
      title: title.trim(),
      ...this.#method(),
      secrecy,
      ...(secrecy === 'secret' ? { proof } : {}),
      ...(minutes === null ? {} : { seconds: minutes * 60 }),
      ...this.#options(),
      ...this.#rules(),
      ...(override.trim() ? { override: override.trim() } : {}),
    };
  }

  #method(): Record<string, unknown> {
    const { method, chooseMax, scaleLeast, scaleMost, points, budget, variant } = this.value;
    if (method === 'approval') return { choose_max: chooseMax };
    return {
      method,
      ...(method === 'score' ? { scale: [scaleLeast, scaleMost] } : {}),
      ...(method === 'points' ? { points } : {}),
      ...(method === 'borda' && variant ? { variant } : {}),
      ...(BUDGETED.includes(method) ? { budget } : {}),
    };
  }

  #options(): Record<string, unknown> {
    const { method, source, proposals, options } = this.value;
    if (method === 'yes_no') return source === 'board' && proposals.length > 0 ? { about: [...proposals] } : {};
    if (source === 'board') return { proposals: [...proposals] };
    const cost = (option: FreeOption): object => (BUDGETED.includes(method) && option.cost ? { cost: option.cost } : {});
    return { options: options.map((one) => ({ id: one.id, label: one.label.trim(), ...(one.detail.trim() ? { detail: one.detail.trim() } : {}), ...cost(one) })) };
  }

  #rules(): Record<string, unknown> {
    const { method, secrecy, majority, base, places, tie, rounds, weights, given, circle, halls, seats, revote, quorum } = this.value;
    const plain = PLAIN.includes(method);
    const open = secrecy === 'open';
    const named = circle === 'seats' ? { seats: [...seats] } : (circle === 'halls' || circle === 'each_hall') && halls.length > 0 ? { halls: [...halls] } : {};
    return {
      ...(plain && majority ? { majority } : {}),
      ...(plain && base ? { base } : {}),
      ...(this.asksPlaces && places !== null ? { places } : {}),
      ...(tie ? { tie } : {}),
      ...(plain && rounds > 1 ? { rounds } : {}),
      ...(open && weights ? { weights } : {}),
      ...(open && weights === 'given' ? { given: sentWeights(given) } : {}),
      ...(open && revote !== null ? { revote } : {}),
      ...(quorum === null ? {} : { quorum }),
      ...(circle === 'all' ? {} : { electorate: { kind: circle, ...named } }),
    };
  }

  addProposal(id: string): void {
    this.value.source = 'board';
    if (!this.value.proposals.includes(id)) this.value.proposals.push(id);
  }

  addOption(label = '', detail = ''): void {
    this.value.options.push({ id: this.#freshId(), label, detail });
  }

  /** The usual question with three answers. */
  preset(labels: readonly string[]): void {
    this.value.source = 'free';
    this.value.options = [];
    for (const label of labels) this.addOption(label);
    this.value.chooseMax = 1;
  }

  shift(place: number, by: -1 | 1): void {
    const list: unknown[] = this.value.source === 'board' ? this.value.proposals : this.value.options;
    const [moved] = list.splice(place, 1);
    if (moved !== undefined) list.splice(place + by, 0, moved);
  }

  remove(place: number): void {
    (this.value.source === 'board' ? this.value.proposals : this.value.options).splice(place, 1);
  }

  replace(next: Partial<Kept>): void {
    this.value = { ...fresh(), ...next };
  }

  clear(): void {
    this.value = fresh();
  }

  /** Writes the draft down; call when it changed. */
  keep(): void {
    keepInTab(STORED, JSON.stringify(this.value));
  }

  #freshId(): string {
    const taken = new Set(this.value.options.map((option) => option.id));
    let n = this.value.options.length + 1;
    while (taken.has(`o${n}`)) n += 1;
    return `o${n}`;
  }
}
