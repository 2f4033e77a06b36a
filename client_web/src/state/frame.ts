/** Many changes, one redraw: at the next frame, or soon where nobody looks and no frame comes. */
export const onNextFrame = (run: () => void): void => {
  if (typeof requestAnimationFrame === 'function' && document.visibilityState === 'visible') requestAnimationFrame(run);
  else setTimeout(run, 50);
};
