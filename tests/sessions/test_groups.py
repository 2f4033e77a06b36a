"""Group sessions: split off with their halls and cards, decided there, and joined again as one event."""

from __future__ import annotations

from typing import Any

import pytest

from sessions import dispatch
from sessions.ids import HallId, PassId, SeatId, SessionId
from sessions.model.parcels import Parcel
from sessions.permissions import Actor, Role
from sessions.view import me, snapshot
from tests.sessions.between import World

HALLS = {"groups": [{"session": "g1", "title": "Kelompok I", "halls": ["a"]}, {"title": "Kelompok II", "halls": ["b"]}]}


def plenary() -> World:
    world = World()
    world.create("kec", ("a", "b"), 2, level="KECAMATAN", year=2027)
    world.give("kec", "pass.issue", {"pass": "lead", "role": "moderator", "expires_at": 1 << 50}, Role.ADMIN)
    for hall, titles in (("a", ("Drainase", "Jalan", "Posyandu")), ("b", ("Sumur",))):
        for title in titles:
            world.propose("kec", hall, title)
    return world


def split() -> World:
    world = plenary()
    world.give("kec", "groups.split", HALLS, Role.ADMIN)
    assert world.deliver() == []
    return world


def group_of(world: World, title: str) -> Any:
    (found,) = (group for group in world["kec"].groups.every.values() if group.title == title)
    return found


def test_a_split_founds_a_session_a_group_with_its_halls_seats_rules_and_cards() -> None:
    world = plenary()
    world.give("kec", "rules.set", {"changes": {"floor": {"minutes": 7}}, "reason": "tatib"}, Role.ADMIN)
    agenda = [{"title": "Pembahasan", "kind": "GROUP_WORK", "minutes": 60}]
    planned = {**HALLS["groups"][0], "agenda": agenda}
    world.give("kec", "groups.split", {"groups": [planned]}, Role.ADMIN)
    assert world["g1"].seq == 0, "not before the parcel came"
    world.deliver()
    child = world["g1"]
    assert (child.session.kind, child.session.form, child.session.parent) == ("group", "GROUP", "kec")
    assert (child.session.level, child.session.year, child.session.phase) == ("KECAMATAN", 2027, "draft")
    assert set(child.halls) == {"a"} and set(child.seats) == {"a-1", "a-2"}
    assert child.rules == world["kec"].rules and child.rules.floor.minutes == 7
    assert [(item.title, item.kind) for item in child.agenda] == [("Pembahasan", "GROUP_WORK")]
    assert world.titles("g1") == ["Drainase", "Jalan", "Posyandu"]
    assert {id_: child.board.proposals[id_] for id_ in child.board.proposals} == {
        id_: card for id_, card in world["kec"].board.proposals.items() if card.hall == "a"
    }, "a card travels whole"


def test_a_group_by_field_takes_the_cards_of_that_field() -> None:
    world = plenary()
    card = world.propose("kec", "a", "Pasar")
    world.give("kec", "proposal.edit", {"proposal": card, "base": 1, "fields": {"field": "EKONOMI"}})
    groups = [
        {"session": "g1", "title": "Ekonomi", "halls": ["a", "b"], "fields": ["EKONOMI"], "seats": ["a-1"]},
        {"session": "g2", "title": "Lainnya", "halls": ["a", "b"], "seats": ["a-2", "b-1", "b-2"]},
    ]
    world.give("kec", "groups.split", {"groups": groups}, Role.ADMIN)
    world.deliver()
    assert world.titles("g1") == ["Pasar"] and set(world["g1"].seats) == {"a-1"}
    assert world.titles("g2") == ["Drainase", "Jalan", "Posyandu", "Sumur"]


