"""Halls and seats: entered by the secretariat, once each."""

from __future__ import annotations

from sessions.hall import HallAdded, SeatAdded
from sessions.session import SessionClosed
from tests.sessions.given import ADMIN, CREATED, DRAFT, MODERATOR, OPENED, PEJUANG, bad_field, code, given, when

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


def test_bad_shapes() -> None:
    assert bad_field("hall.add", {"hall": "pe juang", "name": "Pejuang"}) == "hall"
    assert bad_field("hall.add", {"hall": "x" * 41, "name": "Pejuang"}) == "hall"
    assert bad_field("hall.add", {"hall": "pejuang\n", "name": "Pejuang"}) == "hall"
    assert bad_field("seat.add", {"seat": "s", "hall": "pejuang"}) == "office"
    assert bad_field("seat.add", {**SEAT, "vote": "yes"}) == "vote"
