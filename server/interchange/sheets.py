"""Spreadsheets as rows of text: CSV however it was written, workbooks read by a child process, and both written."""

from __future__ import annotations

import csv
import io
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO

import xlsxwriter

from server.interchange.sheet_worker import NOT_A_WORKBOOK
from sessions.errors import Refused

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent.parent.parent
TIME_S = 20.0
OUTPUT_MOST = 32 * 1024 * 1024
COMPLAINT_MOST = 64 * 1024
WORKBOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")  # zip (XLSX, ODS) and Microsoft's older container (XLS)
DIVIDERS = (";", "\t", ",")  # commas stand in titles and in names, too
LINES_MOST = 10_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")
CSV, XLSX = "csv", "xlsx"
MEDIA_TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
WIDEST = 40  # characters a column is made wide
NOT_TAKEN_FOR_OTHERS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}

Choices = Mapping[int, Sequence[str]]
NO_CHOICES: Choices = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: from the first line on, as a spreadsheet numbers them. name: empty in a CSV. long: there is more of it."""

    rows: list[list[str]]
    name: str = ""
    long: bool = False


def form_of(body: bytes) -> str:
    """What the body is by its first bytes, whatever it is called: CSV or XLSX, which stands for any workbook."""
    return XLSX if body.startswith(WORKBOOK) else CSV


def read(body: bytes) -> list[Sheet]:
    """What may be the list, at least one. Raises Refused: not_a_list, workbook_too_heavy (time or memory)."""
    if form_of(body) == CSV:
        return tables(body)
    sheets: list[Sheet] = []
    for line in asked(body).splitlines():  # one by one: parsed at once, all of it would hold up everybody else
        match json.loads(line):
            case {"name": name, "long": long}:
                sheets.append(Sheet([], name, long))
            case row:
                sheets[-1].rows.append(row)
    if not sheets:
        raise Refused("not_a_list")
    return sheets


def asked(body: bytes, time_s: float = TIME_S) -> bytes:
    """What the child writes about a workbook; waits for it. Raises Refused: not_a_list, workbook_too_heavy.

    No more than OUTPUT_MOST is ever taken from it, whatever it writes.
    """
    pipe = subprocess.PIPE
    command = (sys.executable, "-m", "server.interchange.sheet_worker")
    env = {"LC_ALL": "C.UTF-8"}  # a workbook that takes the child over finds no secret there
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=HERE, env=env) as child,
        ThreadPoolExecutor(2) as beside,
    ):
        assert child.stdin is not None and child.stdout is not None and child.stderr is not None
        late = threading.Timer(time_s, child.kill)
        late.start()
        try:
            beside.submit(feed, child.stdin, body)
            complaint = beside.submit(child.stderr.read, COMPLAINT_MOST)
            told = child.stdout.read(OUTPUT_MOST + 1)
            if len(told) > OUTPUT_MOST:
                child.kill()
            code = child.wait()
        finally:
            late.cancel()
            child.kill()
    if code == NOT_A_WORKBOOK:
        raise Refused("not_a_list")
    if code != 0 or len(told) > OUTPUT_MOST:
        last = complaint.result()[-200:].decode(errors="replace")
        log.warning("a workbook of %d bytes was not read (%s): %s", len(body), code, last)
        raise Refused("workbook_too_heavy")
    return told


def feed(stdin: IO[bytes], body: bytes) -> None:
    """All of it, as far as it is read."""
    with suppress(BrokenPipeError), stdin:
        stdin.write(body)


def tables(body: bytes) -> list[Sheet]:
    """A CSV as each of semicolon, tab and comma would divide it: only its reader knows the headings, and so which does.

    Raises Refused("not_a_list").
    """
    try:
        content = decoded(body)
    except UnicodeDecodeError:
        raise Refused("not_a_list") from None
    found: list[Sheet] = []
    for divider in DIVIDERS:
        with suppress(csv.Error):
            found.append(table(content, divider))
    if not found:
        raise Refused("not_a_list")
    return found


def table(content: str, divider: str) -> Sheet:
    """Raises csv.Error."""
    rows: list[list[str]] = []
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=divider):
        if len(rows) == LINES_MOST:
            return Sheet(rows, long=True)
        rows.append(row)
    return Sheet(rows)


def decoded(body: bytes) -> str:
    """Spreadsheets write UTF-8 with a mark, UTF-16, or the code page of their Windows. Raises Refused("not_a_list")."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        content = body.decode("utf-16")
    else:
        try:
            content = body.decode("utf-8-sig")
        except UnicodeDecodeError:
            content = body.decode("cp1252")
    if "\0" in content:
        raise Refused("not_a_list")
    return content


def safe(cell: str) -> str:
    """What no spreadsheet takes for a formula when it opens a CSV."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def csv_of(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, which Excel needs to see; cells divided by semicolons, as it writes them in Indonesia."""
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(name: str, rows: Sequence[Sequence[str]], choices: Choices = NO_CHOICES, most: int = 0) -> bytes:
    """One sheet under headings that stay in sight. Every cell is text, so that what is typed in keeps its noughts.

    choices: column → what a person may choose there, offered in the first `most` rows.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **NOT_TAKEN_FOR_OTHERS}) as book:
        sheet = book.add_worksheet(name)
        cell, head = book.add_format({"num_format": "@"}), book.add_format({"bold": True, "num_format": "@"})
        for at in range(max(map(len, rows), default=0)):
            longest = max((len(row[at]) for row in rows if at < len(row)), default=0)
            sheet.set_column(at, at, min(WIDEST, max(10, longest + 2)), cell)
        for line, row in enumerate(rows):
            for at, text in enumerate(row):
                sheet.write_string(line, at, text, head if line == 0 else cell)
        sheet.freeze_panes(1, 0)
        for at, offered in choices.items():
            listed = {"validate": "list", "source": list(offered), "error_type": "warning"}
            sheet.data_validation(1, at, most, at, listed)
    return out.getvalue()
