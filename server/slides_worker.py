"""The child process that turns a stranger's PDF into pictures: it reads one from stdin and writes its pages to stdout.

stdout: the number of pages (4 bytes, big-endian), then each page as width, height and length (4 bytes each) and that
many bytes of WebP. Exit codes other than 0 say why there is nothing: see REFUSALS.
"""

from __future__ import annotations

import io
import resource
import struct
import sys

import pypdfium2

PAGES_MOST = 200
WIDTH, HEIGHT = 1600, 1200  # pixels a page is fitted into
QUALITY = 80
MEMORY_BYTES = 1 << 30
CPU_S = 60
NOT_A_PDF, TOO_MANY_PAGES = 3, 4
COUNT = "count"  # as the argument: write the number of pages and draw none


def limited() -> None:
    """A PDF that asks for more than any deck needs ends this process, and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def picture(page: pypdfium2.PdfPage) -> tuple[int, int, bytes]:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), HEIGHT / max(height, 1))
    image = page.render(scale=scale).to_pil().convert("RGB")
    image.thumbnail((WIDTH, HEIGHT))
    written = io.BytesIO()
    image.save(written, "WEBP", quality=QUALITY)
    return image.width, image.height, written.getvalue()


def main() -> int:
    body = sys.stdin.buffer.read()
    limited()
    try:
        document = pypdfium2.PdfDocument(body)
        count = len(document)
    except pypdfium2.PdfiumError:
        return NOT_A_PDF
    out = sys.stdout.buffer
    if sys.argv[1:] == [COUNT]:
        out.write(struct.pack(">I", count))
        return 0
    if count > PAGES_MOST:
        return TOO_MANY_PAGES
    out.write(struct.pack(">I", count))
    try:
        for number in range(count):
            width, height, image = picture(document[number])
            out.write(struct.pack(">III", width, height, len(image)) + image)
            out.flush()
    except pypdfium2.PdfiumError:
        return NOT_A_PDF
    return 0


if __name__ == "__main__":
    sys.exit(main())
