"""A document as PDF/A-2a and PDF/UA-1, set by Typst from a fixed template; what people wrote goes in as JSON."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from server.documents.layout import Document

TEMPLATE = Path(__file__).with_name("templates") / "record.typ"
STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

# What the fonts inside Typst (Libertinus Serif, DejaVu Sans Mono) have glyphs for, found by trying each code point:
# Latin, combining marks, Greek, Cyrillic, Hebrew and Arabic letters, punctuation, currencies, arrows, mathematics,
# boxes, ligatures. PDF/A allows no glyph that is missing, and no private one.
PRINTABLE = (
    (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x377), (0x384, 0x38A), (0x38C, 0x38C), (0x38E, 0x3A1),
    (0x3A3, 0x3FF), (0x400, 0x482), (0x48A, 0x4FF), (0x5D0, 0x5EA),
    (0x621, 0x63A), (0x641, 0x64A), (0x660, 0x669), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x203E),
    (0x2070, 0x2071), (0x2074, 0x208E), (0x20A0, 0x20BF), (0x2100, 0x211E), (0x2150, 0x2151), (0x2153, 0x2184),
    (0x2190, 0x23CE), (0x2500, 0x2606), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD),
)  # fmt: skip
UNPRINTABLE = re.compile("[^" + "".join(f"{chr(first)}-{chr(last)}" for first, last in PRINTABLE[1:]) + " -~]")
SPACES = re.compile(r"[\s\u2028\u2029]+")
LONG_WORD = re.compile(r"\S{19,}")  # wider than a column
LONGER_WORD = re.compile(r"\S{41,}")  # wider than a page's head
PIECE = 10  # characters after which a word that is too long may break
BREAK = "\u200b"
# Fonts for every script would weigh more than all else that is installed (Chinese and Japanese alone 5 to 16 MB), so
# what these have no glyph for is named by its number; the page shows it in full.
UNPRINTABLES = re.compile(f"{UNPRINTABLE.pattern}+")
NAMED = "Tanda seperti [U+4E2D] menggantikan aksara yang tidak ada dalam huruf naskah PDF ini; naskah HTML memuatnya."


def pdf(document: Document) -> bytes:
    """The file. The same document gives the same bytes. Does not hold the interpreter while Typst works."""
    inputs = {"document": json.dumps(told(document), ensure_ascii=False)}
    return typst.compile(
        TEMPLATE.read_bytes(),
        font_paths=fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=STANDARDS,
        timestamp=document.made_at // 1000,
    )


@cache
def fonts() -> typst.Fonts:
    """Only those inside Typst: what a machine has installed must not change a record."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def told(document: Document) -> dict[str, Any]:
    made = datetime.fromtimestamp(document.made_at // 1000, UTC)
    plain = asdict(document)
    members: dict[str, Any] = printable(plain)
    if "[U+" in json.dumps(members) and "[U+" not in json.dumps(plain):
        members["notice"] = f"{members['notice']} {NAMED}".strip()
    for part in ("body", "annexes"):
        members[part] = each(members[part], lambda text: broken(text, LONG_WORD))
    for part in ("letterhead", "heading", "number", "footer", "notice"):
        members[part] = each(members[part], lambda text: broken(text, LONGER_WORD))
    return {**members, "made": [made.year, made.month, made.day, made.hour, made.minute, made.second]}


def printable(value: Any) -> Any:
    """Every text in it as the fonts can show it, on one line."""
    return each(value, lambda text: UNPRINTABLES.sub(spelled, SPACES.sub(" ", text)))


def spelled(found: re.Match[str]) -> str:
    """In plain letters where they are only dressed up (𝐉𝐚𝐥𝐚𝐧), else by number: "[U+4E2D U+6587]". Invisible ones go."""
    parts: list[str] = []
    for letter in found[0]:
        plain = unicodedata.normalize("NFKC", letter)
        if not UNPRINTABLE.search(plain):
            parts.append(plain)
        elif unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f":
            continue
        elif parts and parts[-1].startswith("[U+"):
            parts[-1] = f"{parts[-1][:-1]} U+{ord(letter):04X}]"
        else:
            parts.append(f"[U+{ord(letter):04X}]")
    return "".join(parts)


def each(value: Any, change: Callable[[str], str]) -> Any:
    """The same JSON with every text but the names of members changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: each(member, change) for name, member in value.items()}
    return [each(member, change) for member in value] if isinstance(value, list | tuple) else value


def broken(text: str, long: re.Pattern[str]) -> str:
    """With invisible places to break in words that would not fit."""
    return long.sub(lambda word: BREAK.join(pieces(word[0])), text)


def pieces(word: str) -> list[str]:
    return [word[start : start + PIECE] for start in range(0, len(word), PIECE)]
