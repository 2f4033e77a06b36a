"""Annexes I to IV of the record: who attended, and what became of each proposal, and who goes on as a delegate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sessions.ids import ProposalId
from sessions.minutes_model import Attendee, Crowd, Delegate, Group, Row, Speech
from sessions.minutes_words import grouped
from sessions.model.board import Decision, Proposal
from sessions.state import State
from sessions.statuses import AGREED

LISTS: Mapping[str, tuple[str, ...]] = {
    "PRIORITISED": ("PRIORITISED",),
    "RESERVE": ("RESERVE",),
    "NOT_AGREED": ("NOT_AGREED",),
    "UNDECIDED": ("DISCUSSED", "SUBMITTED"),
}
LEFT = ("MERGED", "WITHDRAWN")


def attendance(state: State) -> tuple[Attendee, ...]:
    """Every seat, hall after hall as they stand on the wall; those who never came too.

    Whoever leaves after the session was closed has been there to its end.
    """
    closed = state.session.closed_at
    order = {hall.id: (hall.order, hall.id) for hall in state.halls.values()}
    arrivals = state.attendance.arrivals
    found = []
    for seat in sorted(state.seats.values(), key=lambda seat: order[seat.hall]):
        arrival = arrivals.get(seat.id)
        came, left = (None, None) if arrival is None else (arrival.at, arrival.left_at)
        if left is not None and closed is not None and left >= closed:
            left = None
        hall = state.halls[seat.hall].name
        found.append(Attendee(seat.id, hall, seat.office, seat.constituency, came, left))
    return tuple(found)


def crowds(state: State) -> tuple[Crowd, ...]:
    """present: who ever came, as the list of attendance shows it."""
    came: dict[str, int] = {}
    for seat in state.attendance.arrivals:
        if seat in state.seats:
            there = state.seats[seat].hall
            came[there] = came.get(there, 0) + 1
    found = []
    for hall in sorted(state.halls.values(), key=lambda hall: (hall.order, hall.id)):
        crowd = state.attendance.halls.get(hall.id)
        guests = 0 if crowd is None else crowd.guests
        witnesses = () if crowd is None else tuple(state.seats[seat].office for seat in crowd.witnesses)
        found.append(Crowd(hall.name, hall.seat_count, came.get(hall.id, 0), guests, witnesses))
    return tuple(found)


def groups(state: State, told: Iterable[Speech]) -> tuple[Group, ...]:
    """One a constituency that was invited, in alphabetical order; those without one first."""
    arrivals = state.attendance.arrivals
    invited: dict[str, int] = {}
    present: dict[str, int] = {}
    for seat in state.seats.values():
        invited[seat.constituency] = invited.get(seat.constituency, 0) + 1
        present[seat.constituency] = present.get(seat.constituency, 0) + (seat.id in arrivals)
    turns: dict[str, list[int]] = {}
    for turn in told:
        if turn.seat is not None:
            turns.setdefault(state.seats[turn.seat].constituency, []).append(turn.spoken_ms)
    return tuple(
        Group(name, invited[name], present[name], len(turns.get(name, ())), sum(turns.get(name, ())))
        for name in sorted(invited)
    )


def rows(state: State) -> Mapping[str, tuple[Row, ...]]:
    """PRIORITISED, RESERVE, NOT_AGREED, AGREED (without a place), UNDECIDED as they stand on the board, and GONE:
    withdrawn or merged."""
    board, marks = state.board, scores(state)
    found = {
        name: tuple(
            row(state, board.proposals[card], marks) for column in columns for _, card in board.columns.get(column, ())
        )
        for name, columns in LISTS.items()
    }
    gone = [card for card in board.proposals.values() if card.status in LEFT]
    agreed = tuple(one for one in found["UNDECIDED"] if one.status in AGREED)
    found |= {"AGREED": agreed, "UNDECIDED": tuple(one for one in found["UNDECIDED"] if one.status not in AGREED)}
    return {**found, "GONE": tuple(row(state, card, marks) for card in gone)}


def row(state: State, card: Proposal, marks: Mapping[ProposalId, str]) -> Row:
    content, decision = card.content, decided(card)
    amount = content.amount if decision is None or decision.amount is None else decision.amount
    volume = content.volume if decision is None or decision.volume is None else decision.volume
    return Row(
        proposal=card.id,
        hall=state.halls[card.hall].name,
        status=card.status,
        priority=content.plan.regional_priority,
        goal=content.aims.goal,
        programme=content.plan.programme,
        title=content.title,
        problem=content.problem,
        target=content.aims.output or households(content.households),
        kelurahan=content.place.kelurahan,
        rw=content.rw,
        address=content.address,
        volume=volume,
        unit=content.unit,
        amount=amount,
        agency=card.desk.final or content.agency,
        score=marks.get(card.id, ""),
        reason_code=card.reason_code,
        reason=card.reason,
        note=note(state, card, decision),
    )


def scores(state: State) -> dict[ProposalId, str]:
    """What the last closed scoring of each proposal came to."""
    found: dict[ProposalId, str] = {}
    for scoring in state.scoring.rounds.values():
        if scoring.state == "closed":
            for outcome in scoring.outcomes:
                if outcome.score is not None:
                    found[outcome.proposal] = scaled(outcome.score, scoring.rules.decimals)
    return found


def scaled(value: int, decimals: int) -> str:
    """3,75 for 375 with two decimals."""
    whole, part = divmod(value, 10**decimals)
    return f"{grouped(whole)},{part:0{decimals}d}" if decimals else grouped(whole)


def decided(card: Proposal) -> Decision | None:
    """The last decision, which is this session's own if it took one."""
    return card.decisions[-1] if card.decisions else None


def households(number: int | None) -> str:
    return "" if number is None else f"{grouped(number)} KK penerima manfaat"


def note(state: State, card: Proposal, decision: Decision | None) -> str:
    """What the decision adds, and what became of what."""
    parts = [] if decision is None or not decision.note else [decision.note]
    if card.trace.into is not None:
        parts.append(f"Digabungkan ke usulan {named(state, [card.trace.into])}")
    if card.trace.merged:
        parts.append(f"Termasuk gabungan usulan {named(state, card.trace.merged)}")
    if card.trace.whole is not None:
        parts.append(f"Dipecah dari usulan {named(state, [card.trace.whole])}")
    return ". ".join(parts)


def named(state: State, cards: Sequence[ProposalId]) -> str:
    return "; ".join(f"{state.board.proposals[card].content.title} ({card})" for card in cards)


def delegates(state: State) -> tuple[Delegate, ...]:
    found = []
    for chosen in state.delegation.chosen.values():
        seat = state.seats[chosen.seat]
        by = "aklamasi" if chosen.ballot is None else f"pemungutan suara: {state.ballots[chosen.ballot].title}"
        found.append(Delegate(seat.id, state.halls[seat.hall].name, seat.office, by))
    return tuple(found)
