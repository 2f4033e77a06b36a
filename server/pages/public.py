"""What anybody may see of a session, gathered once for all pages: from the public view and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.ids import ProposalId
from sessions.kind import PUBLIC, Fields
from sessions.outcomes import outcomes
from sessions.state import State
from sessions.statuses import AGREED as AGREED_STATUSES
from sessions.statuses import COLUMN_OF, MERGED, NEGATIVE
from sessions.view import snapshot

AGREED, RESERVE, NOT, JOINED, OPEN = FATES = ("agreed", "reserve", "not", "merged", "open")


def fate_of(status: str) -> str:
    """Which of the five fates a status is."""
    if status == MERGED:
        return JOINED
    if status in NEGATIVE:
        return NOT
    column = COLUMN_OF.get(status, "")
    if status in AGREED_STATUSES or column == "PRIORITISED":
        return AGREED
    return RESERVE if column == "RESERVE" else OPEN


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as the public view has it. told: what was decided and why, None where nobody decided."""

    id: str
    fields: Fields
    fate: str
    told: Fields | None

    @property
    def title(self) -> str:
        return str(self.fields["title"])

    @property
    def hall(self) -> str:
        return str(self.fields["hall"])


@dataclass(frozen=True, slots=True)
class Public:
    """cards: in the order of halls and, within one, of the board. Other kinds by id, as the snapshot has them."""

    session: str
    fields: Fields
    halls: Mapping[str, Fields]
    cards: Mapping[str, Card]
    ballots: Mapping[str, Fields]
    consensus: Mapping[str, Fields]
    trails: Mapping[str, Fields]
    groups: Mapping[str, Fields]
    crowd: Fields | None
    record: Fields | None

    def of(self, fate: str, cards: Iterable[Card] | None = None) -> list[Card]:
        return [card for card in (self.cards.values() if cards is None else cards) if card.fate == fate]


def parts(state: State) -> tuple[object, ...]:
    """What the pages are made of: while each is the same object, so are they."""
    return (
        state.session,
        state.halls,
        state.board,
        state.ballots,
        state.consensus,
        state.lineage,
        state.groups,
        state.record,
        state.attendance.total,
    )


def public(state: State) -> Public:
    kinds: dict[str, dict[str, Fields]] = {}
    for change in snapshot(state, PUBLIC):
        kinds.setdefault(change["kind"], {})[change["id"]] = change["fields"]

    def kind(name: str) -> dict[str, Fields]:
        return kinds.get(name, {})

    halls = dict(sorted(kind("hall").items(), key=lambda item: (item[1]["order"], item[0])))
    told = {outcome["proposal"]: outcome for outcome in outcomes(state)}
    place = {hall: number for number, hall in enumerate(halls)}
    cards = sorted(
        kind("proposal").items(),
        key=lambda item: (place.get(item[1]["hall"], len(place)), item[1]["status"], item[1]["rank"], item[0]),
    )
    return Public(
        session=state.session.id,
        fields=kind("session").get(state.session.id, {}),
        halls=halls,
        cards={id_: Card(id_, fields, fate_of(fields["status"]), told.get(ProposalId(id_))) for id_, fields in cards},
        ballots=kind("ballot"),
        consensus=kind("consensus"),
        trails=kind("trail"),
        groups=kind("group"),
        crowd=kind("crowd").get("crowd"),
        record=kind("record").get("record"),
    )


def ended(found: Public) -> list[tuple[str, Fields]]:
    """Ballots that have ended, the last one first."""
    return sorted(
        ((id_, ballot) for id_, ballot in found.ballots.items() if ballot["state"] != "open"),
        key=lambda item: -int(item[1]["opened_at"]),
    )


def told_of(card: Card) -> Mapping[str, Any]:
    return card.told or {}
