"""Who votes on a ballot, for whom besides themselves, and what each vote weighs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from sessions.attendance import present
from sessions.count import ONE, Weighed
from sessions.ids import BallotId, HallId, SeatId
from sessions.journal import BoxCount
from sessions.model.ballot import HAND, Ballot, Circle, HandCount, LeftOut, Proxy
from sessions.model.nothing import nothing
from sessions.state import State

HALL_VOTER = "hall:"  # no seat's id holds a colon


@dataclass(frozen=True, slots=True)
class Standing:
    """What a count needs besides ballot and box: the hall of each voter, whose vote another one cast, who is here."""

    halls: Mapping[SeatId, HallId] = field(default_factory=nothing)
    delegated: tuple[Proxy, ...] = ()
    present: tuple[SeatId, ...] = ()
    quorum: bool = True


def hall_voter(hall: HallId) -> SeatId:
    """What a hall is called where it votes itself."""
    return SeatId(HALL_VOTER + hall)


def hall_of(state: State, voter: SeatId) -> HallId:
    if voter.startswith(HALL_VOTER):
        return HallId(voter.removeprefix(HALL_VOTER))
    return state.seats[voter].hall


def voting_halls(state: State) -> Iterable[HallId]:
    """Every hall but the interpreter's, where nobody else sits."""
    seated = {seat.hall for seat in state.seats.values()}
    return (hall for hall in state.halls if hall != state.stage.interpreter or hall in seated)


def voters(state: State, circle: Circle) -> tuple[SeatId, ...]:
    """The electorate of a ballot opened now, sorted."""
    if circle.kind == "each_hall":
        return tuple(sorted(hall_voter(hall) for hall in circle.halls or voting_halls(state)))
    seats: Iterable[SeatId] = (seat.id for seat in state.seats.values() if seat.vote)
    match circle.kind:
        case "halls":
            seats = (seat for seat in seats if state.seats[seat].hall in circle.halls)
        case "seats":
            seats = (seat for seat in seats if seat in circle.seats)
        case "present":
            seats = present(state).intersection(seats)
    return tuple(sorted(seats))


def here(state: State, ballot: Ballot) -> tuple[SeatId, ...]:
    """Those of the electorate who are present, sorted; a hall is where anybody of it is."""
    seats = present(state)
    halls = {hall_voter(state.seats[seat].hall) for seat in seats if seat in state.seats}
    return tuple(sorted((seats | halls) & ballot.electorate))


def standing(state: State, ballot: Ballot, box: BoxCount, quorum: bool) -> Standing:
    return Standing(
        halls={voter: hall_of(state, voter) for voter in ballot.electorate} if ballot.secrecy == "open" else {},
        delegated=delegated(state, ballot, box),
        present=here(state, ballot) if ballot.rule.base == "present" else (),
        quorum=quorum,
    )


def key_of(seat: SeatId, ballot: BallotId | None) -> str:
    """What state.proxies knows it by."""
    return seat if ballot is None else f"{ballot}/{seat}"


def proxy_of(state: State, ballot: Ballot | None, seat: SeatId) -> SeatId | None:
    """Whom this seat lets vote for it: on this ballot if it said so, else at all."""
    own = None if ballot is None else state.proxies.get(key_of(seat, ballot.id))
    proxy = own or state.proxies.get(seat)
    return None if proxy is None else proxy.to


def chain(state: State, ballot: Ballot | None, seat: SeatId) -> list[SeatId]:
    """Whom a vote goes to in turn, the nearest first; ends where it would come back."""
    found: list[SeatId] = []
    at = proxy_of(state, ballot, seat)
    while at is not None and at != seat and at not in found:
        found.append(at)
        at = proxy_of(state, ballot, at)
    return found


def delegated(state: State, ballot: Ballot, box: BoxCount) -> tuple[Proxy, ...]:
    """Seats that did not vote, each with the first of its chain that did. Whoever votes by hand is left out.

    Nobody votes for more than the rule lets him, also where a laxer one was in force when they asked him to.
    """
    if not ballot.rule.delegations:
        return ()
    voted = {seat for seat, _ in box.pairs}
    found: list[Proxy] = []
    held: Counter[SeatId] = Counter()
    for seat in sorted(ballot.electorate - voted):
        if ballot.channels.get(seat) == HAND:
            continue
        to = next((one for one in chain(state, ballot, seat) if one in voted), None)
        if to is not None and held[to] < ballot.rule.delegations:
            held[to] += 1
            found.append(Proxy(seat, to, ballot.id))
    return tuple(found)


