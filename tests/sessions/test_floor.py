"""The floor: asking, waiting, holding and giving back."""

from __future__ import annotations

from typing import Any

from sessions.clock import FloorPaused, FloorYielded
from sessions.dispatch import result_of
from sessions.floor import FloorGranted, FloorReordered, FloorRequested, FloorWithdrawn
from sessions.ids import ProposalId, RequestId
from sessions.model.floor import FloorRules
from sessions.model.rules import Rules
from sessions.proposal import ProposalWithdrawn
from sessions.rules import RulesSet
from sessions.session import SessionClosed
from sessions.site import HallBack, HallCame, HallLost
from sessions.state import State
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
    RW11,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

R1, R2, R3 = RequestId("r1"), RequestId("r2"), RequestId("r3")
P1, P2 = RequestId("p1"), RequestId("p2")
BY_SEAT = FloorRequested(R1, PEJUANG, RW07, "soal drainase")
BY_HALL = FloorRequested(R2, JATIASIH)
QUEUED = (*OPENED, BY_SEAT, BY_HALL)
HELD = (*QUEUED, FloorGranted(R1, NOW + 180_000))


def ruled(**floor: Any) -> RulesSet:
    return RulesSet(Rules(floor=FloorRules(**floor)))


def order(state: State) -> list[RequestId]:
    return [speaker.request for speaker in state.floor.queue]


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
    assert when(state, "floor.grant", {"request": "r1", "minutes": 0}) == [FloorGranted(R1, None)]
    held = more(state, [FloorGranted(R1, NOW + 180_000)], at=NOW + 7)
    assert held.floor.holder is not None
    assert (held.floor.holder.request, held.floor.holder.since, held.floor.holder.until) == (R1, NOW + 7, NOW + 180_000)
    assert [speaker.request for speaker in held.floor.queue] == [R2]


def test_a_holder_yields_to_whom_the_floor_is_granted_next() -> None:
    next_one = when(given(*HELD), "floor.grant", {"request": "r2", "minutes": 0})
    assert next_one == [FloorYielded(R1), FloorGranted(R2, None)]
    assert code(given(*HELD), "floor.grant", {"request": "r1"}) == "unknown_request"


def test_without_minutes_a_turn_lasts_as_long_as_the_rules_say() -> None:
    assert when(given(*QUEUED), "floor.grant", {"request": "r1"}) == [FloorGranted(R1, NOW + 180_000)]
    endless = given(*QUEUED, ruled(minutes=0))
    assert when(endless, "floor.grant", {"request": "r1"}) == [FloorGranted(R1, None)]


def test_a_point_of_order_stands_before_all_others_and_besides_the_own_request() -> None:
    state = given(*QUEUED)
    asked = when(state, "floor.request", {"kind": "point_of_order"}, DELEGATE_11, fresh="p1")
    assert asked == [FloorRequested(P1, JATIASIH, RW11, kind="point_of_order")]
    state = more(state, [*asked, FloorRequested(P2, PEJUANG, RW07, kind="point_of_order")])
    assert [speaker.request for speaker in state.floor.queue] == [P1, P2, R1, R2]
    assert refused(state, "floor.request", {"kind": "point_of_order"}, DELEGATE_11) == (
        "already_queued",
        {"request": "p1"},
    )
    assert when(state, "floor.request", {}, DELEGATE_11) != [], "the point is not the request to speak"


def test_a_request_may_be_about_a_proposal_of_the_board() -> None:
    state = given(*OPENED, *THREE)
    (asked,) = when(state, "floor.request", {"kind": "against", "proposal": "b"}, DELEGATE_07)
    assert (asked.kind, asked.proposal) == ("against", "b")
    assert code(state, "floor.request", {"proposal": "z"}, DELEGATE_07) == "unknown_proposal"
    withdrawn = more(state, [ProposalWithdrawn(ProposalId("b"), 2, "ganda")])
    assert code(withdrawn, "floor.request", {"proposal": "b"}, DELEGATE_07) == "unknown_proposal"


def test_the_queue_holds_as_many_as_the_rules_say_and_points_of_order_besides() -> None:
    waiting = [FloorRequested(RequestId(f"w{number}"), PEJUANG) for number in range(4)]
    state = more(given(*OPENED, ruled(queue_most=5)), waiting)
    state = more(state, [FloorRequested(P1, JATIASIH, RW11, kind="point_of_order")])
    assert len(when(state, "floor.request", {}, DELEGATE_07)) == 1
    state = more(state, [BY_HALL])
    assert refused(state, "floor.request", {}, DELEGATE_07) == ("queue_full", {"most": 5})
    assert len(when(state, "floor.request", {"kind": "point_of_order"}, DELEGATE_07)) == 1


def test_the_chair_puts_the_queue_in_another_order_but_no_one_before_a_point_of_order() -> None:
    state = more(given(*QUEUED), [FloorRequested(R3, PEJUANG)])
    assert when(state, "floor.reorder", {"request": "r3", "before": "r1"}) == [FloorReordered(R3, R1)]
    assert order(more(state, [FloorReordered(R3, R1)])) == [R3, R1, R2]
    assert when(state, "floor.reorder", {"request": "r1", "before": None}) == [FloorReordered(R1, None)]
    assert order(more(state, [FloorReordered(R1, None)])) == [R2, R3, R1]
    pointed = more(state, [FloorRequested(P1, JATIASIH, RW11, kind="point_of_order")])
    assert when(pointed, "floor.reorder", {"request": "r1", "before": "p1"}) == []
    assert order(more(pointed, [FloorReordered(R3, P1)])) == [P1, R3, R1, R2]


