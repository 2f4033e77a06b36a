/** The page's first step: which face the path names. A phone gets its own bundle, all others share theirs. */

async function start(): Promise<void> {
  const face = location.pathname.split('/')[1] ?? '';
  const page = await (face === 'participant' ? import('virtual:pleno/phone') : import('./desk'));
  await page.open();
}

void start();
