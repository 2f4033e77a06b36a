"""A vote on its way to the box: its shape, and whether the state lets this seat cast it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sessions.ballot import known
from sessions.ballot_shapes import OPTIONS_MOST
from sessions.choices import canonical_choices
from sessions.electorate import hall_voter
from sessions.errors import Refused
from sessions.ids import BallotId, SeatId
from sessions.journal import Vote
from sessions.model.ballot import HAND, KIOSK, PHONE, Ballot
from sessions.passes import require_valid
from sessions.permissions import VOTERS, Actor, Role
from sessions.shape import KEY, TRACKER, bad, ident, integer, list_of, matching, members, nullable
from sessions.state import State

CHOICE = re.compile(r"[A-Za-z0-9_-]{1,40}(:(0|[1-9][0-9]{0,3}))?")  # an option, or "option:value"
TURNS_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Slip:
    """What the phone sent, shape checked and nothing else."""

    ballot: BallotId
    choices: tuple[str, ...]
    tracker: str
    turn: int = 0


def tracker(value: Any, field: str) -> str:
    """Empty where there is none; any other text is judged later, as `bad_tracker` and not as bad shape."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 64:
        bad(field)
    return value


REQUIRED = {"ballot": ident, "choices": list_of(matching(CHOICE), 0, OPTIONS_MOST)}
OPTIONAL = {"tracker": tracker, "key": nullable(matching(KEY)), "turn": integer(0, TURNS_MOST)}


def parse_vote(data: Any) -> Slip:
    """The wire's `vote`; raises ProtocolError("bad_input", field=…)."""
    checked = members(data, "", REQUIRED, OPTIONAL)
    return Slip(checked["ballot"], checked["choices"], checked.get("tracker", ""), checked.get("turn", 0))


def admit_vote(state: State, slip: Slip, actor: Actor, kiosk: Actor | None = None) -> Vote:
    """The vote as it goes to the box, choices in their one form (sessions/choices.py); raises Refused.

    A ballot that has closed is the box's to refuse: it alone knows whether this is the retry of a vote it holds.
    kiosk: the hall's page at which the actor's card was presented for this vote.
    """
    if actor.session != state.session.id:
        raise Refused("forbidden")
    for one in (actor, kiosk):
        if one is not None:
            require_valid(state, one)
    ballot = known(state, slip.ballot)
    voter = voter_of(ballot, actor)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    if voter not in ballot.electorate:
        raise Refused("not_in_electorate", ballot=ballot.id)
    channel = channel_of(state, ballot, voter, kiosk)
    secret = ballot.secrecy == "secret"
    if not (TRACKER.fullmatch(slip.tracker) if secret else slip.tracker == ""):
        raise Refused("bad_tracker")
    if slip.turn and not ballot.rule.revote:
        raise Refused("bad_input", field="turn")
    choices = canonical_choices(ballot, slip.choices)
    return Vote(ballot.id, voter, choices, slip.tracker, secret, channel, ballot.rule.revote, slip.turn)


def voter_of(ballot: Ballot, actor: Actor) -> SeatId:
    """The seat, or the hall where halls vote. Raises Refused("forbidden") for whoever votes on nothing of the kind."""
    if actor.hall is not None and votes_as_hall(ballot, actor):
        return hall_voter(actor.hall)
    if actor.role not in VOTERS or actor.seat is None:
        raise Refused("forbidden")
    return actor.seat


def votes_as_hall(ballot: Ballot, actor: Actor) -> bool:
    """Whether this hall's page casts the one vote of its hall."""
    return ballot.rule.circle.kind == "each_hall" and actor.role is Role.HALL and actor.hall is not None


def channel_of(state: State, ballot: Ballot, voter: SeatId, kiosk: Actor | None) -> str:
    """Raises Refused: wrong_channel (with the right one), wrong_hall."""
    channel = ballot.channels.get(voter, PHONE)
    if channel == HAND or (channel == KIOSK) != (kiosk is not None):
        raise Refused("wrong_channel", channel=channel)
    if kiosk is not None:
        if kiosk.role is not Role.HALL or kiosk.session != state.session.id:
            raise Refused("forbidden")
        hall = state.seats[voter].hall
        if kiosk.hall != hall:
            raise Refused("wrong_hall", hall=hall, name=state.halls[hall].name)
    return channel
