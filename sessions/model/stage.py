"""What the screens show, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import BallotId, HallId, ProposalId


@dataclass(frozen=True, slots=True)
class Stage:
    """What the screens show: scene is wall, stage, board, ballot, result or slides."""

    scene: str = "wall"
    spotlight: HallId | None = None
    focus: ProposalId | None = None
    ballot: BallotId | None = None
