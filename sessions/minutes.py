"""The minutes of a session (Berita Acara): a fold of its journal that can be fed as the session goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from sessions import dispatch
from sessions.canonical import canonical
from sessions.ids import SessionId
from sessions.journal import Recorded
from sessions.minutes_annexes import attendance, crowds, delegates, groups, rows
from sessions.minutes_body import block, clauses, closing, considerations, head, opening, signers
from sessions.minutes_events import UNTIL_CLOSED
from sessions.minutes_floor import speeches, spoken
from sessions.minutes_lines import PROCEEDINGS, SITE
from sessions.minutes_model import Entry, Minutes, Speech
from sessions.minutes_report import report
from sessions.minutes_site import outages
from sessions.minutes_step import Step
from sessions.minutes_votes import agreements, votes
from sessions.state import State, initial
from sessions.wire import decode

ADDENDUM = "record_amended"  # the one event after sealing that the record tells of


class Fold:
    """What the journal has told so far. Feeding costs one event each; minutes() costs what the record is long."""

    def __init__(self, session: SessionId) -> None:
        self.state = initial(session)
        self._proceedings: list[Entry] = []
        self._site: list[Entry] = []
        self._speeches: list[Speech] = []
        self._sealed: State | None = None  # as it was when it was sealed, with the addenda since

    def feed(self, events: Iterable[Recorded]) -> None:
        """In order; those told before are passed over. Raises UnknownEvent as dispatch.apply does."""
        for event in events:
            if event.seq > self.state.seq:
                self._tell(event)

    def _tell(self, event: Recorded) -> None:
        """All of an event or nothing: after an error the same event can be fed again."""
        before, after = self.state, dispatch.apply(self.state, event)
        if self._sealed is not None and event.type != ADDENDUM:
            self.state = after  # fates come for years: they are told on the board, what was sealed stays as it is
            return
        proceed, place = PROCEEDINGS.get(event.type), SITE.get(event.type)
        if before.session.phase == "closed" and event.type in UNTIL_CLOSED:
            proceed = place = None
        proceedings: list[Entry] = []
        site: list[Entry] = []
        if proceed is not None or place is not None:
            told = decode(dispatch.EVENTS[event.type][0], event.data)
            step = Step(before, after, told, event.at, event.actor)
            proceedings = [] if proceed is None else list(proceed(step))
            site = [] if place is None else list(place(step))
        turns = list(speeches(before, after, event.at))
        self._proceedings += proceedings
        self._site += site
        self._speeches += turns
        if self._sealed is not None:
            self._sealed = replace(self._sealed, record=after.record, seq=after.seq, at=after.at)
        elif after.session.phase == "sealed":
            self._sealed = after
        self.state = after

    def minutes(self) -> Minutes:
        """The record as it stands after the last event fed; once sealed, after the sealing or the last addendum."""
        state = self.state if self._sealed is None else self._sealed
        sheet = state.record.sheet
        now = speeches(state, None, state.at)
        told = [*self._speeches, *now]
        columns = rows(state)
        seats, here = attendance(state), crowds(state)
        return Minutes(
            session=state.session.id,
            title=state.session.title,
            kind=state.session.kind,
            status=status(state),
            rehearsal=state.session.rehearsal,
            seq=state.seq,
            made_at=state.at,
            head=head(state),
            opening=opening(state),
            considerations=considerations(state, told),
            block=block(state),
            clauses=clauses(state, {name: len(found) for name, found in columns.items()}),
            closing=closing(state),
            notes=sheet.notes,
            signers=signers(state),
            representatives=state.rules.record.representatives,
            cc=sheet.cc,
            attendance=seats,
            halls=here,
            groups=groups(state, told),
            priorities=columns["PRIORITISED"],
            not_agreed=columns["NOT_AGREED"],
            reserves=columns["RESERVE"],
            agreed=columns["AGREED"],
            undecided=columns["UNDECIDED"],
            gone=columns["GONE"],
            delegates=delegates(state),
            agreements=agreements(state),
            votes=votes(state),
            site=in_order([*self._site, *outages(state)]),
            proceedings=in_order([*self._proceedings, *spoken(state, told)]),
            corrections=state.record.corrections,
            confirmed=state.record.confirmed,
            report=report(state),
            sealed_without=state.record.sealed_without,
            addenda=state.record.addenda,
        )


def status(state: State) -> str:
    """Final once sealed; a rehearsal cannot be, so its record stays a draft."""
    if state.session.phase != "sealed":
        return "draft"
    return "amended" if state.record.addenda else "final"


def in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """By time; what happened at the same moment stays as the journal told it."""
    return tuple(sorted(entries, key=lambda entry: entry.at))


def minutes(session: SessionId, recorded: Iterable[Recorded]) -> Minutes:
    """The record that these events of a session add up to. Raises UnknownEvent as dispatch.apply does."""
    fold = Fold(session)
    fold.feed(recorded)
    return fold.minutes()


def plain(found: Minutes) -> dict[str, Any]:
    """The minutes as JSON values."""
    return asdict(found)


def digest(found: Minutes) -> str:
    """SHA-256, hex, over the canonical JSON of the minutes: what a forum approves.

    Left out is what approval, sealing and addenda add themselves: the position, the status, approval, addenda, and
    their lines in the minutes proper; and the closing report, which only counts proposals. What is sealed right after
    it was approved has the digest that was approved; in any case the digest of the first `upto` events, made by the
    version of this program that was approved on, is the one a confirmation names.
    """
    told = plain(replace(found, proceedings=tuple(line for line in found.proceedings if line.kind != "record")))
    for name in ("seq", "made_at", "status", "confirmed", "sealed_without", "addenda", "report"):
        del told[name]
    if not found.agreed:  # as before this list was told apart
        del told["agreed"]
    return hashlib.sha256(canonical(told)).hexdigest()
