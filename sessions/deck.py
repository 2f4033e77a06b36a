"""Decks of slides, turned page by page for everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import DeckId, HallId
from sessions.kind import HALL, MODERATOR, Fields, Kind
from sessions.model.deck import Deck, Decks
from sessions.model.nothing import put
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import BOARD, SYSTEM, Actor, Role
from sessions.shape import ident, integer, nullable, record, text
from sessions.stage import SceneShown
from sessions.state import State

PAGES_MOST = 200
SENDERS = frozenset({Role.MODERATOR, Role.HALL, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Add:
    """by: the actor who sent it; only the server gives this command, once the pages are stored."""

    deck: DeckId
    title: str
    pages: int
    by: str
    hall: HallId | None = None


@dataclass(frozen=True, slots=True)
class Show:
    deck: DeckId
    page: int = 1


@dataclass(frozen=True, slots=True)
class Hide:
    pass


@dataclass(frozen=True, slots=True)
class Remove:
    deck: DeckId


@dataclass(frozen=True, slots=True)
class DeckAdded:
    """by: empty in journals in which the one who sent it gave the command."""

    deck: DeckId
    title: str
    pages: int
    hall: HallId | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class DeckShown:
    deck: DeckId
    page: int


@dataclass(frozen=True, slots=True)
class DeckHidden:
    deck: DeckId


@dataclass(frozen=True, slots=True)
class DeckRemoved:
    deck: DeckId


def decide_add(state: State, command: Add, moment: Moment) -> list[Any]:
    require_room(state, command.hall)
    if command.deck in state.decks.decks:
        raise Refused("already_exists", deck=command.deck)
    return [DeckAdded(command.deck, command.title, command.pages, command.hall, command.by)]


def owner(state: State, named: HallId | None, actor: Actor) -> HallId | None:
    """Whose a deck is that this actor hands in now: a hall's is its own, everybody else may say.

    Raises Refused: forbidden, wrong_phase, unknown_hall, too_many_decks.
    """
    if actor.role not in SENDERS:
        raise Refused("forbidden")
    if actor.role is Role.HALL and named not in (None, actor.hall):
        raise Refused("forbidden")
    hall = actor.hall if actor.role is Role.HALL else named
    require_room(state, hall)
    return hall


def require_room(state: State, hall: HallId | None) -> None:
    """Raises Refused: wrong_phase, unknown_hall, too_many_decks (of the hall, or of the session)."""
    require_phase(state, *BEFORE_THE_END)
    if hall is not None and hall not in state.halls:
        raise Refused("unknown_hall", hall=hall)
    rules, decks = state.rules.site, state.decks.decks.values()
    if hall is not None and sum(deck.hall == hall for deck in decks) >= rules.decks_a_hall:
        raise Refused("too_many_decks", most=rules.decks_a_hall)
    if len(decks) >= rules.decks_most:
        raise Refused("too_many_decks", most=rules.decks_most)


def may_turn(state: State, actor: Actor, deck: Deck) -> bool:
    """A hall turns its own deck while it is shown, and shows it while it has the floor, the stage or a panel place."""
    if actor.role is not Role.HALL:
        return True
    floor = state.floor
    invited = {floor.holder.hall} if floor.holder is not None else set()
    invited |= {one.hall for one in floor.panel}
    on_stage = deck.page > 0 or deck.hall in invited or deck.hall == state.stage.spotlight
    return actor.hall == deck.hall and on_stage


def decide_show(state: State, command: Show, moment: Moment) -> list[Any]:
    """The first page that is shown brings the slides up on the screens; after that only the page changes."""
    require_phase(state, *BEFORE_THE_END)
    deck = state.decks.decks.get(command.deck)
    if deck is None:
        raise Refused("unknown_deck", deck=command.deck)
    if not may_turn(state, moment.actor, deck):
        raise Refused("forbidden")
    if command.page > deck.pages:
        raise Refused("bad_input", field="page")
    if command.page == deck.page:
        return []
    shown = DeckShown(deck.id, command.page)
    return [shown, SceneShown("slides")] if deck.page == 0 and state.stage.scene != "slides" else [shown]


def decide_hide(state: State, command: Hide, moment: Moment) -> list[Any]:
    """What is hidden twice stays hidden; a hall hides its own deck alone."""
    if state.decks.shown is None:
        return []
    deck = state.decks.decks[state.decks.shown]
    if moment.actor.role is Role.HALL and moment.actor.hall != deck.hall:
        raise Refused("forbidden")
    return [DeckHidden(deck.id)]


def decide_remove(state: State, command: Remove, moment: Moment) -> list[Any]:
    """A hall removes its own deck alone; what is on the screens is hidden first."""
    require_phase(state, *BEFORE_THE_END)
    deck = state.decks.decks.get(command.deck)
    if deck is None:
        raise Refused("unknown_deck", deck=command.deck)
    if moment.actor.role is Role.HALL and moment.actor.hall != deck.hall:
        raise Refused("forbidden")
    if deck.page > 0:
        raise Refused("deck_is_shown", deck=deck.id)
    return [DeckRemoved(deck.id)]


def turned(decks: Decks, deck: DeckId, page: int) -> Mapping[DeckId, Deck]:
    return put(decks.decks, deck, replace(decks.decks[deck], page=page))


def apply_added(state: State, event: DeckAdded, at: int) -> State:
    deck = Deck(event.deck, event.title, event.pages, event.hall)
    return replace(state, decks=replace(state.decks, decks=put(state.decks.decks, deck.id, deck)))


def apply_shown(state: State, event: DeckShown, at: int) -> State:
    decks = state.decks
    if decks.shown is not None and decks.shown != event.deck:
        decks = Decks(turned(decks, decks.shown, 0))
    return replace(state, decks=Decks(turned(decks, event.deck, event.page), event.deck))


def apply_hidden(state: State, event: DeckHidden, at: int) -> State:
    return replace(state, decks=Decks(turned(state.decks, event.deck, 0)))


def apply_removed(state: State, event: DeckRemoved, at: int) -> State:
    left = {id_: deck for id_, deck in state.decks.decks.items() if id_ != event.deck}
    return replace(state, decks=replace(state.decks, decks=left))


def deck_fields(state: State, deck: Deck, view: str) -> Fields | None:
    """Whoever cannot choose a deck sees the shown one alone."""
    if deck.page == 0 and view not in (MODERATOR, HALL):
        return None
    return {"title": deck.title, "pages": deck.pages, "hall": deck.hall, "page": deck.page}


def decks_of(state: State) -> Mapping[DeckId, Deck]:
    return state.decks.decks


ADD = record(
    Add,
    {"deck": ident, "title": text(160, 1), "pages": integer(1, PAGES_MOST), "by": text(60, 1)},
    {"hall": nullable(ident)},
)

NOUN = Noun(
    commands={
        "deck.add": Act(ADD, decide_add, SYSTEM),
        "deck.show": Act(record(Show, {"deck": ident}, {"page": integer(1, PAGES_MOST)}), decide_show, BOARD),
        "deck.hide": Act(record(Hide, {}), decide_hide, BOARD),
        "deck.remove": Act(record(Remove, {"deck": ident}), decide_remove, BOARD),
    },
    events={
        "deck_added": (DeckAdded, apply_added),
        "deck_shown": (DeckShown, apply_shown),
        "deck_hidden": (DeckHidden, apply_hidden),
        "deck_removed": (DeckRemoved, apply_removed),
    },
    results={DeckAdded: lambda event: {"deck": event.deck}},
    kinds=(Kind("deck", lambda state: state.decks.decks, decks_of, deck_fields),),
)