def counted_hands(ballot: Ballot) -> list[HandCount]:
    """The hand-counts that enter the result, by hall."""
    hands = (ballot.hands[hall] for hall in sorted(ballot.hands))
    return [hand for hand in hands if hand.confirmed or not ballot.rule.witness_confirms]


def waiting_hands(ballot: Ballot) -> list[LeftOut]:
    """The hand-counts that would be left out if this open ballot closed now, by hall."""
    if not ballot.rule.witness_confirms:
        return []
    hands = (ballot.hands[hall] for hall in sorted(ballot.hands))
    return [LeftOut(hand.hall, hand.cast, hand.hall in ballot.confirmed) for hand in hands if not hand.confirmed]


def with_confirmed(ballot: Ballot, halls: Iterable[HallId]) -> Ballot:
    """With what the witnesses of these halls confirmed in the place of a later count that waits for them."""
    kept = {hall: ballot.confirmed[hall] for hall in halls}
    return replace(ballot, hands={**ballot.hands, **kept}) if kept else ballot


def hands_so_far(ballot: Ballot) -> int:
    """People whose hands would enter the result if this open ballot closed now, 0 or more."""
    earlier = [one.hall for one in waiting_hands(ballot) if one.earlier]
    return sum(hand.cast for hand in counted_hands(with_confirmed(ballot, earlier)))


def votes_of(ballot: Ballot, box: BoxCount, standing: Standing) -> list[Weighed]:
    """Every vote of the box with its weight, and once more for each seat that let another one vote for it."""
    if ballot.secrecy == "secret":
        return [Weighed(ONE, choices) for choices in box.choices]
    chosen = dict(box.pairs)
    cast = [*box.pairs, *((proxy.seat, chosen[proxy.to]) for proxy in standing.delegated)]
    weight = weighing(ballot, [SeatId(seat) for seat, _ in cast], standing)
    return [Weighed(weight(SeatId(seat)), choices) for seat, choices in cast]


def weighing(ballot: Ballot, cast: Iterable[SeatId], standing: Standing) -> Callable[[SeatId], Fraction]:
    """The weight of a voter under the ballot's rule. cast: the seats voting, hands not among them."""
    match ballot.rule.weights:
        case "hall_voting" | "hall_electorate":
            sizes = hall_sizes(ballot, cast, standing)
            return lambda seat: Fraction(1, sizes[standing.halls[seat]])
        case "given":
            given = {one.seat: Fraction(one.weight) for one in ballot.rule.given}
            return lambda seat: given.get(seat, ONE)
        case _:
            return lambda seat: ONE


def hall_sizes(ballot: Ballot, cast: Iterable[SeatId], standing: Standing) -> Counter[HallId]:
    """By how many the one weight of each hall is divided."""
    if ballot.rule.weights == "hall_electorate":
        return Counter(standing.halls[seat] for seat in ballot.electorate)
    sizes = Counter(standing.halls[seat] for seat in cast)
    for hand in counted_hands(ballot):
        sizes[hand.hall] += hand.cast
    return sizes


def hand_weight(ballot: Ballot, hall: HallId, cast: Iterable[SeatId], standing: Standing) -> Fraction:
    """What each hand of this hall weighs."""
    if ballot.rule.weights in ("hall_voting", "hall_electorate"):
        return Fraction(1, hall_sizes(ballot, cast, standing)[hall] or 1)
    return ONE


def weight_of_all(ballot: Ballot, seats: Iterable[SeatId], standing: Standing) -> Fraction:
    """What these voters would weigh together if all of them voted."""
    members = list(seats)
    if ballot.rule.weights == "hall_voting":
        return Fraction(len({standing.halls[seat] for seat in members}))
    weight = weighing(ballot, members, standing)
    return sum((weight(seat) for seat in members), Fraction(0))
