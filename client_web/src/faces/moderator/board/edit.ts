/** The form of a proposal: its fields, what was changed, and two versions side by side when someone else was faster. */
import type { DraftFields, ProposalFields } from '../../../wire/protocol';

export const FIELDS = [
  'title', 'problem', 'address', 'rw', 'amount', 'volume', 'unit', 'households', 'urgency', 'land', 'type', 'agency', 'proposer',
] as const;
export type Field = (typeof FIELDS)[number];
export type Form = Record<Field, string>;

export const NUMBERS: ReadonlySet<Field> = new Set(['amount', 'volume', 'households']);
export const CHOICES: Partial<Record<Field, readonly string[]>> = {
  urgency: ['TIDAK_MENDESAK', 'CUKUP', 'MENDESAK', 'SANGAT_MENDESAK'],
  land: ['PEMDA', 'INSTANSI_LAIN', 'WARGA', 'SENGKETA', 'BELUM_DISERAHKAN'],
  type: ['FISIK', 'NON_FISIK', 'PENGADAAN_BARANG'],
};
/** Longest text of a field, in characters, as the server takes it. */
export const LONGEST: Partial<Record<Field, number>> = {
  title: 240, problem: 1000, address: 300, unit: 20, agency: 160, rw: 10, proposer: 120,
};

type Source = Partial<Record<string, unknown>>;

export function formOf(fields: Source | ProposalFields | DraftFields): Form {
  const source = fields as Source;
  return Object.fromEntries(FIELDS.map((field) => [field, source[field] == null ? '' : String(source[field])])) as Form;
}

export const EMPTY: Form = formOf({});

/** "1.250.000" and "Rp 1.250.000" are numbers too; a volume may have a decimal comma. Null when it is no number. */
export function numberOf(text: string, decimal: boolean): number | null {
  const bare = text.replace(/rp/i, '').replace(/\s/g, '').replace(/\.(?=\d{3}(\D|$))/g, '').replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(bare)) return null;
  const value = Number(bare);
  return decimal || Number.isInteger(value) ? value : null;
}

/** The field that cannot be sent, if any. */
export function firstWrong(form: Form): Field | null {
  for (const field of FIELDS) {
    const text = form[field].trim();
    if (field === 'title' && text === '') return field;
    if (text.length > (LONGEST[field] ?? Infinity)) return field;
    if (NUMBERS.has(field) && text !== '' && numberOf(text, field === 'volume') === null) return field;
  }
  return null;
}

function wire(field: Field, text: string): string | number | null {
  const trimmed = text.trim();
  if (NUMBERS.has(field)) return trimmed === '' ? null : numberOf(trimmed, field === 'volume');
  if (CHOICES[field]) return trimmed === '' ? null : trimmed;
  return trimmed;
}

/** What to send: only the fields that differ from `base`. */
export function difference(base: Form, form: Form): Record<string, string | number | null> {
  const out: Record<string, string | number | null> = {};
  for (const field of FIELDS) if (form[field].trim() !== base[field].trim()) out[field] = wire(field, form[field]);
  return out;
}

/** Fields that both sides changed since `base`, to different texts: a person must choose. */
export function conflicts(base: Form, mine: Form, theirs: Form): Field[] {
  return FIELDS.filter((field) => mine[field].trim() !== base[field].trim() && theirs[field] !== base[field] && theirs[field].trim() !== mine[field].trim());
}

/** Mine where I changed something, theirs elsewhere: nothing of either is lost. */
export function merged(base: Form, mine: Form, theirs: Form): Form {
  return Object.fromEntries(
    FIELDS.map((field) => [field, mine[field].trim() === base[field].trim() ? theirs[field] : mine[field]]),
  ) as Form;
}
