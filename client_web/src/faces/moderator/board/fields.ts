/** Every field of a proposal, in the groups people look for them in, and each value in words. */
import { count, date, rupiah, t } from '../../../text';
import { b } from './text';
import dictionary from './text.id';

export const GROUPS = [
  { group: 'what', fields: ['problem', 'note', 'idea', 'background', 'legal_basis', 'purpose', 'goal', 'output'] },
  { group: 'where', fields: ['rw', 'rt', 'address', 'location_note', 'street', 'street_no', 'hamlet', 'kelurahan', 'kecamatan', 'regency', 'province', 'lat', 'lon', 'map_link'] },
  { group: 'size', fields: ['amount', 'unit_price', 'ceiling', 'volume', 'coefficient', 'households', 'funding_source', 'price_standard', 'expenditure_kind'] },
  { group: 'kind', fields: ['type', 'urgency', 'land', 'field', 'catalogue_item', 'from_catalogue', 'programme', 'activity', 'sub_activity', 'affairs', 'regional_priority', 'rpjmd_aligned', 'plan_ref', 'execution_year'] },
  { group: 'who', fields: ['agency', 'agency_final', 'source', 'proposer', 'profile', 'external_id', 'external_status', 'number', 'year', 'continues', 'proposed_on'] },
] as const; // prettier-ignore
export type ShownField = (typeof GROUPS)[number]['fields'][number];

const MONEY: ReadonlySet<string> = new Set(['amount', 'unit_price', 'ceiling']);
const SHARED: ReadonlySet<string> = new Set(['type', 'urgency', 'land']);
const NAMED: Readonly<Record<string, string>> = { source: 'source', field: 'area', expenditure_kind: 'spend' };

/** Empty for what was never filled in. */
export function shown(field: ShownField, whole: Readonly<Record<string, unknown>>): string {
  const value = whole[field];
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return b(value ? 'yes' : 'no');
  if (MONEY.has(field)) return rupiah(Number(value));
  if (field === 'households') return t('unit.households', { n: count(Number(value)) });
  if (field === 'volume') return `${String(value).replace('.', ',')} ${String(whole['unit'] ?? '')}`.trim();
  if (field === 'proposed_on') return date(String(value));
  if (SHARED.has(field)) return t(`${field}.${String(value)}` as 'urgency.CUKUP');
  const named = NAMED[field];
  const key = `${named}.${String(value)}`;
  return named && key in dictionary ? b(key as 'source.RW') : String(value);
}
