/** Weights given seat by seat, as pasted lines "seat;weight": from a spreadsheet the separator is a tab. */

export interface Weight {
  seat: string;
  weight: number;
}

export interface Seated {
  id: string;
  office: string;
  hall: string;
}

export interface ReadWeights {
  given: Weight[];
  /** Lines that name no seat, several seats, one named before, or no whole number up to a million. */
  wrong: string[];
}

const WEIGHT_MAX = 1_000_000;
/** What fits into one message with room for the rest of the ballot. */
const BYTES_MAX = 48_000;

const plain = (text: string): string => text.trim().toLowerCase().replace(/\s+/g, ' ');

/** A seat by its id, by its office where only one has it, or by hall and office: "Pejuang · Ketua RW 07". */
function names(seats: readonly Seated[]): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const seat of seats) {
    for (const name of [plain(seat.office), plain(`${seat.hall} · ${seat.office}`)]) found.set(name, found.has(name) ? null : seat.id);
  }
  for (const seat of seats) found.set(plain(seat.id), seat.id);
  return found;
}

export function readWeights(text: string, seats: readonly Seated[]): ReadWeights {
  const known = names(seats);
  const given = new Map<string, number>();
  const wrong: string[] = [];
  for (const line of text.split('\n').map((one) => one.trim()).filter(Boolean)) {
    const [, name = '', number = ''] = /^(.*?)\s*[;\t]\s*(\d{1,7})$/.exec(line) ?? [];
    const seat = known.get(plain(name));
    const weight = Number(number);
    if (!seat || number === '' || weight > WEIGHT_MAX || given.has(seat)) wrong.push(line);
    else given.set(seat, weight);
  }
  return { given: [...given].map(([seat, weight]) => ({ seat, weight })), wrong };
}

/** Seats that are not listed weigh one, so those with one need not be sent. One is, where all have it. */
export function sentWeights(given: readonly Weight[]): Weight[] {
  const other = given.filter(({ weight }) => weight !== 1);
  return (other.length > 0 ? other : given.slice(0, 1)).map(({ seat, weight }) => ({ seat, weight }));
}

export const tooManyWeights = (given: readonly Weight[]): boolean => JSON.stringify(sentWeights(given)).length > BYTES_MAX;
