"""The PDF, read with programs that did not write it: qpdf through pikepdf, and poppler."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pikepdf
import pytest

from server.documents.layout import Document, Paragraph, Signature, Table
from server.documents.page import html
from server.documents.pdf import PRINTABLE, pdf, printable
from tests.documents.sample import SEALED, printed
from tests.fixtures.prerequisites import require

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
PDFUA = "{http://www.aiim.org/pdfua/ns/id/}"
NASTY = '#panic("x") $1/0$ *tebal* _miring_ \\ "kutip" <label> @acuan `kode` // bukan komentar [a] {b} #import'
LONG = "Kecamatan" * 30


@pytest.fixture(scope="module")
def drafted() -> bytes:
    return pdf(printed())


@pytest.fixture
def opened(drafted: bytes, tmp_path: Path) -> Iterator[pikepdf.Pdf]:
    path = tmp_path / "record.pdf"
    path.write_bytes(drafted)
    with pikepdf.open(path) as found:
        yield found


def poppler(program: str, body: bytes, *options: str, after: tuple[str, ...] = ("-",)) -> str:
    if shutil.which(program) is None:
        require(program, "it reads PDF; apt-get install poppler-utils")
    run = subprocess.run([program, *options, "-", *after], input=body, capture_output=True, check=True)
    return run.stdout.decode()


def blocks(found: Document) -> list[Any]:
    return [*found.body, *(block for annex in found.annexes for block in annex.blocks)]


def elements(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every structure element with the path of types that leads to it."""
    here = (*path, str(node.S)[1:]) if "/S" in node else path
    if "/S" in node:
        yield here, node
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and ("/S" in kid):
            yield from elements(kid, here)


def test_it_declares_pdf_a_2a_and_pdf_ua_1(opened: pikepdf.Pdf) -> None:
    told = ElementTree.fromstring(opened.Root.Metadata.read_bytes())
    values = {element.tag: (element.text or "").strip() for element in told.iter()}
    values |= {name: value for element in told.iter() for name, value in element.attrib.items()}
    assert (values[f"{PDFA}part"], values[f"{PDFA}conformance"], values[f"{PDFUA}part"]) == ("2", "A", "1")
    assert len(opened.Root.OutputIntents) == 1
    assert not opened.is_encrypted and "/JavaScript" not in opened.Root.get("/Names", {})


def test_it_is_tagged_has_a_language_and_shows_its_title(opened: pikepdf.Pdf) -> None:
    root = opened.Root
    assert bool(root.MarkInfo.Marked) is True
    assert str(root.Lang).lower().startswith("id")
    assert bool(root.ViewerPreferences.DisplayDocTitle) is True
    assert str(opened.docinfo.Title).startswith("BERITA ACARA HASIL KESEPAKATAN MUSRENBANG RKPD 2019")
    assert "/Outlines" in root, "headings become bookmarks"
    for page in opened.pages:
        assert page.Tabs == "/S", "the order of tabbing is that of the structure"


def test_headings_step_down_one_at_a_time(opened: pikepdf.Pdf) -> None:
    levels = [
        int(path[-1][1])
        for path, _ in elements(opened.Root.StructTreeRoot)
        if path[-1][0] == "H" and path[-1][1:].isdigit()
    ]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(2) >= 8, "the annexes and the parts of the body"


def test_every_table_has_head_cells_with_a_scope(opened: pikepdf.Pdf) -> None:
    found = list(elements(opened.Root.StructTreeRoot))
    tables = [node for path, node in found if path[-1] == "Table"]
    heads = [node for path, node in found if path[-1] == "TH"]
    printed_tables = [block for block in blocks(printed()) if isinstance(block, Table)]
    assert len(tables) == len(printed_tables) > 10
    assert all("THead" in path for path, _ in found if path[-1] == "TH")
    for head in heads:
        attributes = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
        assert any(str(one.get("/Scope", "")) == "/Column" for one in attributes)


