/** Work that waits until the browser has shown what it owes the reader. */

/** Calls after the next frame, when nothing else waits; the answer calls it off. */
export function whenIdle(work: () => void): () => void {
  if (typeof requestIdleCallback !== 'function') {
    const handle = setTimeout(work, 30);
    return () => clearTimeout(handle);
  }
  let idle = 0;
  // an idle callback alone may come before the frame, in the time that the frame is waited for
  const frame = requestAnimationFrame(() => (idle = requestIdleCallback(work, { timeout: 300 })));
  return () => {
    cancelAnimationFrame(frame);
    cancelIdleCallback(idle);
  };
}
