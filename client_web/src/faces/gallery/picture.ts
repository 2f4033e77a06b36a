/** A drawn room in place of a camera: two rows of people under a window, as a stream like any other. */

const [WIDTH, HEIGHT] = [320, 180];

/** null where a canvas gives no stream. */
export function drawnPicture(): MediaStream | null {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const pen = canvas.getContext('2d');
  if (!pen || typeof canvas.captureStream !== 'function') return null;
  const fill = (colour: string, draw: () => void): void => {
    pen.fillStyle = colour;
    draw();
  };
  fill('#c9b892', () => pen.fillRect(0, 0, WIDTH, HEIGHT));
  fill('#a8c7c4', () => pen.fillRect(30, 18, 110, 62));
  fill('#7a5f3a', () => pen.fillRect(0, 130, WIDTH, 50));
  for (const [row, y] of [96, 128].entries()) {
    for (let x = 24 + row * 22; x < WIDTH; x += 52) {
      fill(['#0b5d5b', '#8f1b14', '#3f504e', '#b07a06'][(x + row) % 4] ?? '#3f504e', () => pen.fillRect(x - 17, y + 12, 34, 44));
      fill('#8a5a3c', () => {
        pen.beginPath();
        pen.arc(x, y, 13, 0, 2 * Math.PI);
        pen.fill();
      });
    }
  }
  return canvas.captureStream(1);
}
