import type { Attachment } from 'svelte/attachments';

/** Shows a stream in a muted, inline <video>; `null` clears it. Sound is played elsewhere, by one element a page. */
export function stream(source: MediaStream | null | undefined): Attachment<HTMLVideoElement> {
  return (video) => {
    video.muted = true;
    video.srcObject = source ?? null;
    if (source) void video.play().catch(() => undefined); // refused until a gesture: the first frame stays
    return () => {
      video.srcObject = null;
    };
  };
}
