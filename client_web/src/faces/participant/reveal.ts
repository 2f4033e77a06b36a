/** Action: what takes the place of a pressed button is brought before the eyes, and to the screen reader. */
export function reveal(node: HTMLElement): void {
  node.tabIndex = -1;
  node.focus({ preventScroll: true });
  node.scrollIntoView?.({ block: 'center' });
}
