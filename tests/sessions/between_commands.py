"""Random commands of phases, groups and what passes between sessions, for property tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from hypothesis import strategies as st

from sessions.permissions import Role
from sessions.results import Results, in_order
from sessions.state import State
from sessions.wire import encode

Draw = Callable[[st.SearchStrategy[Any]], Any]
M, A, S = Role.MODERATOR, Role.ADMIN, Role.SYSTEM
OTHERS = ["kota", "kelompok-1", "kelompok-2"]


def one(draw: Draw, known: Iterable[str]) -> str:
    """One that exists, now and then one that does not."""
    chosen: str = draw(st.sampled_from([*sorted(known)] * 5 + ["nobody"]))
    return chosen


def split(draw: Draw, state: State) -> dict[str, Any]:
    halls = sorted(state.halls) or ["nobody"]
    fields = draw(st.sampled_from([[], [], ["INFRASTRUKTUR"]]))
    group = {"session": draw(st.sampled_from(OTHERS[1:])), "title": "Kelompok", "halls": [draw(st.sampled_from(halls))]}
    return {"groups": [{**group, "fields": fields}]}


def returned(draw: Draw, state: State) -> dict[str, Any]:
    """The group's cards as they would come back: some decided there, and perhaps a new one."""
    group = one(draw, state.groups.every)
    taken = state.groups.every[group].cards if group in state.groups.every else {}  # type: ignore[index]
    cards = []
    for card in in_order(state.board.proposals[id_] for id_ in taken):
        told = json.loads(json.dumps(encode(card)))
        if draw(st.booleans()):
            status = draw(st.sampled_from(["PRIORITISED", "RESERVE", "WITHDRAWN"]))
            told |= {"status": status, "version": card.version + 1}
        cards.append(told)
    return {"group": group, "cards": cards}


def received(draw: Draw, state: State) -> dict[str, Any]:
    hall = draw(st.sampled_from(sorted(state.halls) or ["nobody"]))
    id_ = draw(st.sampled_from(["x1", "x2", "x3"]))
    ancestors = [{"session": "kel", "proposal": id_, "level": "KELURAHAN", "year": 2027}]
    card = {"proposal": id_, "hall": hall, "content": {"title": "Jalan"}, "ancestors": ancestors}
    return {"origin": "kel", "territory": "", "rehearsal": False, "carried": False, "cards": [card]}


def fates(draw: Draw, state: State) -> dict[str, Any]:
    proposal = draw(st.sampled_from(sorted(state.board.proposals) or ["nobody"]))
    status = draw(st.sampled_from(["PRIORITISED", "NOT_AGREED"]))
    return {"fates": [{"proposal": proposal, "fate": {"session": "kota", "status": status, "at": 5}}]}


def mission(draw: Draw, state: State) -> dict[str, Any]:
    hall = draw(st.sampled_from(sorted(state.halls) or ["nobody"]))
    seat = {"seat": draw(st.sampled_from(["s1", "d1"])), "hall": hall, "office": "Ketua RW 03"}
    return {"origin": "kel", "territory": "", "rehearsal": False, "seats": [seat]}


def mirrored(draw: Draw, state: State) -> dict[str, Any]:
    shown = {"scene": "board", "hall": draw(st.sampled_from(["", "Senen"]))}
    return {"source": "pembukaan", "upto": draw(st.integers(1, 50)), "shown": shown}


def refusal(draw: Draw, state: State) -> dict[str, Any]:
    return {"parcel": one(draw, state.parcels.waiting), "code": "unknown_session", "tries": draw(st.integers(1, 2))}


