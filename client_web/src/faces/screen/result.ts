/** What the big screen says of a result. */
export { rows, type Row } from '../../state/outcome';

/** The first twelve digits of the Merkle root in groups of four: short enough to compare across a room. */
export function checkCode(root: string): string {
  return root.slice(0, 12).replace(/(.{4})(?=.)/g, '$1 ');
}
