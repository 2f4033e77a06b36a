"""Every event has its place in the record: a line, a part it changes, or none, which then holds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions import dispatch
from sessions.minutes import Fold, digest
from sessions.minutes_events import APPROVING, LINES, PARTS, SILENT, UNTIL_CLOSED, tells
from sessions.record import SECTIONS
from tests.sessions.commands import history
from tests.sessions.given import SESSION


def test_every_event_has_exactly_one_place() -> None:
    undecided = set(dispatch.EVENTS) - LINES - set(PARTS) - SILENT
    assert not undecided, f"say in sessions/minutes_events.py what these do to the record: {sorted(undecided)}"
    assert LINES | set(PARTS) | SILENT == set(dispatch.EVENTS), "of an event that is no more"
    assert not (SILENT & LINES or SILENT & set(PARTS) or LINES & set(PARTS))


def test_parts_are_those_a_correction_can_name() -> None:
    assert {*PARTS.values(), "considerations"} <= set(SECTIONS)
    assert (APPROVING | UNTIL_CLOSED) <= LINES | set(PARTS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_what_is_silent_changes_nothing_that_a_forum_approves(data: st.DataObject) -> None:
    """A turn that lasts grows with time alone, so those moments are left out."""
    fold = Fold(SESSION)
    known = digest(fold.minutes())
    for _, event in history(data.draw, steps=40):
        if event is None:
            continue
        before, speaking = fold.state, fold.state.floor.holder is not None
        fold.feed([event])
        now = digest(fold.minutes())
        if not tells(event.type, before.session.phase) and not speaking:
            assert now == known, event
        known = now