BETWEEN_COMMANDS: dict[str, tuple[tuple[Role, ...], Callable[[Draw, State], dict[str, Any]]]] = {
    "session.link": (
        (A,),
        lambda draw, state: {
            "feeds": draw(st.sampled_from(["kota", None])),
            "previous": None,
            "reaches": draw(st.sampled_from([OTHERS, OTHERS[:1], []])),
        },
    ),
    "session.edit": (
        (A,),
        lambda draw, state: {
            "title": draw(st.sampled_from(["Pleno Bekasi", "Pleno Kota"])),
            "tz": draw(st.sampled_from(["WIB", "WIT"])),
            "reason": draw(st.sampled_from(["", "salah tulis"])),
        },
    ),
    "session.lobby": ((M,), lambda draw, state: {}),
    "session.recess": ((M,), lambda draw, state: {"reason": draw(st.sampled_from(["", "makan siang"])), "minutes": 30}),
    "session.resume": ((M,), lambda draw, state: {}),
    "session.reopen": ((M,), lambda draw, state: {"reason": "ralat"}),
    "session.seal": ((M,), lambda draw, state: {"reason": draw(st.sampled_from(["", "tanpa pembacaan"]))}),
    "parcel.delivered": ((S,), lambda draw, state: {"parcel": one(draw, state.parcels.waiting)}),
    "parcel.refused": ((S,), refusal),
    "parcel.resend": ((M,), lambda draw, state: {"parcel": one(draw, state.parcels.waiting)}),
    "parcel.forget": ((M,), lambda draw, state: {"parcel": one(draw, state.parcels.waiting), "reason": "batal"}),
    "groups.split": ((M, A), split),
    "groups.join_back": ((M,), lambda draw, state: {"group": one(draw, state.groups.every)}),
    "groups.recall": ((M,), lambda draw, state: {"group": one(draw, state.groups.every), "reason": "putus"}),
    "groups.returned": ((S,), returned),
    "cast.start": ((M,), lambda draw, state: {"sessions": [draw(st.sampled_from(OTHERS))]}),
    "cast.stop": ((M,), lambda draw, state: {}),
    "cast.begun": ((S,), lambda draw, state: {"source": "pembukaan", "title": "Pembukaan"}),
    "cast.mirror": ((S,), mirrored),
    "cast.ended": ((S,), lambda draw, state: {"source": "pembukaan"}),
    "proposals.send_up": (
        (M, A),
        lambda draw, state: {"to": "kota", "proposals": [one(draw, state.board.proposals)]},
    ),
    "proposals.received": ((S,), received),
    "fates.received": ((S,), fates),
    "proposals.carry_asked": (
        (S,),
        lambda draw, state: {"by": "tahun-depan", "rehearsal": False, "statuses": ["RESERVE", "SUBMITTED"]},
    ),
    "delegates.choose": ((M,), lambda draw, state: {"seats": [one(draw, state.seats)], "by": "acclamation"}),
    "delegates.send_up": ((M, A), lambda draw, state: {"to": "kota"}),
    "delegates.received": ((S,), mission),
}
BETWEEN_POINTS: dict[str, Callable[[State], object]] = {
    "session.link": lambda state: not state.session.reaches,
    "session.edit": lambda state: state.session.phase != "closed",
    "session.lobby": lambda state: state.session.phase == "draft",
    "session.recess": lambda state: state.session.phase == "open",
    "session.resume": lambda state: state.session.phase == "recess",
    "session.reopen": lambda state: state.session.phase == "closed",
    "session.seal": lambda state: False,
    "parcel.delivered": lambda state: state.parcels.waiting,
    "parcel.refused": lambda state: state.parcels.waiting,
    "parcel.resend": lambda state: any(one.state == "refused" for one in state.parcels.waiting.values()),
    "parcel.forget": lambda state: any(one.state == "refused" for one in state.parcels.waiting.values()),
    "groups.split": lambda state: state.session.phase == "open",
    "groups.join_back": lambda state: any(group.away for group in state.groups.every.values()),
    "groups.recall": lambda state: any(group.away for group in state.groups.every.values()),
    "groups.returned": lambda state: any(group.away for group in state.groups.every.values()),
    "cast.start": lambda state: state.session.reaches,
    "cast.stop": lambda state: state.casting.to,
    "cast.mirror": lambda state: state.casting.source,
    "cast.ended": lambda state: state.casting.source,
    "proposals.send_up": lambda state: any(card.status == "PRIORITISED" for card in state.board.proposals.values()),
    "delegates.send_up": lambda state: state.delegation.chosen,
}
assert Results.__slots__ == ("group", "cards"), "what returned() writes by hand"
