/** Words of the settings of a session, and what may be set: the rules a secretariat changes, read from what was typed. */
import { texts } from '../../text';
import type { RuleField, RulesFields, RuleValue, Templates } from '../../wire/protocol';
import id from './settings.id';

export const w = texts(id, () => import('./settings.en'));

/** Section → fields, in the order they are shown; the others are the preset's. */
export const SHOWN = {
  attendance: ['quorum_base', 'quorum_share', 'quorum_wait_minutes', 'witnesses', 'quorum_needed_for_ballots', 'self_check_in'],
  funnel: ['main_per_hall', 'reserve_per_hall', 'main_per_session', 'reserve_per_session', 'next_level', 'next_level_per', 'reserve_in_ceiling', 'ties_to_forum'],
  floor: ['minutes', 'warn_s', 'order', 'alternate'],
} as const;
export type SectionName = keyof typeof SHOWN;
export const SECTIONS = Object.keys(SHOWN) as SectionName[];
export type Key = { [S in SectionName]: `${S}.${(typeof SHOWN)[S][number]}` }[SectionName];
export const KEYS: readonly Key[] = SECTIONS.flatMap((section) => SHOWN[section].map((name) => `${section}.${name}` as Key));

/** What stands in a field of the form; a share has two. */
export type Typed = string | boolean | readonly [string, string];
export type Read = { value: RuleValue } | { wrong: 'wrong.needed' | 'wrong.between' | 'wrong.share' };

export const valueOf = (rules: RulesFields, key: Key): RuleValue => {
  const [section, name] = key.split('.') as [string, string];
  const found = rules[section];
  return typeof found === 'object' ? (found[name] ?? null) : null;
};

export const fieldOf = (sections: Templates['rules']['sections'], key: Key): RuleField | undefined => {
  const [section, name] = key.split('.') as [string, string];
  return sections[section]?.[name];
};

export function typed(value: RuleValue): Typed {
  if (typeof value === 'boolean') return value;
  if (value === null) return '';
  return typeof value === 'object' && !Array.isArray(value) ? [String(value['part']), String(value['of'])] : String(value);
}

const whole = (text: string, least: number, most: number): number | null => {
  const found = /^\d{1,15}$/.test(text.trim()) ? Number(text) : NaN;
  return found >= least && found <= most ? found : null;
};

export function read(field: RuleField, entry: Typed): Read {
  if (typeof entry === 'boolean') return { value: entry };
  if (typeof entry !== 'string') {
    const [part, of] = [whole(entry[0], 0, 1000), whole(entry[1], 1, 1000)];
    return part === null || of === null || part > of ? { wrong: 'wrong.share' } : { value: { part, of } };
  }
  if (field.words) return { value: entry };
  if (entry.trim() === '') return field.optional ? { value: null } : { wrong: 'wrong.needed' };
  const found = whole(entry, field.least ?? 0, field.most ?? Number.MAX_SAFE_INTEGER);
  return found === null ? { wrong: 'wrong.between' } : { value: found };
}

export const same = (one: RuleValue, other: RuleValue): boolean =>
  one !== null && other !== null && typeof one === 'object' && typeof other === 'object' && !Array.isArray(one) && !Array.isArray(other)
    ? one['part'] === other['part'] && one['of'] === other['of']
    : one === other;

/** As `rules.set` takes them. */
export function grouped(values: readonly (readonly [Key, RuleValue])[]): Record<string, Record<string, RuleValue>> {
  const found: Record<string, Record<string, RuleValue>> = {};
  for (const [key, value] of values) {
    const [section, name] = key.split('.') as [string, string];
    (found[section] ??= {})[name] = value;
  }
  return found;
}

/** Which field a refusal names: "title", or "changes.floor.minutes" as "floor.minutes"; empty for none. */
export const named = (refused: { code: string; data: Record<string, unknown> } | null): string => {
  const field = refused?.code === 'bad_input' ? refused.data['field'] : null;
  return typeof field === 'string' ? field.replace(/^changes\./, '').split('.').slice(0, 2).join('.') : '';
};

/** What changes now is told in the record, with its reason. */
export const running = (phase: string): boolean => phase === 'open' || phase === 'recess';
