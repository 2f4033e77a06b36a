"""Ballots by every method: how they are opened, what a vote may say, and what they come to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from server import tallies
from sessions import dispatch
from sessions.ballot import BallotVoided
from sessions.dispatch import result_of
from sessions.electorate import HALL_VOTER
from sessions.errors import Refused
from sessions.hall import HallAdded, SeatAdded
from sessions.ids import BallotId, HallId, SeatId, SessionId
from sessions.journal import BoxCount
from sessions.model.ballot import DEFAULT_RULE, Result
from sessions.noun import Moment
from sessions.session import SessionOpened
from sessions.stage import InterpreterSet
from sessions.state import State
from sessions.transcript import transcript
from sessions.vote import admit_vote, parse_vote
from tests.sessions.given import (
    CREATED,
    DELEGATE_07,
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

ID = BallotId("b1")
OPTIONS = [{"id": id_, "label": id_.upper()} for id_ in ("x", "y", "z")]
COSTED = [{**option, "cost": cost} for option, cost in zip(OPTIONS, (5, 5, 3), strict=True)]
START = given(*OPENED)


def asked(method: str, **more_: Any) -> dict[str, Any]:
    options = COSTED if method in ("knapsack", "equal_shares") else OPTIONS
    return {"title": "Prioritas", "secrecy": "open", "method": method, "options": options, **more_}


def opened(method: str = "single", state: State = START, **more_: Any) -> State:
    return more(state, when(state, "ballot.open", asked(method, **more_), fresh="b1"))


def said(state: State, *choices: str) -> tuple[str, ...]:
    ballot = state.ballots[ID]
    slip = {"ballot": "b1", "choices": list(choices), "tracker": "0" * 32 if ballot.secrecy == "secret" else None}
    return admit_vote(state, parse_vote(slip), DELEGATE_07).choices


def unsaid(state: State, *choices: str) -> str:
    with pytest.raises(Refused) as caught:
        said(state, *choices)
    return caught.value.code


def box_of(votes: dict[str, tuple[str, ...]]) -> BoxCount:
    return BoxCount(tuple(sorted(votes.values())), tuple(sorted(votes)), (), tuple(sorted(votes.items())))


def closed(state: State, votes: dict[str, tuple[str, ...]]) -> State:
    """Through the same counter as a server's."""
    command, box = dispatch.parse("ballot.close", {"ballot": "b1"}), box_of(votes)
    question = dispatch.asks(state, command, box)
    outcome = None if question is None else tallies.count(question)
    return more(state, dispatch.decide(state, command, Moment(MODERATOR, NOW + 9, "fresh", box, outcome)), at=NOW + 9)


def result(state: State, votes: dict[str, tuple[str, ...]]) -> Result:
    found = closed(state, votes).ballots[ID].result
    assert found is not None
    return found


A, B, C, D, E = (SeatId(f"s{number}") for number in range(5))


def crowd(*halls: Any) -> State:
    """One seat for each hall named, in that order."""
    seats = [SeatAdded(SeatId(f"s{n}"), hall, f"Ketua RW {n}", True, True) for n, hall in enumerate(halls)]
    places = [HallAdded(PEJUANG, "Pejuang", "Medansatria", 1), HallAdded(JATIASIH, "Jatiasih", "Jatiasih", 2)]
    return given(CREATED, *places, *seats, SessionOpened())


FIVE = crowd(PEJUANG, PEJUANG, PEJUANG, PEJUANG, JATIASIH)


# -- opening


def test_a_ballot_that_asks_for_nothing_new_is_the_ballot_there_was() -> None:
    (event,) = when(START, "ballot.open", {**asked("approval"), "choose_max": 2})
    assert event.rule == DEFAULT_RULE
    assert bad_field("ballot.open", asked("approval")) == "choose_max"


