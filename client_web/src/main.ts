/** The first step of every page but the participant's, which is built apart (see phone.build.ts) and served so only while developing. */

const AGAIN_MS = 3_000;

async function start(): Promise<void> {
  const phone = import.meta.env.DEV && location.pathname.split('/')[1] === 'participant';
  await (phone ? import('./faces/participant/page') : import('./desk').then(({ open }) => open()));
}

/** A part could not be fetched: the server went away meanwhile, or has another version. The page is loaded anew once it answers. */
async function comeBack(): Promise<void> {
  const target = document.getElementById('app');
  if (target) target.textContent = 'Menunggu server. Halaman terbuka sendiri. · Waiting for the server.';
  for (;;) {
    await new Promise((done) => setTimeout(done, AGAIN_MS));
    const there = await fetch('/healthz', { cache: 'no-store' }).then((answer) => answer.ok, () => false);
    if (there) return location.reload();
  }
}

start().catch((error: unknown) => {
  // each browser has its own words for a module or a style sheet that did not come; all else is a fault of ours, and stays one
  if (/import|preload/i.test(String(error))) return comeBack();
  throw error;
});
