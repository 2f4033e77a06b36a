"""How the agenda's real times stand to its plan: when each item was meant to begin, and how late the session runs."""

from __future__ import annotations

from itertools import accumulate

from sessions.agenda import place_of
from sessions.model.agenda import AgendaItem
from sessions.state import State

MINUTE_MS = 60_000


def real_ms(item: AgendaItem, now: int) -> int:
    """For how long the item has been treated, all its turns together, without recesses."""
    return item.spent_ms + (0 if item.since is None else max(0, now - item.since))


def planned_ms(item: AgendaItem) -> int:
    return item.minutes * MINUTE_MS


def planned_starts(state: State) -> tuple[int | None, ...]:
    """When each item was to begin, counted from the opening by planned minutes alone; None before the opening."""
    opened = state.session.opened_at
    if opened is None:
        return (None,) * len(state.agenda)
    return tuple(opened + before for before in accumulate(map(planned_ms, state.agenda[:-1]), initial=0))[
        : len(state.agenda)
    ]


def remaining_ms(state: State, now: int) -> int:
    """What is planned still: the rest of the item that is now, none when it has overrun, and all items after it.

    An item left out before it does not count; should it be treated after all, the session is that much later.
    """
    if state.session.closed_at is not None:
        return 0
    place = place_of(state)
    rest = (max(0, planned_ms(item) - real_ms(item, now)) for item in state.agenda if item.state == "now")
    return sum(rest) + sum(planned_ms(item) for item in state.agenda if item.state == "todo" and item.order > place)


def drift_ms(state: State, now: int) -> int:
    """By how much the session will end later than planned from its opening, or earlier when negative.

    A recess makes it later, by the clock of those who wait, although it is no item's time. 0 before the opening.
    """
    session = state.session
    if session.opened_at is None:
        return 0
    ends = (now if session.closed_at is None else session.closed_at) + remaining_ms(state, now)
    return ends - session.opened_at - sum(map(planned_ms, state.agenda))
