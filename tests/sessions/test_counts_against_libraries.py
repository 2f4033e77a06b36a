"""Every method counts as independent libraries do, on random profiles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import completion_by_rule_combination, greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule
from schulze_condorcet import schulze_evaluate
from votelib.component.rankscore import Borda
from votelib.convert import ApprovalToSimpleVotes, RankedToPositionalVotes
from votelib.evaluate.cardinal import ScoreVoting
from votelib.evaluate.condorcet import Schulze

from sessions.count import ONE, Weighed, levels_by, pairwise, values
from sessions.model.ballot import Rule
from sessions.schulze import links, schulze, widest_paths
from sessions.shares import Bought, equal_shares, knapsack

OPTIONS = ("a", "b", "c", "d", "e")

approvals = st.lists(st.sets(st.sampled_from(OPTIONS)).map(lambda found: tuple(sorted(found))), max_size=12)
rankings = st.lists(st.lists(st.sampled_from(OPTIONS), unique=True).map(tuple), min_size=1, max_size=12)
full_rankings = st.lists(st.permutations(OPTIONS).map(tuple), min_size=1, max_size=12)
ratings = st.lists(st.dictionaries(st.sampled_from(OPTIONS), st.integers(1, 5)), min_size=1, max_size=12)


def weighed(votes: Sequence[tuple[str, ...]]) -> list[Weighed]:
    return [Weighed(ONE, choices) for choices in votes]


def tallied(votes: Sequence[Any]) -> dict[Any, int]:
    return {vote: list(votes).count(vote) for vote in votes}


@examples(approvals)
def test_approval(votes: list[tuple[str, ...]]) -> None:
    library = ApprovalToSimpleVotes().convert(tallied([frozenset(choices) for choices in votes]))
    assert values(Rule(), OPTIONS, weighed(votes)) == {option: library.get(option, 0) for option in OPTIONS}


@examples(full_rankings)
def test_borda_on_full_rankings(votes: list[tuple[str, ...]]) -> None:
    library = RankedToPositionalVotes(Borda(base=0)).convert(tallied(votes))
    for variant in ("classic", "modified"):
        got = values(Rule("borda", variant=variant), OPTIONS, weighed(votes))
        more = len(votes) if variant == "modified" else 0  # it counts down to one, not to none
        assert got == {option: library.get(option, 0) + more for option in OPTIONS}


@examples(rankings)
def test_borda_on_partial_rankings(votes: list[tuple[str, ...]]) -> None:
    """Borda is what an option beats: each ranked later or not at all. The modified one counts only the ranked."""
    classic = {o: sum(len(OPTIONS) - 1 - vote.index(o) for vote in votes if o in vote) for o in OPTIONS}
    modified = {o: sum(len(vote) - vote.index(o) for vote in votes if o in vote) for o in OPTIONS}
    assert values(Rule("borda", variant="classic"), OPTIONS, weighed(votes)) == classic
    assert values(Rule("borda", variant="modified"), OPTIONS, weighed(votes)) == modified


@examples(ratings)
def test_score(votes: list[dict[str, int]]) -> None:
    rated = [frozenset((option, rating.get(option, 0)) for option in OPTIONS) for rating in votes]
    library = ScoreVoting("sum").evaluate(tallied(rated), 1)
    choices = [tuple(f"{option}:{value}" for option, value in sorted(rating.items())) for rating in votes]
    got = values(Rule("score", scale_most=5), OPTIONS, weighed(choices))
    best = [option for option in OPTIONS if got[option] == max(got.values())]
    assert set(best) == set(library if isinstance(library[0], str) else library[0])


Strength = tuple[int, int]


def beatpaths(votes: list[tuple[str, ...]]) -> dict[tuple[str, str], Strength]:
    """A path is as strong as its weakest link; a link as those for it, and then as few as are against it."""

    def place(vote: tuple[str, ...], option: str) -> int:
        return vote.index(option) if option in vote else len(OPTIONS)

    prefers = {(x, y): sum(place(vote, x) < place(vote, y) for vote in votes) for x in OPTIONS for y in OPTIONS}
    best = {(x, y): (won, -prefers[y, x]) if won > prefers[y, x] else (0, 0) for (x, y), won in prefers.items()}
    for through in OPTIONS:
        for x in OPTIONS:
            for y in OPTIONS:
                if len({x, y, through}) == 3:
                    best[x, y] = max(best[x, y], min(best[x, through], best[through, y]))
    return best


@examples(rankings)
def test_schulze(votes: list[tuple[str, ...]]) -> None:
    levels = schulze(OPTIONS, pairwise(OPTIONS, weighed(votes)))
    if not any(votes):
        assert levels == ()
        return
    strings = [
        ">".join([*vote, *filter(None, ["=".join(option for option in OPTIONS if option not in vote)])])
        for vote in votes
    ]
    assert set(levels[0]) == set(schulze_evaluate(strings, OPTIONS).split(">")[0].split("="))
    best = beatpaths(votes)
    place = {option: number for number, level in enumerate(levels) for option in level}
    assert all(place[x] < place[y] for x, y in best if best[x, y] > best[y, x])
    for number, level in enumerate(levels[1:], 1):
        assert all(any(best[x, y] > best[y, x] for x in levels[number - 1]) for y in level), "no lower than it must be"


@examples(
    st.lists(
        st.tuples(st.sampled_from([Fraction(1), Fraction(1, 3), Fraction(5)]), rankings.map(lambda r: r[0])), min_size=1
    )
)
def test_strongest_paths(votes: list[tuple[Fraction, tuple[str, ...]]]) -> None:
    matrix = links(pairwise(OPTIONS, [Weighed(weight, choices) for weight, choices in votes]))
    numbers = range(len(OPTIONS))
    told = Schulze.widest_paths({(x, y): matrix[x][y] for x in numbers for y in numbers if x != y})
    paths = widest_paths(matrix)
    assert all(paths[x][y] == told.get((x, y), 0) for x in numbers for y in numbers if x != y)


@examples(
    st.lists(st.tuples(st.sampled_from([Fraction(1), Fraction(2, 3), Fraction(0)]), rankings.map(lambda r: r[0])))
)
def test_who_is_ranked_before_whom(votes: list[tuple[Fraction, tuple[str, ...]]]) -> None:
    def before(vote: tuple[str, ...], x: str, y: str) -> bool:
        return x in vote and (y not in vote or vote.index(x) < vote.index(y))

    unit = 3 if any(weight == Fraction(2, 3) for weight, _ in votes) else 1
    told = [
        [sum(weight * unit for weight, vote in votes if before(vote, x, y)) if x != y else 0 for y in OPTIONS]
        for x in OPTIONS
    ]
    assert pairwise(OPTIONS, [Weighed(weight, vote) for weight, vote in votes]) == told


def test_of_links_with_as_many_winning_votes_the_one_with_fewer_losing_votes_is_stronger() -> None:
    """A circle of three to two, but for a before b: three to one."""
    wins = [[0, 3, 2], [1, 0, 3], [3, 2, 0]]
    assert schulze(("a", "b", "c"), wins) == (("a", "c"), ("b",))


def library(costs: dict[str, int], budget: int, votes: list[tuple[str, ...]], order: Sequence[str]) -> set[str]:
    """Equal Shares with cost utilities, then greedily by votes; equals in this order."""
    projects = {option: Project(option, cost) for option, cost in costs.items()}
    instance = Instance(projects.values(), budget_limit=budget)
    profile = ApprovalProfile([ApprovalBallot(projects[option] for option in vote) for vote in votes if vote])
    ties = TieBreakingRule(lambda instance, profile, project: order.index(project.name))
    bought = completion_by_rule_combination(
        instance,
        profile,
        # the greedy rule goes by satisfaction for its cost: with cost as satisfaction that is the number of votes
        [method_of_equal_shares, greedy_utilitarian_welfare],
        [{"sat_class": Cost_Sat, "tie_breaking": ties}] * 2,
    )
    return {project.name for project in bought}


costs_of = st.lists(st.integers(1, 9), min_size=5, max_size=5).map(lambda found: dict(zip(OPTIONS, found, strict=True)))


@settings(max_examples=200, deadline=None)
@examples(costs_of, st.integers(1, 30), approvals)
def test_equal_shares(costs: dict[str, int], budget: int, votes: list[tuple[str, ...]]) -> None:
    if not any(votes):
        assert equal_shares(costs, budget, weighed(votes)) == Bought((), ())
        return
    supported = {option for vote in votes for option in vote}
    bought = equal_shares(costs, budget, weighed(votes))
    outcomes = [library(costs, budget, votes, order) & supported for order in (OPTIONS, OPTIONS[::-1])]
    if not bought.tied:
        assert all(set(bought.options) == outcome for outcome in outcomes)
    else:
        assert all(set(bought.options) <= outcome for outcome in outcomes), "what stands, stands however ties fall"


@examples(costs_of, st.integers(1, 30), approvals, st.integers(2, 7))
def test_weights_of_equal_shares_are_as_many_voters(
    costs: dict[str, int], budget: int, votes: list[tuple[str, ...]], times: int
) -> None:
    heavy = [
        Weighed(Fraction(times, 3), vote) if place == 0 else Weighed(Fraction(1, 3), vote)
        for place, vote in enumerate(votes)
    ]
    many = [*([Weighed(ONE, votes[0])] * times if votes else []), *weighed(votes[1:])]
    assert equal_shares(costs, budget, heavy) == equal_shares(costs, budget, many)


@settings(deadline=None)
@examples(costs_of, st.integers(1, 30), approvals)
def test_knapsack(costs: dict[str, int], budget: int, votes: list[tuple[str, ...]]) -> None:
    got = values(Rule(), OPTIONS, weighed(votes))
    bought = knapsack(costs, budget, got)
    projects = {option: Project(option, cost) for option, cost in costs.items()}
    instance = Instance([projects[option] for option in OPTIONS if got[option]], budget_limit=budget)
    profile = ApprovalProfile([ApprovalBallot(projects[option] for option in vote) for vote in votes])
    for order in (OPTIONS, OPTIONS[::-1]):
        ties = TieBreakingRule(lambda instance, profile, project, order=order: order.index(project.name))
        found = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat, tie_breaking=ties)
        outcome = {project.name for project in found}
        assert set(bought.options) <= outcome and (bought.tied or set(bought.options) == outcome)


def test_a_tie_that_matters_is_reported_and_one_that_does_not_is_not() -> None:
    equal = [Weighed(ONE, ("a",)), Weighed(ONE, ("b",))]
    assert knapsack({"a": 5, "b": 5}, 5, {"a": ONE, "b": ONE}) == Bought((), ("a", "b"))
    assert knapsack({"a": 5, "b": 5}, 10, {"a": ONE, "b": ONE}) == Bought(("a", "b"), ())
    assert equal_shares({"a": 5, "b": 5}, 6, equal) == Bought((), ("a", "b"))
    assert equal_shares({"a": 3, "b": 3}, 6, equal) == Bought(("a", "b"), ())


def test_a_vote_that_weighs_nothing_buys_nothing() -> None:
    votes = [Weighed(ONE, ("a",)), Weighed(Fraction(0), ("b",))]
    assert equal_shares({"a": 3, "b": 3}, 6, votes) == Bought(("a",), ())


@pytest.mark.parametrize("got", [{"a": 3, "b": 1, "c": 3, "d": 0}])
def test_levels_are_equals_the_best_first_without_those_that_got_nothing(got: dict[str, int]) -> None:
    assert levels_by({option: Fraction(value) for option, value in got.items()}) == (("a", "c"), ("b",))