def test_the_rules_say_what_the_opening_does_not() -> None:
    changed = {"changes": {"voting": {"majority": "two_thirds", "base": "electorate", "tie": "chair", "revote": True}}}
    state = more(START, when(START, "rules.set", {**changed, "reason": "tata tertib"}))
    (event,) = when(state, "ballot.open", asked("single"))
    rule = event.rule
    assert (rule.majority, rule.base, rule.tie, rule.revote) == ("two_thirds", "electorate", "chair", True)
    (event,) = when(state, "ballot.open", asked("single", majority="simple", tie="forum", revote=False))
    assert (event.rule.majority, event.rule.tie, event.rule.revote) == ("simple", "forum", False)
    (event,) = when(state, "ballot.open", {**asked("borda"), "secrecy": "secret"})
    assert (event.rule.majority, event.rule.revote, event.rule.variant) == ("simple", False, "classic")


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (asked("score", scale=[5, 1]), "scale"),
        (asked("points"), "points"),
        (asked("single", points=3), "points"),
        (asked("knapsack"), "budget"),
        (asked("single", budget=5), "budget"),
        (asked("borda", majority="absolute"), "majority"),
        (asked("yes_no"), "options"),
        (asked("single", places=4), "places"),
        (asked("single", weights="given"), "weights"),
        (asked("single", given=[{"seat": RW07, "weight": 2}]), "weights"),
        (
            asked("single", weights="given", given=[{"seat": RW07, "weight": 2}], electorate={"kind": "each_hall"}),
            "weights",
        ),
        (asked("single", weights="given", given=[{"seat": "nobody", "weight": 2}]), "given"),
        (asked("single", electorate={"kind": "halls"}), "electorate"),
        (asked("single", electorate={"kind": "halls", "halls": ["nowhere"]}), "electorate"),
        (asked("single", electorate={"kind": "seats", "seats": ["nobody"]}), "electorate"),
        (asked("single", choose_max=4), "choose_max"),
        (asked("schulze", options=[{"label": str(n)} for n in range(61)]), "options"),
        (asked("single", about=["unknown"]), "proposals"),
    ],
)
def test_what_does_not_go_together_is_refused(data: dict[str, Any], field: str) -> None:
    refusal = refused(START, "ballot.open", data)
    assert (refusal[0], refusal[1]["field"]) == ("bad_input", field)


def test_secret_ballots_have_no_weights_and_no_second_thoughts() -> None:
    assert refused(START, "ballot.open", {**asked("single"), "secrecy": "secret", "weights": "hall_voting"}) == (
        "not_on_secret",
        {"field": "weights"},
    )
    assert refused(START, "ballot.open", {**asked("single"), "secrecy": "secret", "revote": True}) == (
        "not_on_secret",
        {"field": "revote"},
    )


def test_a_budget_ballot_takes_its_costs_from_the_proposals() -> None:
    state = given(*OPENED, *THREE)
    data = {"title": "Pagu", "secrecy": "open", "method": "equal_shares", "proposals": ["a", "c"], "budget": 10**8}
    (event,) = when(state, "ballot.open", data)
    assert [option.cost for option in event.options] == [74_000_000, 74_000_000]
    assert code(START, "ballot.open", {**asked("knapsack", budget=9), "options": OPTIONS}) == "cost_missing"
    assert when(START, "ballot.open", {**asked("single"), "options": COSTED})[0].options[0].cost is None


def test_electorates() -> None:
    def electorate(kind: str, state: State = START, **named: Any) -> tuple[str, ...]:
        found: tuple[str, ...] = when(state, "ballot.open", asked("single", electorate={"kind": kind, **named}))[
            0
        ].electorate
        return found

    assert electorate("all") == (RW11, RW07)
    assert electorate("halls", halls=[PEJUANG]) == (RW07,)
    assert electorate("seats", seats=[RW11, "jatiasih-tamu"]) == (RW11,), "the guest has no vote"
    assert electorate("each_hall") == (f"{HALL_VOTER}{JATIASIH}", f"{HALL_VOTER}{PEJUANG}")
    interpreter = HallId("juru-bahasa")
    signing = more(START, [HallAdded(interpreter, "Juru bahasa", "", 3), InterpreterSet(interpreter)])
    assert electorate("each_hall", signing) == electorate("each_hall"), "an interpreter has no vote"
    assert electorate("each_hall", more(START, [InterpreterSet(PEJUANG)])) == electorate("each_hall")
    assert code(START, "ballot.open", asked("single", electorate={"kind": "present"})) == "no_electorate"
    here = more(START, when(START, "attendance.check_in", {"seat": RW11}))
    assert electorate("present", here) == (RW11,)


