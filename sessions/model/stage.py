"""What the screens show, as a value."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import BallotId, HallId, ProposalId


@dataclass(frozen=True, slots=True)
class Stage:
    """What the screens show: scene is wall, stage, board, ballot, result, slides, agenda or join.

    interpreter: the hall whose picture is that of the sign language interpreter, beside whatever the scene shows.
    """

    scene: str = "wall"
    spotlight: HallId | None = None
    focus: ProposalId | None = None
    ballot: BallotId | None = None
    interpreter: HallId | None = None
