"""Lineage: which proposals are elsewhere now, where they came from, and what became of them there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.kind import HALL, MODERATOR, PUBLIC, SCREEN, Fields, Kind
from sessions.model.board import Proposal
from sessions.model.lineage import Fate, Trail
from sessions.model.nothing import put_all
from sessions.state import State
from sessions.statuses import FATES

SENT_UP = "SENT_UP"
NO_TRAIL = Trail()


def require_at_hand(state: State, card: Proposal, to: str = "") -> None:
    """Raises with_group or sent_up for a card that is decided elsewhere now; what became of it there may be noted."""
    trail = trail_of(state, card.id)
    if trail.group is not None:
        raise Refused("with_group", proposal=card.id, group=trail.group)
    if trail.sent_to is not None and to not in FATES:
        raise Refused("sent_up", proposal=card.id, to=trail.sent_to)


def trail_of(state: State, proposal: ProposalId) -> Trail:
    return state.lineage.trails.get(proposal, NO_TRAIL)


def with_trails(state: State, trails: Mapping[ProposalId, Trail]) -> State:
    return replace(state, lineage=replace(state.lineage, trails=put_all(state.lineage.trails, trails)))


def fated(trail: Trail, fate: Fate) -> Trail:
    """One fate a session: what it decided last."""
    return replace(trail, fates=(*(one for one in trail.fates if one.session != fate.session), fate))


def trail_fields(state: State, trail: Trail, view: str) -> Fields | None:
    if trail == NO_TRAIL:
        return None
    return {
        "group": trail.group,
        "decided_by": trail.decided_by,
        "ancestors": [asdict(ancestor) for ancestor in trail.ancestors],
        "sent_to": trail.sent_to,
        "fates": [asdict(fate) for fate in trail.fates],
    }


# Phones get a trail with the details of a proposal: 1,451 of them would double what a phone has to fetch.
TRAIL = Kind(
    "trail",
    lambda state: state.lineage.trails,
    lambda state: state.lineage.trails,
    trail_fields,
    (MODERATOR, HALL, SCREEN, PUBLIC),
)
