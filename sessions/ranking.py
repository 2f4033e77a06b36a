"""Scores put in order: equal ones share a rank and stay tied until the forum has put them in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.model.scoring import Outcome


def ranked(outcomes: Sequence[Outcome], ties_to_forum: bool) -> tuple[Outcome, ...]:
    """Highest score first, the unscored last and without a rank; equals keep the order given.

    A rank is one more than how many are ahead: 1, 2, 2, 4. Without ties_to_forum equals are ranked by the order given.
    """
    ordered = sorted(outcomes, key=lambda outcome: -1 if outcome.score is None else outcome.score, reverse=True)
    placed: list[Outcome] = []
    for score, group in groupby(ordered, key=lambda outcome: outcome.score):
        equals, ahead = list(group), len(placed)
        for place, outcome in enumerate(equals):
            if score is None:
                placed.append(outcome)
            elif ties_to_forum:
                placed.append(replace(outcome, rank=ahead + 1, tied=len(equals) > 1))
            else:
                placed.append(replace(outcome, rank=ahead + place + 1))
    return tuple(placed)


def require_tie(outcomes: Sequence[Outcome], proposals: Sequence[ProposalId]) -> None:
    """Raises Refused("not_tied", …) unless these are one whole group of equal scores, settled before or not."""
    scores = {outcome.proposal: outcome.score for outcome in outcomes}
    score = scores.get(proposals[0])
    equals = [proposal for proposal, other in scores.items() if other is not None and other == score]
    if len(equals) < 2 or sorted(equals) != sorted(proposals):
        raise Refused("not_tied", proposals=equals)


def settled(outcomes: Sequence[Outcome], proposals: Sequence[ProposalId]) -> tuple[Outcome, ...]:
    """The same with those equals in this order, each at a rank of its own."""
    known = {outcome.proposal: outcome for outcome in outcomes}
    group = [known[proposal] for proposal in proposals if proposal in known]
    first = min((outcome.rank for outcome in group if outcome.rank is not None), default=1)
    ranks = {outcome.proposal: first + place for place, outcome in enumerate(group)}
    changed = [
        replace(outcome, rank=ranks[outcome.proposal], tied=False) if outcome.proposal in ranks else outcome
        for outcome in outcomes
    ]
    unranked = len(outcomes) + 1
    return tuple(sorted(changed, key=lambda outcome: outcome.rank or unranked))
