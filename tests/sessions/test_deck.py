"""Decks of slides: added, shown page by page, hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions.deck import DeckAdded, DeckHidden, DeckRemoved, DeckShown, owner
from sessions.dispatch import result_of
from sessions.errors import Refused
from sessions.floor import FloorGranted, FloorRequested
from sessions.ids import DeckId, HallId, RequestId
from sessions.model.floor import Panelist
from sessions.panel import PanelSet
from sessions.permissions import Actor
from sessions.session import SessionClosed
from sessions.stage import SceneShown, SpotlightTurned
from sessions.state import State
from sessions.view import snapshot
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    HALL_JATIASIH,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    PEJUANG,
    SCREEN,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

D1, D2 = DeckId("d1"), DeckId("d2")
PAPARAN = {"deck": "d1", "title": "Paparan Bappeda", "pages": 12, "by": "pass:p"}
BOTH = (*OPENED, DeckAdded(D1, "Paparan Bappeda", 12), DeckAdded(D2, "Foto lokasi", 3, PEJUANG))


def test_a_deck_is_added_by_the_server_alone() -> None:
    state = given(*OPENED)
    added = when(state, "deck.add", PAPARAN, SYSTEM)
    assert added == [DeckAdded(D1, "Paparan Bappeda", 12, None, "pass:p")] and result_of(added) == {"deck": "d1"}
    assert when(state, "deck.add", {**PAPARAN, "hall": "pejuang"}, SYSTEM)[0].hall == PEJUANG
    for actor in (MODERATOR, ADMIN, HALL_PEJUANG, DELEGATE_07):
        assert code(state, "deck.add", PAPARAN, actor) == "forbidden"
    assert refused(state, "deck.add", {**PAPARAN, "hall": "x"}, SYSTEM) == ("unknown_hall", {"hall": "x"})
    assert refused(given(*BOTH), "deck.add", PAPARAN, SYSTEM) == ("already_exists", {"deck": "d1"})
    assert code(given(*OPENED, SessionClosed()), "deck.add", PAPARAN, SYSTEM) == "wrong_phase"


def test_whose_a_deck_is_that_somebody_hands_in() -> None:
    state = given(*OPENED)
    for actor in (MODERATOR, ADMIN):
        assert (owner(state, None, actor), owner(state, PEJUANG, actor)) == (None, PEJUANG)
    assert owner(state, None, HALL_PEJUANG) == owner(state, PEJUANG, HALL_PEJUANG) == PEJUANG, "a hall's is its own"
    for named, actor in ((PEJUANG, HALL_JATIASIH), (None, DELEGATE_07), (None, SCREEN)):
        assert refusal(state, actor, named) == "forbidden"
    assert refusal(given(*OPENED, SessionClosed()), MODERATOR) == "wrong_phase"


def refusal(state: State, actor: Actor, named: HallId | None = None) -> str:
    with pytest.raises(Refused) as caught:
        owner(state, named, actor)
    return caught.value.code


def test_there_is_an_end_to_the_decks_of_a_session_and_of_a_hall() -> None:
    state = given(*BOTH)
    few = replace(state, rules=replace(state.rules, site=replace(state.rules.site, decks_most=2)))
    third = {**PAPARAN, "deck": "d3"}
    assert refused(few, "deck.add", third, SYSTEM) == ("too_many_decks", {"most": 2})
    assert refusal(few, MODERATOR) == "too_many_decks", "known before the PDF is read"
    own = replace(state, rules=replace(state.rules, site=replace(state.rules.site, decks_a_hall=1)))
    of_hall = {**third, "hall": "pejuang"}
    assert refused(own, "deck.add", of_hall, SYSTEM) == ("too_many_decks", {"most": 1})
    assert len(when(own, "deck.add", third, SYSTEM)) == len(when(state, "deck.add", of_hall, SYSTEM)) == 1


def test_the_first_page_brings_up_the_slides_and_the_next_only_turns() -> None:
    state = given(*BOTH)
    shown = when(state, "deck.show", {"deck": "d1"})
    assert shown == [DeckShown(D1, 1), SceneShown("slides")]
    state = more(state, [*shown, SceneShown("board")])
    assert when(state, "deck.show", {"deck": "d1", "page": 2}) == [DeckShown(D1, 2)], "the board stays up"
    assert when(state, "deck.show", {"deck": "d1", "page": 1}) == []
    other = more(state, when(state, "deck.show", {"deck": "d2", "page": 3}))
    assert (other.decks.shown, other.decks.decks[D1].page, other.decks.decks[D2].page) == (D2, 0, 3)


def test_pages_and_decks_that_are_not_there_are_refused() -> None:
    state = given(*BOTH)
    assert refused(state, "deck.show", {"deck": "d9"}) == ("unknown_deck", {"deck": "d9"})
    assert refused(state, "deck.show", {"deck": "d2", "page": 4}) == ("bad_input", {"field": "page"})
    assert code(state, "deck.show", {"deck": "d1"}, DELEGATE_07) == "forbidden"
    assert code(given(*BOTH, SessionClosed()), "deck.show", {"deck": "d1"}) == "wrong_phase"


def test_a_hall_shows_its_own_deck_while_it_is_asked_to_and_turns_it_while_it_is_shown() -> None:
    state, page = given(*BOTH), {"deck": "d2", "page": 2}
    assert code(state, "deck.show", page, HALL_PEJUANG) == "forbidden"
    r1 = RequestId("r1")
    for invited in (
        [FloorRequested(r1, PEJUANG), FloorGranted(r1)],
        [PanelSet((Panelist(PEJUANG),))],
        [SpotlightTurned(PEJUANG)],
        [DeckShown(D2, 1)],
    ):
        assert when(more(state, invited), "deck.show", page, HALL_PEJUANG)[0] == DeckShown(D2, 2)
        assert code(more(state, invited), "deck.show", page, HALL_JATIASIH) == "forbidden"
        assert code(more(state, invited), "deck.show", {"deck": "d1"}, HALL_PEJUANG) == "forbidden"


def test_a_deck_is_hidden_by_the_moderator_or_its_hall() -> None:
    state = given(*BOTH, DeckShown(D2, 2))
    assert when(state, "deck.hide") == [DeckHidden(D2)]
    assert when(state, "deck.hide", {}, HALL_PEJUANG) == [DeckHidden(D2)]
    assert code(state, "deck.hide", {}, HALL_JATIASIH) == "forbidden"
    assert code(state, "deck.hide", {}, DELEGATE_07) == "forbidden"
    hidden = more(state, [DeckHidden(D2)])
    assert hidden.decks.shown is None and hidden.decks.decks[D2].page == 0
    assert when(hidden, "deck.hide", {}, HALL_JATIASIH) == []


def test_whoever_cannot_choose_a_deck_sees_the_shown_one_alone() -> None:
    state = given(*BOTH, DeckShown(D2, 2))
    for view in ("moderator", "hall", "screen", "participant", "public"):
        shown = {change["id"]: change["fields"] for change in snapshot(state, view) if change["kind"] == "deck"}
        assert shown["d2"] == {"title": "Foto lokasi", "pages": 3, "hall": "pejuang", "page": 2}
        assert ("d1" in shown) == (view in ("moderator", "hall"))


def test_bad_shapes() -> None:
    assert bad_field("deck.add", {**PAPARAN, "pages": 201}) == "pages"
    assert bad_field("deck.add", {**PAPARAN, "title": ""}) == "title"
    assert bad_field("deck.show", {"deck": "d1", "page": 0}) == "page"


def test_a_deck_that_is_not_shown_is_removed_and_makes_room_for_another() -> None:
    state = given(*BOTH)
    assert when(state, "deck.remove", {"deck": "d1"}) == [DeckRemoved(D1)]
    assert when(state, "deck.remove", {"deck": "d2"}, HALL_PEJUANG) == [DeckRemoved(D2)]
    shown = more(state, [DeckShown(D1, 2)])
    after = more(shown, when(shown, "deck.remove", {"deck": "d2"}))
    assert set(after.decks.decks) == {D1} and after.decks.shown == D1
    hidden = more(after, [DeckHidden(D1)])
    assert more(hidden, when(hidden, "deck.remove", {"deck": "d1"})).decks.decks == {}
    assert when(after, "deck.add", {**PAPARAN, "deck": "d2"}, SYSTEM)[0].deck == D2
