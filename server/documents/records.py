"""The records of sessions as files: minutes kept up to date, rendered beside the event loop, each version once."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TypeVar

from server.documents.layout import Document
from server.documents.names import Names, People
from server.documents.page import html
from server.documents.pdf import pdf
from server.documents.record import document
from sessions.ids import SessionId
from sessions.journal import Journal, Recorded
from sessions.minutes import Fold, digest, plain
from sessions.minutes_model import Minutes
from sessions.model.record import RecordRules

FORMS = ("archive", "public")
MEDIA_TYPES: Mapping[str, str] = {"html": "text/html", "pdf": "application/pdf", "json": "application/json"}
FOLDS_MOST = 64  # sessions whose minutes stay in memory
FILES_MOST = 24  # rendered files kept; a PDF of 1,451 proposals takes 4 MB
FEED = 500  # events a turn of the worker, so that it can be ended

T = TypeVar("T")
Key = tuple[SessionId, str, str]


@dataclass(frozen=True, slots=True)
class File:
    """A record as it was at one position. tag: the same for the same contents on any node, fit for an ETag."""

    seq: int
    tag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Look:
    """When (monotonic) and for whom the journal and the names were last read; each reader's look is noted."""

    actor: str
    begun_at: float

    def covers(self, actor: str, asked_at: float) -> bool:
        """Whether somebody who asked then sees no less in what this look found: a crowd shares one."""
        return self.actor == actor and self.begun_at > asked_at


@dataclass(slots=True)
class Kept:
    """The minutes of one session so far; the lock keeps the journal's order. made: of the last event that was fed."""

    fold: Fold
    made: Minutes | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Records:
    """One worker thread: a record may wait, a vote may not.

    Typst works without the interpreter's lock. The thread has no low priority: whenever it holds the lock, everybody
    would wait until the system lets it run again (0.35 s on a busy machine, instead of 0.08 s).
    """

    def __init__(self, journal: Journal, names: Names) -> None:
        """made: files rendered so far."""
        self.made = 0
        self._journal = journal
        self._names = names
        self._kept: OrderedDict[SessionId, Kept] = OrderedDict()
        self._files: OrderedDict[Key, File] = OrderedDict()
        self._looked: dict[Key, Look] = {}
        self._locks: dict[Key, asyncio.Lock] = {}
        self._worker = ThreadPoolExecutor(1, "record")

    async def of(self, session: SessionId, form: str, format_: str, actor: str) -> File:
        """form: archive or public; format_: html, pdf or json; actor: who reads it. Up to the journal's last event.

        Whoever asks for the same while it is made waits for it. Raises Refused("held") without a database, UnknownEvent
        for a journal this program is too old for.
        """
        key, asked_at = (session, form, format_), time.monotonic()
        async with self._locks.setdefault(key, asyncio.Lock()):
            if (latest := self._files.get(key)) is not None and self._looked[key].covers(actor, asked_at):
                return latest
            look = Look(actor, time.monotonic())
            minutes, rules = await self._minutes(session)
            people = await self._names(session, actor)
            tag = f"{minutes.seq}-{version(people)}"
            known = self._files.get(key)
            if known is None or known.tag != tag:
                body = await self._beside(partial(rendered, minutes, people, rules, form, format_))
                known = self._files[key] = File(minutes.seq, tag, body)
                self.made += 1
            self._looked[key] = look
            self._files.move_to_end(key)
            while len(self._files) > FILES_MOST:
                self._files.popitem(last=False)
            return known

    async def _minutes(self, session: SessionId) -> tuple[Minutes, RecordRules]:
        kept = self._kept.setdefault(session, Kept(Fold(session)))
        self._kept.move_to_end(session)
        async with kept.lock:
            tail = await self._journal.read(session, kept.fold.state.seq)
            for start in range(0, len(tail), FEED):
                await self._beside(partial(feed, kept.fold, tail[start : start + FEED]))
            if tail or kept.made is None:
                kept.made = await self._beside(kept.fold.minutes)
            found = kept.made
            rules = kept.fold.state.rules.record
        while len(self._kept) > FOLDS_MOST:
            self._kept.popitem(last=False)
        return found, rules

    async def _beside(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    async def close(self) -> None:
        """What runs is left to end by itself, what waits is dropped. Closing twice is harmless."""
        self._worker.shutdown(wait=False, cancel_futures=True)


def feed(fold: Fold, events: Sequence[Recorded]) -> None:
    fold.feed(events)


def version(people: People) -> str:
    """Changes when a name does, which no event tells."""
    return f"{zlib.crc32(repr(sorted(people.items())).encode()):08x}"


def rendered(minutes: Minutes, people: People, rules: RecordRules, form: str, format_: str) -> bytes:
    """In the worker."""
    archive = form == "archive"
    found = document(minutes, people, rules, archive=archive)
    if format_ == "pdf":
        return pdf(found)
    return html(found) if format_ == "html" else told(minutes, found, archive)


def told(minutes: Minutes, found: Document, archive: bool) -> bytes:
    """The document as it is printed; the archive's copy also holds the minutes the digest is of."""
    body = {
        "session": minutes.session,
        "seq": minutes.seq,
        "form": "archive" if archive else "public",
        "status": minutes.status,
        "digest": digest(minutes),
        "report": asdict(minutes.report),
        "document": asdict(found),
    }
    if archive:
        body["minutes"] = plain(minutes)
    return json.dumps(body, ensure_ascii=False).encode()
