"""Proposals on their way: sent up to the next level with their lineage, and carried over from the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sessions.attachments import own_documents, own_photos
from sessions.columns import STEP, last_rank, placed
from sessions.errors import Refused
from sessions.fates import sent_on
from sessions.funnel import all_allowed
from sessions.ids import HallId, ProposalId, SessionId
from sessions.lineage import SENT_UP, TRAIL, require_at_hand, trail_of, with_trails
from sessions.model.board import Document, Photo, Proposal
from sessions.model.content import Content
from sessions.model.funnel import Override
from sessions.model.lineage import Ancestor, HallOf, Trail
from sessions.model.nothing import put_all
from sessions.noun import BEFORE_THE_END, SINCE_OPENING, Act, Moment, Noun, require_phase
from sessions.parcels import SENDERS, carried, require_neighbour, sent
from sessions.permissions import SECRETARIAT, SYSTEM, Actor
from sessions.proposal import REASON, on_board
from sessions.results import in_order
from sessions.shape import ident, list_of, nullable, one_of, record
from sessions.state import State
from sessions.statuses import COLUMN_OF, RANKED, TAKEN_UP

SENT_MOST = 10_000
# What may be brought in again next year: all that was not agreed, and all that was but came to nothing.
CARRIED = ("SUBMITTED", "DISCUSSED", "RESERVE", "NOT_AGREED")
ON_ITS_WAY = ("PRIORITISED", SENT_UP, *TAKEN_UP, "REALISED")


@dataclass(frozen=True, slots=True)
class SendUp:
    proposals: tuple[ProposalId, ...] | None = None
    to: SessionId | None = None
    override: str = ""


@dataclass(frozen=True, slots=True)
class MapHalls:
    halls: tuple[HallOf, ...]


@dataclass(frozen=True, slots=True)
class CarryOver:
    source: SessionId | None = None
    statuses: tuple[str, ...] = CARRIED


@dataclass(frozen=True, slots=True)
class Ascending:
    """photos, documents: files that stay in the store where they are; both cards show them."""

    proposal: ProposalId
    hall: HallId
    content: Content
    ancestors: tuple[Ancestor, ...]
    photos: tuple[Photo, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Ascent:
    """What one session gives another. carried: from last year, else from the level below."""

    origin: SessionId
    territory: str
    rehearsal: bool
    carried: bool
    cards: tuple[Ascending, ...]


@dataclass(frozen=True, slots=True)
class CarryAsked:
    """Another session, of the year after, asks for what came to nothing here."""

    by: SessionId
    rehearsal: bool
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalsSentUp:
    """They keep their place; each counts one version. override: of a limit of the funnel that was gone beyond."""

    proposals: tuple[ProposalId, ...]
    to: SessionId
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ProposalsReceived:
    """All at the end of the SUBMITTED column in this order, the first at `rank`, the others STEP apart."""

    origin: SessionId
    proposals: tuple[Ascending, ...]
    rank: int


@dataclass(frozen=True, slots=True)
class HallsMapped:
    halls: tuple[HallOf, ...]


@dataclass(frozen=True, slots=True)
class CarryGranted:
    by: SessionId
    proposals: tuple[ProposalId, ...]


@dataclass(frozen=True, slots=True)
class CarryRequested:
    source: SessionId


def decide_send_up(state: State, command: SendUp, moment: Moment) -> list[Any]:
    """Without a list, all that were prioritised, in their order."""
    require_phase(state, *SINCE_OPENING)
    to = next_level(state, command.to, moment.actor)
    chosen = command.proposals
    if chosen is None:
        chosen = tuple(card.id for card in in_order(state.board.proposals.values()) if card.status == "PRIORITISED")
    if not chosen:
        raise Refused("nothing_to_send")
    if len(set(chosen)) < len(chosen):
        raise Refused("bad_input", field="proposals")
    cards = [on_board(state, proposal) for proposal in chosen]
    for card in cards:
        require_at_hand(state, card)
        if card.status == SENT_UP or COLUMN_OF[card.status] not in RANKED:
            raise Refused("not_prioritised", proposal=card.id)
    override = all_allowed(state, (replace(card, status=SENT_UP) for card in cards), command.override)
    ascent = ascent_of(state, cards, carried=False)
    parcel = sent(moment, 1, to, "proposals.received", ascent)
    return [ProposalsSentUp(chosen, to, override), parcel, *sent_on(state, moment, chosen)]


def next_level(state: State, to: SessionId | None, actor: Actor) -> SessionId:
    """Raises no_next_level when nobody said which session that is, not_linked when it is none of this actor's."""
    found = to or state.session.feeds
    if found is None:
        raise Refused("no_next_level")
    if found == state.session.id:
        raise Refused("bad_input", field="to")
    require_neighbour(state, found, actor)
    return found


