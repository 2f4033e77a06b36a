"""Photos as they are kept: turned upright, without what a camera writes about place and person, small enough."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

from sessions.errors import Refused

FORMATS = ("JPEG", "PNG", "WEBP")
PIXELS_MOST = 50_000_000  # of a JPEG, which is decoded at a fraction of it; phones make up to 48 megapixels
DECODED_MOST = 16_000_000  # of what can only be decoded whole: 64 MB, and the same again while it is made smaller
SIDE_MOST = 1600
KEPT_MOST_BYTES = 300_000
QUALITIES = (82, 72, 60, 45)
SMALLER = 0.75


@dataclass(frozen=True, slots=True)
class Picture:
    """width, height: pixels."""

    media_type: str
    body: bytes
    width: int
    height: int


def kept(body: bytes) -> Picture:
    """A JPEG of at most KEPT_MOST_BYTES. Takes up to a second of CPU: not for an event loop.

    Raises Refused: not_an_image, too_large (pixels).
    """
    image = upright(body)
    image.thumbnail((SIDE_MOST, SIDE_MOST), Image.Resampling.LANCZOS)
    while True:
        for quality in QUALITIES:
            out = io.BytesIO()
            image.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
            if out.tell() <= KEPT_MOST_BYTES:
                return Picture("image/jpeg", out.getvalue(), *image.size)
        smaller = (max(1, int(image.width * SMALLER)), max(1, int(image.height * SMALLER)))
        image = image.resize(smaller, Image.Resampling.LANCZOS)


def upright(body: bytes) -> Image.Image:
    """Pixels alone, on white where they were transparent."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the stricter limit
            with Image.open(io.BytesIO(body), formats=FORMATS) as opened:
                most = PIXELS_MOST if opened.format == "JPEG" else DECODED_MOST
                if opened.width * opened.height > most:
                    raise Refused("too_large", pixels=most)
                opened.draft("RGB", (SIDE_MOST, SIDE_MOST))  # JPEG decodes at a fraction of its size
                mode = "RGBA" if "A" in opened.getbands() or "transparency" in opened.info else "RGB"
                whole = opened if opened.mode == mode else opened.convert(mode)
                whole.thumbnail((2 * SIDE_MOST, 2 * SIDE_MOST))  # before anything else copies it
                turned = ImageOps.exif_transpose(whole)
                plain = Image.new("RGB", turned.size, "white")
                plain.paste(turned.convert("RGB"), mask=turned.getchannel("A") if mode == "RGBA" else None)
                return plain
    except Image.DecompressionBombError:
        raise Refused("too_large", pixels=PIXELS_MOST) from None
    except Refused:
        raise
    except Exception as error:
        # A decoder fed with anything at all raises nearly anything at all.
        raise Refused("not_an_image") from error
