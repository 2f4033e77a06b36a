"""Cards printed many at once: issued in groups and set as PDF beside the event loop, with a progress to look at."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from server.documents.cards import CardFace, Sheet, pdf
from server.issuing import DAY_MS, FACES, Minted, issue_all, mint
from server.store.audit import SqlAudit
from server.store.claims import SqlClaims
from server.store.passes import SqlPasses
from server.store.prints import SqlPrints
from sessions.desk import Desk
from sessions.errors import ProtocolError, Refused
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.minutes_words import local_day, long_date, weekday
from sessions.model.people import Pass
from sessions.passes import OF_ACCOUNTS
from sessions.permissions import Actor, Role
from sessions.state import State
from signaling.trail import apart

log = logging.getLogger(__name__)

GROUP = 100  # cards whose secrets are written together
PART = 250  # cards in one file: fifty pages, which Typst sets in four seconds and 150 MB
KEPT_S = 900.0  # how long a finished print can be fetched
AGAIN_S = 1.0  # between tries while the database is away
JOBS_MOST = 8
T = TypeVar("T")
ENDING_S = 5.0  # what a group under way may take when the server stops
BASE = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,255}")
WORDS = {
    Role.DELEGATE: "Peserta",
    Role.HALL: "Aula",
    Role.MODERATOR: "Pimpinan sidang",
    Role.ADMIN: "Sekretariat",
    Role.SCREEN: "Layar besar",
    Role.PUBLIC: "Publik dan pers",
}
PRINTED = tuple(WORDS)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to print. roles: of PRINTED; halls, seats: none = all. days: how long the cards are good, from now.

    base: `https://name`, by which the cards' links begin. again: cards that are there and good are replaced and end;
    otherwise whoever has one gets none.
    """

    base: str
    days: int
    roles: Sequence[str]
    halls: frozenset[HallId] = frozenset()
    seats: frozenset[SeatId] = frozenset()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A card to be printed, without its secrets. old: cards that end once this one is there."""

    data: Mapping[str, Any]
    office: str
    place: str
    part: str
    old: tuple[PassId, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One file. name: of whom it holds the cards; cards: how many."""

    name: str
    cards: int
    body: bytes


@dataclass(slots=True)
class Print:
    """state: issuing, setting, then ready, stopped (what was issued until then is there) or failed.

    by: whose it is. total: cards asked for; done: cards issued; set: cards that stand in a file. halls: as asked for,
    none = all. refused: why the first of those that were not issued was not, empty where none was refused.
    """

    id: str
    session: SessionId
    by: PassId
    total: int
    halls: frozenset[HallId] = frozenset()
    state: str = "issuing"
    done: int = 0
    set: int = 0
    stopping: bool = False
    refused: str = ""
    parts: list[Part] = field(default_factory=list)
    task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        return self.state in ("issuing", "setting")


def wanted(state: State, asked: Asked, now: int) -> list[Wanted]:
    """In the order of the wall, whose files they are; what is good already is left out unless asked again."""
    good: dict[tuple[str, str | None], list[PassId]] = {}
    for card in state.passes.values():
        if is_good(card, now):
            good.setdefault((card.role, card.seat or card.hall), []).append(card.id)
    found = []
    for role, of, office, place, part in everybody(state, asked):
        old = tuple(good.get((role, of), ()))
        if old and not asked.again:
            continue
        data: dict[str, Any] = {"role": role, "expires_at": now + asked.days * DAY_MS}
        if of is not None:
            data["seat" if role == Role.DELEGATE else "hall"] = of
        found.append(Wanted(data, office, place, part, old))
    return found


def is_good(card: Pass, now: int) -> bool:
    """A card that opens something; passes of staff accounts are no cards."""
    return not card.revoked and card.expires_at > now and not card.id.startswith(OF_ACCOUNTS)


def counted(office: str) -> list[tuple[str, int]]:
    """Orders offices as the preview of cards does, the second RW before the tenth."""
    parts = re.split(r"([0-9]+)", office.casefold())
    return [(word, int(number or 0)) for word, number in zip(parts[::2], [*parts[1::2], ""], strict=True)]


