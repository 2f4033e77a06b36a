"""Given events, when a command, then events: the few words the domain's tests are written in."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import Any

import pytest

from sessions import dispatch
from sessions.ballot import BallotOpened
from sessions.errors import ProtocolError, Refused
from sessions.hall import HallAdded, SeatAdded
from sessions.ids import BallotId, HallId, PassId, ProposalId, SeatId, SessionId
from sessions.journal import BoxCount
from sessions.model.ballot import Option
from sessions.model.board import Content
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.proposal import ProposalAdded
from sessions.session import SessionCreated, SessionOpened
from sessions.state import State, initial

SESSION = SessionId("bekasi-2018")
NOW = 1_516_690_800_000

PEJUANG, JATIASIH = HallId("pejuang"), HallId("jatiasih")
RW07, RW11, GUEST = SeatId("pejuang-07"), SeatId("jatiasih-11"), SeatId("jatiasih-tamu")

MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("p-moderator"))
ADMIN = Actor(SESSION, Role.ADMIN, PassId("p-admin"))
SYSTEM = Actor(SESSION, Role.SYSTEM, PassId("system"))
SCREEN = Actor(SESSION, Role.SCREEN, PassId("p-screen"))
PUBLIC = Actor(SESSION, Role.PUBLIC, PassId("p-public"))
HALL_PEJUANG = Actor(SESSION, Role.HALL, PassId("p-pejuang"), hall=PEJUANG)
HALL_JATIASIH = Actor(SESSION, Role.HALL, PassId("p-jatiasih"), hall=JATIASIH)
DELEGATE_07 = Actor(SESSION, Role.DELEGATE, PassId("p-07"), seat=RW07, hall=PEJUANG)
DELEGATE_11 = Actor(SESSION, Role.DELEGATE, PassId("p-11"), seat=RW11, hall=JATIASIH)
DELEGATE_GUEST = Actor(SESSION, Role.DELEGATE, PassId("p-tamu"), seat=GUEST, hall=JATIASIH)

CREATED = SessionCreated("Musrenbang RKPD 2019", "plenary", "Aula Bappeda", "2018-01-23")
DRAFT: tuple[Any, ...] = (
    CREATED,
    HallAdded(PEJUANG, "Pejuang", "Medansatria", 1),
    HallAdded(JATIASIH, "Jatiasih", "Jatiasih", 2),
    SeatAdded(RW07, PEJUANG, "Ketua RW 07", voice=True, vote=True),
    SeatAdded(RW11, JATIASIH, "Ketua RW 11", voice=True, vote=True),
    SeatAdded(GUEST, JATIASIH, "Peninjau", voice=False, vote=False),
)
OPENED = (*DRAFT, SessionOpened())

DRAIN = Content("Saluran drainase Gg. Mawar", amount=74_000_000, rw="07", proposer="Ketua RW 07")
STEP = 1 << 32


def added(proposal: str, place: int, hall: HallId = PEJUANG) -> ProposalAdded:
    return ProposalAdded(ProposalId(proposal), hall, DRAIN, place * STEP)


THREE = (added("a", 1), added("b", 2), added("c", 3, JATIASIH))


def ballot_opened(secrecy: str = "secret", proof: str | None = "inclusion", **changed: Any) -> BallotOpened:
    members: dict[str, Any] = {
        "ballot": BallotId("b1"),
        "title": "Prioritas",
        "secrecy": secrecy,
        "proof": None if secrecy == "open" else proof,
        "choose_max": 2,
        "options": (Option("x", "Drainase"), Option("y", "Jalan"), Option("z", "Posyandu")),
        "electorate": (RW11, RW07),
        "closes_at": None,
    }
    return BallotOpened(**{**members, **changed})


def given(*events: Any, at: int = NOW) -> State:
    """The state after these events, all at the same moment."""
    return reduce(lambda state, event: dispatch.evolve(state, event, at), events, initial(SESSION))


def more(state: State, events: Iterable[Any], at: int = NOW) -> State:
    return reduce(lambda before, event: dispatch.evolve(before, event, at), events, state)


def when(
    state: State,
    name: str,
    data: Any = None,
    actor: Actor = MODERATOR,
    *,
    now: int = NOW,
    fresh: str = "fresh",
    box: BoxCount | None = None,
) -> list[Any]:
    """The events the command causes, through the same parsing a peer's command goes through."""
    command = dispatch.parse(name, {} if data is None else data)
    moment = Moment(actor, now, fresh, box)
    if box is None:
        assert dispatch.sealed_ballot(state, command, moment) is None, "this command needs the count of a box"
    return dispatch.decide(state, command, moment)


def refused(state: State, name: str, data: Any = None, actor: Actor = MODERATOR, *, now: int = NOW) -> tuple[str, Any]:
    """The code and data of the refusal."""
    with pytest.raises(Refused) as caught:
        when(state, name, data, actor, now=now)
    return caught.value.code, caught.value.data


def code(state: State, name: str, data: Any = None, actor: Actor = MODERATOR, *, now: int = NOW) -> str:
    return refused(state, name, data, actor, now=now)[0]


def bad_field(name: str, data: Any) -> str:
    """The field that a badly shaped command is refused for."""
    with pytest.raises(ProtocolError) as caught:
        dispatch.parse(name, data)
    assert caught.value.code == "bad_input"
    field: str = caught.value.data["field"]
    return field
