"""Channels and hand-counts: by what a seat votes, and hands counted before a witness."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sessions.ballot import BallotClosed
from sessions.ballot_view import ballot_fields
from sessions.electorate import hands_so_far
from sessions.errors import Refused
from sessions.hall import SeatAdded
from sessions.ids import BallotId, SeatId
from sessions.journal import BoxCount
from sessions.kind import VIEWS
from sessions.minutes_votes import protocol
from sessions.model.ballot import Count, LeftOut
from sessions.model.rules import Rules
from sessions.published import merkle_root
from sessions.rules import RulesSet
from sessions.state import State
from sessions.transcript import transcript
from sessions.vote import admit_vote, parse_vote
from sessions.wire import decode, encode
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_11,
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
    SYSTEM,
    bad_field,
    ballot_opened,
    code,
    given,
    more,
    refused,
    when,
)

ID = BallotId("b1")
START = given(*OPENED)
ASKED: dict[str, Any] = {
    "title": "Prioritas",
    "secrecy": "open",
    "method": "single",
    "options": [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}],
}
COUNT: dict[str, Any] = {
    "ballot": "b1",
    "hall": PEJUANG,
    "cast": 1,
    "counts": [{"option": "y", "votes": 1}],
    "witness": RW07,
}


def opened(channel: str, secrecy: str = "open", state: State = START, **more_: Any) -> State:
    state = more(state, when(state, "channel.set", {"seats": [RW07], "channel": channel}))
    return more(state, when(state, "ballot.open", {**ASKED, "secrecy": secrecy, **more_}, fresh="b1"))


def witnessed(state: State = START) -> State:
    here = more(state, when(state, "attendance.check_in", {"seat": RW07}))
    return more(here, when(here, "hall.witness", {"hall": PEJUANG, "seat": RW07}))


HANDS = opened("hand", state=witnessed())


# -- channels


def test_a_seat_votes_by_its_phone_unless_it_is_said_otherwise() -> None:
    (event,) = when(START, "channel.set", {"hall": JATIASIH, "channel": "kiosk"}, HALL_JATIASIH)
    assert event.seats == (RW11,), "the guest has no vote"
    state = more(START, [event])
    assert state.channels == {RW11: "kiosk"}
    assert when(state, "channel.set", {"seats": [RW11], "channel": "kiosk"}) == []
    assert more(state, when(state, "channel.set", {"seats": [RW11], "channel": "phone"})).channels == {}


def test_channels_are_fixed_while_a_ballot_waits_for_the_seat() -> None:
    state = opened("kiosk")
    assert refused(state, "channel.set", {"seats": [RW07], "channel": "phone"}) == ("channel_fixed", {"ballot": "b1"})
    assert when(state, "channel.set", {"seats": [RW07], "channel": "kiosk"}) == [], "it changes nothing"
    guests = {"seats": ["jatiasih-tamu"], "channel": "kiosk"}
    assert len(when(state, "channel.set", guests)) == 1, "nobody waits for that seat"


def test_who_sets_channels_of_what() -> None:
    assert code(START, "channel.set", {"hall": PEJUANG, "channel": "hand"}, HALL_JATIASIH) == "wrong_hall"
    assert code(START, "channel.set", {"hall": "nowhere", "channel": "hand"}) == "unknown_hall"
    assert code(START, "channel.set", {"seats": ["nobody"], "channel": "hand"}) == "unknown_seat"
    assert code(START, "channel.set", {"seats": [RW07], "channel": "hand"}, DELEGATE_07) == "forbidden"
    assert bad_field("channel.set", {"channel": "hand"}) == "seats"
    assert bad_field("channel.set", {"channel": "hand", "hall": PEJUANG, "seats": [RW07]}) == "seats"
    assert bad_field("channel.set", {"channel": "pigeon", "hall": PEJUANG}) == "channel"


def test_hands_are_for_open_ballots_that_hands_can_answer() -> None:
    state = more(START, when(START, "channel.set", {"seats": [RW07], "channel": "hand"}))
    assert code(state, "ballot.open", {**ASKED, "secrecy": "secret"}) == "not_on_secret"
    assert code(state, "ballot.open", {**ASKED, "method": "borda"}) == "hand_not_counted"
    given_ = {"weights": "given", "given": [{"seat": RW11, "weight": 2}]}
    assert code(state, "ballot.open", {**ASKED, **given_}) == "hand_not_counted"


def slip(secret: bool = False) -> Any:
    return parse_vote({"ballot": "b1", "choices": ["x"], "tracker": "0" * 32 if secret else None})


def voted(state: State, actor: Any = DELEGATE_07, kiosk: Any = None, secret: bool = False) -> str:
    try:
        return admit_vote(state, slip(secret), actor, kiosk).channel
    except Refused as refusal:
        return refusal.code


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_at_a_kiosk_a_seat_votes_where_its_card_is_presented(secrecy: str) -> None:
    state, secret = opened("kiosk", secrecy), secrecy == "secret"
    assert voted(state, kiosk=HALL_PEJUANG, secret=secret) == "kiosk"
    assert voted(state, secret=secret) == "wrong_channel", "not by its phone"
    assert voted(state, kiosk=HALL_JATIASIH, secret=secret) == "wrong_hall"
    assert voted(state, kiosk=SCREEN, secret=secret) == "forbidden"
    assert voted(state, DELEGATE_11, HALL_JATIASIH, secret) == "wrong_channel", "a phone's seat not by a kiosk"
    assert voted(state, DELEGATE_11, secret=secret) == "phone"


def test_whoever_votes_by_hand_votes_by_nothing_else() -> None:
    assert voted(HANDS) == voted(HANDS, kiosk=HALL_PEJUANG) == "wrong_channel"


# -- hand-counts


def test_hands_enter_the_result_and_the_transcript() -> None:
    (event,) = when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG)
    hand = event.hand
    assert (hand.operator, hand.witness, hand.counts) == (HALL_PEJUANG.id, RW07, (Count("x", 0), Count("y", 1)))
    state = confirmed(more(HANDS, [event]))
    box = BoxCount((("y",),), (RW11,), (), ((RW11, ("y",)),))
    closed = more(state, when(state, "ballot.close", {"ballot": "b1"}, box=box))
    result = closed.ballots[ID].result
    assert result is not None and (result.cast, result.hand, result.counts) == (2, 1, (Count("x", 0), Count("y", 2)))
    told = transcript(closed, ID, box)
    assert (told["v"], told["channels"]) == (2, [{"seat": RW07, "channel": "hand"}])
    assert told["hands"][0]["witness"] == RW07
    assert result.root != merkle_root([]) and len(told["votes"]) == 1


@pytest.mark.parametrize("view", VIEWS)
def test_until_the_close_only_moderators_and_halls_see_the_figures(view: str) -> None:
    state = more(HANDS, when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG))
    (hand,) = ballot_fields(state, state.ballots[ID], view)["hands"]
    assert ("counts" in hand) == ("cast" in hand) == (view in ("moderator", "hall")) and hand["witness"] == RW07
    closed = more(state, when(state, "ballot.close", {"ballot": "b1"}, box=BoxCount((), ())))
    (hand,) = ballot_fields(closed, closed.ballots[ID], view)["hands"]
    assert hand["counts"] == [{"option": "x", "votes": 0}, {"option": "y", "votes": 1}]


def test_a_hall_counts_anew_until_the_ballot_closes() -> None:
    state = more(HANDS, when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG))
    again = {**COUNT, "counts": [{"option": "x", "votes": 1}]}
    state = more(state, when(state, "ballot.hand_count", again, HALL_PEJUANG))
    hand = state.ballots[ID].hands[PEJUANG]
    assert (hand.version, hand.counts) == (2, (Count("x", 1), Count("y", 0)))


def test_what_a_hand_count_refuses() -> None:
    def refusal(state: State = HANDS, actor: Any = HALL_PEJUANG, **changed: Any) -> str:
        return code(state, "ballot.hand_count", {**COUNT, **changed}, actor)

    assert refusal(cast=2) == "too_many_hands"
    assert refusal(cast=0) == "hands_do_not_add_up"
    assert refusal(blank=1) == "hands_do_not_add_up"
    assert refusal(blank=2) == "hands_do_not_add_up"
    assert refusal(counts=[]) == "hands_do_not_add_up", "who is not blank raised a hand"
    assert refusal(counts=[{"option": "x", "votes": 1}, {"option": "y", "votes": 1}]) == "hands_do_not_add_up"
    assert refusal(counts=[{"option": "q", "votes": 1}]) == "unknown_option"
    assert refusal(counts=[{"option": "x", "votes": 1}] * 2) == "bad_input"
    assert refusal(witness=RW11) == "not_a_witness"
    assert refusal(actor=HALL_JATIASIH) == "wrong_hall"
    assert refusal(actor=HALL_JATIASIH, hall=JATIASIH, witness=RW11) == "too_many_hands"
    assert refusal(actor=MODERATOR) == "forbidden"
    assert refusal(ballot="b9") == "unknown_ballot"
    box = BoxCount((), ())
    assert refusal(more(HANDS, when(HANDS, "ballot.close", {"ballot": "b1"}, box=box))) == "ballot_closed"
    phones = opened("kiosk", state=witnessed())
    assert refusal(phones) == "too_many_hands", "nobody votes by hand"


def confirmed(state: State, base: int = 1) -> State:
    said = {"ballot": "b1", "hall": PEJUANG, "base": base}
    return more(state, when(state, "ballot.confirm_count", said, DELEGATE_07))


def crowd() -> State:
    """Four seats of one hall vote by hand; the first of them witnesses."""
    seats = [SeatId(f"s{number}") for number in range(4)]
    state = given(*OPENED, *[SeatAdded(seat, PEJUANG, f"Ketua RT {seat}", True, True) for seat in seats])
    state = more(state, when(state, "hall.witness", {"hall": PEJUANG, "seat": "s0"}))
    return more(state, when(state, "channel.set", {"seats": seats, "channel": "hand"}))


def hands(state: State, cast: int) -> Any:
    counts = [{"option": "y", "votes": cast}]
    count = {"ballot": "b1", "hall": PEJUANG, "cast": cast, "counts": counts, "witness": "s0"}
    try:
        return bool(when(state, "ballot.hand_count", count, HALL_PEJUANG))
    except Refused as refusal:
        return refusal.code, refusal.data


def test_no_more_hands_are_counted_than_seats_are_here_where_attendance_is_taken() -> None:
    def come(state: State, *seats: str) -> State:
        for seat in seats:
            state = more(state, when(state, "attendance.check_in", {"seat": seat}))
        return state

    start = crowd()
    running = more(start, when(start, "ballot.open", ASKED, fresh="b1"))
    assert hands(running, 4) is True, "nobody takes attendance here"
    assert hands(running, 5) == ("too_many_hands", {"hall": PEJUANG, "seats": 4, "absent": 0})
    assert hands(come(running, "s0"), 4) is True, "that the witness came is no attendance"
    assert hands(come(running, str(RW11)), 4) is True, "another hall's attendance is not this one's"
    some = come(running, "s1", "s2")
    assert hands(some, 3) is True, "two checked in, and the witness is here"
    assert hands(some, 4) == ("too_many_hands", {"hall": PEJUANG, "seats": 3, "absent": 1})
    left = more(some, when(some, "attendance.leave", {"seat": "s2"}))
    assert hands(left, 3) == ("too_many_hands", {"hall": PEJUANG, "seats": 2, "absent": 2})


def test_a_count_needs_its_witness_unless_the_rules_say_that_it_does_not() -> None:
    def rule(value: bool | None) -> bool:
        state = START
        if value is not None:
            said = {"changes": {"voting": {"witness_confirms": value}}, "reason": "tata tertib"}
            state = more(state, when(state, "rules.set", said))
        return opened("hand", state=state).ballots[ID].rule.witness_confirms

    assert [rule(None), rule(True), rule(False)] == [True, True, False]
    assert not opened("kiosk", "secret").ballots[ID].rule.witness_confirms, "no hands are counted in secret"
    assert not opened("kiosk").ballots[ID].rule.witness_confirms, "nor where nobody raises one"
    held = opened("kiosk")
    held = more(held, when(held, "ballot.close", {"ballot": "b1"}, box=BoxCount((), ())))
    held = more(held, when(held, "channel.set", {"seats": [RW07], "channel": "hand"}))
    again = when(held, "ballot.rerun", {"ballot": "b1", "reason": "salah"}, fresh="b2")
    assert again[-1].rule.witness_confirms, "held again it is as the rules are now"
    old = more(START, [ballot_opened("open")])
    assert not old.ballots[ID].rule.witness_confirms, "what an old journal says is what it said"
    assert decode(RulesSet, encode(RulesSet(Rules()))) == RulesSet(Rules())


def test_a_count_enters_once_its_witness_confirmed_it() -> None:
    state = opened("hand", state=witnessed())
    counted = more(state, when(state, "ballot.hand_count", COUNT, HALL_PEJUANG))
    confirm = {"ballot": "b1", "hall": PEJUANG, "base": 1}
    confirmed = more(counted, when(counted, "ballot.confirm_count", confirm, DELEGATE_07))
    box = BoxCount((), ())

    def cast(before: State) -> int:
        (event,) = when(before, "ballot.close", {"ballot": "b1"}, box=box)
        found: int = event.result.cast
        return found

    assert (cast(counted), cast(confirmed)) == (0, 1)
    assert when(confirmed, "ballot.confirm_count", confirm, DELEGATE_07) == [], "twice is harmless"
    again = more(confirmed, when(confirmed, "ballot.hand_count", COUNT, HALL_PEJUANG))
    assert cast(again) == 1, "while a new count waits, the one that was confirmed counts"
    assert refused(again, "ballot.confirm_count", confirm, DELEGATE_07)[0] == "stale"
    assert code(state, "ballot.confirm_count", confirm, DELEGATE_07) == "no_hand_count"
    assert code(counted, "ballot.confirm_count", confirm, DELEGATE_11) == "not_a_witness"
    assert code(counted, "ballot.confirm_count", confirm, HALL_PEJUANG) == "forbidden"
    closed = more(counted, when(counted, "ballot.close", {"ballot": "b1"}, box=box))
    assert code(closed, "ballot.confirm_count", confirm, DELEGATE_07) == "ballot_closed"


# -- counts that still wait for their witness at the close

BOX = BoxCount((), ())
CORRECTION = {**COUNT, "counts": [{"option": "x", "votes": 1}]}


def waiting(corrected: bool) -> State:
    """Pejuang's count waits for its witness; corrected: an earlier one (one hand for y) was confirmed."""
    state = more(HANDS, when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG))
    if not corrected:
        return state
    state = confirmed(state)
    return more(state, when(state, "ballot.hand_count", CORRECTION, HALL_PEJUANG))


