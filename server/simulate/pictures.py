"""What a simulated hall's camera sees: its name in large letters, its own colours, heads, a clock hand that turns."""

from __future__ import annotations

import colorsys
import math
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

GOLDEN = 0.618033988749895  # successive hues stay far apart however many halls there are


@dataclass(frozen=True, slots=True)
class Look:
    """place: 0-based among the halls; decides the colours."""

    name: str
    place: int

    def colour(self, lightness: float, saturation: float = 0.45) -> tuple[int, int, int]:
        red, green, blue = colorsys.hls_to_rgb((0.08 + self.place * GOLDEN) % 1.0, lightness, saturation)
        return round(red * 255), round(green * 255), round(blue * 255)


def pictures(look: Look, size: tuple[int, int], count: int) -> Iterator[Image.Image]:
    """`count` RGB pictures of this size; the hand turns once from the first to the last, so that they loop."""
    backdrop = _backdrop(look, size)
    width, height = size
    radius = height * 0.17
    middle = (width * 0.86, height * 0.24)
    for number in range(count):
        picture = backdrop.copy()
        draw = ImageDraw.Draw(picture)
        angle = 2 * math.pi * (number / count + look.place * GOLDEN)
        tip = (middle[0] + radius * 0.85 * math.cos(angle), middle[1] + radius * 0.85 * math.sin(angle))
        draw.line([middle, tip], fill=look.colour(0.25), width=max(2, height // 60))
        nod = math.sin(2 * math.pi * number / count) * height * 0.012
        _head(draw, look, (width * 0.5, height * 0.80 + nod), height * 0.12)
        draw.text((width * 0.03, height * 0.90), f"{number:03d}", fill=look.colour(0.95), font=_font(height // 14))
        yield picture


def _backdrop(look: Look, size: tuple[int, int]) -> Image.Image:
    width, height = size
    picture = Image.new("RGB", size, look.colour(0.32))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 0.62, width, height), fill=look.colour(0.24))
    for row, top in enumerate((0.70, 0.80)):
        for seat in range(9):
            _head(draw, look, (width * (0.06 + seat * 0.11 + row * 0.05), height * top), height * 0.05, 0.42)
    radius, middle = height * 0.17, (width * 0.86, height * 0.24)
    box = (middle[0] - radius, middle[1] - radius, middle[0] + radius, middle[1] + radius)
    draw.ellipse(box, fill=look.colour(0.92), outline=look.colour(0.15), width=max(1, height // 90))
    draw.text((width * 0.04, height * 0.06), "AULA", fill=look.colour(0.85), font=_font(height // 11))
    _name(draw, look, (width * 0.04, height * 0.18), width * 0.68, height * 0.40)
    return picture


def _name(draw: ImageDraw.ImageDraw, look: Look, at: tuple[float, float], width: float, height: float) -> None:
    """The name as large as it fits, one word a line."""
    text = look.name.replace(" ", "\n")
    points = int(height)
    while points > 8:
        font = _font(points)
        left, top, right, bottom = draw.multiline_textbbox(at, text, font=font)
        if right - left <= width and bottom - top <= height:
            break
        points -= max(1, points // 12)
    draw.multiline_text(at, text, fill=(255, 255, 255), font=_font(points))


def _head(
    draw: ImageDraw.ImageDraw, look: Look, at: tuple[float, float], radius: float, lightness: float = 0.72
) -> None:
    x, y = at
    draw.ellipse((x - radius * 0.6, y - radius * 1.6, x + radius * 0.6, y - radius * 0.4), fill=look.colour(lightness))
    draw.ellipse((x - radius, y - radius * 0.35, x + radius, y + radius * 1.8), fill=look.colour(lightness - 0.1))


def _font(points: int) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    return ImageFont.load_default(points)
