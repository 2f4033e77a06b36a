/** A snapshot written by columns (docs/protocol.md §2), back to the changes it stands for. */
import type { Change } from '../wire/protocol';

type Column = unknown[] | { all: unknown } | { steps: number[] };

export interface Table {
  kind: string;
  /** Two of each row: how many characters its id shares with the one before, and the rest of it. */
  ids: (number | string)[];
  names: string[];
  columns: Column[];
}

function valuesOf(column: Column, rows: number): unknown[] {
  if (Array.isArray(column)) return column;
  if ('all' in column) return Array<unknown>(rows).fill(column.all);
  let sum = 0;
  return column.steps.map((step) => (sum += step));
}

export const changesOf = (tables: readonly Table[]): Change[] =>
  tables.flatMap(({ kind, ids, names, columns }) => {
    const rows = ids.length / 2;
    const values = columns.map((column) => valuesOf(column, rows));
    let id = '';
    return Array.from({ length: rows }, (_, row) => {
      id = id.slice(0, ids[row * 2] as number) + ids[row * 2 + 1];
      const fields: Record<string, unknown> = {};
      for (let at = 0; at < names.length; at += 1) fields[names[at] as string] = values[at]?.[row];
      return { kind, id, fields };
    });
  });
