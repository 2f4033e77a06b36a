"""Votes on their way in and receipts on their way out, and what each seat is told it has voted."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any

from sessions.canonical import canonical
from sessions.desk import Desk
from sessions.ids import BallotId
from sessions.journal import BallotBox, Cast
from sessions.model.ballot import Ballot
from sessions.permissions import Actor
from sessions.receipt import receipt
from sessions.vote import voter_of, votes_as_hall
from signaling.gateway.seals import Seals

log = logging.getLogger("pleno.gateway")
_BOX_PATIENCE_S = 2.0  # a join does not wait longer to learn what it voted


class Votes:
    """One a session. fresh: ballots that took a vote since their turnout was last read; given: those that took it here.

    alone(): whether no other node has anybody in this session, so that all votes come in here.
    """

    def __init__(
        self, desk: Desk, box: BallotBox | None, seals: Seals, alone: Callable[[], bool] = lambda: True
    ) -> None:
        self.fresh: set[BallotId] = set()
        self.given: set[BallotId] = set()
        self.accepted = 0
        self._desk = desk
        self._box = box
        self._seals = seals
        self._alone = alone
        # Positive knowledge only: who voted has voted for ever. None: a secret ballot, there is nothing to show.
        self._known: dict[BallotId, dict[str, dict[str, Any] | None]] = {}
        self._counted: dict[BallotId, int] = {}
        self._closed: dict[BallotId, dict[str, tuple[tuple[str, ...], int]]] = {}
        self._reading = asyncio.Semaphore(16)

    async def cast(self, payload: Mapping[str, Any], actor: Actor, kiosk: Actor | None = None) -> dict[str, Any]:
        """Put a vote into the box; returns the receipt once the vote is durable. Raises Refused, ProtocolError."""
        vote = await self._desk.admit(payload, actor, kiosk)
        ballot, seat = self._desk.state.ballots[vote.ballot], vote.seat
        expected = Cast("", vote.tracker, () if vote.secret else vote.choices, vote.turn)
        body = self._body(ballot, seat, expected)
        seal = self._seals.begin(canonical(body))
        cast = await self._desk.drop(vote)
        signature = await self._seals.signature(seal)
        signed = {**body, "signature": signature} if cast == expected else self._receipt(ballot, seat, cast)
        known = self._known.setdefault(ballot.id, {})
        if seat not in known:
            known[seat] = None if ballot.secrecy == "secret" else signed
            self.accepted += 1
            self.fresh.add(ballot.id)
            self.given.add(ballot.id)
        elif ballot.rule.revote:
            known[seat] = signed
            self.given.add(ballot.id)
        return signed

    async def of(self, actor: Actor) -> tuple[dict[str, Any], bool]:
        """`voted` and `receipts` of docs/protocol.md's Me, and whether that is all: the box may not answer in time."""
        voted: dict[str, bool] = {}
        receipts: dict[str, dict[str, Any]] = {}
        whole = True
        for ballot in self._desk.state.ballots.values():
            if actor.seat is not None or votes_as_hall(ballot, actor):
                seat = voter_of(ballot, actor)
                found, shown = await self.look(ballot, seat) if whole else self._remembered(ballot, seat)
                whole = whole and found is not None
                if found:
                    voted[ballot.id] = True
                if shown is not None:
                    receipts[ballot.id] = shown
        return {"voted": voted, "receipts": receipts}, whole

    async def turnout(self, ballot: BallotId) -> int | None:
        """How many voted, None when the box cannot say now. Without a box: the votes this process saw."""
        if self._box is None:
            return len(self._known.get(ballot, {}))
        try:
            cast = self._counted[ballot] = await self._box.turnout(ballot)
            return cast
        except Exception as error:
            log.warning("turnout is not known now: %s", type(error).__name__)
            return None

    def _remembered(self, ballot: Ballot, seat: str) -> tuple[bool, dict[str, Any] | None]:
        known = self._known.setdefault(ballot.id, {})
        return seat in known, known.get(seat)

    async def look(self, ballot: Ballot, seat: str) -> tuple[bool | None, dict[str, Any] | None]:
        """Whether this seat voted on this ballot, and the receipt where it may be shown again.

        None: the box does not answer in time, and it is not remembered either.
        """
        known = self._known.setdefault(ballot.id, {})
        again = ballot.rule.revote  # it may have been changed through another node
        if not again and self._alone() and len(known) >= self._counted.get(ballot.id, sys.maxsize):
            return seat in known, known.get(seat)  # every voter is known: no need to ask for each who joins
        if (again or seat not in known) and self._box is not None and seat in ballot.electorate:
            try:
                async with asyncio.timeout(_BOX_PATIENCE_S), self._reading:
                    cast = await self._on_roll(self._box, ballot, seat)
            except Exception as error:
                log.warning("a roll is not known now: %s", type(error).__name__)
                return (True, known[seat]) if seat in known else (None, None)
            if cast is not None:
                known[seat] = None if ballot.secrecy == "secret" else self._receipt(ballot, seat, cast)
        return seat in known, known.get(seat)

    async def _on_roll(self, box: BallotBox, ballot: Ballot, seat: str) -> Cast | None:
        """Asked seat by seat while the ballot is open; once closed its roll is read whole and kept."""
        if ballot.state == "open":
            return await box.voted(ballot.id, seat)
        roll = self._closed.get(ballot.id)
        if roll is None:
            count = await box.contents(ballot.id)
            if count is None:
                return await box.voted(ballot.id, seat)
            choices = dict(count.pairs) if ballot.secrecy == "open" else {}
            turns = dict(count.turns)
            roll = self._closed[ballot.id] = {one: (choices.get(one, ()), turns.get(one, 0)) for one in count.roll}
        return Cast("", "", *roll[seat]) if seat in roll else None

    def _receipt(self, ballot: Ballot, seat: str, cast: Cast) -> dict[str, Any]:
        body = self._body(ballot, seat, cast)
        return {**body, "signature": self._seals.sign(canonical(body))}

    def _body(self, ballot: Ballot, seat: str, cast: Cast) -> dict[str, Any]:
        """Of a receipt, all but the signature."""
        return receipt(ballot, self._desk.state.session.id, seat, cast, self._seals.key_id)
