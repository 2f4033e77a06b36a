/** A roll-call as the room reads it: how many halls heard, and who has not answered. */
import type { Entity, RollcallFields } from '../../wire/protocol';

export type Heard = 'yes' | 'partly' | 'no' | 'open' | 'absent';

export interface Roll {
  yes: number;
  partly: number;
  no: number;
  /** Halls that are expected to answer and have not. */
  open: number;
  of: ReadonlyMap<string, Heard>;
}

export function rollOf(call: RollcallFields, halls: readonly Entity<'hall'>[]): Roll {
  const answers = new Map(call.answers.map((answer) => [answer.hall, answer.heard]));
  const of = new Map<string, Heard>(halls.map(({ id }) => [id, answers.get(id) ?? (call.absent.includes(id) ? 'absent' : 'open')]));
  const number = (heard: Heard): number => [...of.values()].filter((one) => one === heard).length;
  return { yes: number('yes'), partly: number('partly'), no: number('no'), open: number('open'), of };
}
