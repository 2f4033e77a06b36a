/** The three parts of this face, one a tab. */
export type Part = 'plenary' | 'board' | 'ballot';
export const isPart = (value: string): value is Part => value === 'plenary' || value === 'board' || value === 'ballot';
