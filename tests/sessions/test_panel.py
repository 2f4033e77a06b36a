"""The panel of a talk-show: who sits on it, and that it stands beside the floor."""

from __future__ import annotations

from sessions.floor import FloorGranted, FloorRequested
from sessions.ids import RequestId
from sessions.model.floor import FloorRules, Panelist
from sessions.model.rules import Rules
from sessions.panel import PanelEnded, PanelSet
from sessions.rules import RulesSet
from sessions.session import SessionClosed
from sessions.view import snapshot
from tests.sessions.given import (
    DRAFT,
    HALL_PEJUANG,
    JATIASIH,
    OPENED,
    PEJUANG,
    RW07,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

TWO = {"members": [{"hall": "jatiasih"}, {"seat": "pejuang-07"}]}
SET = PanelSet((Panelist(JATIASIH), Panelist(PEJUANG, RW07)))


def test_halls_and_seats_are_put_on_the_panel_and_the_panel_ends() -> None:
    state = given(*OPENED)
    assert when(state, "panel.set", TWO) == [SET]
    set_ = more(state, [SET])
    assert when(set_, "panel.set", TWO) == [], "the same again is nothing new"
    assert when(set_, "panel.set", {"members": [{"hall": "pejuang"}]}) == [PanelSet((Panelist(PEJUANG),))]
    assert when(set_, "panel.end") == [PanelEnded()]
    assert more(set_, [PanelEnded()]).floor.panel == ()


def test_what_is_refused() -> None:
    state = given(*OPENED)
    assert refused(state, "panel.set", {"members": [{"hall": "x"}]}) == ("unknown_hall", {"hall": "x"})
    assert refused(state, "panel.set", {"members": [{"seat": "x"}]}) == ("unknown_seat", {"seat": "x"})
    guest = {"members": [{"seat": "jatiasih-tamu"}]}
    assert refused(state, "panel.set", guest) == ("no_voice", {"seat": "jatiasih-tamu"})
    twice = {"members": [{"hall": "pejuang"}, {"hall": "jatiasih"}, {"hall": "pejuang"}]}
    assert refused(state, "panel.set", twice) == ("bad_input", {"field": "members.2"})
    assert code(given(*DRAFT), "panel.set", TWO) == "wrong_phase"
    assert code(state, "panel.set", TWO, HALL_PEJUANG) == "forbidden"
    assert code(state, "panel.end") == "no_panel"
    assert code(more(state, [SET]), "panel.end", {}, HALL_PEJUANG) == "forbidden"


def test_the_rules_may_allow_fewer_than_four() -> None:
    state = given(*OPENED, RulesSet(Rules(floor=FloorRules(panel_most=1))))
    assert refused(state, "panel.set", TWO) == ("panel_full", {"most": 1})


def test_the_panel_stays_while_somebody_of_the_audience_speaks_and_ends_with_the_session() -> None:
    state = more(given(*OPENED), [SET, FloorRequested(RequestId("r1"), PEJUANG), FloorGranted(RequestId("r1"))])
    assert state.floor.holder is not None and state.floor.panel == SET.members
    assert more(state, [SessionClosed()]).floor.panel == ()


def test_the_panel_is_shown_with_labels() -> None:
    state = more(given(*OPENED), [SET])
    (floor,) = [change["fields"] for change in snapshot(state, "public") if change["kind"] == "floor"]
    assert floor["panel"] == [
        {"hall": "jatiasih", "seat": None, "label": "Jatiasih"},
        {"hall": "pejuang", "seat": "pejuang-07", "label": "Pejuang · Ketua RW 07"},
    ]


def test_bad_shapes() -> None:
    assert bad_field("panel.set", {"members": []}) == "members"
    assert bad_field("panel.set", {"members": [{"hall": f"h{n}"} for n in range(5)]}) == "members"
    assert bad_field("panel.set", {"members": [{}]}) == "members.0"
    assert bad_field("panel.set", {"members": [{"hall": "a", "seat": "b"}]}) == "members.0"