def test_a_quorum_is_needed_where_the_rules_say_so() -> None:
    changes = {"changes": {"attendance": {"quorum_needed_for_ballots": True}}, "reason": "tata tertib"}
    state = more(START, when(START, "rules.set", changes))
    assert code(state, "ballot.open", asked("single")) == "no_quorum"


# -- what a vote may say


def test_sets_stand_in_the_ballots_order_and_rankings_in_their_own() -> None:
    assert said(opened("equal_shares", budget=9), "y", "x") == ("x", "y")
    assert said(opened("borda"), "z", "x") == ("z", "x")
    assert unsaid(opened("single"), "x", "y") == "too_many_choices"
    assert unsaid(opened("schulze"), "x", "x") == "bad_input"
    assert unsaid(opened("schulze"), "q") == "unknown_option"


def test_a_knapsack_fits_the_budget() -> None:
    state = opened("knapsack", budget=8)
    assert said(state, "z", "x") == ("x", "z")
    assert unsaid(state, "x", "y") == "over_budget"


def test_scores_and_points_have_one_form() -> None:
    score = opened("score", scale=[0, 5])
    assert said(score, "z:5", "x:3", "y:0") == ("x:3", "z:5"), "nothing given is the same as not named"
    assert unsaid(score, "x:6") == "off_scale"
    assert unsaid(score, "x") == unsaid(score, "x:1", "x:2") == "bad_input"
    assert unsaid(score, "q:1") == "unknown_option"
    assert unsaid(opened("score", scale=[1, 5]), "x:0") == "off_scale"
    points = opened("points", points=10)
    assert said(points, "y:4", "x:6") == ("x:6", "y:4")
    assert unsaid(points, "x:6", "y:5") == "too_many_points"


def test_a_hall_votes_once_where_halls_vote() -> None:
    state = opened("single", electorate={"kind": "each_hall"})
    slip = parse_vote({"ballot": "b1", "choices": ["x"]})
    assert admit_vote(state, slip, HALL_PEJUANG).seat == f"{HALL_VOTER}{PEJUANG}"
    with pytest.raises(Refused) as caught:
        admit_vote(state, slip, DELEGATE_07)
    assert caught.value.code == "not_in_electorate"


# -- what they come to


def test_yes_and_no() -> None:
    state = opened("yes_no", FIVE, options=[{"id": "yes", "label": "Ya"}, {"id": "no", "label": "Tidak"}])
    assert result(state, {A: ("yes",), B: ("no",), C: ("yes",)}).elected == ("yes",)
    assert result(state, {A: ("yes",), B: ("no",)}).tied == ("yes", "no")
    data = {"title": "Setuju?", "secrecy": "open", "method": "yes_no"}
    (event,) = when(START, "ballot.open", data)
    assert [option.id for option in event.options] == ["yes", "no", "abstain"]


