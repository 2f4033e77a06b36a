"""Ballots: opened with a frozen electorate, closed with the count of their box, or declared void."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import BallotId, ProposalId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import Ballot, Option, Result
from sessions.model.nothing import put
from sessions.noun import Act, Deadline, Moment, Noun, require_phase
from sessions.permissions import CLOSERS, MODERATOR, SYSTEM
from sessions.shape import bad, ident, integer, list_of, members, nullable, one_of, record, text
from sessions.state import State
from sessions.tally import leaves, merkle_root, published, result_json, tally

OPTIONS_MOST = 200
SECOND_MS = 1000
TRANSCRIPT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Open:
    """options or proposals: one of the two, at least two of them. seconds: until it closes by itself."""

    title: str
    choose_max: int
    secrecy: str
    proof: str | None
    options: tuple[Option, ...] = ()
    proposals: tuple[ProposalId, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Close:
    ballot: BallotId


@dataclass(frozen=True, slots=True)
class Void:
    ballot: BallotId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """What a timer says; refused `too_early` while the clock of the decision has not reached it."""

    ballot: BallotId


@dataclass(frozen=True, slots=True)
class BallotOpened:
    ballot: BallotId
    title: str
    secrecy: str
    proof: str | None
    choose_max: int
    options: tuple[Option, ...]
    electorate: tuple[SeatId, ...]
    closes_at: int | None = None


@dataclass(frozen=True, slots=True)
class BallotClosed:
    ballot: BallotId
    result: Result


@dataclass(frozen=True, slots=True)
class BallotVoided:
    ballot: BallotId
    reason: str


def open_ballot(state: State) -> Ballot | None:
    return next((ballot for ballot in state.ballots.values() if ballot.state == "open"), None)


def known(state: State, ballot: BallotId) -> Ballot:
    found = state.ballots.get(ballot)
    if found is None:
        raise Refused("unknown_ballot", ballot=ballot)
    return found


def decide_open(state: State, command: Open, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    running = open_ballot(state)
    if running is not None:
        raise Refused("ballot_is_open", ballot=running.id)
    options = command.options or tuple(option_of(state, proposal) for proposal in command.proposals)
    if len({option.id for option in options}) < len(options):
        raise Refused("bad_input", field="options" if command.options else "proposals")
    if command.choose_max > len(options):
        raise Refused("bad_input", field="choose_max")
    electorate = tuple(sorted(seat.id for seat in state.seats.values() if seat.vote))
    if not electorate:
        raise Refused("no_electorate")
    opened = BallotOpened(
        ballot=BallotId(moment.fresh),
        title=command.title,
        secrecy=command.secrecy,
        proof=command.proof,
        choose_max=command.choose_max,
        options=options,
        electorate=electorate,
        closes_at=None if command.seconds is None else moment.now + command.seconds * SECOND_MS,
    )
    return [opened]


def option_of(state: State, proposal: ProposalId) -> Option:
    card = state.board.proposals.get(proposal)
    if card is None or card.status == "WITHDRAWN":
        raise Refused("bad_input", field="proposals", proposal=proposal)
    return Option(proposal, card.content.title, state.halls[card.hall].name)


def decide_close(state: State, command: Close, moment: Moment) -> list[Any]:
    ballot = closable(state, command, moment)
    assert moment.box is not None, "a ballot is closed with the count of its sealed box"
    return [BallotClosed(ballot.id, tally(ballot, moment.box))]


def decide_deadline(state: State, command: DeadlinePassed, moment: Moment) -> list[Any]:
    return decide_close(state, Close(due(state, command, moment).id), moment)


def decide_void(state: State, command: Void, moment: Moment) -> list[Any]:
    return [BallotVoided(voidable(state, command, moment).id, command.reason)]


def closable(state: State, command: Close, moment: Moment) -> Ballot:
    ballot = known(state, command.ballot)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    if ballot.state == "closed":
        raise Refused("ballot_closed", ballot=ballot.id)
    return ballot


def due(state: State, command: DeadlinePassed, moment: Moment) -> Ballot:
    ballot = closable(state, Close(command.ballot), moment)
    if ballot.closes_at is None or moment.now < ballot.closes_at:
        raise Refused("too_early", ballot=ballot.id)
    return ballot


def voidable(state: State, command: Void, moment: Moment) -> Ballot:
    ballot = known(state, command.ballot)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    if not command.reason:
        raise Refused("reason_required")
    return ballot


SEALING: Mapping[type[Any], Any] = {Close: closable, DeadlinePassed: due, Void: voidable}


def seals(state: State, command: object, moment: Moment) -> BallotId | None:
    """The open ballot whose box must be sealed before this command is decided, if any.

    Makes the same checks as the decision, so that a box is never sealed for a command that is then refused.
    """
    check: Any = SEALING.get(type(command))
    if check is None:
        return None
    ballot: Ballot = check(state, command, moment)
    return ballot.id if ballot.state == "open" else None


def apply_opened(state: State, event: BallotOpened, at: int) -> State:
    ballot = Ballot(
        id=event.ballot,
        title=event.title,
        secrecy=event.secrecy,
        proof=event.proof,
        choose_max=event.choose_max,
        options=event.options,
        electorate=frozenset(event.electorate),
        state="open",
        opened_at=at,
        closes_at=event.closes_at,
    )
    stage = replace(state.stage, scene="ballot", ballot=ballot.id)
    return replace(state, ballots=put(state.ballots, ballot.id, ballot), stage=stage)


def apply_closed(state: State, event: BallotClosed, at: int) -> State:
    ballot = replace(state.ballots[event.ballot], state="closed", closed_at=at, result=event.result)
    stage = replace(state.stage, scene="result", ballot=ballot.id)
    return replace(state, ballots=put(state.ballots, ballot.id, ballot), stage=stage)


def apply_voided(state: State, event: BallotVoided, at: int) -> State:
    """The scene stays: the people in the room must see that it is void and why. A result it had is no result."""
    ballot = state.ballots[event.ballot]
    void = replace(ballot, state="void", closed_at=ballot.closed_at or at, result=None, reason=event.reason)
    return replace(state, ballots=put(state.ballots, void.id, void))


def transcript(state: State, ballot_id: BallotId, box: BoxCount) -> dict[str, Any]:
    """Everything about a ballot that has ended which a stranger needs to count it again; to be written canonically.

    box: as sealed. Raises ValueError when it does not give the root the journal holds: then the store was tampered
    with, and nothing may be published as if it were right. A void ballot has no result to hold it against.
    """
    ballot = known(state, ballot_id)
    if ballot.result is not None and merkle_root(leaves(ballot, box)) != ballot.result.root:
        raise ValueError(f"the box of ballot {ballot.id} does not match the root in the journal")
    return {
        "v": TRANSCRIPT_VERSION,
        "session": state.session.id,
        "ballot": ballot.id,
        "title": ballot.title,
        "rehearsal": state.session.rehearsal,
        "state": ballot.state,
        "reason": ballot.reason,
        "secrecy": ballot.secrecy,
        "proof": ballot.proof,
        "rule": {"method": "approval", "choose_max": ballot.choose_max, "tie": "elects_none_of_the_tied"},
        "options": [asdict(option) for option in ballot.options],
        "opened_at": ballot.opened_at,
        "closed_at": ballot.closed_at,
        "electorate": sorted(ballot.electorate),
        "roll": sorted(box.roll),
        **published(ballot, box),
        "result": result_json(ballot.result),
        "keys": dict(state.keys),
    }


def deadlines(state: State) -> list[Deadline]:
    """Open ballots that close by themselves."""
    return [
        Deadline(ballot.closes_at, f"deadline-{ballot.id}", "deadline.passed", {"ballot": ballot.id})
        for ballot in state.ballots.values()
        if ballot.state == "open" and ballot.closes_at is not None
    ]


OPTION = {"label": text(240, 1)}


def check_option(value: Any, field: str) -> Option:
    checked = members(value, field, OPTION, {"id": ident, "detail": text(240)})
    return Option(checked.get("id", ""), checked["label"], checked.get("detail", ""))


def check_open(value: Any, field: str) -> Open:
    checked = members(
        value,
        field,
        {"title": text(240, 1), "choose_max": integer(1, OPTIONS_MOST), "secrecy": one_of("open", "secret")},
        {
            "options": list_of(check_option, 2, OPTIONS_MOST),
            "proposals": list_of(ident, 2, OPTIONS_MOST),
            "proof": nullable(one_of("inclusion", "full")),
            "seconds": nullable(integer(10, 3600)),
        },
    )
    if ("options" in checked) == ("proposals" in checked):
        bad("options")
    if checked["secrecy"] == "open" and checked.get("proof") is not None:
        bad("proof")
    proof = None if checked["secrecy"] == "open" else checked.pop("proof", None) or "inclusion"
    return Open(**{**checked, "options": numbered(checked.get("options", ())), "proof": proof})


def numbered(options: tuple[Option, ...]) -> tuple[Option, ...]:
    """Options sent without an id are called by their place."""
    return tuple(option if option.id else replace(option, id=str(place)) for place, option in enumerate(options, 1))


BALLOT: Mapping[str, Any] = {"ballot": ident}

NOUN = Noun(
    commands={
        "ballot.open": Act(check_open, decide_open, MODERATOR),
        "ballot.close": Act(record(Close, BALLOT), decide_close, CLOSERS),
        "ballot.void": Act(record(Void, BALLOT, {"reason": text(500)}), decide_void, MODERATOR),
        "deadline.passed": Act(record(DeadlinePassed, BALLOT), decide_deadline, SYSTEM),
    },
    events={
        "ballot_opened": (BallotOpened, apply_opened),
        "ballot_closed": (BallotClosed, apply_closed),
        "ballot_voided": (BallotVoided, apply_voided),
    },
    results={BallotOpened: lambda event: {"ballot": event.ballot}},
    deadlines=deadlines,
)