def closed_by_time(state: State) -> tuple[Any, State]:
    timed = replace(state, ballots={ID: replace(state.ballots[ID], closes_at=NOW)})
    (event,) = when(timed, "deadline.passed", {"ballot": "b1"}, SYSTEM, box=BOX)
    return event, more(timed, [event])


def test_the_hands_so_far_are_those_that_a_close_would_count() -> None:
    assert hands_so_far(HANDS.ballots[ID]) == 0
    assert hands_so_far(waiting(corrected=False).ballots[ID]) == 0
    assert hands_so_far(waiting(corrected=True).ballots[ID]) == 1


def test_while_a_correction_waits_what_was_confirmed_counts_at_the_close() -> None:
    state = waiting(corrected=True)
    assert not state.ballots[ID].hands[PEJUANG].confirmed
    event, closed = closed_by_time(state)
    assert (event.result.counts, event.result.hand) == ((Count("x", 0), Count("y", 1)), 1)
    assert (event.kept, event.result.left_out) == ((PEJUANG,), (LeftOut(PEJUANG, 1, earlier=True),))
    hand = closed.ballots[ID].hands[PEJUANG]
    assert (hand.version, hand.confirmed) == (1, True), "from the close on, the one that counted is shown"
    assert transcript(closed, ID, BOX)["hands"][0]["version"] == 1
    assert decode(BallotClosed, encode(event)) == event
    known = more(state, when(state, "ballot.confirm_count", {"ballot": "b1", "hall": PEJUANG, "base": 2}, DELEGATE_07))
    event, _ = closed_by_time(known)
    assert (event.result.counts[0], event.kept, event.result.left_out) == (Count("x", 1), (), ())


