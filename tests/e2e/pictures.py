"""A fake camera's picture for one browser: an MJPEG file with the hall's own colour and a moving bar."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont


def write_mjpeg(
    path: Path, name: str, colour: tuple[int, int, int], frames: int = 30, size: tuple[int, int] = (640, 360)
) -> None:
    """A bare sequence of JPEG images, which Chromium's --use-file-for-fake-video-capture loops."""
    width, height = size
    font = ImageFont.load_default(56)
    with path.open("wb") as file:
        for number in range(frames):
            image = Image.new("RGB", size, colour)
            draw = ImageDraw.Draw(image)
            x = number * width // frames
            draw.rectangle((x, height - 60, x + 80, height - 20), fill=(255, 255, 255))
            draw.text((width / 2, height / 2), name, font=font, fill=(255, 255, 255), anchor="mm")
            buffer = io.BytesIO()
            image.save(buffer, "JPEG", quality=80)
            file.write(buffer.getvalue())
