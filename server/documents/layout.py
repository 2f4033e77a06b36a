"""The record as a document: sections of paragraphs, lists, fields, tables and signatures, the same for each format.

Everything is text; what prints it decides on looks and never on content.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    strong: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Subheading:
    text: str
    kind: str = "subheading"


@dataclass(frozen=True, slots=True)
class Points:
    """Numbered, each with its own lines below it."""

    items: tuple[tuple[str, tuple[str, ...]], ...]
    kind: str = "points"


@dataclass(frozen=True, slots=True)
class Fields:
    """Name and value, as in the block of a form."""

    rows: tuple[tuple[str, str], ...]
    kind: str = "fields"


@dataclass(frozen=True, slots=True)
class Column:
    """width: parts of what is left, 0 for as wide as its words."""

    title: str
    width: float = 1
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """numbered: a second head row (1) (2) … as the forms have it. tall: rows high enough to sign in."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    numbered: bool = False
    tall: bool = False
    small: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Signature:
    """label: as what somebody signs. name is empty where it is written by hand."""

    label: str
    office: str
    name: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class Signatures:
    """dated: where and when, empty where that is said already."""

    dated: str
    people: tuple[Signature, ...]
    kind: str = "signatures"


Block = Paragraph | Subheading | Points | Fields | Table | Signatures


@dataclass(frozen=True, slots=True)
class Section:
    """An annex on pages of its own. label: "LAMPIRAN II"."""

    id: str
    label: str
    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """mark: DRAF, LATIHAN or RALAT across the pages, empty for none. notice: what the mark means, in a sentence.

    made_at: milliseconds since 1970 UTC of the last event told, so that the same record is the same file.
    """

    title: str
    author: str
    mark: str
    notice: str
    letterhead: tuple[str, ...]
    heading: tuple[str, ...]
    number: str
    footer: str
    made_at: int
    body: tuple[Block, ...]
    annexes: tuple[Section, ...] = field(default_factory=tuple)
