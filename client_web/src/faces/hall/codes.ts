/** Finds QR codes in the picture of a camera: by the browser where it can, else by a decoder that is fetched when first needed. */

/** The text of a code in the picture; null when there is none. */
export type ReadCode = (video: HTMLVideoElement) => Promise<string | null>;

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

/** Wide enough for a card at arm's length, small enough for an old laptop five times a second. */
const LARGEST = 960;

/** Browsers on Windows and Linux have no detector of their own. */
export function codeReader(): ReadCode {
  const Known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!Known) return decoding();
  const detector = new Known({ formats: ['qr_code'] });
  return async (video) => (await detector.detect(video).catch(() => []))[0]?.rawValue ?? null;
}

function decoding(): ReadCode {
  const canvas = document.createElement('canvas');
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  return async (video) => {
    const { default: decode } = await import('qr/decode.js');
    const scale = Math.min(1, LARGEST / Math.max(video.videoWidth, video.videoHeight, 1));
    const [width, height] = [Math.round(video.videoWidth * scale), Math.round(video.videoHeight * scale)];
    if (!drawing || width === 0 || height === 0) return null;
    [canvas.width, canvas.height] = [width, height];
    drawing.drawImage(video, 0, 0, width, height);
    try {
      return decode(drawing.getImageData(0, 0, width, height));
    } catch {
      return null; // no code in this picture
    }
  };
}
