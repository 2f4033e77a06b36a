"""The child process that reads a stranger's workbook: XLSX, XLSB, XLS or ODS from stdin, its sheets as JSON to stdout.

stdout: of each sheet that is shown a line `{"name", "long": bool}` and one `[text…]` a row, with the empty rows and
columns before its first cell, so that a place in it is the place a spreadsheet shows. Formulas are read as their last
value; python-calamine tells one that is an error (#REF!, #N/A) as an empty cell, so in XLSX those are looked up
besides, and in other workbooks nobody can tell. What comes with an exit code other than 0 counts for nothing; the code
says why.
"""

from __future__ import annotations

import datetime
import io
import json
import resource
import sys
from collections.abc import Iterator

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from server.interchange.broken_cells import Broken, broken_cells

SHEETS_MOST = 20
ROWS_MOST = 10_000
COLUMNS_MOST = 100
CELL_MOST = 1000  # characters; no column of a list takes as many
MEMORY_BYTES = 512 << 20
CPU_S = 15
NOT_A_WORKBOOK = 3
EXACT_BELOW = 10**15  # a spreadsheet keeps fifteen figures of a number, and writes noughts for the others

Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


def limited() -> None:
    """A workbook that unpacks to more than any list needs ends this process, and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def text(cell: Cell) -> str:
    """As a person would write it: 5 for 5.0; dates as ISO 8601; a number of more than fifteen figures as 1.98e+17."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        if not abs(cell) < EXACT_BELOW:  # nor is what is no number at all
            return f"{cell:.14e}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    return str(cell)[:CELL_MOST]


def told(sheet: CalamineSheet, broken: Broken) -> Iterator[str]:
    found = sheet.to_python(skip_empty_area=False, nrows=ROWS_MOST) if sheet.start is not None else []
    yield json.dumps({"name": sheet.name, "long": sheet.total_height > ROWS_MOST})
    for line, row in enumerate(found):
        yield json.dumps([broken.get((line, at)) or text(cell) for at, cell in enumerate(row[:COLUMNS_MOST])])


def main() -> int:
    body = sys.stdin.buffer.read()
    limited()
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(body)) as book:
            shown = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
            broken = broken_cells(body, ROWS_MOST)
            for name in shown[:SHEETS_MOST]:
                for line in told(book.get_sheet_by_name(name), broken.get(name, {})):
                    print(line)
    except (CalamineError, OSError):
        return NOT_A_WORKBOOK
    return 0


if __name__ == "__main__":
    sys.exit(main())
