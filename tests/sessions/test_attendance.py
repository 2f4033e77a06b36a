"""Attendance: checked in at the door or by oneself, gone and back, guests counted, witnesses named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sessions.attendance import (
    GuestsCounted,
    SeatCheckedIn,
    SeatLeft,
    WitnessDismissed,
    WitnessNamed,
    invited,
    present,
    witnesses,
)
from sessions.hall import SeatAdded
from sessions.ids import SeatId
from sessions.kind import VIEWS
from sessions.model.attendance import Arrival, AttendanceRules, Crowd
from sessions.model.rules import Rules
from sessions.session import SessionClosed
from sessions.state import State
from sessions.view import changes, snapshot
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DRAFT,
    GUEST,
    HALL_JATIASIH,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    RW11,
    SCREEN,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

CHECK_IN, LEAVE, WITNESS = "attendance.check_in", "attendance.leave", "hall.witness"
HERE = SeatCheckedIn(RW11, "name")


def ruled(state: State, **rules: Any) -> State:
    return replace(state, rules=Rules(attendance=AttendanceRules(**rules)))


def test_before_anybody_came_nobody_is_present() -> None:
    state = given(*OPENED)
    assert present(state) == frozenset() and invited(state) == {RW07, RW11, GUEST}


def test_a_hall_checks_in_its_people_by_card_or_by_name() -> None:
    state = given(*DRAFT)
    assert when(state, CHECK_IN, {"seat": RW11, "channel": "qr"}, HALL_JATIASIH) == [SeatCheckedIn(RW11, "qr")]
    assert when(state, CHECK_IN, {"seat": RW11}, HALL_JATIASIH) == [SeatCheckedIn(RW11, "name")]
    assert when(state, CHECK_IN, {"seat": RW11}, MODERATOR) == [SeatCheckedIn(RW11, "name")]


def test_a_delegate_checks_in_his_own_seat_and_no_other() -> None:
    state = given(*OPENED)
    assert when(state, CHECK_IN, {"seat": RW07}, DELEGATE_07) == [SeatCheckedIn(RW07, "self")]
    assert code(state, CHECK_IN, {"seat": RW11}, DELEGATE_07) == "forbidden"
    assert code(state, LEAVE, {"seat": RW11}, DELEGATE_07) == "forbidden"
    assert code(state, CHECK_IN, {"guests": 3, "hall": PEJUANG}, DELEGATE_07) == "forbidden"


def test_a_channel_is_what_it_says() -> None:
    state = given(*OPENED)
    refusal = ("bad_input", {"field": "channel"})
    assert refused(state, CHECK_IN, {"seat": RW07, "channel": "qr"}, DELEGATE_07) == refusal
    assert refused(state, CHECK_IN, {"seat": RW07, "channel": "self"}, HALL_PEJUANG) == refusal


def test_the_rules_may_leave_checking_in_to_the_door() -> None:
    state = ruled(given(*OPENED), self_check_in=False)
    assert code(state, CHECK_IN, {"seat": RW07}, DELEGATE_07) == "no_self_check_in"
    assert when(state, CHECK_IN, {"seat": RW07}, HALL_PEJUANG) == [SeatCheckedIn(RW07, "name")]
    here = more(state, [SeatCheckedIn(RW07, "name")])
    assert when(here, CHECK_IN, {"seat": RW07}, DELEGATE_07) == [], "already here: nothing to refuse"
    assert when(here, LEAVE, {"seat": RW07}, DELEGATE_07) == [SeatLeft(RW07)]


def test_somebody_of_another_hall_is_told_which() -> None:
    state = given(*OPENED)
    refusal = ("wrong_hall", {"hall": JATIASIH, "name": "Jatiasih"})
    assert refused(state, CHECK_IN, {"seat": RW11}, HALL_PEJUANG) == refusal
    assert refused(more(state, [HERE]), LEAVE, {"seat": RW11}, HALL_PEJUANG) == refusal
    assert refused(state, CHECK_IN, {"guests": 3, "hall": JATIASIH}, HALL_PEJUANG) == refusal


def test_who_has_no_seat_cannot_be_checked_in() -> None:
    state = given(*OPENED)
    assert refused(state, CHECK_IN, {"seat": "nobody"}) == ("unknown_seat", {"seat": "nobody"})
    assert refused(state, LEAVE, {"seat": "nobody"}) == ("unknown_seat", {"seat": "nobody"})
    assert refused(state, WITNESS, {"hall": PEJUANG, "seat": "nobody"}) == ("unknown_seat", {"seat": "nobody"})


def test_coming_twice_and_leaving_twice_are_harmless() -> None:
    state = given(*OPENED, HERE)
    assert when(state, CHECK_IN, {"seat": RW11}, DELEGATE_11) == []
    assert when(more(state, [SeatLeft(RW11)]), LEAVE, {"seat": RW11}) == []
    assert when(given(*OPENED), LEAVE, {"seat": RW11}) == [], "whoever never came has not to leave"
    again = more(state, [HERE])
    assert again.attendance == state.attendance
    assert more(state, [SeatLeft(RW11), SeatLeft(RW11)]).attendance.total.present == 0


def test_whoever_comes_back_came_when_he_first_did() -> None:
    state = more(given(*OPENED, HERE), [SeatLeft(RW11)], at=NOW + 5)
    assert present(state) == frozenset()
    assert state.attendance.arrivals[RW11] == Arrival(RW11, NOW, "name", left_at=NOW + 5)
    back = more(state, [SeatCheckedIn(RW11, "qr")], at=NOW + 9)
    assert back.attendance.arrivals[RW11] == Arrival(RW11, NOW, "qr") and present(back) == {RW11}


def test_each_hall_and_all_together_are_counted() -> None:
    state = given(*OPENED, HERE, SeatCheckedIn(GUEST, "qr"), SeatCheckedIn(RW07, "self"), GuestsCounted(JATIASIH, 4))
    assert state.attendance.halls == {PEJUANG: Crowd(1, 1, 0), JATIASIH: Crowd(2, 2, 4)}
    assert state.attendance.total == Crowd(3, 3, 4)
    later = more(
        state, [SeatLeft(GUEST), GuestsCounted(JATIASIH, 1), SeatAdded(SeatId("new"), PEJUANG, "x", True, True)]
    )
    assert later.attendance.halls == {PEJUANG: Crowd(2, 1, 0), JATIASIH: Crowd(2, 1, 1)}
    assert later.attendance.total == Crowd(4, 2, 1)


def test_guests_are_as_many_as_were_counted_last() -> None:
    state = given(*OPENED)
    assert when(state, CHECK_IN, {"guests": 4}, HALL_JATIASIH) == [GuestsCounted(JATIASIH, 4)]
    assert when(state, CHECK_IN, {"guests": 4, "hall": PEJUANG}) == [GuestsCounted(PEJUANG, 4)]
    assert when(more(state, [GuestsCounted(PEJUANG, 4)]), CHECK_IN, {"guests": 4, "hall": PEJUANG}) == []
    assert refused(state, CHECK_IN, {"guests": 4}) == ("bad_input", {"field": "hall"})
    assert code(state, CHECK_IN, {"guests": 4, "hall": "atlantis"}) == "unknown_hall"


def test_a_hall_has_two_witnesses_of_its_own() -> None:
    state = given(*OPENED, SeatAdded(SeatId("third"), JATIASIH, "Ketua RT 1", voice=True, vote=True))
    assert when(state, WITNESS, {"hall": JATIASIH, "seat": RW11}, HALL_JATIASIH) == [WitnessNamed(JATIASIH, RW11)]
    named = more(state, [WitnessNamed(JATIASIH, RW11)])
    assert when(named, WITNESS, {"hall": JATIASIH, "seat": RW11}) == []
    both = more(named, [WitnessNamed(JATIASIH, GUEST)])
    assert witnesses(both, JATIASIH) == (RW11, GUEST) and witnesses(both, PEJUANG) == ()
    assert refused(both, WITNESS, {"hall": JATIASIH, "seat": "third"}) == ("witnesses_complete", {"most": 2})
    assert when(ruled(both, witnesses=3), WITNESS, {"hall": JATIASIH, "seat": "third"}) == [
        WitnessNamed(JATIASIH, SeatId("third"))
    ]


def test_a_witness_is_of_the_hall() -> None:
    state = given(*OPENED)
    elsewhere = ("wrong_hall", {"hall": PEJUANG, "name": "Pejuang"})
    assert refused(state, WITNESS, {"hall": JATIASIH, "seat": RW07}) == elsewhere
    assert refused(state, WITNESS, {"hall": PEJUANG, "seat": RW07}, HALL_JATIASIH) == elsewhere
    assert code(state, WITNESS, {"hall": "atlantis", "seat": RW07}) == "unknown_hall"


def test_a_witness_can_be_taken_back_and_ends_on_leaving() -> None:
    state = given(*OPENED, HERE, WitnessNamed(JATIASIH, RW11))
    back = {"hall": JATIASIH, "seat": RW11, "named": False}
    assert when(state, WITNESS, back) == [WitnessDismissed(JATIASIH, RW11)]
    dismissed = more(state, [WitnessDismissed(JATIASIH, RW11)])
    assert witnesses(dismissed, JATIASIH) == () and when(dismissed, WITNESS, back) == []
    assert witnesses(more(state, [SeatLeft(RW11)]), JATIASIH) == ()


def test_who_may_and_when() -> None:
    state = given(*OPENED)
    for actor in (ADMIN, SCREEN):
        assert code(state, CHECK_IN, {"seat": RW11}, actor) == "forbidden"
        assert code(state, LEAVE, {"seat": RW11}, actor) == "forbidden"
        assert code(state, WITNESS, {"hall": JATIASIH, "seat": RW11}, actor) == "forbidden"
    assert code(state, WITNESS, {"hall": PEJUANG, "seat": RW07}, DELEGATE_07) == "forbidden"
    closed = given(*OPENED, HERE, SessionClosed())
    assert code(closed, CHECK_IN, {"seat": RW07}) == "wrong_phase"
    assert code(closed, LEAVE, {"seat": RW11}) == "wrong_phase"
    assert code(closed, WITNESS, {"hall": JATIASIH, "seat": RW11}) == "wrong_phase"


def test_bad_shapes() -> None:
    assert bad_field(CHECK_IN, {}) == "seat"
    assert bad_field(CHECK_IN, {"seat": "s", "guests": 1}) == "seat"
    assert bad_field(CHECK_IN, {"guests": 1, "channel": "qr"}) == "channel"
    assert bad_field(CHECK_IN, {"seat": "s", "hall": "h"}) == "hall"
    assert bad_field(CHECK_IN, {"seat": "s", "channel": "smell"}) == "channel"
    assert bad_field(CHECK_IN, {"guests": -1}) == "guests"
    assert bad_field(CHECK_IN, {"seat": "s", "name": "Budi"}) == "name"
    assert bad_field(LEAVE, {}) == "seat"
    assert bad_field(WITNESS, {"hall": "h", "seat": "s", "named": 1}) == "named"


@pytest.mark.parametrize("view", VIEWS)
def test_seats_are_seen_arriving_by_moderators_and_halls_others_see_numbers(view: str) -> None:
    before = given(*OPENED)
    after = more(before, [HERE, WitnessNamed(JATIASIH, RW11)])
    frame = {(change["kind"], change["id"]): change["fields"] for change in changes(before, after, view)}
    assert frame["crowd", "crowd"] == {"invited": 3, "present": 1, "guests": 0}
    kinds = {kind for kind, _ in frame}
    if view in ("moderator", "hall"):
        assert frame["arrival", RW11] == {"hall": JATIASIH, "at": NOW, "channel": "name", "left_at": None}
        assert frame["attendance", JATIASIH] == {"invited": 2, "present": 1, "guests": 0, "witnesses": [RW11]}
        assert ("attendance", PEJUANG) not in frame, "nobody came there"
    else:
        assert kinds == ({"crowd"} if view == "participant" else {"crowd", "attendance"})
        assert RW11 not in str(snapshot(after, view))