def everybody(state: State, asked: Asked) -> Iterator[tuple[str, str | None, str, str, str]]:
    """(role, seat or hall, office, place, file) of whoever is asked for."""
    if not asked.halls and not asked.seats:
        for role in PRINTED:
            if role in asked.roles and role not in (Role.DELEGATE, Role.HALL):
                yield role, None, WORDS[role], state.session.place, "sekretariat"
    seats: dict[HallId, list[SeatId]] = {}
    for seat in sorted(state.seats.values(), key=lambda seat: (counted(seat.office), seat.id)):
        seats.setdefault(seat.hall, []).append(seat.id)
    for hall in sorted(state.halls.values(), key=lambda hall: hall.order):
        if asked.halls and hall.id not in asked.halls:
            continue
        if Role.HALL in asked.roles and not asked.seats:
            yield Role.HALL, hall.id, f"Aula {hall.name}", hall.kecamatan, hall.id
        for seat_id in seats.get(hall.id, ()):
            if Role.DELEGATE in asked.roles and (not asked.seats or seat_id in asked.seats):
                yield Role.DELEGATE, seat_id, state.seats[seat_id].office, hall.name, hall.id


class Prints:
    """One a session at a time over all nodes, on the node that was asked. clock: milliseconds since 1970 UTC."""

    def __init__(
        self, passes: SqlPasses, claims: SqlClaims, leases: SqlPrints, audit: SqlAudit, clock: Callable[[], int]
    ) -> None:
        self._passes = passes
        self._claims = claims
        self._leases = leases
        self._audit = audit
        self._clock = clock
        self._jobs: dict[str, Print] = {}
        self._worker = ThreadPoolExecutor(1, "cards")
        self._closing = False

    async def begin(self, desk: Desk, asked: Asked, actor: Actor) -> Print:
        """Raises Refused: print_running (here or on another node), busy, nothing_to_print, held."""
        session = desk.state.session.id
        running = [job for job in self._jobs.values() if job.under_way]
        if any(job.session == session for job in running):
            raise Refused("print_running")
        if len(running) >= JOBS_MOST:
            raise Refused("busy")
        id_ = secrets.token_hex(8)
        if not await self._leases.take(session, id_):
            raise Refused("print_running")
        try:
            await desk.refresh()  # another node may have printed some of them just now
            cards = wanted(desk.state, asked, self._clock())
            if not cards:
                raise Refused("nothing_to_print")
        except BaseException:
            await self._leases.release(session, id_)
            raise
        job = Print(id_, session, actor.pass_id, len(cards), asked.halls)
        self._jobs[job.id] = job
        job.task = apart(self._run(job, desk, asked, cards, actor))
        return job

    def find(self, session: SessionId, job: str, by: PassId) -> Print:
        """The print of this pass. Raises Refused("unknown_print"): not here, or not any more."""
        found = self._jobs.get(job)
        if found is None or found.session != session or found.by != by:
            raise Refused("unknown_print")
        return found

    def of(self, session: SessionId, by: PassId) -> list[Print]:
        """Those of this pass that can still be looked at, the newest first."""
        return [job for job in reversed(self._jobs.values()) if job.session == session and job.by == by]

    def stop(self, job: Print) -> None:
        """No more cards; those that are issued are still printed, or nobody could use them. Twice is harmless."""
        job.stopping = True

    async def close(self) -> None:
        """The group under way is finished, unless the database is away. Files are gone. Twice is harmless."""
        self._closing = True
        tasks = [job.task for job in self._jobs.values() if job.task is not None and not job.task.done()]
        for job in self._jobs.values():
            job.stopping = True
        if tasks:
            await asyncio.wait(tasks, timeout=ENDING_S)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._jobs.clear()

    async def _run(self, job: Print, desk: Desk, asked: Asked, cards: Sequence[Wanted], actor: Actor) -> None:
        try:
            await self._make(job, desk, asked, cards, actor)
        finally:  # also where close() does not wait any longer
            if job.set < job.done:
                told = "session %s: %d cards were issued and are in no file; print them again, in place of the old ones"
                log.warning(told, job.session, job.done - job.set)
        asyncio.get_running_loop().call_later(KEPT_S, self._jobs.pop, job.id, None)
        await surely(lambda: self._leases.release(job.session, job.id))
        counts: dict[str, Any] = {"cards": job.done, "asked": job.total, "again": asked.again}
        await surely(lambda: self._audit.note(actor.id, "cards.print", session=job.session, **counts))

    async def _make(self, job: Print, desk: Desk, asked: Asked, cards: Sequence[Wanted], actor: Actor) -> None:
        issued: list[tuple[Wanted, Minted]] = []
        try:
            for start in range(0, len(cards), GROUP):
                if job.stopping:
                    break
                await self._issue(job, desk, cards[start : start + GROUP], actor, issued)
        except Exception:
            log.exception("session %s: no more cards could be issued after %d", job.session, job.done)
        try:
            job.state = "setting"
            for name, sheet in sheets(desk.state, issued, asked, self._clock()):
                if self._closing:
                    break
                await surely(lambda: self._leases.renew(job.session, job.id))
                body = await asyncio.get_running_loop().run_in_executor(self._worker, pdf, sheet)
                job.parts.append(Part(name, len(sheet.cards), body))
                job.set += len(sheet.cards)
            job.state = "ready" if job.set == job.total else "stopped" if job.parts else "failed"
        except Exception:
            job.state = "failed"
            log.exception("session %s: cards could not be set", job.session)

    async def _issue(
        self, job: Print, desk: Desk, group: Sequence[Wanted], actor: Actor, issued: list[tuple[Wanted, Minted]]
    ) -> None:
        """While the database is away it waits: some of the group may be there already, under the same keys."""
        pairs = [(card, mint(card.data)) for card in group]
        minted = [card for _, card in pairs]
        refused = await surely(lambda: self._issue_unless_overtaken(job, desk, minted, actor))
        job.refused = job.refused or next((one.code for one in refused.values()), "")
        there = [(card, new) for card, new in pairs if new.pass_id not in refused]
        issued += there
        job.done += len(there)
        ended = [
            surely(partial(desk.submit, "pass.revoke", {"pass": old}, actor, f"replaced-{old}"))
            for card, _ in there
            for old in card.old
        ]
        await asyncio.gather(*ended)

    async def _issue_unless_overtaken(
        self, job: Print, desk: Desk, minted: Sequence[Minted], actor: Actor
    ) -> Mapping[PassId, Refused | ProtocolError]:
        """As issue_all(). A node that lost the database for long may find that another has begun to print instead: then
        what it had written stays its own, the rest is refused `print_running`, and it goes no further."""
        if await self._leases.renew(job.session, job.id):
            return await issue_all(desk, self._passes, self._claims, minted, actor)
        log.warning("session %s: the print %s issues no more, for another has begun since", job.session, job.id)
        job.stopping = True
        await desk.refresh()
        return {card.pass_id: Refused("print_running") for card in minted if card.pass_id not in desk.state.passes}


