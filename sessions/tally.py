"""Counting a closed box: votes an option, who is elected, which tie goes back to the forum, and the Merkle root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from sessions.choices import is_blank
from sessions.count import exact, fill, levels_by, support, values
from sessions.counting import Outcome, Question
from sessions.electorate import Standing, counted_hands, hand_weight, votes_of, weight_of_all
from sessions.ids import SeatId
from sessions.journal import BoxCount
from sessions.majority import verdict
from sessions.model.ballot import (
    ABSTAIN,
    BORDA,
    BUDGETED,
    EQUAL_SHARES,
    KNAPSACK,
    PLAIN,
    SCHULZE,
    YES_NO,
    Ballot,
    Count,
    LeftOut,
    Result,
    Verdict,
)
from sessions.published import leaves, merkle_root
from sessions.shares import Bought, knapsack

ALONE = Standing()
ASKED = (SCHULZE, EQUAL_SHARES)


def tally(ballot: Ballot, box: BoxCount, standing: Standing = ALONE, outcome: Outcome | None = None) -> Result:
    """The result of this box under the ballot's rule; a vote without choices is blank and counts as cast.

    outcome: the answer to sessions.counting.question() where that asked one.
    """
    figures = Figures.of(ballot, box, standing)
    options = [option.id for option in ballot.options]
    elected, tied, levels, spent = chosen(ballot, figures, outcome)
    held = verdict(ballot.rule, figures.got, figures.base(ballot, standing))
    if held is not None:
        elected = tuple(option for option in elected if option in held.reached)
        tied = tuple(option for option in tied if option in held.reached)
    invalid = invalidity(ballot, standing, held, elected, tied)
    plain = ballot.rule.method in PLAIN and ballot.rule.weights == "none"
    return Result(
        counts=tuple(
            Count(option, figures.heads[option], "" if plain else exact(figures.got[option])) for option in options
        ),
        cast=figures.cast,
        blank=figures.blank,
        electorate=len(ballot.electorate),
        elected=() if invalid else elected,
        tied=() if invalid else tied,
        root=merkle_root(leaves(ballot, box)),
        invalid=invalid,
        verdict=held,
        levels=levels,
        spent=spent,
        hand=sum(hand.cast for hand in counted_hands(ballot)),
        delegated=len(standing.delegated),
    )


def invalidity(
    ballot: Ballot, standing: Standing, held: Verdict | None, elected: tuple[str, ...], tied: tuple[str, ...]
) -> str:
    """Why the result binds nobody; empty when it does."""
    if ballot.rule.quorum and not standing.quorum:
        return "no_quorum"
    return "no_majority" if held is not None and not elected and not tied else ""


@dataclass(frozen=True, slots=True)
class Figures:
    """heads: votes an option, unweighed. got: what decides. cast_weight, blank_weight: of all votes, of the blank."""

    heads: Mapping[str, int]
    got: Mapping[str, Fraction]
    cast: int
    blank: int
    cast_weight: Fraction
    blank_weight: Fraction

    @staticmethod
    def of(ballot: Ballot, box: BoxCount, standing: Standing) -> Figures:
        options = [option.id for option in ballot.options]
        votes = votes_of(ballot, box, standing)
        blanks = [vote for vote in votes if is_blank(ballot, vote.choices)]
        heads = dict(support(ballot.rule, options, votes))
        got = dict(values(ballot.rule, options, votes))
        cast, blank = len(votes), len(blanks)
        cast_weight = sum((vote.weight for vote in votes), Fraction(0))
        blank_weight = sum((vote.weight for vote in blanks), Fraction(0))
        seats = [SeatId(seat) for seat, _ in box.pairs] + [proxy.seat for proxy in standing.delegated]
        for hand in counted_hands(ballot):
            weight = hand_weight(ballot, hand.hall, seats, standing)
            cast, cast_weight = cast + hand.cast, cast_weight + weight * hand.cast
            blank, blank_weight = blank + hand.blank, blank_weight + weight * hand.blank
            for count in hand.counts:
                if is_blank(ballot, (count.option,)):
                    blank, blank_weight = blank + count.votes, blank_weight + weight * count.votes
                heads[count.option] += count.votes
                got[count.option] += weight * count.votes
        return Figures(heads, got, cast, blank, cast_weight, blank_weight)

    def base(self, ballot: Ballot, standing: Standing) -> Fraction:
        """What a majority is a share of."""
        match ballot.rule.base:
            case "cast":
                return self.cast_weight
            case "valid":
                return self.cast_weight - self.blank_weight
            case "present":
                return weight_of_all(ballot, standing.present, standing)
            case _:
                return weight_of_all(ballot, ballot.electorate, standing)


Chosen = tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, ...], ...], int | None]


def chosen(ballot: Ballot, figures: Figures, outcome: Outcome | None) -> Chosen:
    """elected, tied, levels, spent, before any majority is asked for."""
    rule = ballot.rule
    if rule.method == YES_NO:
        yes_no = {option: value for option, value in figures.got.items() if option != ABSTAIN}
        return *fill(levels_by(yes_no), 1), (), None
    if rule.method == SCHULZE:
        assert outcome is not None, "a Schulze ballot is tallied with the answer of the counter"
        return *fill(outcome.levels, ballot.places), outcome.levels, None
    if rule.method in BUDGETED:
        done = bought(ballot, figures, outcome)
        return (
            done.options,
            done.tied,
            (),
            sum(option.cost or 0 for option in ballot.options if option.id in done.options),
        )
    levels = levels_by(figures.got)
    return *fill(levels, ballot.places), levels if rule.method == BORDA else (), None


def question(ballot: Ballot, box: BoxCount, standing: Standing) -> Question | None:
    """What to ask before this ballot can be tallied; None where the core counts itself."""
    rule = ballot.rule
    if rule.method not in ASKED:
        return None
    return Question(
        rule.method,
        tuple(option.id for option in ballot.options),
        tuple(votes_of(ballot, box, standing)),
        {option.id: option.cost or 0 for option in ballot.options},
        rule.budget or 0,
    )


def bought(ballot: Ballot, figures: Figures, outcome: Outcome | None) -> Bought:
    if ballot.rule.method == KNAPSACK:
        costs = {option.id: option.cost or 0 for option in ballot.options}
        return knapsack(costs, ballot.rule.budget or 0, figures.got)
    assert outcome is not None, "a ballot of equal shares is tallied with the answer of the counter"
    return Bought(outcome.bought, outcome.tied)


def result_json(result: Result | None) -> dict[str, Any] | None:
    """A result as docs/protocol.md §4 writes it; what only some methods have is left out where it says nothing."""
    if result is None:
        return None
    more = {
        "invalid": result.invalid,
        "verdict": None if result.verdict is None else {**asdict(result.verdict), "reached": [*result.verdict.reached]},
        "levels": [list(level) for level in result.levels],
        "spent": result.spent,
        "hand": result.hand,
        "delegated": result.delegated,
        "left_out": [left_out_json(one) for one in result.left_out],
    }
    return {
        "counts": [count_json(count) for count in result.counts],
        "cast": result.cast,
        "blank": result.blank,
        "electorate": result.electorate,
        "elected": list(result.elected),
        "tied": list(result.tied),
        "root": result.root,
        **{name: value for name, value in more.items() if value or (name == "spent" and value is not None)},
    }


def left_out_json(left: LeftOut) -> dict[str, Any]:
    plain = {"hall": left.hall, "cast": left.cast}
    return {**plain, "earlier": True} if left.earlier else plain


def count_json(count: Count) -> dict[str, Any]:
    plain = {"option": count.option, "votes": count.votes}
    return {**plain, "value": count.value} if count.value else plain