def test_an_order_that_is_so_already_is_no_event_and_strangers_are_refused() -> None:
    state = given(*QUEUED)
    assert when(state, "floor.reorder", {"request": "r1", "before": "r2"}) == []
    assert when(state, "floor.reorder", {"request": "r1", "before": "r1"}) == []
    assert refused(state, "floor.reorder", {"request": "r9", "before": None}) == ("unknown_request", {"request": "r9"})
    assert refused(state, "floor.reorder", {"request": "r1", "before": "r9"}) == ("unknown_request", {"request": "r9"})
    assert code(state, "floor.reorder", {"request": "r1", "before": None}, HALL_PEJUANG) == "forbidden"


def test_passing_somebody_over_needs_a_reason_and_is_on_record() -> None:
    state = given(*QUEUED)
    assert refused(state, "floor.grant", {"request": "r2"}) == ("reason_required", {"expected": "r1"})
    assert refused(state, "floor.grant", {"request": "r2", "reason": "  "}) == ("reason_required", {"expected": "r1"})
    (granted,) = when(state, "floor.grant", {"request": "r2", "minutes": 1, "reason": "Lurah harus pergi"})
    assert granted == FloorGranted(R2, NOW + 60_000, "Lurah harus pergi", R1)
    (usual,) = when(state, "floor.grant", {"request": "r1", "reason": "tidak perlu"})
    assert (usual.reason, usual.expected) == ("", None), "the first in the queue is no override"


def test_a_point_of_order_needs_no_reason_but_passing_one_over_does() -> None:
    points = [
        FloorRequested(P1, JATIASIH, RW11, kind="point_of_order"),
        FloorRequested(P2, PEJUANG, RW07, kind="point_of_order"),
    ]
    state = more(given(*QUEUED), points)
    (granted,) = when(state, "floor.grant", {"request": "p2"})
    assert granted.expected is None
    assert refused(state, "floor.grant", {"request": "r1"}) == ("reason_required", {"expected": "p1"})


def test_the_fair_order_decides_who_is_first_where_the_rules_say_so() -> None:
    state = given(*QUEUED, ruled(order="fair"))
    state = more(state, [FloorGranted(R1, NOW + 60_000)])
    state = more(state, [FloorYielded(R1), FloorRequested(R3, PEJUANG), FloorWithdrawn(R2), BY_HALL], at=NOW + 60_000)
    assert order(state) == [R3, R2]
    assert refused(state, "floor.grant", {"request": "r3"}) == ("reason_required", {"expected": "r2"})
    assert when(state, "floor.grant", {"request": "r2"})[0].request == R2


def test_the_clock_of_a_hall_that_is_cut_off_does_not_start_before_it_is_back() -> None:
    state = more(given(*QUEUED), [HallCame(PEJUANG), HallLost("o1", PEJUANG, "page")])
    assert when(state, "floor.grant", {"request": "r1", "minutes": 2}) == [
        FloorGranted(R1, NOW + 120_000),
        FloorPaused(R1, 120_000, "outage"),
    ]
    assert when(state, "floor.grant", {"request": "r1", "minutes": 0})[1:] == [FloorPaused(R1, None, "outage")]
    never = more(state, [RulesSet(Rules(floor=FloorRules(pause_when_lost=False)))])
    assert when(never, "floor.grant", {"request": "r1", "minutes": 2}) == [FloorGranted(R1, NOW + 120_000)]
    back = more(state, [HallBack("o1", PEJUANG)])
    assert when(back, "floor.grant", {"request": "r1", "minutes": 2}) == [FloorGranted(R1, NOW + 120_000)]


def test_who_spoke_last_for_or_against_is_known() -> None:
    state = more(given(*OPENED), [FloorRequested(R1, PEJUANG, RW07, kind="for"), FloorGranted(R1), FloorYielded(R1)])
    assert state.floor.last_side == "for"
    state = more(state, [BY_HALL, FloorGranted(R2)])
    assert state.floor.last_side == "for", "an ordinary turn changes nothing"


def test_closing_the_session_clears_the_floor_and_keeps_what_was_spoken() -> None:
    state = more(given(*HELD), [SessionClosed()], at=NOW + 30_000)
    assert (state.floor.holder, state.floor.queue, state.floor.panel) == (None, (), ())
    assert state.floor.equity.halls[PEJUANG].spoken_ms == 30_000
    assert state.floor.equity.halls[JATIASIH].waiting == 0


def test_bad_shapes() -> None:
    assert bad_field("floor.request", {"note": "x" * 201}) == "note"
    assert bad_field("floor.request", {"kind": "shout"}) == "kind"
    assert bad_field("floor.reorder", {"request": "r1"}) == "before"
    assert bad_field("floor.grant", {"request": "r1", "reason": "x" * 501}) == "reason"
    assert bad_field("floor.grant", {"request": "r1", "minutes": 61}) == "minutes"
    assert bad_field("floor.grant", {"request": "r1", "minutes": 1.5}) == "minutes"
    assert bad_field("floor.withdraw", {"request": None}) == "request"
