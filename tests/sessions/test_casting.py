"""Casting: one opening shown in many sessions, whose picture of it only ever moves forward."""

from __future__ import annotations

from typing import Any

from sessions.casting import mirror_for
from sessions.permissions import Role
from sessions.view import snapshot
from sessions.wire import encode
from tests.sessions.between import World


def opening() -> World:
    world = World()
    world.create("kota", ("senen",), 1, form="PLENARY_OPEN")
    for kecamatan in ("senen", "gambir"):
        world.create(kecamatan, ("a",))
    reach(world, "kota", "senen", "gambir", "gladi")
    world.give("kota", "cast.start", {"sessions": ["senen", "gambir"]})
    assert world.deliver() == []
    return world


def reach(world: World, session: str, *others: str) -> None:
    """What the secretariat does, so that the moderators of `session` may name the others."""
    world.give(session, "session.link", {"feeds": None, "previous": None, "reaches": list(others)}, Role.ADMIN)


def mirror(world: World, to: str) -> bool:
    picture = mirror_for(world["kota"], world[to])
    if picture is not None:
        world.give(to, "cast.mirror", encode(picture), Role.SYSTEM)
    return picture is not None


def cast(world: World, session: str, view: str = "participant") -> Any:
    found = [one["fields"] for one in snapshot(world[session], view) if one["kind"] == "cast"]
    return found[0] if found else None


def test_each_place_shows_in_words_what_the_opening_shows() -> None:
    world = opening()
    assert mirror(world, "senen")
    world.give("kota", "stage.spotlight", {"hall": "senen"})
    assert mirror(world, "senen") and not mirror(world, "senen")
    shown = cast(world, "senen")
    assert (shown["source"], shown["title"], shown["shown"]["hall"]) == ("kota", "Musrenbang", "Senen")
    assert shown["shown"]["phase"] == "open" and cast(world, "kota")["to"] == ["senen", "gambir"]


def test_an_older_picture_never_replaces_a_newer_one() -> None:
    world = opening()
    old = mirror_for(world["kota"], world["senen"])
    world.give("kota", "stage.spotlight", {"hall": "senen"})
    mirror(world, "senen")
    world.give("senen", "cast.mirror", encode(old), Role.SYSTEM)
    assert cast(world, "senen")["shown"]["hall"] == "Senen"


def test_it_ends_when_the_opening_stops_closes_or_leaves_a_place_out() -> None:
    world = opening()
    world.give("kota", "cast.start", {"sessions": ["gambir"]})
    world.deliver()
    assert cast(world, "senen") is None and cast(world, "gambir") is not None
    world.give("kota", "session.close")
    assert world.deliver() == [] and cast(world, "gambir") is None and cast(world, "kota") is None
    again = opening()
    again.give("kota", "cast.stop")
    again.give("gambir", "cast.leave")
    assert again.deliver() == [] and cast(again, "senen") is None


def test_a_place_shows_one_opening_and_an_opening_is_not_shown_in_itself() -> None:
    world = opening()
    world.create("lain", ("a",))
    reach(world, "lain", "senen", "kota")
    world.give("lain", "cast.start", {"sessions": ["senen"]})
    assert world.deliver() == ["cast_busy"]
    assert world.code("senen", "cast.start", {"sessions": ["gambir"]}) == "cast_busy"
    world.give("lain", "cast.start", {"sessions": ["kota"]})
    assert world.deliver() == ["cast_busy"], "an opening shows itself"
    assert world.code("kota", "cast.start", {"sessions": ["kota"]}) == "bad_input"
    assert world.code("kota", "cast.start", {"sessions": ["senen", "senen"]}) == "bad_input"
    assert world.code("kota", "cast.start", {"sessions": ["senen"]}, Role.HALL) == "forbidden"
    world.create("gladi", ("a",), rehearsal=True)
    world.give("kota", "cast.start", {"sessions": ["gladi"]})
    assert "rehearsal_differs" in world.deliver()


def test_it_is_shown_only_where_the_secretariat_linked_it_to() -> None:
    world = opening()
    world.create("desa", ("a",))
    assert world.code("kota", "cast.start", {"sessions": ["senen", "desa"]}) == "not_linked"
    assert world.code("desa", "cast.start", {"sessions": ["kota"]}) == "not_linked", "it goes one way"
    reach(world, "kota", "gambir")
    world.give("kota", "cast.start", {"sessions": ["senen"]})
    assert world.deliver() == [] and world["kota"].casting.to == ("senen",), "where it is shown already it may stay"
    assert world.code("kota", "cast.start", {"sessions": ["senen", "gladi"]}) == "not_linked"
