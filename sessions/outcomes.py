"""What was decided of proposals and why, as anybody may read it: without names, addresses or what else is private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

from sessions.ids import HallId
from sessions.kind import Fields
from sessions.model.board import Proposal
from sessions.state import State
from sessions.statuses import WITHDRAWN


def outcomes(state: State, hall: HallId | None = None) -> Iterator[Fields]:
    """Of this hall or of all, those that somebody has decided on; what was withdrawn is its owner's affair."""
    for card in state.board.proposals.values():
        if (
            card.status != WITHDRAWN
            and hall in (None, card.hall)
            and (card.reason or card.reason_code or card.decisions)
        ):
            yield outcome(card)


def outcome(card: Proposal) -> Fields:
    """decisions: level by level, oldest first. agency: in charge in the end."""
    return {
        "proposal": card.id,
        "status": card.status,
        "reason_code": card.reason_code,
        "reason": card.reason,
        "agency": card.desk.final or card.content.agency,
        "decisions": [asdict(decision) for decision in card.decisions],
    }