def ascent_of(state: State, cards: Sequence[Proposal], *, carried: bool) -> Ascent:
    session = state.session

    def ascending(card: Proposal) -> Ascending:
        here = Ancestor(session.id, card.id, session.level, session.year, card.status, carried)
        ancestors = (*trail_of(state, card.id).ancestors, here)
        return Ascending(card.id, card.hall, card.content, ancestors, own_photos(card), own_documents(card))

    territory = session.territory_code
    return Ascent(session.id, territory, session.rehearsal, carried, tuple(ascending(card) for card in cards))


def decide_received(state: State, command: Ascent, moment: Moment) -> list[Any]:
    """What came before is not taken twice."""
    require_phase(state, *BEFORE_THE_END)
    if command.rehearsal != state.session.rehearsal:
        raise Refused("rehearsal_differs")
    new = [card for card in command.cards if (command.origin, card.proposal) not in state.lineage.here]
    halls = halls_here(state, command, {card.hall for card in new})
    received = tuple(
        replace(card, proposal=ProposalId(f"{moment.fresh}-{place}"), hall=halls[card.hall])
        for place, card in enumerate(new, 1)
    )
    rank = last_rank(state.board, "SUBMITTED") + STEP
    return [ProposalsReceived(command.origin, received, rank)] if received else []


class Sent(Protocol):
    """What says where it comes from."""

    @property
    def origin(self) -> SessionId: ...
    @property
    def territory(self) -> str: ...
    @property
    def carried(self) -> bool: ...


def halls_here(state: State, sent: Sent, halls: Iterable[HallId]) -> Mapping[HallId, HallId]:
    """The halls here that stand for those of another session. Raises Refused("unknown_territory", halls=…)."""
    found: dict[HallId, HallId] = {}
    strangers = []
    for hall in sorted(halls):
        here = hall_here(state, sent, hall)
        if here is None:
            strangers.append(hall)
        else:
            found[hall] = here
    if strangers:
        raise Refused("unknown_territory", session=sent.origin, halls=strangers[:50])
    return found


def hall_here(state: State, sent: Sent, hall: HallId) -> HallId | None:
    """As was said, else the hall of the session's territory, of the session, or of the same name."""
    for there in (hall, None):
        for one in state.lineage.halls:
            if one.session == sent.origin and one.there == there:
                return one.hall
    names = (hall,) if sent.carried else (sent.territory, sent.origin, hall)
    return next((HallId(name) for name in names if HallId(name) in state.halls), None)


