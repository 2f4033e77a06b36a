"""Delegates: chosen at the end, they get seats with voice and vote in the session of the next level."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.ascent import halls_here, next_level
from sessions.errors import Refused
from sessions.hall import SeatAdded, SeatsImported
from sessions.ids import BallotId, HallId, SeatId, SessionId
from sessions.kind import Fields, Kind
from sessions.model.delegates import Delegate, Delegation, Envoy
from sessions.model.nothing import put_all
from sessions.model.people import Seat
from sessions.noun import BEFORE_THE_END, SINCE_OPENING, Act, Moment, Noun, require_phase
from sessions.parcels import SENDERS, carried, sent
from sessions.permissions import MODERATOR, SYSTEM
from sessions.shape import ident, list_of, nullable, record, text
from sessions.state import State

ACCLAMATION = "acclamation"
DELEGATES_MOST = 1000
WOMEN = "WOMEN"


@dataclass(frozen=True, slots=True)
class Choose:
    """by: acclamation, or the ballot that elected them. reason: for going beyond the rules."""

    seats: tuple[SeatId, ...]
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SendUp:
    to: SessionId | None = None


@dataclass(frozen=True, slots=True)
class SeatSent:
    seat: SeatId
    hall: HallId
    office: str
    constituency: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class Mission:
    """Whom a session sends to the next level."""

    origin: SessionId
    territory: str
    rehearsal: bool
    seats: tuple[SeatSent, ...]
    carried: bool = False


@dataclass(frozen=True, slots=True)
class DelegatesChosen:
    """All of them, in the place of any chosen before. broken: the rules they go beyond, for this reason."""

    seats: tuple[SeatId, ...]
    ballot: BallotId | None = None
    broken: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DelegatesSentUp:
    seats: tuple[SeatId, ...]
    to: SessionId


@dataclass(frozen=True, slots=True)
class Admitted:
    """there: the seat in the session below whose person sits here now; names follow this, outside the journal."""

    seat: SeatId
    there: SeatId


@dataclass(frozen=True, slots=True)
class DelegatesReceived:
    origin: SessionId
    seats: tuple[Admitted, ...]


def decide_choose(state: State, command: Choose, moment: Moment) -> list[Any]:
    require_phase(state, *SINCE_OPENING)
    if any(delegate.sent_to is not None for delegate in state.delegation.chosen.values()):
        raise Refused("delegates_sent")
    if len(set(command.seats)) < len(command.seats):
        raise Refused("bad_input", field="seats")
    for seat in command.seats:
        if seat not in state.seats:
            raise Refused("unknown_seat", seat=seat)
    ballot = None if command.by == ACCLAMATION else elected_by(state, BallotId(command.by), command.seats)
    broken = broken_by(state, [state.seats[seat] for seat in command.seats])
    if broken and not command.reason:
        code, data = broken[0]
        raise Refused(code, **data)
    return [DelegatesChosen(command.seats, ballot, tuple(code for code, _ in broken), command.reason if broken else "")]


def elected_by(state: State, ballot: BallotId, seats: Iterable[SeatId]) -> BallotId:
    """Raises unknown_ballot, ballot_is_open, ballot_void; not_elected when its options are seats and these lost."""
    found = state.ballots.get(ballot)
    if found is None:
        raise Refused("unknown_ballot", ballot=ballot)
    if found.state == "void":
        raise Refused("ballot_void", ballot=ballot)
    if found.result is None:
        raise Refused("ballot_is_open", ballot=ballot)
    stood = {option.id for option in found.options}
    lost = sorted(seat for seat in seats if seat in stood and seat not in found.result.elected)
    if lost:
        raise Refused("not_elected", ballot=ballot, seats=lost)
    return ballot


def broken_by(state: State, seats: list[Seat]) -> list[tuple[str, dict[str, Any]]]:
    """The rules these go beyond, as refusals."""
    rules = state.rules.delegates
    broken: list[tuple[str, dict[str, Any]]] = []
    if rules.total and len(seats) > rules.total:
        broken.append(("too_many_delegates", {"most": rules.total, "chosen": len(seats), "hall": None}))
    for hall, number in sorted(Counter(seat.hall for seat in seats).items()):
        if rules.per_hall and number > rules.per_hall:
            broken.append(("too_many_delegates", {"most": rules.per_hall, "chosen": number, "hall": hall}))
    least = rules.women.least_of(len(seats))
    women = sum(seat.constituency == WOMEN for seat in seats)
    if women < least:
        broken.append(("too_few_women", {"least": least, "chosen": women}))
    return broken


def decide_send_up(state: State, command: SendUp, moment: Moment) -> list[Any]:
    require_phase(state, *SINCE_OPENING)
    to = next_level(state, command.to, moment.actor)
    seats = tuple(one.seat for one in state.delegation.chosen.values() if one.sent_to is None)
    if not seats:
        raise Refused("nothing_to_send")
    session = state.session
    going = (state.seats[seat] for seat in seats)
    people = tuple(SeatSent(seat.id, seat.hall, seat.office, seat.constituency, seat.rw) for seat in going)
    mission = Mission(session.id, session.territory_code, session.rehearsal, people)
    return [DelegatesSentUp(seats, to), sent(moment, 1, to, "delegates.received", mission)]


def decide_received(state: State, command: Mission, moment: Moment) -> list[Any]:
    """Each gets a seat of its own, under the id it had where that is free; who is here already is not seated twice."""
    require_phase(state, *BEFORE_THE_END)
    if command.rehearsal != state.session.rehearsal:
        raise Refused("rehearsal_differs")
    here = set(state.delegation.envoys.values())
    new = [seat for seat in command.seats if Envoy(command.origin, seat.seat) not in here]
    halls = halls_here(state, command, {seat.hall for seat in new})
    added, admitted = [], []
    for place, seat in enumerate(new, 1):
        id_ = SeatId(f"{moment.fresh}-{place}") if seat.seat in state.seats else seat.seat
        added.append(SeatAdded(id_, halls[seat.hall], seat.office, True, True, seat.constituency, seat.rw))
        admitted.append(Admitted(id_, seat.seat))
    return [SeatsImported(tuple(added)), DelegatesReceived(command.origin, tuple(admitted))] if added else []


def apply_chosen(state: State, event: DelegatesChosen, at: int) -> State:
    chosen = {seat: Delegate(seat, event.ballot) for seat in event.seats}
    return replace(state, delegation=replace(state.delegation, chosen=chosen))


def apply_sent_up(state: State, event: DelegatesSentUp, at: int) -> State:
    chosen = state.delegation.chosen
    gone = {seat: replace(chosen[seat], sent_to=event.to) for seat in event.seats}
    return replace(state, delegation=replace(state.delegation, chosen=put_all(chosen, gone)))


def apply_received(state: State, event: DelegatesReceived, at: int) -> State:
    envoys = {one.seat: Envoy(event.origin, one.there) for one in event.seats}
    delegation = Delegation(state.delegation.chosen, put_all(state.delegation.envoys, envoys))
    return replace(state, delegation=delegation)


def delegate_members(state: State) -> Mapping[SeatId, tuple[Delegate, Seat]]:
    return {id_: (delegate, state.seats[id_]) for id_, delegate in state.delegation.chosen.items()}


def delegate_fields(state: State, member: tuple[Delegate, Seat], view: str) -> Fields:
    delegate, seat = member
    return {"hall": seat.hall, "office": seat.office, "ballot": delegate.ballot, "sent_to": delegate.sent_to}


CHOOSE = record(Choose, {"seats": list_of(ident, 1, DELEGATES_MOST), "by": ident}, {"reason": text(500)})

NOUN = Noun(
    commands={
        "delegates.choose": Act(CHOOSE, decide_choose, MODERATOR),
        "delegates.send_up": Act(record(SendUp, {}, {"to": nullable(ident)}), decide_send_up, SENDERS),
        "delegates.received": Act(carried(Mission), decide_received, SYSTEM),
    },
    events={
        "delegates_chosen": (DelegatesChosen, apply_chosen),
        "delegates_sent_up": (DelegatesSentUp, apply_sent_up),
        "delegates_received": (DelegatesReceived, apply_received),
    },
    kinds=(
        Kind(
            "delegate",
            lambda state: (state.delegation.chosen, state.seats if state.delegation.chosen else None),
            delegate_members,
            delegate_fields,
        ),
    ),
)
