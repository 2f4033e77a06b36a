"""A table is a dict whose history stays true."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sessions.model.nothing import put, put_all
from sessions.model.table import Table

Steps = list[tuple[int, int] | dict[int, int]]
ENTRY = st.tuples(st.integers(0, 200), st.integers())
STEPS = st.lists(st.one_of(ENTRY, st.dictionaries(st.integers(0, 200), st.integers(), max_size=60)), max_size=30)


def grown(steps: Steps) -> list[tuple[Table[int, int], dict[int, int]]]:
    """Every state on the way, beside the dict that was built the plain way."""
    table: Table[int, int] = Table({7: 7, 8: 8})
    plain = {7: 7, 8: 8}
    told = [(table, dict(plain))]
    for step in steps:
        entries = step if isinstance(step, dict) else dict([step])
        changed = put_all(table, entries) if isinstance(step, dict) else put(table, *step)
        assert isinstance(changed, Table)
        table, plain = changed, {**plain, **entries}
        told.append((table, dict(plain)))
    return told


@given(STEPS)
def test_it_holds_what_a_dict_would_in_the_same_order_and_older_ones_do_not_change(steps: Steps) -> None:
    for table, plain in grown(steps):
        assert list(table.items()) == list(plain.items())
        assert len(table) == len(plain) and all(key in table for key in plain) and -1 not in table
        assert table == plain and table.get(-1) is None


@given(STEPS, st.data())
def test_the_difference_of_any_two_is_what_a_comparison_of_all_entries_finds(steps: Steps, data: st.DataObject) -> None:
    told = grown(steps)
    before, _ = data.draw(st.sampled_from(told))
    after, _ = data.draw(st.sampled_from(told))
    found = dict(after.changed_from(before))
    assert {key: value for key, value in after.items() if before.get(key) != value}.items() <= found.items()
    assert all(before.get(key) is not value for key, value in found.items())


def test_a_change_shares_the_chunks_it_does_not_touch() -> None:
    table = Table({key: str(key) for key in range(1000)})
    changed = table.put(500, "x")
    assert sum(old is not new for old, new in zip(table._chunks, changed._chunks, strict=True)) == 1
    assert list(changed.changed_from(table)) == [(500, "x")]