def test_a_card_that_is_with_a_group_is_locked_in_the_plenary() -> None:
    world = split()
    card = world.card("kec", "Drainase")
    based = {"proposal": card.id, "base": card.version}
    commands: list[tuple[str, dict[str, Any]]] = [
        ("proposal.edit", {**based, "fields": {"title": "x"}}),
        ("proposal.move", {**based, "status": "PRIORITISED", "before": None}),
        ("proposal.withdraw", {**based, "reason": "batal"}),
        ("proposals.send_up", {"proposals": [card.id], "to": "kota"}),
    ]
    world.give("kec", "session.link", {"feeds": "kota", "previous": None}, Role.ADMIN)
    assert [world.code("kec", *command) for command in commands] == ["with_group"] * 4
    trail = [one for one in snapshot(world["kec"], "hall") if one["kind"] == "trail" and one["id"] == card.id]
    assert [one["fields"]["group"] for one in trail] == ["g1"]
    assert not [one for one in snapshot(world["kec"], "participant") if one["kind"] == "trail"]


def test_closing_a_group_brings_its_decisions_edits_and_new_cards_home() -> None:
    world = split()
    world.give("g1", "session.open")
    before = {card.id: card for card in world["kec"].board.proposals.values()}
    drain = world.card("g1", "Drainase")
    world.give("g1", "proposal.edit", {"proposal": drain.id, "base": drain.version, "fields": {"amount": 5}})
    world.move("g1", world.card("g1", "Jalan").id, "PRIORITISED")
    world.move("g1", world.card("g1", "Drainase").id, "PRIORITISED")
    world.propose("g1", "a", "Taman", "NOT_AGREED")
    seq = world["kec"].seq
    world.give("g1", "session.close")
    assert world.deliver() == [] and world["kec"].seq == seq + 1, "one event"
    state = world["kec"]
    ranked = [state.board.proposals[id_].content.title for _, id_ in state.board.columns["PRIORITISED"]]
    assert ranked == ["Jalan", "Drainase"], "in the group's order"
    assert world.card("kec", "Drainase").content.amount == 5
    assert world.card("kec", "Drainase").version > before[drain.id].version
    assert world.card("kec", "Taman").reason == "lahan sengketa"
    untouched = world.card("kec", "Posyandu")
    assert untouched is before[untouched.id]
    assert {
        state.lineage.trails[card.id].decided_by for card in state.board.proposals.values() if card.hall == "a"
    } == {"g1"}
    assert group_of(world, "Kelompok I").state == "joined"
    world.move("kec", untouched.id, "PRIORITISED")


def test_the_plenary_calls_its_groups_back_and_one_with_a_running_ballot_refuses() -> None:
    world = split()
    world.give("g1", "session.open")
    ballot = {"title": "Uji", "options": [{"label": "A"}, {"label": "B"}], "choose_max": 1, "secrecy": "open"}
    world.give("g1", "ballot.open", ballot)
    world.give("kec", "groups.join_back")
    assert world.deliver() == ["ballot_is_open"]
    assert group_of(world, "Kelompok I").state == "called" and group_of(world, "Kelompok II").state == "joined"
    assert world[group_of(world, "Kelompok II").session].session.phase == "closed", "though it never began"
    assert world.code("kec", "session.close") == "groups_are_out"
    second = group_of(world, "Kelompok II").session
    assert world.code("kec", "groups.join_back", {"group": second}) == "group_is_back"
    assert world.code("kec", "groups.join_back", {"group": "nobody"}) == "unknown_group"


def test_a_group_that_never_ends_is_recalled_and_what_it_still_sends_is_refused() -> None:
    world = split()
    world.give("g1", "session.open")
    world.move("g1", world.card("g1", "Drainase").id, "PRIORITISED")
    world.give("g1", "session.close")
    (late,) = world.sent("g1")
    assert world.code("kec", "groups.recall", {"group": "g1"}) == "reason_required"
    assert world.code("kec", "groups.recall", {"group": "nobody", "reason": "x"}) == "unknown_group"
    world.give("kec", "groups.recall", {"group": "g1", "reason": "jaringan putus"})
    assert world.code("kec", "groups.recall", {"group": "g1", "reason": "lagi"}) == "group_is_back"
    assert world.deliver() == ["group_is_back"]
    assert world["g1"].parcels.waiting[late.id].code == "group_is_back"
    assert world.card("kec", "Drainase").status == "SUBMITTED"
    world.move("kec", world.card("kec", "Drainase").id, "RESERVE")


