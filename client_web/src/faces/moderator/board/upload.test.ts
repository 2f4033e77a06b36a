import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../link/http';
import { Upload } from './upload.svelte';

const SILENCE: Answer<null> = { ok: false, code: 'no_answer', data: {} };
const DONE: Answer<null> = { ok: true, body: null };
const file = new File(['12345'], 'surat.pdf');

describe('a file on its way', () => {
  it('keeps its key for every try, and takes another once it has arrived or is of another kind', async () => {
    const upload = new Upload();
    const keys: string[] = [];
    const answering = (answer: Answer<null>) => (_: unknown, key: string) => (keys.push(key), Promise.resolve(answer));
    expect(await upload.send(file, 'a', 5, answering(SILENCE))).toBe(false);
    expect(upload.failed).toEqual({ code: 'no_answer', data: {} });
    expect(upload.last?.file).toBe(file);
    expect(await upload.send(file, 'a', 5, answering(DONE))).toBe(true);
    expect([upload.failed, upload.last, upload.part]).toEqual([null, null, null]);
    await upload.send(file, 'a', 5, answering(SILENCE));
    await upload.send(file, 'b', 5, answering(SILENCE));
    expect(keys[1]).toBe(keys[0]);
    expect(new Set(keys).size).toBe(3);
  });

  it('is not sent when it is too large or another is under way', async () => {
    const upload = new Upload();
    let sent = 0;
    let settle: (answer: Answer<null>) => void = () => {};
    const slow = (onprogress: (part: number) => void): Promise<Answer<null>> => {
      sent += 1;
      onprogress(0.5);
      return new Promise((resolve) => (settle = resolve));
    };
    expect(await upload.send(file, '', 4, slow)).toBe(false);
    expect([upload.failed?.code, upload.last, sent]).toEqual(['too_large', null, 0]);
    const first = upload.send(file, '', 5, slow);
    expect(upload.part).toBe(0.5);
    expect(await upload.send(file, '', 5, slow)).toBe(false);
    settle(DONE);
    expect(await first).toBe(true);
    expect(sent).toBe(1);
  });
});
