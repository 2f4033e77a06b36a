"""Group sessions: a plenary splits, each group takes its halls and its part of the board, and its results come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.agenda import PLAN, WORDS, PlannedItem, planned_item
from sessions.columns import STEP, last_rank, placed
from sessions.errors import Refused
from sessions.founding import founding_of
from sessions.ids import HallId, ItemId, PassId, ProposalId, SeatId, SessionId
from sessions.kind import MODERATOR as MODERATORS
from sessions.kind import Fields, Kind
from sessions.lineage import trail_of, with_trails
from sessions.model.board import Proposal
from sessions.model.groups import Group
from sessions.model.nothing import put
from sessions.noun import RUNNING, Act, Moment, Noun, require_phase
from sessions.parcels import SENDERS, carried, require_neighbour, sent
from sessions.permissions import SYSTEM, Actor
from sessions.results import Results, in_order
from sessions.session import OfPlenary
from sessions.shape import ident, list_of, nullable, record, text
from sessions.state import State
from sessions.statuses import COLUMN_OF, COLUMNS, FATES, LEFT, UPWARDS

GROUPS_MOST = 64
SEATS_MOST = 5000


@dataclass(frozen=True, slots=True)
class Planned:
    """A group to be. seats: who goes, empty for everybody of its halls. fields: of its proposals, empty for all."""

    title: str
    halls: tuple[HallId, ...]
    session: SessionId | None = None
    fields: tuple[str, ...] = ()
    seats: tuple[SeatId, ...] = ()
    moderator: PassId | None = None
    agenda: tuple[PlannedItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Split:
    groups: tuple[Planned, ...]


@dataclass(frozen=True, slots=True)
class CallBack:
    """group: None for all that are out."""

    group: SessionId | None = None


@dataclass(frozen=True, slots=True)
class Recall:
    group: SessionId
    reason: str = ""


@dataclass(frozen=True, slots=True)
class GroupSplit:
    group: SessionId
    title: str
    halls: tuple[HallId, ...]
    cards: tuple[ProposalId, ...]
    fields: tuple[str, ...] = ()
    seats: tuple[SeatId, ...] = ()
    moderator: PassId | None = None


@dataclass(frozen=True, slots=True)
class GroupCalled:
    group: SessionId


@dataclass(frozen=True, slots=True)
class GroupJoined:
    """cards: those the group changed or brought in, as they stand here from now on."""

    group: SessionId
    cards: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class GroupRecalled:
    group: SessionId
    reason: str


def decide_split(state: State, command: Split, moment: Moment) -> list[Any]:
    """Each group's session is founded by a parcel; the cards it takes are decided there until it joins again."""
    require_phase(state, *RUNNING)
    if state.session.kind == "group":
        raise Refused("forbidden")
    taken = {proposal for proposal, trail in state.lineage.trails.items() if trail.group is not None}
    named: set[SessionId] = {state.session.id, *state.groups.every}
    busy = Busy(state)
    splits: list[Any] = []
    parcels: list[Any] = []
    for number, planned in enumerate(command.groups, 1):
        group = planned.session or SessionId(f"{moment.fresh}-g{number}")
        if group in named:
            raise Refused("already_exists", session=group)
        if planned.session is not None:  # it may be a stranger's, whom nobody but the secretariat knows
            require_neighbour(state, group, moment.actor)
        named.add(group)
        busy.take(planned)
        cards = tuple(card for card in in_order(state.board.proposals.values()) if belongs(card, planned, taken))
        taken |= {card.id for card in cards}
        ids = tuple(card.id for card in cards)
        splits.append(
            GroupSplit(group, planned.title, planned.halls, ids, planned.fields, planned.seats, planned.moderator)
        )
        founding = founding_of(state, planned.title, planned.halls, planned.seats, with_ids(planned, moment), cards)
        parcels.append(sent(moment, number, group, "session.found", founding))
    return [*splits, *parcels]


