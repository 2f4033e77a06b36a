"""Cards to print: one strip each, with the link as a QR code and, beneath a fold, the PIN."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import segno
import typst

from server.documents.pdf import LONG_WORD, STANDARDS, broken, each, fonts, printable

TEMPLATE = Path(__file__).with_name("templates") / "cards.typ"
QUIET_ZONE = 4  # modules of white around a code (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class CardFace:
    """office: whom the card stands for; place: their hall, or what the card opens. pin: empty for one without a vote.

    link: what the QR code says, with the secret after the #. ends: in words, until when the card is good.
    """

    office: str
    place: str
    role: str
    link: str
    pin: str
    ends: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """title, when, where: of the session, as every card says them. made_at: milliseconds since 1970 UTC."""

    title: str
    when: str
    where: str
    made_at: int
    cards: tuple[CardFace, ...]


def pdf(sheet: Sheet) -> bytes:
    """Five strips a page, as PDF/A-2a and PDF/UA-1. The same sheet gives the same bytes; it names nobody.

    Does not hold the interpreter while Typst works. What the fonts have no glyph for is named by its number.
    """
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs={"sheet": json.dumps(told(sheet), ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=sheet.made_at // 1000,
    )


def told(sheet: Sheet) -> dict[str, Any]:
    made = datetime.fromtimestamp(sheet.made_at // 1000, UTC)
    plain = each(printable(asdict(sheet)), lambda text: broken(text, LONG_WORD))
    for card, face in zip(plain["cards"], sheet.cards, strict=True):
        card["qr"], card["pin"] = code(face.link), " ".join(parts(face.pin, 3))
        del card["link"]
    return {**plain, "made": [made.year, made.month, made.day, made.hour, made.minute, made.second]}


def code(link: str) -> str:
    """An SVG that any printer and the camera of a cheap phone can do with: at least a seventh of it may be lost."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False, boost_error=True).save(
        drawn, kind="svg", border=QUIET_ZONE, xmldecl=False, svgns=True, nl=False
    )
    return drawn.getvalue().decode()


def parts(digits: str, size: int) -> Iterable[str]:
    return (digits[start : start + size] for start in range(0, len(digits), size))
