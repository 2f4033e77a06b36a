"""Random commands of the floor, the site log, the chair and decks, for property tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from sessions.permissions import Role
from sessions.speakers import REQUEST_KINDS
from sessions.state import State

Draw = Callable[[st.SearchStrategy[Any]], Any]
M, H, D, S = Role.MODERATOR, Role.HALL, Role.DELEGATE, Role.SYSTEM


def one(draw: Draw, known: Iterable[str]) -> str:
    """One that exists, now and then one that does not."""
    chosen: str = draw(st.sampled_from([*sorted(known)] * 5 + ["nobody"]))
    return chosen


def waiting(draw: Draw, state: State) -> str:
    return one(draw, [speaker.request for speaker in state.floor.queue])


def asked(draw: Draw, state: State) -> dict[str, Any]:
    proposal = draw(st.sampled_from([None, None, *sorted(state.board.proposals)]))
    return {"note": "soal jalan", "kind": draw(st.sampled_from(REQUEST_KINDS)), "proposal": proposal}


def granted(draw: Draw, state: State) -> dict[str, Any]:
    reason = draw(st.sampled_from(["", "Harus pergi", "Harus pergi"]))
    return {"request": waiting(draw, state), "minutes": draw(st.sampled_from([0, 1, 3])), "reason": reason}


def ordered(draw: Draw, state: State) -> dict[str, Any]:
    before = draw(st.sampled_from([None, *(speaker.request for speaker in state.floor.queue)]))
    return {"request": waiting(draw, state), "before": before}


def panelist(draw: Draw, state: State) -> dict[str, Any]:
    return {"seat": one(draw, state.seats)} if draw(st.booleans()) else {"hall": one(draw, state.halls)}


def panel(draw: Draw, state: State) -> dict[str, Any]:
    return {"members": [panelist(draw, state) for _ in range(draw(st.integers(1, 4)))]}


def lost(draw: Draw, state: State) -> dict[str, Any]:
    return {"hall": one(draw, state.halls), "cause": draw(st.sampled_from(["page", "media"]))}


def blanked(draw: Draw, state: State) -> dict[str, Any]:
    return {
        "hall": one(draw, state.halls),
        "blank": draw(st.booleans()),
        "reason": draw(st.sampled_from(["", "Gelap"])),
    }


def answered(draw: Draw, state: State) -> dict[str, Any]:
    return {"hall": one(draw, state.halls), "heard": draw(st.sampled_from(["yes", "partly", "no"]))}


def leader(draw: Draw, state: State) -> dict[str, Any]:
    return {"pass": draw(st.sampled_from(["p-moderator", "p1"]))}


def deck(draw: Draw, state: State) -> dict[str, Any]:
    hall = draw(st.sampled_from([None, *sorted(state.halls)]))
    return {"deck": draw(st.sampled_from(["d1", "d2"])), "title": "Paparan", "pages": 3, "hall": hall, "by": "pass:p"}


def page(draw: Draw, state: State) -> dict[str, Any]:
    return {"deck": one(draw, state.decks.decks), "page": draw(st.integers(1, 4))}


def nothing(draw: Draw, state: State) -> dict[str, Any]:
    return {}


FLOOR_COMMANDS: dict[str, tuple[tuple[Role, ...], Callable[[Draw, State], dict[str, Any]]]] = {
    "floor.request": ((H, D), asked),
    "floor.withdraw": ((H, D, M), lambda draw, state: {"request": waiting(draw, state)}),
    "floor.reorder": ((M,), ordered),
    "floor.grant": ((M,), granted),
    "floor.yield": ((H, D, M), nothing),
    "floor.extend": ((M,), lambda draw, state: {"minutes": draw(st.sampled_from([1, 2, 11]))}),
    "floor.pause": ((M,), nothing),
    "floor.resume": ((M,), nothing),
    "panel.set": ((M,), panel),
    "panel.end": ((M,), nothing),
    "hall.lost": ((S,), lost),
    "hall.back": ((S,), lambda draw, state: {"hall": one(draw, state.halls)}),
    "hall.blank": ((M,), blanked),
    "hall.mute": ((M,), lambda draw, state: {"hall": one(draw, state.halls), "muted": draw(st.booleans())}),
    "rollcall.start": ((M,), lambda draw, state: {"question": "Terdengar?"}),
    "rollcall.answer": ((M, H), answered),
    "rollcall.end": ((M,), nothing),
    "chair.take": ((M,), nothing),
    "chair.hand": ((M,), leader),
    "chair.lost": ((S,), leader),
    "chair.back": ((S,), leader),
    "deck.add": ((S,), deck),
    "deck.show": ((M, H), page),
    "deck.hide": ((M, H), nothing),
    "deck.remove": ((M, H), lambda draw, state: {"deck": one(draw, state.decks.decks)}),
}
FLOOR_POINTS: dict[str, Callable[[State], object]] = {
    "floor.withdraw": lambda state: state.floor.queue,
    "floor.reorder": lambda state: len(state.floor.queue) > 1,
    "floor.grant": lambda state: state.floor.queue,
    "floor.yield": lambda state: state.floor.holder,
    "floor.extend": lambda state: state.floor.holder,
    "floor.pause": lambda state: state.floor.holder,
    "floor.resume": lambda state: state.floor.holder is not None and state.floor.holder.paused,
    "panel.end": lambda state: state.floor.panel,
    "hall.lost": lambda state: state.site.places,
    "rollcall.answer": lambda state: state.site.rollcall,
    "rollcall.end": lambda state: state.site.rollcall,
    "chair.lost": lambda state: state.chair.leader,
    "chair.back": lambda state: state.chair.lost_at,
    "deck.show": lambda state: state.decks.decks,
    "deck.hide": lambda state: state.decks.shown,
    "deck.remove": lambda state: state.decks.decks,
}