async def surely(work: Callable[[], Awaitable[T]]) -> T:
    """Again and again while the database is away. Raises what else it raises."""
    while True:
        try:
            return await work()
        except Refused as refused:
            if refused.code != "held":
                raise
            await asyncio.sleep(AGAIN_S)


def sheets(
    state: State, issued: Iterable[tuple[Wanted, Minted]], asked: Asked, now: int
) -> Iterator[tuple[str, Sheet]]:
    """A file for each hall, so that each gets its own; a large one in parts."""
    session = state.session
    when = f"{weekday(session.date)}, {long_date(session.date)}"
    for part, pairs in groupby(issued, lambda pair: pair[0].part):
        faces = [face(card, minted, asked.base, session.tz) for card, minted in pairs]
        pieces = [faces[start : start + PART] for start in range(0, len(faces), PART)]
        for number, piece in enumerate(pieces, 1):
            name = part if len(pieces) == 1 else f"{part}-{number}"
            yield name, Sheet(session.title, when, session.place, now, tuple(piece))


def face(card: Wanted, minted: Minted, base: str, tz: str) -> CardFace:
    role = Role(card.data["role"])
    link = f"{base}/{FACES.get(role, role)}#{minted.token}"
    ends = long_date(local_day(card.data["expires_at"], tz))
    return CardFace(card.office, card.place, WORDS[role], link, minted.pin, ends)
