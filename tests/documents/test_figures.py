"""Figures of small groups stay hidden from a reader who can count."""

from __future__ import annotations

from itertools import product

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from server.documents.figures import cover, shown

LEAST = 4
COLUMN = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def possible(column: list[int], least: int) -> list[set[int]]:
    """By trying everything: which values each figure could have for a reader of the printed column and its sum."""
    found = cover([column], least)
    prints = [shown(value, row, found, least) for row, value in enumerate(column)]
    ranges = []
    for text in prints:
        if text.isdigit():
            ranges.append(range(int(text), int(text) + 1))
        elif text.startswith("<"):
            ranges.append(range(least))
        else:  # a large one, hidden for the sake of the others; or any, when no figure is marked as small
            ranges.append(range(least if found.bounded else 0, sum(column) + 1))
    fitting = [values for values in product(*ranges) if sum(values) == sum(column)]
    return [set(values) for values in zip(*fitting, strict=True)]


@settings(max_examples=150, deadline=None)
@examples(COLUMN)
def test_each_small_figure_could_be_any_small_figure(column: list[int]) -> None:
    found = cover([column], LEAST)
    for row, values in enumerate(possible(column, LEAST)):
        if column[row] < LEAST and found.bounded:
            assert set(range(LEAST)) <= values
        elif column[row] < LEAST:
            assert len(values) > 1 or len(column) == 1 or sum(column) == 0


@settings(max_examples=100, deadline=None)
@examples(COLUMN)
def test_no_small_figure_is_ever_printed(column: list[int]) -> None:
    found = cover([column], LEAST)
    for row, value in enumerate(column):
        assert value >= LEAST or not shown(value, row, found, LEAST).isdigit()


def test_large_groups_alone_hide_nothing() -> None:
    found = cover([[9, 12, 30]], 5)
    assert (found.rows, [shown(value, row, found, 5) for row, value in enumerate([9, 12, 30])]) == (
        frozenset(),
        ["9", "12", "30"],
    )


def test_one_small_group_takes_the_next_one_along() -> None:
    found = cover([[3, 9, 30]], 5)
    assert [shown(value, row, found, 5) for row, value in enumerate([3, 9, 30])] == ["< 5", "tidak ditampilkan", "30"]


def test_a_group_small_in_one_column_is_hidden_in_all() -> None:
    found = cover([[9, 12, 40], [2, 12, 40]], 5)
    assert {0} < found.rows
    assert shown(9, 0, found, 5) == "tidak ditampilkan" and shown(2, 0, found, 5) == "< 5"


def test_where_every_group_is_small_and_full_the_mark_would_tell_and_is_not_given() -> None:
    found = cover([[4, 4]], 5)
    assert (found.rows, found.bounded) == (frozenset({0, 1}), False)
    assert shown(4, 0, found, 5) == "tidak ditampilkan"


def test_without_a_threshold_or_without_groups_nothing_is_hidden() -> None:
    assert cover([[0, 1]], 0).rows == frozenset()
    assert cover([[]], 5).rows == cover([], 5).rows == frozenset()
    assert shown(1451, 0, cover([[1451]], 5), 5) == "1.451"
