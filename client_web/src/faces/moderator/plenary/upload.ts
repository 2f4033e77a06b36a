/** Sends one PDF to the server and tells how far it is; fetch cannot say that, so this is an XMLHttpRequest. */
export interface Sent {
  deck: string;
  pages: number;
}
export type UploadAnswer = { ok: true; body: Sent } | { ok: false; code: string; data: Record<string, unknown> };

export interface Upload {
  answer: Promise<UploadAnswer>;
  cancel: () => void;
}

function refused(status: number, text: string): UploadAnswer {
  try {
    const { code, title: _title, detail: _detail, ...data } = JSON.parse(text) as Record<string, unknown>;
    if (typeof code === 'string') return { ok: false, code, data };
  } catch {
    // not problem+json: a proxy answered
  }
  return { ok: false, code: status === 413 ? 'too_large' : status === 0 || status >= 502 ? 'no_answer' : 'unknown', data: {} };
}

/** `onpart`: the part that has left, 0–1. A cancelled upload answers with the code `cancelled`. */
export function uploadDeck(
  session: string,
  credential: string,
  file: Blob,
  about: { title: string; hall: string | null },
  onpart: (part: number) => void,
): Upload {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams({ title: about.title, ...(about.hall === null ? {} : { hall: about.hall }) });
  const answer = new Promise<UploadAnswer>((resolve) => {
    request.upload.onprogress = (event) => event.lengthComputable && onpart(event.loaded / event.total);
    request.onload = () => {
      if (request.status !== 201) return resolve(refused(request.status, request.responseText));
      resolve({ ok: true, body: JSON.parse(request.responseText) as Sent });
    };
    request.onerror = () => resolve({ ok: false, code: 'no_answer', data: {} });
    request.onabort = () => resolve({ ok: false, code: 'cancelled', data: {} });
  });
  request.open('POST', `/api/sessions/${encodeURIComponent(session)}/decks?${query}`);
  request.setRequestHeader('authorization', `Bearer ${credential}`);
  request.setRequestHeader('content-type', 'application/pdf');
  request.send(file);
  return { answer, cancel: () => request.abort() };
}

/** Where a page of a deck is drawn. */
export const pageUrl = (session: string, deck: string, page: number): string =>
  `/api/sessions/${encodeURIComponent(session)}/decks/${encodeURIComponent(deck)}/${page}`;
