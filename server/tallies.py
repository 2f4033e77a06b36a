"""The counter of a Desk: what the core leaves to another thread (sessions.counting.Counter)."""

from __future__ import annotations

from sessions.count import pairwise
from sessions.counting import Outcome, Question
from sessions.model.ballot import SCHULZE
from sessions.schulze import schulze
from sessions.shares import equal_shares


def count(question: Question) -> Outcome:
    """Some 0.1 s for thousands of votes on sixty options: called in a thread. The same question, the same answer."""
    if question.method == SCHULZE:
        return Outcome(levels=schulze(question.options, pairwise(question.options, question.votes)))
    bought = equal_shares(question.costs, question.budget, question.votes)
    return Outcome(bought=bought.options, tied=bought.tied)
