"""The site log: halls that come, drop and return, halls that are blanked or muted."""

from __future__ import annotations

from sessions.clock import FloorPaused, FloorResumed
from sessions.floor import FloorGranted, FloorRequested
from sessions.ids import RequestId
from sessions.model.site import Outage, Place
from sessions.site import HallBack, HallBlanked, HallCame, HallLost, HallMuted
from sessions.view import snapshot
from tests.sessions.given import (
    DRAFT,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

R1 = RequestId("r1")
LOST = HallLost("o1", PEJUANG, "page")
CAME = (*OPENED, HallCame(PEJUANG))
SPEAKING = (*CAME, FloorRequested(R1, PEJUANG), FloorGranted(R1, NOW + 180_000))


def test_a_hall_comes_is_lost_and_comes_back() -> None:
    state = given(*OPENED)
    assert when(state, "hall.back", {"hall": "pejuang"}, SYSTEM) == [HallCame(PEJUANG)]
    state = more(state, [HallCame(PEJUANG)])
    assert when(state, "hall.back", {"hall": "pejuang"}, SYSTEM) == []
    assert when(state, "hall.lost", {"hall": "pejuang"}, SYSTEM, fresh="o1") == [LOST]
    (by_media,) = when(state, "hall.lost", {"hall": "pejuang", "cause": "media"}, SYSTEM)
    assert by_media.cause == "media"
    state = more(state, [LOST], at=NOW + 10)
    assert when(state, "hall.lost", {"hall": "pejuang"}, SYSTEM) == [], "two nodes, one outage"
    assert when(state, "hall.back", {"hall": "pejuang"}, SYSTEM) == [HallBack("o1", PEJUANG)]
    state = more(state, [HallBack("o1", PEJUANG)], at=NOW + 70)
    assert state.site.outages == {"o1": Outage("o1", PEJUANG, NOW + 10, "page", NOW + 70)}
    assert state.site.places[PEJUANG] == Place(PEJUANG, NOW, None, 1, 60)


def test_a_second_outage_is_another_entry_and_the_first_stays_as_it_was() -> None:
    state = more(given(*CAME), [LOST, HallBack("o1", PEJUANG), HallLost("o2", PEJUANG, "media")], at=NOW + 5)
    assert when(state, "hall.back", {"hall": "pejuang"}, SYSTEM) == [HallBack("o2", PEJUANG)]
    assert [one.until for one in state.site.outages.values()] == [NOW + 5, None]


def test_a_hall_that_never_came_is_not_lost() -> None:
    assert when(given(*OPENED), "hall.lost", {"hall": "pejuang"}, SYSTEM) == []


def test_links_are_the_systems_word_and_only_of_halls_while_they_gather() -> None:
    for name in ("hall.lost", "hall.back"):
        assert refused(given(*OPENED), name, {"hall": "x"}, SYSTEM) == ("unknown_hall", {"hall": "x"})
        assert code(given(*DRAFT), name, {"hall": "pejuang"}, SYSTEM) == "wrong_phase"
        for actor in (MODERATOR, HALL_PEJUANG):
            assert code(given(*OPENED), name, {"hall": "pejuang"}, actor) == "forbidden"


def test_the_speakers_clock_stops_and_runs_with_the_link_of_the_hall_and_keeps_its_place() -> None:
    state = given(*SPEAKING)
    lost = when(state, "hall.lost", {"hall": "pejuang"}, SYSTEM, now=NOW + 60_000, fresh="o1")
    assert lost == [LOST, FloorPaused(R1, 120_000, "outage")]
    state = more(state, lost, at=NOW + 60_000)
    assert state.floor.holder is not None and state.floor.holder.request == R1
    back = when(state, "hall.back", {"hall": "pejuang"}, SYSTEM, now=NOW + 90_000)
    assert back == [HallBack("o1", PEJUANG), FloorResumed(R1, NOW + 210_000)]
    other = more(state, [HallCame(JATIASIH)])
    assert len(when(other, "hall.lost", {"hall": "jatiasih"}, SYSTEM)) == 1, "another hall's link stops no clock"


def test_a_queue_keeps_who_is_cut_off() -> None:
    state = more(given(*CAME), [FloorRequested(R1, PEJUANG), LOST])
    assert [speaker.request for speaker in state.floor.queue] == [R1]


def test_a_hall_is_blanked_with_a_reason_and_shown_again() -> None:
    state = given(*OPENED)
    blank = {"hall": "pejuang", "blank": True, "reason": "Kamera jatuh"}
    assert when(state, "hall.blank", blank) == [HallBlanked(PEJUANG, True, "Kamera jatuh")]
    assert code(state, "hall.blank", {"hall": "pejuang", "blank": True}) == "reason_required"
    assert code(state, "hall.blank", {"hall": "pejuang", "blank": True, "reason": " "}) == "reason_required"
    state = more(state, [HallBlanked(PEJUANG, True, "Kamera jatuh")])
    assert when(state, "hall.blank", blank) == []
    again = when(state, "hall.blank", {"hall": "pejuang", "blank": False, "reason": "sudah baik"})
    assert again == [HallBlanked(PEJUANG, False)]
    assert more(state, again).site.places[PEJUANG] == Place(PEJUANG)


def test_a_hall_is_muted_and_heard_again() -> None:
    state = given(*OPENED)
    assert when(state, "hall.mute", {"hall": "pejuang", "muted": True}) == [HallMuted(PEJUANG, True)]
    assert when(state, "hall.mute", {"hall": "pejuang", "muted": False}) == []
    state = more(state, [HallMuted(PEJUANG, True)])
    assert state.site.places[PEJUANG].muted
    assert when(state, "hall.mute", {"hall": "pejuang", "muted": False}) == [HallMuted(PEJUANG, False)]


def test_blanking_and_muting_are_the_moderators() -> None:
    state = given(*OPENED)
    for name, data in (("hall.blank", {"blank": True, "reason": "x"}), ("hall.mute", {"muted": True})):
        assert refused(state, name, {"hall": "x", **data}) == ("unknown_hall", {"hall": "x"})
        assert code(state, name, {"hall": "pejuang", **data}, HALL_PEJUANG) == "forbidden"


def test_the_log_is_the_moderators_and_the_reason_is_not_on_the_big_screen() -> None:
    state = more(given(*CAME), [LOST, HallBlanked(PEJUANG, True, "Kamera jatuh")])
    shown = {
        view: {(change["kind"], change["id"]): change["fields"] for change in snapshot(state, view)}
        for view in ("moderator", "hall", "screen", "participant", "public")
    }
    assert shown["moderator"]["outage", "o1"] == {"hall": "pejuang", "since": NOW, "until": None, "cause": "page"}
    assert shown["hall"]["site", "pejuang"] == {
        "came_at": NOW, "lost_at": NOW, "outages": 1, "lost_ms": 0, "blanked": True, "muted": False,
        "reason": "Kamera jatuh",
    }  # fmt: skip
    assert "reason" not in shown["screen"]["site", "pejuang"] and shown["screen"]["site", "pejuang"]["blanked"]
    for view, entities in shown.items():
        assert (("outage", "o1") in entities) == (view == "moderator")
        assert (("site", "pejuang") in entities) == (view in ("moderator", "hall", "screen"))


def test_bad_shapes() -> None:
    assert bad_field("hall.lost", {"hall": "pejuang", "cause": "rain"}) == "cause"
    assert bad_field("hall.blank", {"hall": "pejuang"}) == "blank"
    assert bad_field("hall.blank", {"hall": "pejuang", "blank": True, "reason": "x" * 501}) == "reason"
    assert bad_field("hall.mute", {"hall": "pejuang", "muted": 1}) == "muted"
