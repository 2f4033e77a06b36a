"""A vote on its way to the box: its shape, and whether the state lets this seat cast it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sessions.ballot import OPTIONS_MOST, known
from sessions.errors import Refused
from sessions.ids import BallotId
from sessions.journal import Vote
from sessions.permissions import VOTERS, Actor
from sessions.shape import KEY, TRACKER, bad, ident, list_of, matching, members, nullable
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Slip:
    """What the phone sent, shape checked and nothing else."""

    ballot: BallotId
    choices: tuple[str, ...]
    tracker: str


def tracker(value: Any, field: str) -> str:
    """Empty where there is none; any other text is judged later, as `bad_tracker` and not as bad shape."""
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 64:
        bad(field)
    return value


def parse_vote(data: Any) -> Slip:
    """The wire's `vote`; raises ProtocolError("bad_input", field=…)."""
    required = {"ballot": ident, "choices": list_of(ident, 0, OPTIONS_MOST)}
    checked = members(data, "", required, {"tracker": tracker, "key": nullable(matching(KEY))})
    return Slip(checked["ballot"], checked["choices"], checked.get("tracker", ""))


def admit_vote(state: State, slip: Slip, actor: Actor) -> Vote:
    """The vote as it goes to the box, choices in the ballot's option order; raises Refused.

    A ballot that has closed is the box's to refuse: it alone knows whether this is the retry of a vote it holds. The
    order of choices is normalized because it could be agreed on as a mark by which a sold vote is recognized.
    """
    if actor.session != state.session.id or actor.role not in VOTERS or actor.seat is None:
        raise Refused("forbidden")
    card = state.passes.get(actor.pass_id)
    if card is not None and card.revoked:
        raise Refused("pass_revoked")
    ballot = known(state, slip.ballot)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    if actor.seat not in ballot.electorate:
        raise Refused("not_in_electorate", ballot=ballot.id)
    secret = ballot.secrecy == "secret"
    if not (TRACKER.fullmatch(slip.tracker) if secret else slip.tracker == ""):
        raise Refused("bad_tracker")
    chosen = frozenset(slip.choices)
    choices = tuple(option.id for option in ballot.options if option.id in chosen)
    if len(choices) < len(chosen):
        raise Refused("unknown_option", ballot=ballot.id)
    if len(chosen) < len(slip.choices):
        raise Refused("bad_input", field="choices")
    if len(choices) > ballot.choose_max:
        raise Refused("too_many_choices", choose_max=ballot.choose_max)
    return Vote(ballot.id, actor.seat, choices, slip.tracker, secret)