@pytest.mark.parametrize(
    ("majority", "base", "votes", "reached"),
    [
        ("absolute", "cast", {A: ("x",), B: ("y",)}, False),
        ("absolute", "cast", {A: ("x",), B: ("x",), C: ("y",)}, True),
        ("absolute", "cast", {A: ("x",), B: ()}, False),
        ("absolute", "valid", {A: ("x",), B: ()}, True),
        ("absolute", "electorate", {A: ("x",), B: ("x",)}, False),
        ("absolute", "electorate", {A: ("x",), B: ("x",), C: ("x",)}, True),
        ("two_thirds", "cast", {A: ("x",), B: ("x",), C: ("y",)}, True),
        ("two_thirds", "cast", {A: ("x",), B: ("x",), C: ("y",), D: ("y",)}, False),
        ("four_fifths", "cast", {A: ("x",), B: ("x",), C: ("x",), D: ("x",), E: ("y",)}, True),
        ("four_fifths", "cast", {A: ("x",), B: ("x",), C: ("x",), D: ("y",)}, False),
        ("absolute", "present", {A: ("x",)}, False),
    ],
)
def test_majorities(majority: str, base: str, votes: dict[str, tuple[str, ...]], reached: bool) -> None:
    state = FIVE
    for seat in (A, B):
        state = more(state, when(state, "attendance.check_in", {"seat": seat}))
    found = result(opened("single", state, majority=majority, base=base), votes)
    assert (found.elected, found.invalid) == ((("x",), "") if reached else ((), "no_majority"))
    assert found.verdict is not None and (found.verdict.reached == ("x",)) == reached
    sizes = {"cast": len(votes), "valid": sum(map(bool, votes.values())), "present": 2, "electorate": 5}
    assert (found.verdict.size, found.verdict.base) == (str(sizes[base]), base)


def test_without_a_quorum_a_result_binds_nobody() -> None:
    found = result(opened("single", FIVE, quorum=True), {A: ("x",)})
    assert (found.elected, found.invalid, found.counts[0].votes) == ((), "no_quorum", 1)


def test_each_hall_weighs_the_same() -> None:
    votes = {A: ("x",), B: ("x",), C: ("x",), E: ("y",)}
    found = result(opened("single", FIVE, weights="hall_voting"), votes)
    assert [(count.votes, count.value) for count in found.counts] == [(3, "1"), (1, "1"), (0, "0")]
    assert found.tied == ("x", "y")
    found = result(opened("single", FIVE, weights="hall_electorate"), votes)
    assert [count.value for count in found.counts] == ["3/4", "1", "0"]
    assert found.elected == ("y",)


def test_weights_are_given_seat_by_seat() -> None:
    rule = {"weights": "given", "given": [{"seat": E, "weight": 3}]}
    found = result(opened("single", FIVE, **rule), {A: ("x",), B: ("x",), E: ("y",)})
    assert ([count.value for count in found.counts], found.elected) == (["2", "3", "0"], ("y",))


def test_rankings() -> None:
    votes = {A: ("x", "y", "z"), B: ("y", "x", "z"), C: ("y", "z", "x")}
    borda = result(opened("borda", FIVE, places=1), votes)
    assert ([count.value for count in borda.counts], borda.elected) == (["3", "5", "1"], ("y",))
    assert borda.levels == (("y",), ("x",), ("z",))
    schulze = result(opened("schulze", FIVE, places=2), votes)
    assert (schulze.levels, schulze.elected) == ((("y",), ("x",), ("z",)), ("y", "x"))


def test_scores_points_and_budgets() -> None:
    score = result(opened("score", FIVE, places=1), {A: ("x:5",), B: ("x:1", "y:5"), C: ("y:4",)})
    assert ([count.value for count in score.counts], score.elected) == (["6", "9", "0"], ("y",))
    points = result(opened("points", FIVE, points=9, places=1), {A: ("x:9",), B: ("y:5", "z:4")})
    assert points.elected == ("x",)
    votes = {A: ("x",), B: ("x",), C: ("y",), D: ("z",)}
    knapsack = result(opened("knapsack", FIVE, budget=8), votes)
    assert (knapsack.elected, knapsack.spent) == (("x", "z"), 8)
    shares = result(opened("equal_shares", FIVE, budget=12), votes)
    assert (shares.elected, shares.tied, shares.spent) == (("x", "z"), (), 8)


# -- ties, rounds, reruns


