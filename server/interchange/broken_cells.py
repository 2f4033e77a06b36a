"""Cells of an XLSX whose formula ended in an error: the reader of workbooks gives them as empty, its file does not.

Runs in the child process that reads a stranger's workbook. A workbook that is no XLSX has none here, nor one whose
parts are not where ECMA-376 part 1 §12.3 puts them: what cannot be told here is read as it was.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from posixpath import join, normpath
from xml.etree.ElementTree import Element, ParseError, iterparse

BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
LARGEST = 64 << 20  # bytes of a sheet unpacked; a list has a hundredth of that
ERROR = (b't="e"', b"t='e'")  # ST_CellType, ECMA-376 part 1 §18.18.11

Broken = Mapping[tuple[int, int], str]


def broken_cells(body: bytes, rows_most: int) -> dict[str, Broken]:
    """Sheet → (row, column), both from 0 → what the cell shows, such as #REF!."""
    found: dict[str, Broken] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            for name, part in parts(packed):
                sheet = packed.read(part) if packed.getinfo(part).file_size <= LARGEST else b""
                if any(mark in sheet for mark in ERROR):
                    found[name] = dict(errors(sheet, rows_most))
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError, ParseError):
        return found
    return found


def parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The name of each sheet and its file. Raises KeyError where there are none."""
    targets = {one.get("Id"): one.get("Target", "") for one in elements(packed.read(RELATIONS), "Relationship")}
    for sheet in elements(packed.read(BOOK), "sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        if target := targets.get(relation):
            yield sheet.get("name", ""), target[1:] if target.startswith("/") else normpath(join("xl", target))


def errors(sheet: bytes, rows_most: int) -> Iterator[tuple[tuple[int, int], str]]:
    """A row or cell that does not say where it stands follows the one before it."""
    line = -1
    for row in elements(sheet, "row"):
        line = int(row.get("r", line + 2)) - 1
        if line >= rows_most:
            return
        at = -1
        for cell in row:
            at = column(cell.get("r", "")) if cell.get("r") else at + 1
            if cell.get("t") == "e":
                yield (line, at), next((part.text for part in cell if part.tag.endswith("}v") and part.text), "#N/A")
        row.clear()


def column(place: str) -> int:
    """C7 is 2."""
    found = 0
    for letter in place.rstrip("0123456789").upper():
        found = found * 26 + ord(letter) - ord("A") + 1
    return found - 1


def elements(part: bytes, name: str) -> Iterator[Element]:
    """Each as soon as it is whole, whatever their namespace is called."""
    for _, one in iterparse(io.BytesIO(part), events=("end",)):
        if one.tag.rpartition("}")[2] == name:
            yield one