def test_a_recalled_group_ends_at_once_and_hands_in_nothing() -> None:
    world = split()
    world.give("g1", "session.open")
    world.give("kec", "groups.recall", {"group": "g1", "reason": "jaringan putus"})
    assert world.deliver() == []
    assert world["g1"].session.phase == "closed" and world["g1"].parcels.waiting == {}
    assert world.code("g1", "session.reopen", {"reason": "lagi"}) == "results_sent"


def test_a_group_whose_results_are_out_is_not_opened_again() -> None:
    world = split()
    world.give("g1", "session.open")
    world.give("g1", "session.close")
    assert world.code("g1", "session.reopen", {"reason": "lupa"}) == "results_sent"


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ([{"title": "x", "halls": ["q"]}], "unknown_hall"),
        ([{"title": "x", "halls": ["a"], "seats": ["b-1"]}], "unknown_seat"),
        ([{"title": "x", "halls": ["a"], "moderator": "nobody"}], "unknown_pass"),
        ([{"title": "x", "halls": ["a"]}, {"title": "y", "halls": ["a", "b"]}], "in_another_group"),
        ([{"title": "x", "halls": ["a"], "session": "kec"}], "already_exists"),
        (
            [{"title": "x", "halls": ["a"], "session": "z"}, {"title": "y", "halls": ["b"], "session": "z"}],
            "already_exists",
        ),
    ],
)
def test_a_split_that_does_not_work_out_is_refused_whole(groups: list[dict[str, Any]], code: str) -> None:
    world = plenary()
    seq = world["kec"].seq
    assert world.code("kec", "groups.split", {"groups": groups}, Role.ADMIN) == code
    assert world["kec"].seq == seq


def test_groups_split_only_from_an_open_plenary_and_not_twice_over_the_same_people() -> None:
    world = split()
    assert world.code("kec", "groups.split", {"groups": [{"title": "x", "halls": ["a"]}]}) == "in_another_group"
    world.give("g1", "session.open")
    assert world.code("g1", "groups.split", {"groups": [{"title": "x", "halls": ["a"]}]}) == "forbidden"
    world.give("kec", "session.recess", {"reason": "makan siang"})
    assert world.code("kec", "groups.split", {"groups": [{"title": "x", "halls": ["a"]}]}) == "wrong_phase"
    assert world.code("kec", "groups.split", HALLS, Role.HALL) == "forbidden"


def test_a_moderator_names_no_session_for_a_group_that_is_not_linked() -> None:
    """Else a stranger's session would count as his group, to be called back, shown his stage or sent his cards."""
    world = plenary()
    assert world.code("kec", "groups.split", HALLS) == "not_linked"
    world.give("kec", "groups.split", {"groups": [{"title": "Kelompok I", "halls": ["a"]}]})
    assert world.deliver() == []


@pytest.mark.parametrize("command", ["groups.join_back", "groups.recall"])
def test_a_session_that_is_no_group_of_this_plenary_does_not_end_when_it_calls(command: str) -> None:
    world = plenary()
    world.create("g1")
    world.create("other", ("x",), 1)
    world.give("other", "groups.split", {"groups": [{"session": "g2", "title": "x", "halls": ["x"]}]}, Role.ADMIN)
    assert world.deliver() == []
    groups = [{"session": f"g{n}", "title": "Kelompok", "halls": [hall]} for n, hall in ((1, "a"), (2, "b"))]
    world.give("kec", "groups.split", {"groups": groups}, Role.ADMIN)
    assert world.deliver() == ["already_exists"] * 2
    for group in ("g1", "g2"):
        world.give("kec", command, {"group": group} | ({"reason": "putus"} if command == "groups.recall" else {}))
    assert world.deliver() == ["not_linked"] * 2
    assert (world["g1"].session.phase, world["g2"].session.phase) == ("open", "draft")


