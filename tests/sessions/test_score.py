"""The arithmetic of scoring, against the statistics module and plain counting."""

from __future__ import annotations

import statistics
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.model.board import Proposal
from sessions.model.content import Content, Plan
from sessions.model.scoring import CriteriaSet, Criterion, Mark, Outcome, Sheet
from sessions.presets.criteria import PRESETS
from sessions.ranking import ranked, require_tie, settled
from sessions.score import automatic_marks, outcome, rounded, rounded_root, total
from sessions.settings import invalid

CARD = Proposal(ProposalId("a"), HallId("pejuang"), Content("Jalan"), "DISCUSSED", 1)
DEFAULT = PRESETS["default"].criteria


def half_up(value: Decimal, decimals: int) -> int:
    return int(value.scaleb(decimals).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def sheet(criteria: CriteriaSet, *values: int) -> Sheet:
    pairs = zip(criteria.criteria, values, strict=True)
    return Sheet(tuple(Mark(criterion.key, value) for criterion, value in pairs))


PROFILES = st.lists(st.lists(st.integers(1, 5), min_size=5, max_size=5), min_size=1, max_size=40)
WEIGHTS = st.lists(st.integers(1, 100), min_size=5, max_size=5)


@settings(max_examples=300, deadline=None)
@examples(PROFILES, WEIGHTS, st.integers(0, 4))
def test_mean_spread_and_deviation_are_those_of_the_statistics_module(
    profiles: list[list[int]], weights: list[int], decimals: int
) -> None:
    weighed = tuple(replace(one, weight=weight) for one, weight in zip(DEFAULT.criteria, weights, strict=True))
    criteria = replace(DEFAULT, criteria=weighed)
    found = outcome(criteria, CARD, [sheet(criteria, *values) for values in profiles], decimals)
    with localcontext() as context:
        context.prec = 60
        exact = [
            Fraction(sum(weight * value for weight, value in zip(weights, values, strict=True)), sum(weights))
            for values in profiles
        ]
        middle = statistics.mean(exact)
        assert found.score == half_up(Decimal(middle.numerator) / Decimal(middle.denominator), decimals)
        deviation = statistics.pvariance(exact)
        root = (Decimal(deviation.numerator) / Decimal(deviation.denominator)).sqrt()
        assert found.deviation == half_up(root, decimals)
    assert (found.least, found.most) == (rounded(min(exact), decimals), rounded(max(exact), decimals))
    assert found.scorers == len(profiles)
    columns = list(zip(*profiles, strict=True))
    assert [detail.mean for detail in found.details] == [
        rounded(statistics.mean([Fraction(value) for value in column]), decimals) for column in columns
    ]


@settings(max_examples=300)
@examples(st.fractions(0, 10_000), st.integers(0, 4))
def test_rounding_is_half_up_and_exact(value: Fraction, decimals: int) -> None:
    unit = Fraction(1, 10**decimals)
    assert -unit / 2 < rounded(value, decimals) * unit - value <= unit / 2
    root = rounded_root(value, decimals)
    assert (root * unit - unit / 2) ** 2 <= value or root == 0
    assert value < (root * unit + unit / 2) ** 2


def test_a_half_is_rounded_up() -> None:
    assert [rounded(Fraction(n, 200), 2) for n in (1, 3, 5)] == [1, 2, 3]
    assert rounded_root(Fraction(25, 4), 0) == 3, "√6.25 is 2.5"


def test_the_default_set_weighs_its_criteria() -> None:
    assert [one.weight for one in DEFAULT.criteria] == [30, 25, 15, 15, 15]
    found = outcome(DEFAULT, CARD, [sheet(DEFAULT, 5, 4, 3, 2, 1), sheet(DEFAULT, 5, 5, 5, 5, 5)], 2)
    assert (found.score, found.least, found.most, found.deviation) == (420, 340, 500, 80)
    assert [detail.mean for detail in found.details] == [500, 450, 400, 350, 300]


def test_yalimo_is_the_mean_of_three() -> None:
    yalimo = PRESETS["yalimo"].criteria
    assert outcome(yalimo, CARD, [sheet(yalimo, 4, 3, 3)], 2).score == 333
    assert {(one.least, one.most, one.weight) for one in yalimo.criteria} == {(1, 4, 1)}


@pytest.mark.parametrize(
    ("rank", "council", "plan", "papers", "points"),
    [(3, 2, 1, 2, 12), (3, 0, 1, 2, 8), (3, 2, 1, 1, 6), (0, 0, 0, 2, 0)],
)
def test_bolmong_adds_points_and_doubles_them_for_complete_papers(
    rank: int, council: int, plan: int, papers: int, points: int
) -> None:
    bolmong = PRESETS["bolmong"].criteria
    marks = {"kecamatan_rank": rank, "council": council, "agency_plan": plan, "papers": papers}
    assert total(bolmong, marks) == points and bolmong.pass_mark == 8


@pytest.mark.parametrize(
    ("field", "households", "mark"),
    [
        *(("INFRASTRUKTUR", n, m) for n, m in ((0, 1), (9, 1), (10, 2), (20, 2), (21, 3))),
        *(("INFRASTRUKTUR", n, m) for n, m in ((30, 3), (31, 4), (40, 4), (41, 5))),
        *(("EKONOMI", n, m) for n, m in ((19, 1), (20, 2), (40, 2), (41, 3), (60, 3), (61, 4), (80, 4), (81, 5))),
        (None, 81, 5),
        ("PERTANIAN", 30, 2),
    ],
)  # fmt: skip
def test_asahan_scores_benefit_by_households_and_field(field: str | None, households: int, mark: int) -> None:
    card = replace(CARD, content=Content("Jalan", households=households, plan=Plan(field=field)))
    assert automatic_marks(PRESETS["asahan"].criteria, card) == {"benefit": mark}


def test_what_follows_from_the_proposal_counts_as_it_is_when_scoring_closes() -> None:
    asahan = PRESETS["asahan"].criteria
    card = replace(CARD, content=Content("Jalan", households=81))
    assert outcome(asahan, card, [sheet(asahan, 1, 3)], 2).score == 400
    assert outcome(asahan, CARD, [sheet(asahan, 1, 3)], 2).score == 200, "nobody entered a number: the mark by hand"


def test_a_set_that_is_all_automatic_needs_no_scorer() -> None:
    asahan = PRESETS["asahan"].criteria
    alone = replace(asahan, criteria=asahan.criteria[:1])
    card = replace(CARD, content=Content("Jalan", households=81))
    found = outcome(alone, card, [], 2)
    assert (found.score, found.scorers) == (500, 0)
    assert outcome(asahan, card, [], 2) == Outcome(CARD.id, None, None, 0)


def scores(*values: int | None) -> list[Outcome]:
    return [Outcome(ProposalId(f"p{place}"), value, None, 1) for place, value in enumerate(values)]


def placed(outcomes: tuple[Outcome, ...]) -> list[tuple[str, int | None, bool]]:
    return [(one.proposal, one.rank, one.tied) for one in outcomes]


def test_equal_scores_share_a_rank_and_are_marked() -> None:
    assert placed(ranked(scores(300, None, 400, 300, 100), ties_to_forum=True)) == [
        ("p2", 1, False), ("p0", 2, True), ("p3", 2, True), ("p4", 4, False), ("p1", None, False),
    ]  # fmt: skip
    assert placed(ranked(scores(300, None, 400, 300), ties_to_forum=False)) == [
        ("p2", 1, False), ("p0", 2, False), ("p3", 3, False), ("p1", None, False),
    ]  # fmt: skip


@settings(max_examples=200)
@examples(st.lists(st.none() | st.integers(0, 5), max_size=12), st.randoms())
def test_ranks_are_one_more_than_how_many_are_ahead(values: list[int | None], dice: object) -> None:
    result = ranked(scores(*values), ties_to_forum=True)
    known = [value for value in values if value is not None]
    for one in result:
        if one.score is None:
            assert one.rank is None and not one.tied
        else:
            assert one.rank == 1 + sum(value > one.score for value in known)
            assert one.tied == (known.count(one.score) > 1)
    assert sorted(one.proposal for one in result) == sorted(f"p{place}" for place in range(len(values)))


def test_a_tie_is_settled_into_an_order_of_its_own() -> None:
    result = settled(ranked(scores(300, 400, 300, 300, 100), True), [ProposalId(name) for name in ("p3", "p0", "p2")])
    assert placed(result) == [
        ("p1", 1, False), ("p3", 2, False), ("p0", 3, False), ("p2", 4, False), ("p4", 5, False),
    ]  # fmt: skip
    again = settled(result, [ProposalId(name) for name in ("p0", "p2", "p3")])
    assert [one.proposal for one in again] == ["p1", "p0", "p2", "p3", "p4"]


@pytest.mark.parametrize(
    "proposals", [["p0"], ["p1"], ["p0", "p1"], ["p0", "p2"], ["p4", "p5"], ["q"], ["p0", "p2", "p3", "p1"]]
)
def test_only_a_whole_tie_can_be_settled(proposals: list[str]) -> None:
    result = ranked(scores(300, 400, 300, 300, None, None), True)
    with pytest.raises(Refused) as caught:
        require_tie(result, [ProposalId(name) for name in proposals])
    assert caught.value.code == "not_tied"
    require_tie(result, [ProposalId(name) for name in ("p3", "p0", "p2")])


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_a_set_an_organiser_could_have_written(name: str) -> None:
    criteria = PRESETS[name].criteria
    assert criteria.preset == name and PRESETS[name].source
    assert [invalid(value) for value in (criteria, *criteria.criteria)] == [""] * (1 + len(criteria.criteria))
    assert all(one.name and one.name_en for one in (criteria, *criteria.criteria))


def test_sets_that_do_not_add_up_are_invalid() -> None:
    one, ten = Criterion("a", "A"), Criterion("b", "B", most=10)
    assert invalid(CriteriaSet("x", criteria=(one, one))) == "criteria", "a key twice"
    assert invalid(CriteriaSet("x", criteria=(one, ten))) == "criteria", "a mean over two scales"
    assert invalid(CriteriaSet("x", criteria=(one, ten), method="sum")) == ""
    assert invalid(CriteriaSet("x", criteria=(one, replace(one, key="c", factor=True)))) == "criteria"
    assert invalid(CriteriaSet("x", criteria=(replace(one, factor=True),), method="sum")) == "criteria"
    assert invalid(CriteriaSet("x")) == "criteria"
    assert invalid(replace(one, most=1)) == "most" and invalid(replace(one, step=3)) == "most"
    asahan = PRESETS["asahan"].criteria.criteria[0]
    assert invalid(replace(asahan, most=4)) == "automatic", "five steps on a scale of four"
    assert asahan.automatic is not None
    falling = replace(asahan.automatic, bands=(replace(asahan.automatic.bands[0], bounds=(20, 10)),))
    assert invalid(replace(asahan, automatic=falling)) == "automatic"
