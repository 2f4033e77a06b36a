"""Hands raised in a hall: counted by its operator before a witness, for the seats that vote by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.attendance import is_here, own_hall, witnesses
from sessions.ballot import still_open
from sessions.electorate import hall_of
from sessions.errors import Refused
from sessions.ids import BallotId, HallId, SeatId
from sessions.model.ballot import HAND, Ballot, Count, HandCount
from sessions.model.nothing import put
from sessions.noun import Act, Moment, Noun
from sessions.permissions import VOTERS, Role
from sessions.shape import ident, integer, list_of, record
from sessions.state import State

HANDS_MOST = 100_000
OPTIONS_MOST = 200


@dataclass(frozen=True, slots=True)
class CountHands:
    """cast: people who voted, blank: those of them who raised their hand for none of the options."""

    ballot: BallotId
    hall: HallId
    cast: int
    counts: tuple[Count, ...]
    witness: SeatId
    blank: int = 0


@dataclass(frozen=True, slots=True)
class ConfirmCount:
    """base: the version of the count that the witness saw."""

    ballot: BallotId
    hall: HallId
    base: int


@dataclass(frozen=True, slots=True)
class HandsCounted:
    """The hall's latest count; it takes the place of an earlier one, which if confirmed counts until this one is."""

    ballot: BallotId
    hand: HandCount


@dataclass(frozen=True, slots=True)
class CountConfirmed:
    ballot: BallotId
    hall: HallId


def decide_count(state: State, command: CountHands, moment: Moment) -> list[Any]:
    ballot = still_open(state, command.ballot)
    own_hall(state, command.hall, moment.actor)
    by_hand = {seat for seat, channel in ballot.channels.items() if channel == HAND}
    seats = {seat for seat in by_hand if hall_of(state, seat) == command.hall}
    here = seats - absent(state, command.hall)
    if command.cast > len(here):
        raise Refused("too_many_hands", hall=command.hall, seats=len(here), absent=len(seats) - len(here))
    require_sum(ballot, command)
    if command.witness not in witnesses(state, command.hall):
        raise Refused("not_a_witness", seat=command.witness)
    before = ballot.hands.get(command.hall)
    hand = HandCount(
        hall=command.hall,
        cast=command.cast,
        blank=command.blank,
        counts=tuple(Count(option.id, votes_for(command, option.id)) for option in ballot.options),
        operator=moment.actor.id,
        witness=command.witness,
        version=1 if before is None else before.version + 1,
    )
    return [HandsCounted(ballot.id, hand)]


def absent(state: State, hall: HallId) -> set[SeatId]:
    """The seats of this hall that are not here; nobody where no attendance is taken.

    Witnesses are here, checked in or not, and their own arrival alone is no attendance of a hall.
    """
    named = witnesses(state, hall)
    others = {seat.id for seat in state.seats.values() if seat.hall == hall and seat.id not in named}
    if not any(seat in state.attendance.arrivals for seat in others):
        return set()
    return {seat for seat in others if not is_here(state, seat)}


def votes_for(command: CountHands, option: str) -> int:
    return sum(count.votes for count in command.counts if count.option == option)


def require_sum(ballot: Ballot, command: CountHands) -> None:
    """Raises Refused: unknown_option, bad_input, hands_do_not_add_up."""
    options = [count.option for count in command.counts]
    if not set(options) <= {option.id for option in ballot.options}:
        raise Refused("unknown_option", ballot=ballot.id)
    if len(set(options)) < len(options):
        raise Refused("bad_input", field="counts")
    choosing = command.cast - command.blank
    hands = sum(count.votes for count in command.counts)
    fits = choosing >= 0 and choosing <= hands <= choosing * ballot.choose_max
    if not fits or any(count.votes > choosing for count in command.counts):
        raise Refused("hands_do_not_add_up", cast=command.cast, blank=command.blank, hands=hands)


def decide_confirm(state: State, command: ConfirmCount, moment: Moment) -> list[Any]:
    ballot = still_open(state, command.ballot)
    hand = ballot.hands.get(command.hall)
    if hand is None:
        raise Refused("no_hand_count", hall=command.hall)
    if moment.actor.seat != hand.witness:
        raise Refused("not_a_witness", seat=moment.actor.seat)
    if command.base != hand.version:
        raise Refused("stale", version=hand.version, fields={})
    return [] if hand.confirmed else [CountConfirmed(ballot.id, command.hall)]


def apply_counted(state: State, event: HandsCounted, at: int) -> State:
    return with_hand(state, event.ballot, event.hand)


def apply_confirmed(state: State, event: CountConfirmed, at: int) -> State:
    hand = replace(state.ballots[event.ballot].hands[event.hall], confirmed=True)
    told = with_hand(state, event.ballot, hand)
    ballot = told.ballots[event.ballot]
    kept = replace(ballot, confirmed=put(ballot.confirmed, hand.hall, hand))
    return replace(told, ballots=put(told.ballots, ballot.id, kept))


def with_hand(state: State, ballot_id: BallotId, hand: HandCount) -> State:
    ballot = state.ballots[ballot_id]
    counted = replace(ballot, hands=put(ballot.hands, hand.hall, hand))
    return replace(state, ballots=put(state.ballots, ballot.id, counted))


COUNT = record(Count, {"option": ident, "votes": integer(0, HANDS_MOST)})

NOUN = Noun(
    commands={
        "ballot.hand_count": Act(
            record(
                CountHands,
                {
                    "ballot": ident,
                    "hall": ident,
                    "cast": integer(0, HANDS_MOST),
                    "counts": list_of(COUNT, 0, OPTIONS_MOST),
                    "witness": ident,
                },
                {"blank": integer(0, HANDS_MOST)},
            ),
            decide_count,
            frozenset({Role.HALL}),
        ),
        "ballot.confirm_count": Act(
            record(ConfirmCount, {"ballot": ident, "hall": ident, "base": integer(1, 1_000_000)}),
            decide_confirm,
            VOTERS,
        ),
    },
    events={
        "hands_counted": (HandsCounted, apply_counted),
        "count_confirmed": (CountConfirmed, apply_confirmed),
    },
)