def test_all_fonts_are_inside_the_file(opened: pikepdf.Pdf) -> None:
    descriptors = [
        one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor"
    ]
    assert descriptors
    for one in descriptors:
        assert any(name in one for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_what_is_printed_can_be_read_back(drafted: bytes) -> None:
    told = " ".join(poppler("pdftotext", drafted, "-layout").split())
    for words in ("halaman 1 dari", "Siti Aminah", "LAMPIRAN VII", "KEEMPAT", "tujuh puluh empat juta rupiah", "DRAF."):
        assert words in told


def test_a_draft_is_marked_on_every_page_and_a_final_record_on_none(drafted: bytes) -> None:
    pages = poppler("pdftotext", drafted).split("\f")[:-1]
    assert len(pages) > 7 and all("DRAF ·" in page for page in pages)
    assert "DRAF" not in poppler("pdftotext", pdf(printed(SEALED())))


def test_wide_annexes_lie_on_their_side(drafted: bytes) -> None:
    sizes = poppler("pdfinfo", drafted, "-f", "1", "-l", "99", after=()).splitlines()
    wide = [line for line in sizes if "size" in line and "841.89 x 595" in line]
    assert len(wide) >= 3


def test_the_same_record_is_the_same_file(drafted: bytes) -> None:
    assert pdf(printed()) == drafted


def test_rows_of_a_long_table_carry_its_head_onto_every_page() -> None:
    found = printed(archive=False)
    annex = found.annexes[1]
    long = replace(annex.blocks[0], rows=annex.blocks[0].rows * 200)  # type: ignore[type-var,union-attr]
    pages = poppler("pdftotext", pdf(replace(found, annexes=(replace(annex, blocks=(long,)),)))).split("\f")
    assert sum("Kegiatan prioritas" in page for page in pages) >= 3


def changed(value: Any, text: str) -> Any:
    """The same value with this text in every field that holds any, but for the words the layout itself is told in."""
    if isinstance(value, str):
        return text
    if isinstance(value, Table):  # figures and times, and the titles of columns, are never anybody's words
        wide = [column.width > 0 for column in value.columns]
        rows = [tuple(text if free else cell for free, cell in zip(wide, row, strict=True)) for row in value.rows]
        return replace(value, rows=tuple(rows))
    if isinstance(value, tuple):
        return tuple(changed(member, text) for member in value)
    if is_dataclass(value) and not isinstance(value, type):
        kept = {"kind", "align", "mark", "id", "label", "title"}
        members = {one.name: getattr(value, one.name) for one in fields(value)}
        return replace(
            value, **{name: member if name in kept else changed(member, text) for name, member in members.items()}
        )
    return value


@pytest.mark.parametrize("text", [NASTY, LONG, "", " ", "\u0000\n\t", "😀 中文 \ue000 \U0010ffff", "a\u0301\u202eb"])
def test_whatever_people_write_is_printed_and_never_obeyed(text: str) -> None:
    found = printed()
    told = pdf(replace(changed(found, text), title=found.title, heading=(*found.heading, text)))
    if text == NASTY:
        words = poppler("pdftotext", told)
        assert words.count("#panic") > 60 and "bukan komentar" in words
        assert '"kutip"' in words and "$1/0$" in words and "*tebal*" in words


def test_a_long_word_stays_inside_its_column() -> None:
    found = printed(archive=False)
    boxes = poppler("pdftotext", pdf(changed(found, LONG)), "-bbox")
    page = 0.0
    for line in boxes.splitlines():
        if "<page" in line:
            page = float(line.split('width="')[1].split('"')[0])
        if "<word" in line:
            assert float(line.split('xMax="')[1].split('"')[0]) <= page


def test_every_character_that_is_let_through_can_be_printed() -> None:
    letters = [chr(code) for first, last in PRINTABLE for code in range(first, last + 1)]
    lines = tuple(Paragraph(" ".join(letters[start : start + 64])) for start in range(0, len(letters), 64))
    assert pdf(Document("t", "a", "", "", (), ("h",), "1", "f", 0, lines))


def test_a_character_without_a_glyph_is_named_by_its_number() -> None:
    assert printable("Pos 😀 RW\n07\u0000") == "Pos [U+1F600] RW 07[U+0000]"
    assert printable("中文 中") == "[U+4E2D U+6587] [U+4E2D]"
    assert printable({"a": ["→ m²", Signature]}) == {"a": ["→ m²", Signature]}


def test_letters_that_are_only_dressed_up_are_printed_plain_and_invisible_ones_are_left_out() -> None:
    assert printable("𝐉𝐚𝐥𝐚𝐧 Ｍａｗａｒ") == "Jalan Mawar"
    assert printable("❤\ufe0f Pos\u202e\u200d RW\u00ad07") == "[U+2764] Pos RW07"


def test_every_script_can_be_read_back_from_the_file_and_the_page_keeps_it() -> None:
    """Arabic and Hebrew have glyphs, emoji and Chinese have not; a family of emoji is one run."""
    found = replace(printed(SEALED()), body=(Paragraph("Jalan مسجد raya 😀 中文 👨\u200d👩\u200d👧 selesai"),))
    text = poppler("pdftotext", pdf(found))
    assert "Jalan" in text and "[U+1F600] [U+4E2D U+6587] [U+1F468 U+1F469 U+1F467] selesai" in " ".join(text.split())
    assert unicodedata.normalize("NFKC", text).count("مسجد") + text.count("دجسم") == 1
    assert "\ufffd" not in text and "menggantikan aksara" in text
    assert "😀 中文 👨\u200d👩\u200d👧 selesai" in html(found).decode()
    assert "menggantikan aksara" not in poppler("pdftotext", pdf(printed(SEALED())))
