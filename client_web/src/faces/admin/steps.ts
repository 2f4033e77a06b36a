/** What a session needs before it opens, in order, and what the secretariat looks after besides. */
export const STEPS = ['facts', 'agenda', 'halls', 'cards', 'proposals', 'open'] as const;
export const BESIDES = ['trail', 'people'] as const;
export type Step = (typeof STEPS)[number];
export type Part = Step | (typeof BESIDES)[number];

/** Strips on a printed page of A4 (server/documents/templates/cards.typ). */
export const A_SHEET = 5;

export interface Face {
  role: 'hall' | 'delegate';
  office: string;
  place: string;
  votes: boolean;
}

const counted = new Intl.Collator('id', { numeric: true });

/** The second RW before the tenth. */
export const byOffice = <T extends { office: string }>(seats: readonly T[]): T[] => [...seats].sort((one, other) => counted.compare(one.office, other.office));

/** The cards of a print, hall by hall, the hall's own first, then by office, the second RW before the tenth (server/printing.py). */
export function* faces(
  halls: readonly { id: string; name: string; kecamatan: string }[],
  seats: readonly { hall: string; office: string; vote?: boolean }[],
  aula: (name: string) => string,
): Generator<Face> {
  const sorted = byOffice(seats);
  for (const hall of halls) {
    yield { role: 'hall', office: aula(hall.name), place: hall.kecamatan, votes: false };
    for (const seat of sorted) if (seat.hall === hall.id) yield { role: 'delegate', office: seat.office, place: hall.name, votes: seat.vote ?? false };
  }
}
