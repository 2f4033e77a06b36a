"""Proposals and delegates on their way up, fates on their way down, and what is brought in again next year."""

from __future__ import annotations

from typing import Any

from sessions.card import proposal_details
from sessions.ids import SessionId
from sessions.kind import VIEWS
from sessions.permissions import Role
from sessions.view import snapshot
from tests.sessions.between import World


def three_levels() -> World:
    """A city, one kecamatan that feeds it and one kelurahan that feeds that, all of plan year 2027."""
    world = World()
    world.create("kota", ("menteng",), 1, level="CITY", year=2027)
    world.create("kec", ("gondangdia",), 1, level="KECAMATAN", year=2027, feeds="kota",
                 territory={"code": "menteng", "name": "Menteng"})  # fmt: skip
    world.create("kel", ("aula",), 3, level="KELURAHAN", year=2027, feeds="kec",
                 territory={"code": "gondangdia", "name": "Gondangdia"})  # fmt: skip
    return world


def trail(world: World, session: str, title: str) -> Any:
    return world[session].lineage.trails[world.card(session, title).id]


def test_what_was_prioritised_goes_up_in_its_order_and_is_locked_here() -> None:
    world = three_levels()
    for title in ("Drainase", "Jalan"):
        world.propose("kel", "aula", title, "PRIORITISED")
    world.propose("kel", "aula", "Taman")
    assert world.give("kel", "proposals.send_up") == {"to": "kec", "proposals": 2}
    assert world.deliver() == []
    assert [card.content.title for card in world["kec"].board.proposals.values()] == ["Drainase", "Jalan"]
    card = world.card("kec", "Drainase")
    assert (card.hall, card.status) == ("gondangdia", "SUBMITTED"), "the hall that stands for its territory"
    below = world.card("kel", "Drainase")
    assert below.status == "SENT_UP"
    edit = {"proposal": below.id, "base": below.version, "fields": {"title": "x"}}
    assert world.code("kel", "proposal.edit", edit) == "sent_up"
    assert world.code("kel", "proposals.send_up", {"proposals": [below.id]}) == "sent_up"


def test_sending_up_refuses_what_makes_no_sense() -> None:
    world = three_levels()
    card = world.propose("kel", "aula", "Taman")
    assert world.code("kel", "proposals.send_up") == "nothing_to_send"
    assert world.code("kel", "proposals.send_up", {"proposals": [card]}) == "not_prioritised"
    assert world.code("kel", "proposals.send_up", {"proposals": ["nobody"]}) == "unknown_proposal"
    assert world.code("kel", "proposals.send_up", {"proposals": [card, card]}) == "bad_input"
    assert world.code("kel", "proposals.send_up", {"to": "kel"}) == "bad_input"
    assert world.code("kota", "proposals.send_up") == "no_next_level"
    assert world.code("kel", "proposals.send_up", {}, Role.HALL) == "forbidden"


def test_a_hall_nobody_stands_for_is_refused_with_a_list_and_a_rehearsal_stays_among_rehearsals() -> None:
    world = three_levels()
    world.create("lain", ("q",), feeds="kec")
    world.propose("lain", "q", "Jalan", "PRIORITISED")
    world.give("lain", "proposals.send_up")
    assert world.deliver() == ["unknown_territory"]
    world.create("gladi", ("gondangdia",), feeds="kec", rehearsal=True)
    world.propose("gladi", "gondangdia", "Jalan", "PRIORITISED")
    world.give("gladi", "proposals.send_up")
    assert world.deliver() == ["rehearsal_differs"] and world.titles("kec") == []
    assert world.code("kec", "halls.map", {"halls": [{"session": "lain", "hall": "q"}]}, Role.ADMIN) == "unknown_hall"
    assert world.code("kec", "halls.map", {"halls": []}, Role.MODERATOR) == "forbidden"