def test_the_chair_decides_a_tie_with_a_reason() -> None:
    state = closed(opened("single", FIVE, tie="chair"), {A: ("x",), B: ("y",)})
    tie = {"ballot": "b1", "option": "y", "reason": "lebih mendesak"}
    after = more(state, when(state, "ballot.break_tie", tie))
    found = after.ballots[ID].result
    assert found is not None and (found.elected, found.tied) == (("y",), ())
    told = transcript(after, ID, box_of({A: ("x",), B: ("y",)}))
    assert told["tie_breaks"] == [{"option": "y", "reason": "lebih mendesak", "by": MODERATOR.id}]
    assert code(state, "ballot.break_tie", {**tie, "option": "z"}) == "option_not_tied"
    assert code(state, "ballot.break_tie", {**tie, "reason": ""}) == "reason_required"
    assert code(after, "ballot.break_tie", tie) == "option_not_tied"
    running = opened("single", FIVE, tie="chair")
    assert code(running, "ballot.break_tie", tie) == "ballot_is_open"
    assert code(more(state, [BallotVoided(ID, "salah")]), "ballot.break_tie", tie) == "ballot_void"
    forum = closed(opened("single", FIVE), {A: ("x",), B: ("y",)})
    assert code(forum, "ballot.break_tie", tie) == "chair_breaks_no_ties"
    assert code(state, "ballot.break_tie", {**tie, "ballot": "b9"}) == "unknown_ballot"
    assert code(state, "ballot.break_tie", tie, DELEGATE_07) == "forbidden"


def test_the_next_round_is_between_the_tied_or_the_best() -> None:
    tied = closed(opened("single", FIVE, tie="revote"), {A: ("x",), B: ("y",)})
    (event,) = when(tied, "ballot.next", {"ballot": "b1"})
    assert ([option.id for option in event.options], event.round, event.repeats) == (["x", "y"], 2, "b1")
    missed = closed(
        opened("single", FIVE, majority="absolute", rounds=2), {A: ("x",), B: ("x",), C: ("y",), D: ("y",), E: ("z",)}
    )
    (event,) = when(missed, "ballot.next", {"ballot": "b1"})
    assert [option.id for option in event.options] == ["x", "y"]
    once = closed(opened("single", FIVE, majority="absolute"), {A: ("x",), B: ("y",)})
    assert code(once, "ballot.next", {"ballot": "b1"}) == "no_next_round"
    assert code(opened("single"), "ballot.next", {"ballot": "b1"}) == "ballot_is_open"
    assert code(START, "ballot.next", {"ballot": "b1"}) == "unknown_ballot"
    assert code(more(tied, [BallotVoided(ID, "salah")]), "ballot.next", {"ballot": "b1"}) == "ballot_void"
    assert code(tied, "ballot.next", {"ballot": "b1"}, DELEGATE_07) == "forbidden"


def test_a_ballot_is_held_again_and_both_stay() -> None:
    state = closed(opened("single", FIVE, seconds=60), {A: ("x",)})
    again = {"ballot": "b1", "reason": "daftar pemilih salah"}
    events = when(state, "ballot.rerun", again, now=NOW + 100, fresh="b2")
    assert result_of(events) == {"ballot": "b2"}
    after = more(state, events)
    old, new = after.ballots[ID], after.ballots[BallotId("b2")]
    assert (old.state, old.reason, new.repeats, new.options) == ("void", again["reason"], "b1", old.options)
    assert new.closes_at == NOW + 60_100
    assert code(after, "ballot.rerun", again) == "ballot_is_open"
    assert code(state, "ballot.rerun", {"ballot": "b1"}) == "reason_required"
    assert code(state, "ballot.rerun", {**again, "ballot": "b9"}) == "unknown_ballot"
    assert code(state, "ballot.rerun", again, DELEGATE_07) == "forbidden"
    running = opened("single", FIVE)
    command = dispatch.parse("ballot.rerun", again)
    assert dispatch.sealed_ballot(running, command, Moment(MODERATOR, NOW, "b2")) == "b1"


