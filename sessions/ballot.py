"""Ballots: opened with a frozen electorate, closed with the count of their box, or declared void."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.counting import Question
from sessions.electorate import standing, waiting_hands, with_confirmed
from sessions.errors import Refused
from sessions.ids import BallotId, HallId, ProposalId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import DEFAULT_RULE, Ballot, Option, Proxy, Result, Rule, SeatChannel, TieBreak
from sessions.model.nothing import put
from sessions.noun import Deadline, Moment, require_phase
from sessions.quorum import quorum_holds
from sessions.state import State
from sessions.tally import question, tally

SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Close:
    ballot: BallotId


@dataclass(frozen=True, slots=True)
class Void:
    ballot: BallotId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rerun:
    """The same question once more; the ballot it is held for again is void."""

    ballot: BallotId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    """What a timer says; refused `too_early` while the clock of the decision has not reached it."""

    ballot: BallotId


@dataclass(frozen=True, slots=True)
class BreakTie:
    ballot: BallotId
    option: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BallotOpened:
    """channels: seats that do not vote by phone. See sessions.model.ballot.Ballot for the rest."""

    ballot: BallotId
    title: str
    secrecy: str
    proof: str | None
    choose_max: int
    options: tuple[Option, ...]
    electorate: tuple[SeatId, ...]
    closes_at: int | None = None
    rule: Rule = DEFAULT_RULE
    about: tuple[ProposalId, ...] = ()
    repeats: BallotId | None = None
    round: int = 1
    channels: tuple[SeatChannel, ...] = ()
    override: str = ""


@dataclass(frozen=True, slots=True)
class BallotClosed:
    """kept: halls of which the last confirmed hand-count entered, not the later one that waited for its witness.

    Ballots closed before there was such a thing left both out; their results and transcripts stay what they were.
    """

    ballot: BallotId
    result: Result
    delegated: tuple[Proxy, ...] = ()
    present: tuple[SeatId, ...] = ()
    kept: tuple[HallId, ...] = ()


@dataclass(frozen=True, slots=True)
class BallotVoided:
    ballot: BallotId
    reason: str


@dataclass(frozen=True, slots=True)
class TieBroken:
    """result: as it is with the option elected."""

    ballot: BallotId
    option: str
    reason: str
    by: str
    result: Result


def open_ballot(state: State) -> Ballot | None:
    return next((ballot for ballot in state.ballots.values() if ballot.state == "open"), None)


def known(state: State, ballot: BallotId) -> Ballot:
    found = state.ballots.get(ballot)
    if found is None:
        raise Refused("unknown_ballot", ballot=ballot)
    return found


def still_open(state: State, ballot: BallotId) -> Ballot:
    """Raises Refused: unknown_ballot, ballot_void, ballot_closed."""
    found = known(state, ballot)
    if found.state == "void":
        raise Refused("ballot_void", ballot=found.id)
    if found.state == "closed":
        raise Refused("ballot_closed", ballot=found.id)
    return found


def decide_close(state: State, command: Close, moment: Moment) -> list[Any]:
    ballot = closable(state, command, moment)
    assert moment.box is not None, "a ballot is closed with the count of its sealed box"
    waiting = waiting_hands(ballot)
    kept = tuple(one.hall for one in waiting if one.earlier)
    counted = with_confirmed(ballot, kept)
    held = standing(state, counted, moment.box, quorum_holds(state))
    result = replace(tally(counted, moment.box, held, moment.outcome), left_out=tuple(waiting))
    return [BallotClosed(ballot.id, result, held.delegated, held.present, kept)]


def decide_deadline(state: State, command: DeadlinePassed, moment: Moment) -> list[Any]:
    return decide_close(state, Close(due(state, command, moment).id), moment)


def decide_void(state: State, command: Void, moment: Moment) -> list[Any]:
    return [BallotVoided(voidable(state, command, moment).id, command.reason)]


def decide_break_tie(state: State, command: BreakTie, moment: Moment) -> list[Any]:
    """The chair elects one of the tied; with the last place the others are tied no longer."""
    require_phase(state, "open", "recess")
    ballot = known(state, command.ballot)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    result = ballot.result
    if result is None:
        raise Refused("ballot_is_open", ballot=ballot.id)
    if ballot.rule.tie != "chair":
        raise Refused("chair_breaks_no_ties", ballot=ballot.id)
    if command.option not in result.tied:
        raise Refused("option_not_tied", ballot=ballot.id)
    if not command.reason:
        raise Refused("reason_required")
    decided = with_elected(ballot, result, command.option)
    return [TieBroken(ballot.id, command.option, command.reason, moment.actor.id, decided)]


def with_elected(ballot: Ballot, result: Result, option: str) -> Result:
    elected = (*result.elected, option)
    others = tuple(other for other in result.tied if other != option)
    if result.spent is None:
        full = len(elected) >= (1 if ballot.rule.method == "yes_no" else ballot.places)
        return replace(result, elected=elected, tied=() if full else others)
    costs = {one.id: one.cost or 0 for one in ballot.options}
    spent = result.spent + costs[option]
    left = (ballot.rule.budget or 0) - spent
    return replace(result, elected=elected, spent=spent, tied=tuple(one for one in others if costs[one] <= left))


def closable(state: State, command: Close, moment: Moment) -> Ballot:
    return still_open(state, command.ballot)


def due(state: State, command: DeadlinePassed, moment: Moment) -> Ballot:
    ballot = closable(state, Close(command.ballot), moment)
    if ballot.closes_at is None or moment.now < ballot.closes_at:
        raise Refused("too_early", ballot=ballot.id)
    return ballot


def voidable(state: State, command: Void, moment: Moment) -> Ballot:
    """What was decided stays: to take a ballot back, a session that is closed has to be opened again."""
    require_phase(state, "open", "recess")
    ballot = known(state, command.ballot)
    if ballot.state == "void":
        raise Refused("ballot_void", ballot=ballot.id)
    if not command.reason:
        raise Refused("reason_required")
    return ballot


def rerunnable(state: State, command: Rerun, moment: Moment) -> Ballot:
    """Any ballot may be held again, a void one too, while no other one is open and what opening asks for is there."""
    if state.session.phase != "open":
        raise Refused("wrong_phase", phase=state.session.phase)
    ballot = known(state, command.ballot)
    running = open_ballot(state)
    if running is not None and running.id != ballot.id:
        raise Refused("ballot_is_open", ballot=running.id)
    if not command.reason:
        raise Refused("reason_required")
    if state.rules.attendance.quorum_needed_for_ballots and not quorum_holds(state):
        raise Refused("no_quorum")
    return ballot


SEALING: Mapping[type[Any], Any] = {Close: closable, DeadlinePassed: due, Void: voidable, Rerun: rerunnable}
COUNTING = (Close, DeadlinePassed)


def seals(state: State, command: object, moment: Moment) -> BallotId | None:
    """The open ballot whose box must be sealed before this command is decided, if any.

    Makes the same checks as the decision, so that a box is never sealed for a command that is then refused.
    """
    check: Any = SEALING.get(type(command))
    if check is None:
        return None
    ballot: Ballot = check(state, command, moment)
    return ballot.id if ballot.state == "open" else None


def asks(state: State, command: object, box: BoxCount) -> Question | None:
    """What must be counted beside the event loop before this command is decided upon its sealed box, if anything."""
    if not isinstance(command, COUNTING):
        return None
    ballot = known(state, command.ballot)
    return question(ballot, box, standing(state, ballot, box, quorum=True))


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
        rule=event.rule,
        about=event.about,
        repeats=event.repeats,
        round=event.round,
        channels={one.seat: one.channel for one in event.channels},
        override=event.override,
    )
    stage = replace(state.stage, scene="ballot", ballot=ballot.id)
    return replace(state, ballots=put(state.ballots, ballot.id, ballot), stage=stage)


def apply_closed(state: State, event: BallotClosed, at: int) -> State:
    ballot = replace(
        with_confirmed(state.ballots[event.ballot], event.kept),
        state="closed",
        closed_at=at,
        result=event.result,
        delegated=event.delegated,
        present=event.present,
    )
    stage = replace(state.stage, scene="result", ballot=ballot.id)
    return replace(state, ballots=put(state.ballots, ballot.id, ballot), stage=stage)


def apply_voided(state: State, event: BallotVoided, at: int) -> State:
    """The scene stays: the people in the room must see that it is void and why. A result it had is no result."""
    ballot = state.ballots[event.ballot]
    void = replace(ballot, state="void", closed_at=ballot.closed_at or at, result=None, reason=event.reason)
    return replace(state, ballots=put(state.ballots, void.id, void))


def apply_tie_broken(state: State, event: TieBroken, at: int) -> State:
    ballot = state.ballots[event.ballot]
    breaks = (*ballot.breaks, TieBreak(event.option, event.reason, event.by))
    decided = replace(ballot, result=event.result, breaks=breaks)
    return replace(state, ballots=put(state.ballots, decided.id, decided))


def deadlines(state: State) -> list[Deadline]:
    """Open ballots that close by themselves."""
    return [
        Deadline(ballot.closes_at, f"deadline-{ballot.id}", "deadline.passed", {"ballot": ballot.id})
        for ballot in state.ballots.values()
        if ballot.state == "open" and ballot.closes_at is not None
    ]
