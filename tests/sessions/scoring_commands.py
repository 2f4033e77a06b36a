"""Random commands of funnel and scoring, for property tests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from sessions.permissions import Role
from sessions.state import State

Draw = Callable[[st.SearchStrategy[Any]], Any]
M, D, A, S = Role.MODERATOR, Role.DELEGATE, Role.ADMIN, Role.SYSTEM
REASONS = st.sampled_from(["", "musyawarah"])
LIMITS = st.none() | st.integers(0, 3)


def ceilings(draw: Draw, state: State) -> dict[str, Any]:
    halls = draw(st.sets(st.sampled_from([None, *sorted(state.halls)]), min_size=1, max_size=2))
    amounts = st.none() | st.integers(0, 20)
    return {"ceilings": [{"hall": hall, "amount": draw(amounts)} for hall in halls], "reason": draw(REASONS)}


def funnel_rules(draw: Draw, state: State) -> dict[str, Any]:
    share = {
        "name": "Fisik", "values": ["FISIK"], "of": draw(st.sampled_from(["count", "amount"])),
        "scope": draw(st.sampled_from(["hall", "session"])), "most": {"part": draw(st.integers(1, 4)), "of": 4},
    }  # fmt: skip
    funnel = {
        "main_per_hall": draw(LIMITS), "reserve_per_session": draw(LIMITS), "next_level": draw(LIMITS),
        "reserve_in_ceiling": draw(st.booleans()), "shares": draw(st.sampled_from([[], [share]])),
    }  # fmt: skip
    return {"changes": {"funnel": funnel}, "reason": "musyawarah"}


def opening(draw: Draw, state: State) -> dict[str, Any]:
    return {
        "criteria": draw(st.sampled_from(["yalimo", "yalimo", "asahan"])),
        "proposals": sorted(state.board.proposals)[:3],
        "scorers": sorted(state.seats)[:3],
        "title": draw(st.sampled_from(["", "Skoring"])),
    }


def giving(draw: Draw, state: State) -> dict[str, Any]:
    running = state.scoring.rounds.get(state.scoring.open or "")
    keys = ["condition", "need", "impact"] if running is None else [one.key for one in running.criteria.criteria]
    scores = {key: draw(st.integers(1, 4)) for key in keys}
    return {"proposal": draw(st.sampled_from(sorted(state.board.proposals) or ["nobody"])), "scores": scores}


def known(draw: Draw, state: State) -> str:
    scoring: str = draw(st.sampled_from([*sorted(state.scoring.rounds), *filter(None, [state.scoring.open]), "none"]))
    return scoring


def order(draw: Draw, state: State) -> dict[str, Any]:
    scoring = known(draw, state)
    ended = state.scoring.rounds.get(scoring)
    tied = [] if ended is None else [outcome.proposal for outcome in ended.outcomes if outcome.tied]
    return {"scoring": scoring, "proposals": draw(st.permutations(tied or ["a"])), "reason": "musyawarah"}


SCORING_COMMANDS: dict[str, tuple[tuple[Role, ...], Callable[[Draw, State], dict[str, Any]]]] = {
    "ceilings.set": ((A, M), ceilings),
    "scoring.open": ((M,), opening),
    "score.give": ((D,), giving),
    "scoring.close": ((M, S), lambda draw, state: {"scoring": known(draw, state)}),
    "scoring.void": ((M,), lambda draw, state: {"scoring": known(draw, state), "reason": draw(REASONS)}),
    "scoring.order": ((M,), order),
}
SCORING_POINTS: dict[str, Callable[[State], object]] = {
    "scoring.open": lambda state: state.scoring.open is None and state.board.proposals,
    "score.give": lambda state: state.scoring.open,
    "scoring.close": lambda state: state.scoring.open,
    "scoring.void": lambda state: state.scoring.rounds,
    "scoring.order": lambda state: any(
        outcome.tied for scoring in state.scoring.rounds.values() for outcome in scoring.outcomes
    ),
}
