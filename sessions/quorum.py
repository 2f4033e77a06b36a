"""The quorum: declared from who is here; when it is short, waited for, put off, and in the end done without."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.attendance import everybody_left, invited, present
from sessions.errors import Refused
from sessions.ids import SeatId
from sessions.kind import Fields, Kind
from sessions.model.attendance import AttendanceRules, Figures, Quorum
from sessions.noun import Act, Deadline, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SYSTEM
from sessions.shape import date, integer, record, text
from sessions.state import State

MINUTE_MS = 60_000
IN_SESSION = ("lobby", "open", "recess")
HOURS_EAST = {"WIB": 7, "WITA": 8, "WIT": 9}


@dataclass(frozen=True, slots=True)
class Declare:
    pass


@dataclass(frozen=True, slots=True)
class Wait:
    minutes: int


@dataclass(frozen=True, slots=True)
class WaitPassed:
    """What a timer says of the delay that ends then."""

    until: int


@dataclass(frozen=True, slots=True)
class Postpone:
    date: str


@dataclass(frozen=True, slots=True)
class Proceed:
    reason: str


@dataclass(frozen=True, slots=True)
class QuorumDeclared:
    """sitting: which one it was declared in, from 1."""

    figures: Figures
    reached: bool
    sitting: int


@dataclass(frozen=True, slots=True)
class QuorumAwaited:
    until: int


@dataclass(frozen=True, slots=True)
class QuorumWaitPassed:
    pass


@dataclass(frozen=True, slots=True)
class QuorumPostponed:
    """With it everybody has left; the next sitting checks in anew."""

    date: str


@dataclass(frozen=True, slots=True)
class QuorumDoneWithout:
    """figures: who was there when it was decided to go on."""

    reason: str
    figures: Figures


def quorum_holds(state: State) -> bool:
    """Whether a quorum was declared, or the session goes on by right without one."""
    return state.attendance.quorum.state in ("reached", "proceeding")


def figures(state: State) -> Figures:
    """What a quorum declared now would be declared upon."""
    rules = state.rules.attendance
    here = present(state) & invited(state)
    if rules.quorum_base == "present":
        return Figures(len(here), len(here), 1)
    base = voters(state) if rules.quorum_base == "voters" else invited(state)
    return Figures(len(here & base), len(base), max(1, rules.quorum_share.least_of(len(base))))


def voters(state: State) -> frozenset[SeatId]:
    return frozenset(seat.id for seat in state.seats.values() if seat.vote)


def today(state: State, now: int) -> datetime.date:
    """The date where the session is held."""
    zone = datetime.timezone(datetime.timedelta(hours=HOURS_EAST[state.session.tz]))
    return datetime.datetime.fromtimestamp(now / 1000, zone).date()


def decide_declare(state: State, command: Declare, moment: Moment) -> list[Any]:
    """May be said again at any time: people come and go. A postponed sitting begins on its date and not before."""
    require_phase(state, *IN_SESSION)
    quorum = state.attendance.quorum
    sitting = quorum.sitting
    if quorum.state == "postponed":
        if today(state, moment.now).isoformat() < quorum.date:
            raise Refused("quorum_postponed", date=quorum.date)
        sitting += 1
    found = figures(state)
    if found.base == 0 and state.rules.attendance.quorum_base != "present":
        raise Refused("nobody_invited")
    return [QuorumDeclared(found, found.present >= found.needed, sitting)]


def require_short(quorum: Quorum) -> None:
    """Raises Refused: quorum_not_declared, quorum_reached, quorum_postponed, quorum_done_without."""
    match quorum.state:
        case "undeclared":
            raise Refused("quorum_not_declared")
        case "reached":
            raise Refused("quorum_reached")
        case "postponed":
            raise Refused("quorum_postponed", date=quorum.date)
        case "proceeding":
            raise Refused("quorum_done_without")


def decide_wait(state: State, command: Wait, moment: Moment) -> list[Any]:
    """Several delays of a sitting together are no longer than the rule, counted from when the first was announced."""
    require_phase(state, *IN_SESSION)
    quorum = state.attendance.quorum
    require_short(quorum)
    end = (quorum.wait_since or moment.now) + state.rules.attendance.quorum_wait_minutes * MINUTE_MS
    until = moment.now + command.minutes * MINUTE_MS
    if until > end:
        raise Refused("quorum_wait_too_long", minutes=max(0, (end - moment.now) // MINUTE_MS))
    return [] if until == quorum.until else [QuorumAwaited(until)]


def decide_wait_passed(state: State, command: WaitPassed, moment: Moment) -> list[Any]:
    """A timer of a delay that was changed or ended meanwhile says nothing new."""
    quorum = state.attendance.quorum
    if quorum.state != "waiting" or quorum.until != command.until:
        return []
    if moment.now < command.until:
        raise Refused("too_early")
    return [QuorumWaitPassed()]


def has_waited(quorum: Quorum, rules: AttendanceRules, now: int) -> bool:
    """Whether the delay is over, which a timer may be about to say, or the rules know none."""
    over = quorum.state == "waiting" and quorum.until is not None and quorum.until <= now
    return quorum.state == "waited" or over or rules.quorum_wait_minutes == 0


def decide_postpone(state: State, command: Postpone, moment: Moment) -> list[Any]:
    """To a later day, once the delay is over; how often and how far is in the rules."""
    require_phase(state, *IN_SESSION)
    quorum, rules = state.attendance.quorum, state.rules.attendance
    require_short(quorum)
    if quorum.sitting > rules.quorum_postponements:
        raise Refused("quorum_postponed_enough", times=rules.quorum_postponements)
    if not has_waited(quorum, rules, moment.now):
        raise Refused("quorum_wait_first", until=quorum.until)
    wanted = datetime.date.fromisoformat(command.date)
    day = today(state, moment.now)
    last = day + datetime.timedelta(days=rules.quorum_postpone_days)
    if not day < wanted <= last:
        first = day + datetime.timedelta(days=1)
        raise Refused("quorum_date_out_of_range", first=first.isoformat(), last=last.isoformat())
    return [QuorumPostponed(command.date)]


def decide_proceed(state: State, command: Proceed, moment: Moment) -> list[Any]:
    """A sitting that was put off goes on with whoever is there; the first one only where the rules let it."""
    require_phase(state, *IN_SESSION)
    quorum, rules = state.attendance.quorum, state.rules.attendance
    require_short(quorum)
    if quorum.sitting == 1:
        if rules.quorum_postponements > 0 and not rules.quorum_proceed_at_first:
            raise Refused("quorum_postpone_first")
        if not has_waited(quorum, rules, moment.now):
            raise Refused("quorum_wait_first", until=quorum.until)
    return [QuorumDoneWithout(command.reason, figures(state))]


def changed(state: State, /, **members: Any) -> State:
    quorum = replace(state.attendance.quorum, **members)
    return replace(state, attendance=replace(state.attendance, quorum=quorum))


def apply_declared(state: State, event: QuorumDeclared, at: int) -> State:
    """Short once more does not end a delay, nor what was decided before: only the figures are newer."""
    before = state.attendance.quorum
    if event.sitting != before.sitting:
        before = Quorum(sitting=event.sitting, date=before.date)
    kept = before.state if before.state in ("waiting", "waited", "proceeding") else "short"
    quorum = replace(before, state="reached" if event.reached else kept, figures=event.figures, declared_at=at)
    if event.reached:
        quorum = replace(quorum, wait_since=None, until=None, reason="")
    return replace(state, attendance=replace(state.attendance, quorum=quorum))


def apply_awaited(state: State, event: QuorumAwaited, at: int) -> State:
    since = state.attendance.quorum.wait_since
    return changed(state, state="waiting", until=event.until, wait_since=at if since is None else since)


def apply_wait_passed(state: State, event: QuorumWaitPassed, at: int) -> State:
    return changed(state, state="waited")


def apply_postponed(state: State, event: QuorumPostponed, at: int) -> State:
    after = changed(state, state="postponed", date=event.date, wait_since=None, until=None)
    return replace(after, attendance=everybody_left(after.attendance, at))


def apply_done_without(state: State, event: QuorumDoneWithout, at: int) -> State:
    return changed(state, state="proceeding", reason=event.reason, figures=event.figures, wait_since=None, until=None)


def deadlines(state: State) -> list[Deadline]:
    quorum = state.attendance.quorum
    if quorum.state != "waiting" or quorum.until is None or state.session.phase not in IN_SESSION:
        return []
    key = f"quorum-wait-{quorum.sitting}-{quorum.until}"
    return [Deadline(quorum.until, key, "quorum.wait_passed", {"until": quorum.until})]


def quorum_member(state: State) -> Mapping[str, Quorum]:
    return {"quorum": state.attendance.quorum}


def quorum_fields(state: State, quorum: Quorum, view: str) -> Fields:
    return {
        "state": quorum.state,
        "sitting": quorum.sitting,
        "figures": None if quorum.figures is None else asdict(quorum.figures),
        "declared_at": quorum.declared_at,
        "until": quorum.until,
        "date": quorum.date,
        "reason": quorum.reason,
    }


NOUN = Noun(
    commands={
        "quorum.declare": Act(record(Declare, {}), decide_declare, MODERATOR),
        "quorum.wait": Act(record(Wait, {"minutes": integer(1, 1440)}), decide_wait, MODERATOR),
        "quorum.wait_passed": Act(record(WaitPassed, {"until": integer(0, 1 << 52)}), decide_wait_passed, SYSTEM),
        "quorum.postpone": Act(record(Postpone, {"date": date}), decide_postpone, MODERATOR),
        "quorum.proceed": Act(record(Proceed, {"reason": text(400, 1)}), decide_proceed, MODERATOR),
    },
    events={
        "quorum_declared": (QuorumDeclared, apply_declared),
        "quorum_awaited": (QuorumAwaited, apply_awaited),
        "quorum_wait_passed": (QuorumWaitPassed, apply_wait_passed),
        "quorum_postponed": (QuorumPostponed, apply_postponed),
        "quorum_done_without": (QuorumDoneWithout, apply_done_without),
    },
    results={
        QuorumDeclared: lambda event: {"reached": event.reached, **asdict(event.figures)},
        QuorumAwaited: lambda event: {"until": event.until},
    },
    kinds=(Kind("quorum", lambda state: state.attendance.quorum, quorum_member, quorum_fields),),
    deadlines=deadlines,
)
