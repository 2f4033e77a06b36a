"""Random commands of the board besides adding, editing and moving one card, for property tests."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from sessions.answer import SURVEYS
from sessions.decision import DECISIONS
from sessions.document import KINDS
from sessions.permissions import Role
from sessions.state import State
from sessions.statuses import MERGED, STATUSES

Draw = Callable[[st.SearchStrategy[Any]], Any]
M, H, D, G, S = Role.MODERATOR, Role.HALL, Role.DELEGATE, Role.AGENCY, Role.SYSTEM
WORDS = st.sampled_from([{}, {"reason": "sengketa", "reason_code": "LAND_DISPUTE"}])
AGENCIES = st.sampled_from(["Bina Marga", "SDA"])


def seen(state: State, proposal: str) -> dict[str, Any]:
    known = state.board.proposals.get(proposal)  # type: ignore[call-overload]
    return {"proposal": proposal, "base": known.version if known else 1}


def one(draw: Draw, state: State, cards: Sequence[str] = ()) -> dict[str, Any]:
    return seen(state, draw(st.sampled_from(sorted(cards or state.board.proposals) or ["nobody"])))


def several(draw: Draw, state: State) -> list[dict[str, Any]]:
    cards = st.sampled_from(sorted(state.board.proposals) or ["nobody"])
    return [seen(state, card) for card in draw(st.lists(cards, min_size=1, max_size=3, unique=True))]


def merge(draw: Draw, state: State) -> dict[str, Any]:
    into = one(draw, state)
    title = {"title": "Drainase gabungan"} if draw(st.booleans()) else {}
    return {"into": into["proposal"], "base": into["base"], "proposals": several(draw, state), **title}


def inside(state: State) -> list[str]:
    return [card.id for card in state.board.proposals.values() if card.status == MERGED]


def answer(draw: Draw, state: State) -> dict[str, Any]:
    told = {"survey_status": draw(st.sampled_from(SURVEYS)), "cost": draw(st.sampled_from([None, 5]))}
    return {**one(draw, state), **told, "land": draw(st.sampled_from([None, "PEMDA"]))}


def photo(draw: Draw, state: State) -> dict[str, Any]:
    file = draw(st.sampled_from(["f1", "f2", "f3"]))
    return {"proposal": one(draw, state)["proposal"], "file": file, "width": 4, "height": 3, "by": "pass:p"}


def draft(draw: Draw, state: State) -> dict[str, Any]:
    chosen = draw(st.sampled_from(sorted(state.drafts) or ["nobody"]))
    known = state.drafts.get(chosen)
    return {"proposal": chosen, "base": 1 if known is None else known.version}


def photo_there(draw: Draw, state: State) -> dict[str, Any]:
    shown = [(card.id, photo.file) for card in state.board.proposals.values() for photo in card.photos]
    proposal, file = draw(st.sampled_from(sorted(shown) or [("nobody", "f1")]))
    return {"proposal": proposal, "photo": file}


def document(draw: Draw, state: State) -> dict[str, Any]:
    file = draw(st.sampled_from(["d1", "d2"]))
    kind = draw(st.sampled_from(KINDS))
    return {"proposal": one(draw, state)["proposal"], "file": file, "kind": kind, "pages": 2, "size": 9, "by": "pass:p"}


def document_there(draw: Draw, state: State) -> dict[str, Any]:
    there = [(card.id, found.file) for card in state.board.proposals.values() for found in card.documents]
    proposal, file = draw(st.sampled_from(sorted(there) or [("nobody", "d1")]))
    return {"proposal": proposal, "file": file}


BOARD_COMMANDS: dict[str, tuple[tuple[Role, ...], Callable[[Draw, State], dict[str, Any]]]] = {
    "proposals.move": (
        (M,),
        lambda draw, state: {
            "items": several(draw, state), "status": draw(st.sampled_from(STATUSES)), **draw(WORDS),
        },
    ),
    "proposal.decide": (
        (M,),
        lambda draw, state: {**one(draw, state), "decision": draw(st.sampled_from(DECISIONS)), **draw(WORDS)},
    ),
    "proposals.decide": (
        (M,),
        lambda draw, state: {
            "items": several(draw, state), "decision": draw(st.sampled_from(DECISIONS)), **draw(WORDS),
        },
    ),
    "proposal.answer": ((M, G), answer),
    "proposal.reroute": (
        (M, G), lambda draw, state: {**one(draw, state), "agency": draw(AGENCIES), "reason": "alih"},
    ),
    "proposal.merge": ((M,), merge),
    "proposal.unmerge": ((M,), lambda draw, state: one(draw, state, inside(state))),
    "proposal.split": (
        (M,), lambda draw, state: {**one(draw, state), "parts": [{"title": "Utara"}, {"title": "Sisi", "amount": 1}]},
    ),
    "draft.add": (
        (M, H),
        lambda draw, state: {"title": "Sumur", "hall": draw(st.sampled_from(sorted(state.halls) or ["nobody"]))},
    ),
    "draft.edit": ((M, H), lambda draw, state: {**draft(draw, state), "fields": {"rw": "07"}}),
    "draft.drop": ((M, H), lambda draw, state: draft(draw, state)),
    "proposal.submit": ((M, H), lambda draw, state: draft(draw, state)),
    "photo.attach": ((S,), photo),
    "photo.remove": ((M, H), photo_there),
    "file.attach": ((S,), document),
    "file.remove": ((M, H), document_there),
}  # fmt: skip
BOARD_POINTS: dict[str, Callable[[State], object]] = {
    **dict.fromkeys(BOARD_COMMANDS, lambda state: state.board.proposals),
    "proposal.merge": lambda state: len(state.board.proposals) > 1,
    "proposal.unmerge": inside,
    "draft.add": lambda state: len(state.drafts) < 2,
    **dict.fromkeys(("draft.edit", "draft.drop", "proposal.submit"), lambda state: state.drafts),
    "file.remove": lambda state: any(card.documents for card in state.board.proposals.values()),
    "photo.remove": lambda state: any(card.photos for card in state.board.proposals.values()),
}
