/** Keeps the display on while a face is in use; where the browser cannot, it does nothing. */
export function stayAwake(page: Document = document): () => void {
  let lock: { release(): Promise<void> } | null = null;
  let wanted = true;
  const take = (): void => {
    if (page.visibilityState !== 'visible') return; // a hidden page loses the lock and may not ask for it
    void (navigator as Partial<Navigator>).wakeLock
      ?.request('screen')
      .then((got) => {
        if (wanted) lock = got;
        else void got.release();
      })
      .catch(() => undefined);
  };
  page.addEventListener('visibilitychange', take);
  take();
  return () => {
    wanted = false;
    page.removeEventListener('visibilitychange', take);
    void lock?.release().catch(() => undefined);
  };
}