def test_the_result_says_which_hands_were_left_out() -> None:
    event, closed = closed_by_time(waiting(corrected=False))
    assert (event.result.cast, event.result.left_out) == (0, (LeftOut(PEJUANG, 1),))
    said = [{"hall": PEJUANG, "cast": 1}]
    assert ballot_fields(closed, closed.ballots[ID], "participant")["result"]["left_out"] == said
    told = transcript(closed, ID, BOX)
    assert told["result"]["left_out"] == said and "hands" not in told
    plain, _ = closed_by_time(confirmed(waiting(corrected=False)))
    assert plain.result.left_out == () and "left_out" not in encode(plain)["result"]
    lax = replace(HANDS.ballots[ID], rule=replace(HANDS.ballots[ID].rule, witness_confirms=False))
    unasked = more(replace(HANDS, ballots={ID: lax}), when(HANDS, "ballot.hand_count", COUNT, HALL_PEJUANG))
    event, _ = closed_by_time(unasked)
    assert (event.result.cast, event.result.left_out) == (1, ())


def test_a_close_of_an_old_journal_stays_what_it_was() -> None:
    state = waiting(corrected=True)
    event, _ = closed_by_time(state)
    old_result = replace(event.result, cast=0, hand=0, counts=(Count("x", 0), Count("y", 0)), left_out=())
    old = decode(BallotClosed, encode(BallotClosed(ID, replace(old_result, root=merkle_root([])))))
    closed = more(state, [old])
    assert closed.ballots[ID].hands[PEJUANG].version == 2
    assert "hands" not in transcript(closed, ID, BOX), "its root was made without them"


@pytest.mark.parametrize("view", VIEWS)
def test_whether_an_earlier_count_stands_in_is_no_figure_and_shown_to_all(view: str) -> None:
    state = waiting(corrected=True)
    (hand,) = ballot_fields(state, state.ballots[ID], view)["hands"]
    assert hand["earlier"] is True
    _, closed = closed_by_time(state)
    shown = [waiting(corrected=False), confirmed(waiting(corrected=False)), closed]
    assert all("earlier" not in ballot_fields(one, one.ballots[ID], view)["hands"][0] for one in shown)


def test_the_record_says_which_hands_were_left_out() -> None:
    name = "Hitungan tangan yang tidak ikut dihitung karena saksi belum membenarkan"

    def line(state: State) -> str | None:
        return dict(protocol(state, state.ballots[ID]).facts).get(name)

    _, closed = closed_by_time(waiting(corrected=False))
    assert line(closed) == "Pejuang, 1 suara"
    _, replaced = closed_by_time(waiting(corrected=True))
    assert line(replaced) == "Pejuang, 1 suara (dipakai hitungan sebelumnya yang dibenarkan saksi)"
    _, whole = closed_by_time(confirmed(waiting(corrected=False)))
    assert line(whole) is line(HANDS) is None