class Busy:
    """Who is in a group already; raises as groups are taken that would need somebody twice."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._seats: set[SeatId] = set()
        for group in state.groups.every.values():
            if group.away:
                self._seats |= set(seats_of(state, group.halls, group.seats))

    def take(self, planned: Planned) -> None:
        """Raises unknown_hall, bad_input, unknown_seat, unknown_pass, in_another_group."""
        for hall in planned.halls:
            if hall not in self._state.halls:
                raise Refused("unknown_hall", hall=hall)
        for seat in planned.seats:
            found = self._state.seats.get(seat)
            if found is None or found.hall not in planned.halls:
                raise Refused("unknown_seat", seat=seat)
        if planned.moderator is not None and planned.moderator not in self._state.passes:
            raise Refused("unknown_pass")
        seats = set(seats_of(self._state, planned.halls, planned.seats))
        if both := seats & self._seats:
            raise Refused("in_another_group", seats=sorted(both)[:50])
        self._seats |= seats


def seats_of(state: State, halls: Iterable[HallId], seats: tuple[SeatId, ...]) -> Iterable[SeatId]:
    chosen = set(halls)
    return seats or (seat.id for seat in state.seats.values() if seat.hall in chosen)


def belongs(card: Proposal, planned: Planned, taken: set[ProposalId]) -> bool:
    """Whether the group takes the card along."""
    if card.id in taken or card.status in (*LEFT, *UPWARDS, *FATES) or card.hall not in planned.halls:
        return False
    return not planned.fields or card.content.plan.field in planned.fields


def with_ids(planned: Planned, moment: Moment) -> tuple[PlannedItem, ...]:
    """Items without an id get one, as in a plan of its own."""
    return tuple(
        item if item.item else replace(item, item=ItemId(f"{moment.fresh}-i{place}"))
        for place, item in enumerate(planned.agenda, 1)
    )


def known(state: State, group: SessionId) -> Group:
    found = state.groups.every.get(group)
    if found is None:
        raise Refused("unknown_group", group=group)
    return found


def require_away(group: Group) -> None:
    if not group.away:
        raise Refused("group_is_back", group=group.session, state=group.state)


def decide_call_back(state: State, command: CallBack, moment: Moment) -> list[Any]:
    """Asks the groups to end and hand in; one that runs a ballot refuses, which the parcel shows."""
    if command.group is None:
        chosen = [group for group in state.groups.every.values() if group.state == "out"]
    else:
        chosen = [known(state, command.group)]
        require_away(chosen[0])
    here = OfPlenary(state.session.id)
    parcels = [
        sent(moment, number, group.session, "session.called_back", here) for number, group in enumerate(chosen, 1)
    ]
    return [*(GroupCalled(group.session) for group in chosen if group.state == "out"), *parcels]


def decide_recall(state: State, command: Recall, moment: Moment) -> list[Any]:
    """For a group that never ends: its cards are free again as they were, and what it may still send is refused."""
    group = known(state, command.group)
    require_away(group)
    if not command.reason:
        raise Refused("reason_required")
    here = OfPlenary(state.session.id)
    return [GroupRecalled(group.session, command.reason), sent(moment, 1, group.session, "session.recalled", here)]


def decide_returned(state: State, command: Results, moment: Moment) -> list[Any]:
    """The group's word on its cards; a card it never touched stays exactly as it is."""
    group = known(state, command.group)
    require_away(group)
    ends = {name: last_rank(state.board, name) for name in COLUMNS}
    cards = []
    for card in command.cards:
        known_there = group.cards.get(card.id)
        if known_there == card.version or (known_there is None and card.id in state.board.proposals):
            continue
        column = COLUMN_OF.get(card.status)
        if column is not None:
            ends[column] += STEP
            card = replace(card, rank=ends[column])
        hall = card.hall if card.hall in state.halls else group.halls[0]
        cards.append(replace(card, hall=hall))
    return [GroupJoined(group.session, tuple(cards))]