def decide_map(state: State, command: MapHalls, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    for one in command.halls:
        if one.hall not in state.halls:
            raise Refused("unknown_hall", hall=one.hall)
    return [HallsMapped(command.halls)]


def decide_carry_over(state: State, command: CarryOver, moment: Moment) -> list[Any]:
    """Ask the session of the year before; its answer comes as proposals of this one."""
    require_phase(state, *BEFORE_THE_END)
    source = command.source or state.session.previous
    if source is None:
        raise Refused("no_previous_year")
    if source == state.session.id:
        raise Refused("bad_input", field="from")
    require_neighbour(state, source, moment.actor)
    asked = CarryAsked(state.session.id, state.session.rehearsal, command.statuses)
    return [CarryRequested(source), sent(moment, 1, source, "proposals.carry_asked", asked)]


def decide_carry_asked(state: State, command: CarryAsked, moment: Moment) -> list[Any]:
    """Also after sealing: what was agreed here stays as it is."""
    if command.rehearsal != state.session.rehearsal:
        raise Refused("rehearsal_differs")
    cards = [card for card in state.board.proposals.values() if carries(state, card, command.statuses)]
    if not cards:
        raise Refused("nothing_to_send")
    ascent = ascent_of(state, sorted(cards, key=lambda card: (card.hall, card.rank, card.id)), carried=True)
    parcel = sent(moment, 1, command.by, "proposals.received", ascent)
    return [CarryGranted(command.by, tuple(card.proposal for card in ascent.cards)), parcel]


def carries(state: State, card: Proposal, statuses: Sequence[str]) -> bool:
    if card.status != SENT_UP:
        return card.status in statuses
    fates = trail_of(state, card.id).fates
    return bool(fates) and fates[-1].status not in ON_ITS_WAY


def apply_sent_up(state: State, event: ProposalsSentUp, at: int) -> State:
    cards = (state.board.proposals[proposal] for proposal in event.proposals)
    board = placed(state.board, *(replace(card, status=SENT_UP, version=card.version + 1) for card in cards))
    trails = {proposal: replace(trail_of(state, proposal), sent_to=event.to) for proposal in event.proposals}
    return with_trails(replace(state, board=board), trails)


def apply_received(state: State, event: ProposalsReceived, at: int) -> State:
    board = placed(
        state.board,
        *(
            Proposal(
                card.proposal,
                card.hall,
                card.content,
                "SUBMITTED",
                event.rank + place * STEP,
                added_at=at,
                photos=card.photos,
                documents=card.documents,
            )
            for place, card in enumerate(event.proposals)
        ),
    )
    there = {(event.origin, card.ancestors[-1].proposal): card.proposal for card in event.proposals}
    lineage = replace(state.lineage, here=put_all(state.lineage.here, there))
    trails = {card.proposal: Trail(card.ancestors) for card in event.proposals}
    return with_trails(replace(state, board=board, lineage=lineage), trails)


def apply_mapped(state: State, event: HallsMapped, at: int) -> State:
    return replace(state, lineage=replace(state.lineage, halls=event.halls))


def unchanged(state: State, event: Any, at: int) -> State:
    """For the record alone."""
    return state


def hall_of(session: SessionId, hall: HallId, there: HallId | None = None) -> HallOf:
    return HallOf(session, hall, there)


def carry_over(statuses: Iterable[str] = CARRIED, **checked: Any) -> CarryOver:
    return CarryOver(checked.get("from"), tuple(statuses))


HALL_OF = record(hall_of, {"session": ident, "hall": ident}, {"there": nullable(ident)})
SEND_UP = record(
    SendUp,
    {},
    {"proposals": nullable(list_of(ident, 1, SENT_MOST)), "to": nullable(ident), "override": REASON},
)
CARRY = record(carry_over, {}, {"from": nullable(ident), "statuses": list_of(one_of(*CARRIED), 1, len(CARRIED))})

NOUN = Noun(
    commands={
        "proposals.send_up": Act(SEND_UP, decide_send_up, SENDERS),
        "proposals.received": Act(carried(Ascent), decide_received, SYSTEM),
        "halls.map": Act(record(MapHalls, {"halls": list_of(HALL_OF, 0, 1000)}), decide_map, SECRETARIAT),
        "proposals.carry_over": Act(CARRY, decide_carry_over, SENDERS),
        "proposals.carry_asked": Act(carried(CarryAsked), decide_carry_asked, SYSTEM, sealed=True),
    },
    events={
        "proposals_sent_up": (ProposalsSentUp, apply_sent_up),
        "proposals_received": (ProposalsReceived, apply_received),
        "halls_mapped": (HallsMapped, apply_mapped),
        "carry_requested": (CarryRequested, unchanged),
        "carry_granted": (CarryGranted, unchanged),
    },
    results={ProposalsSentUp: lambda event: {"to": event.to, "proposals": len(event.proposals)}},
    kinds=(TRAIL,),
)
