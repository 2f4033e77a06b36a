/** A ballot being composed: kept over tab switches and reloads of this page, seen by nobody until it is opened. */
import type { Proof, Secrecy } from '../../../wire/protocol';

export interface FreeOption {
  id: string;
  label: string;
  detail: string;
}

interface Kept {
  title: string;
  source: 'board' | 'free';
  proposals: string[];
  options: FreeOption[];
  chooseMax: number;
  secrecy: Secrecy;
  proof: Proof;
  minutes: number | null;
}

export type Fault = 'title' | 'options' | 'blank' | 'same' | 'chooseMax';

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
});

function kept(): Kept {
  try {
    const text = sessionStorage.getItem(STORED);
    return text === null ? fresh() : { ...fresh(), ...(JSON.parse(text) as Partial<Kept>) };
  } catch {
    return fresh(); // unreadable or storage off: an empty draft
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
    const { title, source, options, chooseMax } = this.value;
    const labels = options.map((option) => option.label.trim().toLowerCase());
    const faults: Fault[] = [];
    if (title.trim() === '') faults.push('title');
    if (this.count < 2 || this.count > OPTIONS_MAX) faults.push('options');
    else if (source === 'free' && labels.some((label) => label === '')) faults.push('blank');
    else if (source === 'free' && new Set(labels).size < labels.length) faults.push('same');
    else if (chooseMax > this.count) faults.push('chooseMax');
    return faults;
  }

  /** The data of `ballot.open`. */
  payload(): Record<string, unknown> {
    const { title, source, proposals, options, chooseMax, secrecy, proof, minutes } = this.value;
    return {
      title: title.trim(),
      choose_max: chooseMax,
      secrecy,
      ...(secrecy === 'secret' ? { proof } : {}),
      ...(minutes === null ? {} : { seconds: minutes * 60 }),
      ...(source === 'board'
        ? { proposals: [...proposals] }
        : { options: options.map(({ id, label, detail }) => ({ id, label: label.trim(), ...(detail.trim() ? { detail: detail.trim() } : {}) })) }),
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
    try {
      sessionStorage.setItem(STORED, JSON.stringify(this.value));
    } catch {
      // a browser without storage keeps the draft only while the page is open
    }
  }

  #freshId(): string {
    const taken = new Set(this.value.options.map((option) => option.id));
    let n = this.value.options.length + 1;
    while (taken.has(`o${n}`)) n += 1;
    return `o${n}`;
  }
}