def apply_split(state: State, event: GroupSplit, at: int) -> State:
    cards = {id_: state.board.proposals[id_].version for id_ in event.cards}
    members = (event.group, event.title, event.halls, event.fields, event.seats, cards, at, event.moderator)
    groups = replace(state.groups, every=put(state.groups.every, event.group, Group(*members)))
    trails = {id_: replace(trail_of(state, id_), group=event.group) for id_ in event.cards}
    return with_trails(replace(state, groups=groups), trails)


def changed(before: State, group: SessionId, **members: Any) -> State:
    every = put(before.groups.every, group, replace(before.groups.every[group], **members))
    return replace(before, groups=replace(before.groups, every=every))


def apply_called(state: State, event: GroupCalled, at: int) -> State:
    return changed(state, event.group, state="called")


def apply_joined(state: State, event: GroupJoined, at: int) -> State:
    board = placed(state.board, *event.cards) if event.cards else state.board
    ids = {*state.groups.every[event.group].cards, *(card.id for card in event.cards)}
    trails = {id_: replace(trail_of(state, id_), group=None, decided_by=event.group) for id_ in sorted(ids)}
    after = changed(replace(state, board=board), event.group, state="joined", ended_at=at)
    return with_trails(after, trails)


def apply_recalled(state: State, event: GroupRecalled, at: int) -> State:
    group = state.groups.every[event.group]
    trails: Mapping[ProposalId, Any] = {id_: replace(trail_of(state, id_), group=None) for id_ in group.cards}
    return with_trails(changed(state, event.group, state="recalled", ended_at=at), trails)


def group_of(state: State, actor: Actor) -> SessionId | None:
    """The group session this seat, hall or appointed moderator belongs to now; a hall that several share has none."""
    away = [group for group in state.groups.every.values() if group.away]
    for group in away:
        if group.moderator is not None and group.moderator == actor.pass_id:
            return group.session
    if actor.seat is not None:
        seat = state.seats.get(actor.seat)
        theirs = [group for group in away if seat is not None and takes(group, seat.hall, seat.id)]
    else:
        theirs = [group for group in away if actor.hall is not None and actor.hall in group.halls]
    return theirs[0].session if len(theirs) == 1 else None


def takes(group: Group, hall: HallId, seat: SeatId) -> bool:
    return seat in group.seats if group.seats else hall in group.halls


def group_fields(state: State, group: Group, view: str) -> Fields:
    fields = {
        "title": group.title,
        "halls": list(group.halls),
        "fields": list(group.fields),
        "seats": len(group.seats),
        "proposals": len(group.cards),
        "state": group.state,
        "at": group.at,
        "ended_at": group.ended_at,
    }
    return {**fields, "moderator": group.moderator} if view == MODERATORS else fields


REASON = text(500)
PLANNED_GROUP = record(
    Planned,
    {"title": text(160, 1), "halls": list_of(ident, 1, 1000)},
    {
        "session": nullable(ident),
        "fields": list_of(text(80, 1), 0, 20),
        "seats": list_of(ident, 0, SEATS_MOST),
        "moderator": nullable(ident),
        "agenda": list_of(record(planned_item, PLAN, {"item": ident, **WORDS}), 0, 100),
    },
)

NOUN = Noun(
    commands={
        "groups.split": Act(record(Split, {"groups": list_of(PLANNED_GROUP, 1, GROUPS_MOST)}), decide_split, SENDERS),
        "groups.join_back": Act(record(CallBack, {}, {"group": nullable(ident)}), decide_call_back, SENDERS),
        "groups.recall": Act(record(Recall, {"group": ident}, {"reason": REASON}), decide_recall, SENDERS),
        "groups.returned": Act(carried(Results), decide_returned, SYSTEM),
    },
    events={
        "group_split": (GroupSplit, apply_split),
        "group_called": (GroupCalled, apply_called),
        "group_joined": (GroupJoined, apply_joined),
        "group_recalled": (GroupRecalled, apply_recalled),
    },
    results={GroupSplit: lambda event: {"group": event.group}},
    kinds=(Kind("group", lambda state: state.groups.every, lambda state: state.groups.every, group_fields),),
)
