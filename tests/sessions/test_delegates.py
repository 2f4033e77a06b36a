"""Delegates: chosen under the rules or beyond them with a reason, and seated at the next level."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sessions.journal import BoxCount
from sessions.permissions import Role
from tests.sessions.between import World
from tests.sessions.test_ascent import three_levels


def choose(*seats: str, by: str = "acclamation", **more: Any) -> dict[str, Any]:
    return {"seats": list(seats), "by": by, **more}


def ruled(**rules: Any) -> World:
    world = three_levels()
    world.give("kel", "rules.set", {"changes": {"delegates": rules}, "reason": "tatib"}, Role.ADMIN)
    return world


def test_the_chosen_get_seats_with_voice_and_vote_at_the_next_level_and_their_origin_is_known() -> None:
    world = three_levels()
    world.give("kel", "delegates.choose", choose("aula-1", "aula-2"))
    world.give("kel", "delegates.send_up")
    assert world.deliver() == []
    seats = world["kec"].seats
    assert {(seat.hall, seat.voice, seat.vote) for id_, seat in seats.items() if id_.startswith("aula")} == {
        ("gondangdia", True, True)
    }
    envoys = {seat: (envoy.session, envoy.seat) for seat, envoy in world["kec"].delegation.envoys.items()}
    assert envoys == {"aula-1": ("kel", "aula-1"), "aula-2": ("kel", "aula-2")}
    assert {one.sent_to for one in world["kel"].delegation.chosen.values()} == {"kec"}
    assert world.code("kel", "delegates.choose", choose("aula-3")) == "delegates_sent"
    assert world.code("kel", "delegates.send_up") == "nothing_to_send"


def test_a_seat_id_that_is_taken_there_gets_another() -> None:
    world = three_levels()
    world.give("kec", "seat.add", {"seat": "aula-1", "hall": "gondangdia", "office": "Camat"}, Role.ADMIN)
    world.give("kel", "delegates.choose", choose("aula-1"))
    world.give("kel", "delegates.send_up")
    assert world.deliver() == []
    ((seat, envoy),) = world["kec"].delegation.envoys.items()
    assert seat != "aula-1" and envoy.seat == "aula-1" and world["kec"].seats[seat].office == "Ketua RW 01"


def test_the_rules_bind_and_a_reason_goes_beyond_them_on_the_record() -> None:
    world = ruled(per_hall=1)
    assert world.code("kel", "delegates.choose", choose("aula-1", "aula-2")) == "too_many_delegates"
    world.give("kel", "delegates.choose", choose("aula-1", "aula-2", reason="dua dusun"))
    assert set(world["kel"].delegation.chosen) == {"aula-1", "aula-2"}
    world.give("kel", "delegates.choose", choose("aula-3"))
    assert set(world["kel"].delegation.chosen) == {"aula-3"}, "choosing again takes the place of the first choice"
    assert ruled(total=1).code("kel", "delegates.choose", choose("aula-1", "aula-2")) == "too_many_delegates"


def test_a_share_of_women_is_a_setting_with_none_as_default() -> None:
    world = ruled(women={"part": 1, "of": 2})
    assert world.code("kel", "delegates.choose", choose("aula-1", "aula-2")) == "too_few_women"
    world.give("kel", "seat.edit", {"seat": "aula-1", "constituency": "WOMEN"}, Role.ADMIN)
    world.give("kel", "delegates.choose", choose("aula-1", "aula-2"))
    assert three_levels().give("kel", "delegates.choose", choose("aula-2")) == {}


def test_choosing_refuses_strangers_doubles_unfinished_ballots_and_those_who_lost() -> None:
    world = three_levels()
    assert world.code("kel", "delegates.choose", choose("nobody")) == "unknown_seat"
    assert world.code("kel", "delegates.choose", choose("aula-1", "aula-1")) == "bad_input"
    assert world.code("kel", "delegates.choose", choose("aula-1", by="b9")) == "unknown_ballot"
    options = [{"id": "aula-1", "label": "Satu"}, {"id": "aula-2", "label": "Dua"}]
    ballot = {"title": "Delegasi", "options": options, "choose_max": 1, "secrecy": "secret"}
    opened = world.give("kel", "ballot.open", ballot)["ballot"]
    assert world.code("kel", "delegates.choose", choose("aula-1", by=opened)) == "ballot_is_open"
    world.give("kel", "ballot.void", {"ballot": opened, "reason": "salah"})
    assert world.code("kel", "delegates.choose", choose("aula-1", by=opened)) == "ballot_void"
    assert world.code("kel", "delegates.choose", choose("aula-1"), Role.HALL) == "forbidden"


def test_delegates_of_nowhere_and_of_a_rehearsal_are_refused_there() -> None:
    world = three_levels()
    world.create("lain", ("q",), 1, feeds="kec")
    world.give("lain", "delegates.choose", choose("q-1"))
    world.give("lain", "delegates.send_up")
    assert world.deliver() == ["unknown_territory"]
    world.create("gladi", ("gondangdia",), 1, feeds="kec", rehearsal=True)
    world.give("gladi", "delegates.choose", choose("gondangdia-1"))
    world.give("gladi", "delegates.send_up")
    assert world.deliver() == ["rehearsal_differs"]
    assert world.code("kota", "delegates.send_up") == "no_next_level"


def test_a_ballot_on_seats_decides_who_of_them_goes() -> None:
    world = three_levels()
    options = [{"id": "aula-1", "label": "Satu"}, {"id": "aula-2", "label": "Dua"}]
    ballot = {"title": "Delegasi", "options": options, "choose_max": 1, "secrecy": "open"}
    opened = world.give("kel", "ballot.open", ballot)["ballot"]
    world.box = BoxCount((("aula-1",),), ("aula-2",), (), (("aula-2", ("aula-1",)),))
    world.give("kel", "ballot.close", {"ballot": opened})
    assert world.code("kel", "delegates.choose", choose("aula-2", by=opened)) == "not_elected"
    world.give("kel", "delegates.choose", choose("aula-1", by=opened))
    world.give("kel", "delegates.choose", choose("aula-3", by=opened))
    assert world["kel"].delegation.chosen["aula-3"].ballot == opened  # type: ignore[index]


def test_whoever_is_seated_already_is_not_seated_twice() -> None:
    world = three_levels()
    world.give("kel", "delegates.choose", choose("aula-1"))
    world.give("kel", "delegates.send_up")
    (parcel,) = world.sent("kel")
    world.deliver()
    before = world["kec"]
    assert world.there(replace(parcel, id="another-parcel")) == ("", "{}")
    assert world["kec"].seats == before.seats and world["kec"].seq == before.seq
