"""Who had the floor, and for how long, as the minutes tell it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessions.minutes_model import Entry, Speech
from sessions.minutes_words import lasting
from sessions.model.floor import Speaker
from sessions.state import State

KINDS = {
    "point_of_order": "menyampaikan interupsi",
    "for": "berbicara mendukung",
    "against": "berbicara menolak",
    "answer": "memberi jawaban",
}


def speeches(before: State, after: State | None, at: int) -> Iterator[Speech]:
    """The turn that ended between these states; with no state after, the one that goes on at `at`."""
    holder = before.floor.holder
    if holder is None or holder.since is None:
        return
    if after is None:
        yield speech(holder, None, at)
        return
    now = after.floor.holder
    if now is None or now.request != holder.request:
        yield speech(holder, at, at)


def speech(holder: Speaker, until: int | None, at: int) -> Speech:
    return Speech(
        hall=holder.hall,
        seat=holder.seat,
        kind=holder.kind,
        note=holder.note,
        constituency=holder.constituency,
        at=holder.since or at,
        until=until,
        spoken_ms=spoken_ms(holder, at),
    )


def spoken_ms(holder: Speaker, at: int) -> int:
    """Without the time its clock stood still."""
    if holder.running_since is not None:
        return holder.spoken_ms + at - holder.running_since
    if holder.paused or holder.spoken_ms:
        return holder.spoken_ms
    return at - (holder.since or at)


def spoken(state: State, told: Iterable[Speech]) -> Iterator[Entry]:
    """Each turn as a line."""
    for turn in told:
        what = KINDS.get(turn.kind, "berbicara")
        length = f" selama {lasting(turn.spoken_ms)}" if turn.until is not None else ""
        about = f" tentang: {turn.note}" if turn.note else ""
        yield Entry(turn.at, "floor", speaker(state, turn), f"{what}{length}{about}", turn.until)


def speaker(state: State, turn: Speech) -> str:
    hall = state.halls[turn.hall].name
    return hall if turn.seat is None else f"{hall}, {state.seats[turn.seat].office}"
