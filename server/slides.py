"""PDF decks become pictures, in a child process of their own with a limit of time and memory."""

from __future__ import annotations

import asyncio
import logging
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from server.slides_worker import COUNT, NOT_A_PDF, PAGES_MOST, TOO_MANY_PAGES
from sessions.errors import Refused

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent.parent
TIME_S = 90.0
COUNT_S = 20.0
OUTPUT_MOST = 200 * 1024 * 1024
HEAD = struct.Struct(">III")


@dataclass(frozen=True, slots=True)
class Page:
    """image: WebP."""

    width: int
    height: int
    image: bytes


async def render(pdf: bytes, time_s: float = TIME_S) -> list[Page]:
    """The pages of a PDF. Raises Refused: not_a_pdf, too_many_pages {most}, slides_too_heavy (time or memory)."""
    return unpacked(await asked(pdf, time_s))


async def pages_of(pdf: bytes) -> int:
    """How many pages it has, which also says that it is one. Raises Refused: not_a_pdf, slides_too_heavy."""
    (count,) = struct.unpack(">I", await asked(pdf, COUNT_S, COUNT))
    if count == 0:
        raise Refused("not_a_pdf")
    return int(count)


async def asked(pdf: bytes, time_s: float, *arguments: str) -> bytes:
    """What the child writes about it. Raises what render() does."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "server.slides_worker", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=HERE,
        env={"LC_ALL": "C.UTF-8"},  # a PDF that takes the child over finds no secret there
    )
    try:
        async with asyncio.timeout(time_s):
            output, complaint = await process.communicate(pdf)
    except TimeoutError:
        raise Refused("slides_too_heavy") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == NOT_A_PDF:
        raise Refused("not_a_pdf")
    if process.returncode == TOO_MANY_PAGES:
        raise Refused("too_many_pages", most=PAGES_MOST)
    if process.returncode != 0 or len(output) > OUTPUT_MOST:
        log.warning("slides were not rendered (%s): %s", process.returncode, complaint[-200:].decode(errors="replace"))
        raise Refused("slides_too_heavy")
    return output


def unpacked(output: bytes) -> list[Page]:
    """What the child wrote. Raises Refused("not_a_pdf") for a document without pages."""
    (count,) = struct.unpack_from(">I", output)
    pages, at = list[Page](), 4
    for _ in range(count):
        width, height, length = HEAD.unpack_from(output, at)
        at += HEAD.size
        pages.append(Page(width, height, output[at : at + length]))
        at += length
    if not pages:
        raise Refused("not_a_pdf")
    return pages
