"""Halls and seats: entered by the secretariat, once each."""

from __future__ import annotations

from dataclasses import replace

from sessions import dispatch
from sessions.hall import HallAdded, HallEdited, SeatAdded, SeatEdited
from sessions.session import SessionClosed
from tests.sessions.given import ADMIN, CREATED, DRAFT, MODERATOR, OPENED, PEJUANG, bad_field, code, given, more, when

SEAT = {"seat": "pejuang-08", "hall": "pejuang", "office": "Ketua RW 08"}


def test_a_hall_without_an_order_comes_last() -> None:
    hall = {"hall": "bantargebang", "name": "Bantargebang", "kecamatan": "Bantargebang"}
    assert when(given(CREATED), "hall.add", hall, ADMIN) == [
        HallAdded("bantargebang", "Bantargebang", "Bantargebang", 1)
    ]
    (event,) = when(given(*DRAFT), "hall.add", hall, ADMIN)
    assert event.order == 3
    (event,) = when(given(*DRAFT), "hall.add", {**hall, "order": 9}, ADMIN)
    assert event.order == 9


def test_a_hall_is_added_once() -> None:
    assert code(given(*DRAFT), "hall.add", {"hall": "pejuang", "name": "Pejuang"}, ADMIN) == "already_exists"


def test_a_seat_has_voice_and_vote_unless_said_otherwise() -> None:
    state = given(*DRAFT)
    assert when(state, "seat.add", SEAT, ADMIN) == [SeatAdded("pejuang-08", PEJUANG, "Ketua RW 08", True, True)]
    (event,) = when(state, "seat.add", {**SEAT, "vote": False}, ADMIN)
    assert (event.voice, event.vote) == (True, False)


def test_a_seat_is_added_once_to_a_hall_that_exists() -> None:
    assert code(given(*DRAFT), "seat.add", {**SEAT, "seat": "pejuang-07"}, ADMIN) == "already_exists"
    assert code(given(*DRAFT), "seat.add", {**SEAT, "hall": "atlantis"}, ADMIN) == "unknown_hall"


def test_a_hall_counts_its_seats() -> None:
    state = given(*DRAFT)
    assert [hall.seat_count for hall in state.halls.values()] == [1, 2]


def test_seats_are_the_secretariats_and_not_after_the_close() -> None:
    assert code(given(*DRAFT), "seat.add", SEAT, MODERATOR) == "forbidden"
    assert code(given(*OPENED, SessionClosed()), "seat.add", SEAT, ADMIN) == "wrong_phase"


def test_a_seat_speaks_for_a_group_and_an_rw() -> None:
    (event,) = when(given(*DRAFT), "seat.add", {**SEAT, "constituency": "DISABILITY", "rw": "08"}, ADMIN)
    assert event == SeatAdded("pejuang-08", PEJUANG, "Ketua RW 08", True, True, "DISABILITY", "08")
    seat = given(*DRAFT, event).seats["pejuang-08"]
    assert (seat.constituency, seat.rw) == ("DISABILITY", "08")
    assert bad_field("seat.add", {**SEAT, "constituency": "ROYALTY"}) == "constituency"


def test_many_seats_are_one_event() -> None:
    rows = [{"hall": "pejuang", "office": "Ketua RT", "vote": False}, {**SEAT, "constituency": "YOUTH"}]
    state = given(*DRAFT)
    (event,) = when(state, "seats.import", {"seats": rows}, ADMIN)
    assert [seat.seat for seat in event.seats] == ["fresh-1", "pejuang-08"]
    after = more(state, [event])
    assert after.halls[PEJUANG].seat_count == 3 and after.attendance.halls[PEJUANG].invited == 3
    assert after.attendance.total.invited == 5
    assert (after.seats["fresh-1"].vote, after.seats["pejuang-08"].constituency) == (False, "YOUTH")
    assert dispatch.result_of([event]) == {"seats": 2}
    back = dispatch.apply(state, dispatch.recorded(event, state.seq + 1, after.at, "system"))
    assert back == after, "as the journal keeps it"


