/** What the big screen says of a result. */
export { rows, type Row } from '../../state/outcome';

/** Characters of a title that fit two lines of one of many rows; a longer one is set smaller: its end says which RT and RW. */
export const LONG = 48;

/** The first twelve digits of the Merkle root in groups of four: short enough to compare across a room. */
export function checkCode(root: string): string {
  return root.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ');
}
