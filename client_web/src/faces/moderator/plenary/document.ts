/** Opens a document that takes the bearer's credential, which no plain link can carry. */

/** Opens it in `tab`, else in place of this page. Resolves with null, or with the code of the refusal; then the tab goes. */
export async function openDocument(tab: Window | null, path: string, credential: string): Promise<string | null> {
  let code: string;
  try {
    const response = await fetch(path, { headers: { authorization: `Bearer ${credential}` }, cache: 'no-cache' });
    if (response.ok) {
      const url = URL.createObjectURL(await response.blob());
      if (tab) tab.location.replace(url);
      else location.assign(url);
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