def test_lineage_runs_across_three_levels_and_fates_come_down_again_even_after_sealing() -> None:
    world = three_levels()
    world.propose("kel", "aula", "Drainase", "PRIORITISED")
    world.give("kel", "proposals.send_up")
    world.give("kel", "session.close")
    world.give("kel", "session.seal", {"reason": "tanpa pembacaan"})
    world.deliver()
    world.move("kec", world.card("kec", "Drainase").id, "PRIORITISED")
    world.give("kec", "proposals.send_up")
    world.deliver()
    assert [(one.session, one.level) for one in trail(world, "kota", "Drainase").ancestors] == [
        ("kel", "KELURAHAN"),
        ("kec", "KECAMATAN"),
    ]
    assert [(one.session, one.status) for one in trail(world, "kel", "Drainase").fates] == [("kec", "SENT_UP")]
    world.give("kec", "session.close")
    world.move("kota", world.card("kota", "Drainase").id, "NOT_AGREED")
    world.give("kota", "session.close")
    assert world.deliver() == []
    told = {one.session: (one.level, one.status, one.reason) for one in trail(world, "kel", "Drainase").fates}
    assert told == {"kec": ("KECAMATAN", "SENT_UP", ""), "kota": ("CITY", "NOT_AGREED", "lahan sengketa")}
    assert world["kel"].session.phase == "sealed"
    details = proposal_details(world["kel"], world.card("kel", "Drainase").id, "participant")
    assert details is not None and [fate["session"] for fate in details["trail"]["fates"]] == ["kec", "kota"]
    shown = [one["fields"]["fates"] for one in snapshot(world["kel"], "public") if one["kind"] == "trail"]
    assert [fate["status"] for fate in shown[0]] == ["SENT_UP", "NOT_AGREED"]


def test_what_came_to_nothing_is_carried_over_with_its_years_and_what_goes_on_is_not() -> None:
    world = three_levels()
    world.propose("kel", "aula", "Jalan", "PRIORITISED")
    world.propose("kel", "aula", "Drainase", "PRIORITISED")
    world.propose("kel", "aula", "Taman", "RESERVE")
    world.give("kel", "proposals.send_up")
    world.give("kel", "session.close")
    world.give("kel", "session.seal", {"reason": "tanpa pembacaan"})
    world.deliver()
    world.move("kec", world.card("kec", "Jalan").id, "PRIORITISED")
    world.move("kec", world.card("kec", "Drainase").id, "NOT_AGREED")
    world.give("kec", "session.close")
    world.deliver()
    world.create("kel28", ("aula",), level="KELURAHAN", year=2028, previous="kel", feeds="kec28",
                 territory={"code": "gondangdia", "name": "Gondangdia"})  # fmt: skip
    world.give("kel28", "proposals.carry_over")
    assert world.deliver() == [] and world.titles("kel28") == ["Drainase", "Taman"]
    (origin,) = trail(world, "kel28", "Drainase").ancestors
    assert (origin.session, origin.year, origin.status, origin.carried) == ("kel", 2027, "SENT_UP", True)
    world.give("kel28", "proposals.carry_over")
    world.deliver()
    assert world.titles("kel28") == ["Drainase", "Taman"], "nothing is brought in twice"
    world.create("kec28", ("gondangdia",), level="KECAMATAN", year=2028)
    world.move("kel28", world.card("kel28", "Drainase").id, "PRIORITISED")
    world.give("kel28", "proposals.send_up")
    world.deliver()
    assert [(one.session, one.year) for one in trail(world, "kec28", "Drainase").ancestors] == [
        ("kel", 2027),
        ("kel28", 2028),
    ]
    fates = trail(world, "kel", "Drainase").fates
    world.give("kec28", "session.close")
    assert world.deliver() == []
    assert trail(world, "kel", "Drainase").fates == fates, "last year's record hears of its own year alone"
    assert [one.session for one in trail(world, "kel28", "Drainase").fates] == ["kec28"]


def test_carrying_over_needs_a_year_before_and_something_in_it() -> None:
    world = three_levels()
    assert world.code("kel", "proposals.carry_over") == "no_previous_year"
    assert world.code("kel", "proposals.carry_over", {"from": "kel"}) == "bad_input"
    world.create("kel28", ("aula",), previous="kel")
    world.give("kel28", "proposals.carry_over")
    assert world.deliver() == ["nothing_to_send"]
    world.create("gladi", ("aula",), previous="kel", rehearsal=True)
    world.give("gladi", "proposals.carry_over")
    assert world.deliver() == ["rehearsal_differs"]


def test_a_level_that_is_over_takes_no_more() -> None:
    world = three_levels()
    world.propose("kel", "aula", "Jalan", "PRIORITISED")
    world.give("kec", "session.close")
    world.give("kel", "proposals.send_up")
    assert world.deliver() == ["wrong_phase"]
    world.give("kec", "session.seal", {"reason": "tanpa pembacaan"})
    (parcel,) = world["kel"].parcels.waiting
    world.give("kel", "parcel.resend", {"parcel": parcel})
    assert world.deliver() == ["session_sealed"]