def test_an_import_is_whole_or_nothing() -> None:
    def told(*rows: dict[str, object]) -> str:
        return code(given(*DRAFT), "seats.import", {"seats": rows}, ADMIN)

    assert told(SEAT, {**SEAT, "seat": "pejuang-07"}) == "already_exists"
    assert told(SEAT, SEAT) == "already_exists"
    assert told(SEAT, {**SEAT, "seat": "x", "hall": "atlantis"}) == "unknown_hall"
    assert code(given(*DRAFT), "seats.import", {"seats": [SEAT]}, MODERATOR) == "forbidden"
    assert code(given(*OPENED, SessionClosed()), "seats.import", {"seats": [SEAT]}, ADMIN) == "wrong_phase"
    assert bad_field("seats.import", {"seats": []}) == "seats"
    assert bad_field("seats.import", {"seats": [{"hall": "pejuang"}]}) == "seats.0.office"


def test_a_seat_can_be_mended() -> None:
    state = given(*OPENED)
    change = {"seat": "pejuang-07", "constituency": "WOMEN", "rw": "07", "vote": False}
    (event,) = when(state, "seat.edit", change, ADMIN)
    assert event == SeatEdited("pejuang-07", "Ketua RW 07", True, False, "WOMEN", "07")
    after = more(state, [event])
    assert after.seats["pejuang-07"].constituency == "WOMEN" and not after.seats["pejuang-07"].vote
    assert when(after, "seat.edit", change, ADMIN) == []


def test_an_office_is_settled_once_the_session_has_been_opened() -> None:
    """It is what people see a speaker under."""
    change = {"seat": "pejuang-07", "office": "Ketua RW 7"}
    (event,) = when(given(*DRAFT), "seat.edit", change, ADMIN)
    assert event.office == "Ketua RW 7"
    assert code(given(*OPENED), "seat.edit", change, ADMIN) == "wrong_phase"
    same = {**change, "office": "Ketua RW 07"}
    assert when(given(*OPENED), "seat.edit", same, ADMIN) == []


def test_a_hall_can_be_named_otherwise_until_the_session_is_opened() -> None:
    change = {"hall": "pejuang", "name": "Pejuang Jaya"}
    state = given(*DRAFT)
    (event,) = when(state, "hall.edit", change, ADMIN)
    before = state.halls["pejuang"]
    assert event == HallEdited("pejuang", "Pejuang Jaya", before.kecamatan)
    after = more(state, [event])
    assert after.halls["pejuang"] == replace(before, name="Pejuang Jaya")
    assert when(after, "hall.edit", change, ADMIN) == []
    assert code(given(*OPENED), "hall.edit", change, ADMIN) == "wrong_phase"
    assert code(state, "hall.edit", change, MODERATOR) == "forbidden"
    assert bad_field("hall.edit", {"hall": "pejuang", "name": ""}) == "name"


def test_what_an_edit_is_refused_for() -> None:
    assert code(given(*DRAFT), "seat.edit", {"seat": "nobody", "rw": "1"}, ADMIN) == "unknown_seat"
    assert code(given(*DRAFT), "seat.edit", {"seat": "pejuang-07", "rw": "1"}, MODERATOR) == "forbidden"
    assert code(given(*OPENED, SessionClosed()), "seat.edit", {"seat": "pejuang-07", "rw": "1"}, ADMIN) == "wrong_phase"
    assert bad_field("seat.edit", {"seat": "pejuang-07", "hall": "jatiasih"}) == "hall"


def test_bad_shapes() -> None:
    assert bad_field("hall.add", {"hall": "pe juang", "name": "Pejuang"}) == "hall"
    assert bad_field("hall.add", {"hall": "x" * 41, "name": "Pejuang"}) == "hall"
    assert bad_field("hall.add", {"hall": "pejuang\n", "name": "Pejuang"}) == "hall"
    assert bad_field("seat.add", {"seat": "s", "hall": "pejuang"}) == "office"
    assert bad_field("seat.add", {**SEAT, "vote": "yes"}) == "vote"