def test_a_call_sent_before_it_named_its_plenary_is_heard_by_a_group_alone() -> None:
    world = split()
    world.create("lain")
    world.give("g1", "session.called_back", {}, Role.SYSTEM)
    assert world["g1"].session.phase == "closed"
    assert world.code("lain", "session.called_back", {}, Role.SYSTEM) == "not_linked"


def test_a_session_that_exists_is_not_founded_again() -> None:
    world = plenary()
    world.create("g1")
    world.give("kec", "groups.split", {"groups": [HALLS["groups"][0]]}, Role.ADMIN)
    assert world.deliver() == ["already_exists"]


def test_me_names_the_group_a_seat_or_a_hall_belongs_to_until_it_is_back() -> None:
    world = plenary()
    world.give("kec", "groups.split", {"groups": [{**HALLS["groups"][0], "moderator": "lead"}]}, Role.ADMIN)
    session = SessionId("kec")
    seat = Actor(session, Role.DELEGATE, PassId("p"), seat=SeatId("a-1"), hall=HallId("a"))
    other = Actor(session, Role.DELEGATE, PassId("p"), seat=SeatId("b-1"), hall=HallId("b"))
    hall = Actor(session, Role.HALL, PassId("p"), hall=HallId("a"))
    lead, chair = Actor(session, Role.MODERATOR, PassId("lead")), Actor(session, Role.MODERATOR, PassId("p"))
    told = [me(world["kec"], actor)["group"] for actor in (seat, hall, lead, other, chair)]
    assert told == ["g1", "g1", "g1", None, None]
    world.deliver()
    world.give("kec", "groups.join_back")
    world.deliver()
    assert me(world["kec"], seat)["group"] is None


def test_results_of_a_stranger_are_refused() -> None:
    world = split()
    parcel = Parcel("stranger-p1", SessionId("kec"), "groups.returned", '{"group":"nobody","cards":[]}', 0)
    assert world.there(parcel)[0] == "unknown_group"
    assert not dispatch.may(Role.MODERATOR, "groups.returned")


def test_a_card_of_a_hall_only_the_group_knows_comes_home_under_the_groups_first_hall() -> None:
    world = split()
    world.give("g1", "session.open")
    world.give("g1", "hall.add", {"hall": "tenda", "name": "Tenda"}, Role.ADMIN)
    world.propose("g1", "tenda", "Taman")
    world.give("g1", "session.close")
    assert world.deliver() == [] and world.card("kec", "Taman").hall == "a"


def test_a_hall_that_groups_share_belongs_to_none_of_them_but_its_seats_do() -> None:
    world = plenary()
    groups = [{"session": f"g{n}", "title": "x", "halls": ["a"], "seats": [f"a-{n}"]} for n in (1, 2)]
    world.give("kec", "groups.split", {"groups": groups}, Role.ADMIN)
    session = SessionId("kec")
    hall = Actor(session, Role.HALL, PassId("p"), hall=HallId("a"))
    seat = Actor(session, Role.DELEGATE, PassId("p"), seat=SeatId("a-2"), hall=HallId("a"))
    assert (me(world["kec"], hall)["group"], me(world["kec"], seat)["group"]) == (None, "g2")


def test_what_was_sent_up_or_has_left_the_board_does_not_go_with_a_group() -> None:
    world = plenary()
    world.move("kec", world.card("kec", "Drainase").id, "PRIORITISED")
    world.give("kec", "proposals.send_up", {"to": "kota"}, Role.ADMIN)
    gone = world.card("kec", "Jalan")
    world.give("kec", "proposal.withdraw", {"proposal": gone.id, "base": gone.version, "reason": "batal"})
    world.give("kec", "groups.split", {"groups": [HALLS["groups"][0]]}, Role.ADMIN)
    world.deliver()
    assert world.titles("g1") == ["Posyandu"]