def test_a_new_transcript_says_the_whole_rule_and_an_old_one_does_not_change() -> None:
    new = closed(opened("single", FIVE, weights="hall_voting"), {A: ("x",), E: ("y",)})
    told = transcript(new, ID, box_of({A: ("x",), E: ("y",)}))
    assert (told["v"], told["rule"]["weights"], told["halls"][A]) == (2, "hall_voting", PEJUANG)
    old = closed(opened("approval", FIVE, choose_max=2), {A: ("x",)})
    told = transcript(old, ID, box_of({A: ("x",)}))
    assert (told["v"], told["rule"]) == (
        1,
        {"method": "approval", "choose_max": 2, "tie": "elects_none_of_the_tied"},
    )
    assert told["result"].keys() == {"counts", "cast", "blank", "electorate", "elected", "tied", "root"}
    assert told["options"][0].keys() == {"id", "label", "detail"}


def test_few_cannot_be_picked_out_for_a_secret_ballot() -> None:
    """The result would tell the moderator what each of them voted."""
    for circle in ({"kind": "seats", "seats": [RW07]}, {"kind": "halls", "halls": [PEJUANG]}, {"kind": "each_hall"}):
        wanted = {**asked("single", electorate=circle), "secrecy": "secret"}
        assert refused(START, "ballot.open", wanted) == ("not_on_secret", {"field": "electorate", "least": 5})
    assert when(START, "ballot.open", {**asked("single"), "secrecy": "secret"}), "a small session votes as a whole"


def test_few_cannot_be_picked_out_by_splitting_them_off_either() -> None:
    """Whom a group holds its plenary's moderator chose, seat by seat if he likes."""
    group = given(replace(CREATED, kind="group", parent=SessionId("kec")), *OPENED[1:])
    secret = {**asked("single"), "secrecy": "secret"}
    assert refused(group, "ballot.open", secret) == ("not_on_secret", {"field": "electorate", "least": 5})
    assert when(group, "ballot.open", asked("single")), "an open one is no secret"
    seats = [SeatAdded(SeatId(f"s{n}"), PEJUANG, "Ketua RT", voice=True, vote=True) for n in (1, 2, 3)]
    assert when(more(group, seats), "ballot.open", secret)


def test_a_next_round_is_held_once_unless_it_was_void() -> None:
    missed = closed(opened("single", majority="absolute", rounds=3), {RW07: (), RW11: ("x",)})
    assert missed.ballots[ID].result.invalid == "no_majority"  # type: ignore[union-attr]
    after = more(missed, when(missed, "ballot.next", {"ballot": "b1"}, fresh="b2"))
    void = more(after, [BallotVoided(BallotId("b2"), "salah")])
    assert when(void, "ballot.next", {"ballot": "b1"}, fresh="b3")
    done = more(after, when(after, "ballot.close", {"ballot": "b2"}, box=box_of({RW07: ("x",)})))
    assert code(done, "ballot.next", {"ballot": "b1"}) == "no_next_round"


def test_a_ballot_is_not_held_again_without_the_quorum_it_needs() -> None:
    state = closed(opened("single"), {RW07: ("x",)})
    rules = {"changes": {"attendance": {"quorum_needed_for_ballots": True}}, "reason": "tata tertib"}
    state = more(state, when(state, "rules.set", rules))
    assert code(state, "ballot.rerun", {"ballot": "b1", "reason": "salah"}) == "no_quorum"


def test_a_rerun_that_finds_no_voters_is_refused_before_the_running_box_is_sealed() -> None:
    """Refused after it, the whole group of commands would be rolled back and told to repeat itself, for ever."""
    state = more(START, when(START, "attendance.check_in", {"seat": RW07}))
    state = opened("single", state, electorate={"kind": "present"})
    gone = more(state, when(state, "attendance.leave", {"seat": RW07}))
    command = dispatch.parse("ballot.rerun", {"ballot": "b1", "reason": "salah"})
    with pytest.raises(Refused) as caught:
        dispatch.sealed_ballot(gone, command, Moment(MODERATOR, NOW, "fresh"))
    assert caught.value.code == "no_electorate"
    assert dispatch.sealed_ballot(state, command, Moment(MODERATOR, NOW, "fresh")) == ID