def test_neighbours_may_be_named_later() -> None:
    world = World()
    world.create("kel", ("aula",))
    world.give("kel", "session.link", {"feeds": "kec", "previous": None}, Role.ADMIN)
    assert world["kel"].session.feeds == SessionId("kec")
    assert world.code("kel", "session.link", {"feeds": "kel", "previous": None}, Role.ADMIN) == "bad_input"
    assert world.code("kel", "session.link", {"feeds": None, "previous": None}) == "forbidden"
    linked = {"feeds": "kec", "previous": None}
    world.give("kel", "session.link", {**linked, "reaches": ["kota"]}, Role.ADMIN)
    world.give("kel", "session.link", {"feeds": None, "previous": None}, Role.ADMIN)
    assert world["kel"].session.reaches == ("kota",), "left out, they are as they were"
    for wrong in (["kel"], ["kota", "kota"]):
        assert world.code("kel", "session.link", {**linked, "reaches": wrong}, Role.ADMIN) == "bad_input"
    seen = {view: snapshot(world["kel"], view)[0]["fields"].get("reaches") for view in VIEWS}
    assert seen == {"moderator": ["kota"], "hall": None, "participant": None, "screen": None, "public": None}
    world.give("kel", "session.link", {**linked, "reaches": []}, Role.ADMIN)
    assert world["kel"].session.reaches == ()


def test_nobody_but_the_secretariat_reaches_a_session_that_is_not_linked() -> None:
    """Else the moderator of one village could put cards and delegates into the session of another, or read theirs."""
    world = three_levels()
    world.create("tetangga", ("aula",), 1)
    world.propose("tetangga", "aula", "Balai warga")
    card = world.propose("kel", "aula", "Jalan", "PRIORITISED")
    world.give("kel", "delegates.choose", {"seats": ["aula-1"], "by": "acclamation"})
    away: list[tuple[str, dict[str, Any]]] = [
        ("proposals.send_up", {"to": "tetangga"}),
        ("delegates.send_up", {"to": "tetangga"}),
        ("proposals.carry_over", {"from": "tetangga"}),
    ]
    for name, data in away:
        assert world.code("kel", name, data) == "not_linked", name
        assert world.code("kec", name, {**data, **dict.fromkeys(data, "kel")}) == "not_linked", "feeding is one way"
    assert world.sent("kel") == []
    world.give("kel", "session.link", {"feeds": "kec", "previous": "kota", "reaches": ["tetangga"]}, Role.ADMIN)
    for name, data in away:
        world.give("kel", name, data)
    assert [parcel.to for parcel in world.sent("kel")] == ["tetangga"] * 3
    assert world.card("kel", "Jalan").id == card
    world.give("kec", "proposals.carry_over", {"from": "tetangga"}, Role.ADMIN)


def test_a_group_reaches_its_plenary_and_a_plenary_its_groups() -> None:
    world = three_levels()
    groups = [{"session": "g1", "title": "Kelompok", "halls": ["gondangdia"]}]
    world.give("kec", "groups.split", {"groups": groups}, Role.ADMIN)
    assert world.deliver() == []
    world.give("kec", "cast.start", {"sessions": ["g1"]})
    world.give("g1", "proposals.carry_over", {"from": "kec"})
    assert world.code("g1", "proposals.carry_over", {"from": "kota"}) == "not_linked"


def test_a_territory_counts_before_a_hall_that_happens_to_be_called_the_same() -> None:
    world = three_levels()
    world.give("kec", "hall.add", {"hall": "aula", "name": "Aula Kecamatan"}, Role.ADMIN)
    world.propose("kel", "aula", "Jalan", "PRIORITISED")
    world.give("kel", "proposals.send_up")
    assert world.deliver() == [] and world.card("kec", "Jalan").hall == "gondangdia"
    world.give("kec", "halls.map", {"halls": [{"session": "kel", "there": "aula", "hall": "aula"}]}, Role.ADMIN)
    world.propose("kel", "aula", "Taman", "PRIORITISED")
    world.give("kel", "proposals.send_up")
    assert world.deliver() == [] and world.card("kec", "Taman").hall == "aula", "unless somebody says otherwise"


def test_what_became_of_a_proposal_that_was_sent_up_may_be_noted_by_hand_and_nothing_else() -> None:
    world = three_levels()
    card = world.propose("kel", "aula", "Jalan", "PRIORITISED")
    world.give("kel", "proposals.send_up")
    back = {"proposal": card, "base": world.card("kel", "Jalan").version, "status": "PRIORITISED", "before": None}
    assert world.code("kel", "proposal.move", back) == "sent_up"
    world.move("kel", card, "ACCOMMODATED_NEXT_YEAR")
    assert world.card("kel", "Jalan").status == "ACCOMMODATED_NEXT_YEAR"
