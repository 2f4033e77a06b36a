/** Opens a document that takes the bearer's credential, which no plain link can carry. */

/** Opens it in `tab`, else in place of this page. Resolves with null, or with the code of the refusal; then the tab goes. */
export const openDocument = (tab: Window | null, path: string, credential: string): Promise<string | null> =>
  fetched(path, credential, tab, async (response) => {
    const url = URL.createObjectURL(await response.blob());
    if (tab) tab.location.replace(url);
    else location.assign(url);
  });

/** Saves it as a file; `onprogress` hears how many bytes have come. Resolves as `openDocument` does. */
export const saveDocument = (path: string, credential: string, name: string, onprogress: (bytes: number) => void): Promise<string | null> =>
  fetched(path, credential, null, async (response) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await body(response, onprogress));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a slow disk is given a minute
  });

async function body(response: Response, onprogress: (bytes: number) => void): Promise<Blob> {
  const reader = response.body?.getReader();
  if (!reader) return response.blob();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts, { type: response.headers.get('content-type') ?? '' });
    parts.push(value);
    onprogress((bytes += value.length));
  }
}

async function fetched(path: string, credential: string, tab: Window | null, use: (response: Response) => Promise<void>): Promise<string | null> {
  let code: string;
  try {
    const response = await fetch(path, { headers: { authorization: `Bearer ${credential}` }, cache: 'no-cache' });
    if (response.ok) {
      await use(response);
      return null;
    }
    const problem = (await response.json().catch(() => ({}))) as { code?: string };
    code = problem.code ?? 'unknown';
  } catch {
    code = 'no_answer';
  }
  tab?.close();
  return code;
}
