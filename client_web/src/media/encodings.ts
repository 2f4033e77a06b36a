/** How each source is encoded: the limits of docs/protocol.md §6, applied to whatever the camera delivers. */

import type { Source } from './signal';

const THUMB = { width: 320, height: 180, fps: 15, bps: 120_000 };
/** Hands and faces have to be followed: ITU-T H.Sup1 asks for CIF at 20 pictures a second. */
const SIGNING = { width: 640, height: 360, fps: 25, bps: 500_000 };
const HD = { width: 1280, height: 720, fps: 30, bps: 1_500_000 };
const SLIDES = { fps: 5, bps: 1_500_000 };
const MIC_BPS = 32_000;

/** By how much a picture must shrink to fit into the box; never below 1 (we do not enlarge). Unknown size = as if it were HD. */
export function shrink(width: number | undefined, height: number | undefined, box: { width: number; height: number }): number {
  return Math.max(1, (width ?? HD.width) / box.width, (height ?? HD.height) / box.height);
}

/** `signing`: the small picture is that of the sign language interpreter. */
export function encodingFor(source: Source, track: MediaStreamTrack | null, active: boolean, signing = false): RTCRtpEncodingParameters {
  const { width, height } = track?.getSettings() ?? {};
  switch (source) {
    case 'mic':
      return { active, maxBitrate: MIC_BPS, priority: 'high', networkPriority: 'high' };
    case 'camera': {
      const small = signing ? SIGNING : THUMB;
      return { active, maxBitrate: small.bps, maxFramerate: small.fps, scaleResolutionDownBy: shrink(width, height, small) };
    }
    case 'camera_hd':
      return { active, maxBitrate: HD.bps, maxFramerate: HD.fps, scaleResolutionDownBy: shrink(width, height, HD) };
    case 'slides':
      return { active, maxBitrate: SLIDES.bps, maxFramerate: SLIDES.fps };
  }
}

/** Writes the encoding into a sender that exists already; a closed or not yet negotiated sender is left alone. */
export async function adjust(sender: RTCRtpSender, source: Source, active: boolean, signing = false): Promise<void> {
  const parameters = sender.getParameters();
  const first = parameters.encodings[0];
  if (first === undefined) return;
  Object.assign(first, encodingFor(source, sender.track, active, signing));
  await sender.setParameters(parameters).catch(() => undefined); // superseded by a newer negotiation: the next adjust wins
}
