"""How a scoring is shown: criteria and, once closed, results to everybody; who gave what to nobody but themselves."""

from __future__ import annotations

from typing import Any

from sessions.conflict import barred_proposals, is_scorer
from sessions.kind import MODERATOR, Fields
from sessions.model.scoring import CriteriaSet, Outcome, Round, Sheets
from sessions.permissions import Actor
from sessions.score import marks_of
from sessions.settings import plain
from sessions.state import State

SCORERS_LEAST = 3  # with fewer, the spread and the means of criteria tell what one of them gave


def scoring_fields(state: State, scoring: Round, view: str) -> Fields:
    """Scores are numbers with the decimals of the rules: they were rounded to them, so a float shows them exactly."""
    unit: int = 10**scoring.rules.decimals
    return {
        "title": scoring.title,
        "criteria": criteria_fields(scoring.criteria),
        "proposals": list(scoring.proposals),
        "scorers": len(scoring.scorers),
        "agencies": scoring.rules.agencies,
        "own_area": scoring.rules.own_area,
        "state": scoring.state,
        "opened_at": scoring.opened_at,
        "closes_at": scoring.closes_at,
        "closed_at": scoring.closed_at,
        "results": [outcome_fields(outcome, scoring, unit, view) for outcome in scoring.outcomes]
        if scoring.state == "closed"
        else None,
        "settlements": plain(scoring.settlements),
        "reason": scoring.reason,
    }


def criteria_fields(criteria: CriteriaSet) -> Fields:
    fields: Fields = plain(criteria)
    for criterion in fields["criteria"]:
        criterion["automatic"] = None if criterion["automatic"] is None else criterion["automatic"]["by"]
    return fields


def outcome_fields(outcome: Outcome, scoring: Round, unit: int, view: str) -> Fields:
    """Whole for the moderator; others see rank and score alone where few scored it.

    The score decides the order and is read out, so it cannot be kept back; what it is made of can.
    """
    few = outcome.scorers < SCORERS_LEAST and view != MODERATOR

    def shown(value: int | None) -> float | None:
        return None if value is None else value / unit

    mark = scoring.criteria.pass_mark
    return {
        "proposal": outcome.proposal,
        "rank": outcome.rank,
        "score": shown(outcome.score),
        "scorers": outcome.scorers,
        "least": None if few else shown(outcome.least),
        "most": None if few else shown(outcome.most),
        "deviation": None if few else shown(outcome.deviation),
        "tied": outcome.tied,
        "passed": None if mark is None or outcome.score is None else outcome.score >= mark * unit,
        "details": None if few else {detail.criterion: detail.mean / unit for detail in outcome.details},
    }


def progress_fields(state: State, sheets: Sheets, view: str) -> Fields:
    """How many sheets came in; the moderator sees by whom and of what, but no score."""
    given = [len(mine) for mine in sheets.by_scorer.values()]
    fields: Fields = {"given": sum(given), "scorers": len(given)}
    if view != MODERATOR:
        return fields
    by_proposal: dict[str, int] = {}
    for mine in sheets.by_scorer.values():
        for proposal in mine:
            by_proposal[proposal] = by_proposal.get(proposal, 0) + 1
    by_scorer = {scorer: len(mine) for scorer, mine in sheets.by_scorer.items()}
    return {**fields, "by_scorer": by_scorer, "by_proposal": by_proposal}


def own_scoring_changed(before: State, after: State, actor: Actor) -> bool:
    """Whether own_scoring() may differ between these two states; true for everybody when a scoring opens or ends."""
    if before.scoring.open != after.scoring.open:
        return True
    scoring = after.scoring.open
    if scoring is None or before.scoring is after.scoring:
        return False
    old, new = before.scoring.sheets[scoring].by_scorer, after.scoring.sheets[scoring].by_scorer
    return old.get(actor.id) is not new.get(actor.id)


def own_scoring(state: State, actor: Actor) -> dict[str, Any] | None:
    """For `me`: what this scorer gave in the scoring that runs, and what he may not score; None for anybody else."""
    if state.scoring.open is None:
        return None
    scoring = state.scoring.rounds[state.scoring.open]
    if not is_scorer(scoring, actor):
        return None
    mine = state.scoring.sheets[scoring.id].by_scorer.get(actor.id, {})
    return {
        "scoring": scoring.id,
        "barred": barred_proposals(state, scoring, actor),
        "scores": {proposal: marks_of(sheet.marks) for proposal, sheet in mine.items()},
    }
