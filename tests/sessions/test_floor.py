"""The floor: asking, waiting, holding and giving back."""

from __future__ import annotations

from sessions.dispatch import result_of
from sessions.floor import FloorExtended, FloorGranted, FloorRequested, FloorWithdrawn, FloorYielded
from sessions.ids import RequestId
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
    DELEGATE_GUEST,
    DRAFT,
    HALL_JATIASIH,
    HALL_PEJUANG,
    JATIASIH,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    SCREEN,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

R1, R2 = RequestId("r1"), RequestId("r2")
BY_SEAT = FloorRequested(R1, PEJUANG, RW07, "soal drainase")
BY_HALL = FloorRequested(R2, JATIASIH)
QUEUED = (*OPENED, BY_SEAT, BY_HALL)
HELD = (*QUEUED, FloorGranted(R1, NOW + 180_000))


def test_a_delegate_asks_for_the_own_seat_and_a_hall_for_itself() -> None:
    state = given(*OPENED)
    events = when(state, "floor.request", {"note": " soal drainase "}, DELEGATE_07, fresh="r1")
    assert events == [BY_SEAT] and result_of(events) == {"request": "r1"}
    assert when(state, "floor.request", {}, HALL_JATIASIH, fresh="r2") == [BY_HALL]


def test_nobody_queues_twice_not_even_while_holding_the_floor() -> None:
    assert refused(given(*QUEUED), "floor.request", {}, DELEGATE_07) == ("already_queued", {"request": "r1"})
    assert code(given(*HELD), "floor.request", {}, DELEGATE_07) == "already_queued"
    assert code(given(*QUEUED), "floor.request", {}, HALL_JATIASIH) == "already_queued"
    assert len(when(given(*QUEUED), "floor.request", {}, HALL_PEJUANG)) == 1, "a seat's request is not its hall's"


def test_a_seat_without_voice_and_a_session_not_open_are_refused() -> None:
    assert code(given(*OPENED), "floor.request", {}, DELEGATE_GUEST) == "no_voice"
    assert code(given(*DRAFT), "floor.request", {}, DELEGATE_07) == "wrong_phase"
    assert code(given(*OPENED), "floor.request", {}, MODERATOR) == "forbidden"


def test_a_request_is_withdrawn_by_its_owner_or_the_moderator() -> None:
    state = given(*QUEUED)
    assert when(state, "floor.withdraw", {"request": "r1"}, DELEGATE_07) == [FloorWithdrawn(R1)]
    assert when(state, "floor.withdraw", {"request": "r1"}, MODERATOR) == [FloorWithdrawn(R1)]
    assert when(state, "floor.withdraw", {"request": "r2"}, HALL_JATIASIH) == [FloorWithdrawn(R2)]
    for stranger in (DELEGATE_11, HALL_PEJUANG):
        assert code(state, "floor.withdraw", {"request": "r1"}, stranger) == "forbidden"
    assert code(state, "floor.withdraw", {"request": "r9"}, MODERATOR) == "unknown_request"
    assert [speaker.request for speaker in more(state, [FloorWithdrawn(R1)]).floor.queue] == ["r2"]


def test_the_floor_is_granted_with_or_without_a_limit() -> None:
    state = given(*QUEUED)
    assert when(state, "floor.grant", {"request": "r1", "minutes": 3}) == [FloorGranted(R1, NOW + 180_000)]
    assert when(state, "floor.grant", {"request": "r1"}) == [FloorGranted(R1, None)]
    held = more(state, [FloorGranted(R1, NOW + 180_000)], at=NOW + 7)
    assert held.floor.holder is not None
    assert (held.floor.holder.request, held.floor.holder.since, held.floor.holder.until) == (R1, NOW + 7, NOW + 180_000)
    assert [speaker.request for speaker in held.floor.queue] == [R2]


def test_a_holder_yields_to_whom_the_floor_is_granted_next() -> None:
    assert when(given(*HELD), "floor.grant", {"request": "r2"}) == [FloorYielded(R1), FloorGranted(R2, None)]
    assert code(given(*HELD), "floor.grant", {"request": "r1"}) == "unknown_request"


def test_the_floor_is_given_back_by_its_holder_or_the_moderator() -> None:
    state = given(*HELD)
    assert when(state, "floor.yield", {}, DELEGATE_07) == [FloorYielded(R1)]
    assert when(state, "floor.yield", {}, MODERATOR) == [FloorYielded(R1)]
    assert code(state, "floor.yield", {}, DELEGATE_11) == "not_holder"
    assert code(state, "floor.yield", {}, HALL_PEJUANG) == "not_holder"
    assert code(state, "floor.yield", {}, SCREEN) == "forbidden"
    assert code(given(*QUEUED), "floor.yield", {}, DELEGATE_07) == "floor_is_free"
    assert more(state, [FloorYielded(R1)]).floor.holder is None


def test_more_time_is_added_to_what_is_left_or_counts_from_now() -> None:
    state = given(*HELD)
    assert when(state, "floor.extend", {"minutes": 2}) == [FloorExtended(R1, NOW + 300_000)]
    assert when(state, "floor.extend", {"minutes": 2}, now=NOW + 600_000) == [FloorExtended(R1, NOW + 720_000)]
    unlimited = given(*QUEUED, FloorGranted(R1, None))
    assert when(unlimited, "floor.extend", {"minutes": 1}) == [FloorExtended(R1, NOW + 60_000)]
    assert code(given(*QUEUED), "floor.extend", {"minutes": 1}) == "floor_is_free"
    holder = more(state, [FloorExtended(R1, NOW + 300_000)]).floor.holder
    assert holder is not None and holder.until == NOW + 300_000


def test_bad_shapes() -> None:
    assert bad_field("floor.request", {"note": "x" * 201}) == "note"
    assert bad_field("floor.grant", {"request": "r1", "minutes": 61}) == "minutes"
    assert bad_field("floor.grant", {"request": "r1", "minutes": 1.5}) == "minutes"
    assert bad_field("floor.extend", {"minutes": 0}) == "minutes"
    assert bad_field("floor.withdraw", {"request": None}) == "request"
