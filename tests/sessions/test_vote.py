"""A vote before it reaches the box: its shape, and whether this seat may cast it."""

from __future__ import annotations

from typing import Any

import pytest

from sessions.ballot import BallotClosed, BallotVoided
from sessions.errors import ProtocolError, Refused
from sessions.ids import BallotId, PassId
from sessions.journal import BoxCount, Cast, Vote
from sessions.passes import PassIssued, PassRevoked
from sessions.permissions import Actor, Role
from sessions.receipt import KeyPublished, receipt, receipt_body
from sessions.tally import tally
from sessions.vote import admit_vote, parse_vote
from tests.sessions.given import (
    DELEGATE_07,
    DELEGATE_GUEST,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    RW07,
    SESSION,
    SYSTEM,
    ballot_opened,
    code,
    given,
    more,
    when,
)

ID = BallotId("b1")
TRACKER = "0123456789abcdef" * 2
SECRET = given(*OPENED, ballot_opened())
OPEN = given(*OPENED, ballot_opened("open"))
VOTE: dict[str, Any] = {"ballot": "b1", "choices": ["x"], "tracker": TRACKER, "key": "k" * 8}


def admitted(state: Any = SECRET, actor: Actor = DELEGATE_07, **changed: Any) -> Vote:
    return admit_vote(state, parse_vote({**VOTE, **changed}), actor)


def refusal(state: Any = SECRET, actor: Actor = DELEGATE_07, **changed: Any) -> str:
    with pytest.raises(Refused) as caught:
        admitted(state, actor, **changed)
    return caught.value.code


def test_a_secret_vote_carries_its_tracker_and_an_open_one_none() -> None:
    assert admitted() == Vote(ID, RW07, ("x",), TRACKER, secret=True)
    assert admitted(OPEN, tracker="") == admitted(OPEN, tracker=None) == Vote(ID, RW07, ("x",), "", secret=False)


def test_choices_go_to_the_box_in_the_ballots_own_order() -> None:
    assert admitted(choices=["y", "x"]).choices == ("x", "y"), "an order of one's own would mark the vote"
    assert admitted(choices=[]).choices == ()


def test_a_vote_that_does_not_fit_the_ballot_is_refused() -> None:
    assert refusal(choices=["x", "y", "z"]) == "too_many_choices"
    assert refusal(choices=["q"]) == "unknown_option"
    assert refusal(choices=["x", "x"]) == "bad_input"
    assert refusal(ballot="b2") == "unknown_ballot"


@pytest.mark.parametrize("tracker", ["", None, "0" * 31, "0" * 33, TRACKER.upper(), "g" * 32, TRACKER[:-1] + "\n"])
def test_a_tracker_is_thirty_two_hex_digits(tracker: str | None) -> None:
    assert refusal(tracker=tracker) == "bad_tracker"


def test_an_open_vote_has_no_tracker() -> None:
    assert refusal(OPEN) == "bad_tracker"


def test_only_delegates_of_the_electorate_vote() -> None:
    assert refusal(actor=DELEGATE_GUEST) == "not_in_electorate"
    assert refusal(actor=MODERATOR) == "forbidden"
    assert refusal(actor=HALL_PEJUANG) == "forbidden"
    stranger = Actor(type(SESSION)("jambi"), Role.DELEGATE, PassId("p"), seat=RW07)
    assert refusal(actor=stranger) == "forbidden"


def test_a_revoked_pass_does_not_vote() -> None:
    card = DELEGATE_07.pass_id
    state = more(SECRET, [PassIssued(card, "delegate", NOW + 1, RW07), PassRevoked(card)])
    assert refusal(state) == "pass_revoked"


def test_a_void_ballot_refuses_and_a_closed_one_leaves_the_word_to_the_box() -> None:
    assert refusal(more(SECRET, [BallotVoided(ID, "salah")])) == "ballot_void"
    closed = more(SECRET, [BallotClosed(ID, tally(SECRET.ballots[ID], BoxCount((), ())))])
    assert admitted(closed).choices == ("x",), "it may be the retry of a vote the box holds"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"choices": "x"}, "choices"),
        ({"choices": [1]}, "choices.0"),
        ({"choices": ["x"] * 201}, "choices"),
        ({"tracker": 7}, "tracker"),
        ({"tracker": "0" * 65}, "tracker"),
        ({"key": "short"}, "key"),
        ({"weight": 5}, "weight"),
        ({"ballot": None}, "ballot"),
    ],
)
def test_a_badly_shaped_vote_names_the_field(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        parse_vote({**VOTE, **changed})
    assert caught.value.data == {"field": field}


def test_a_secret_receipt_holds_the_tracker_and_nothing_else_of_the_vote() -> None:
    made = receipt(SECRET.ballots[ID], SESSION, RW07, Cast("", TRACKER, ("x",)), "k1")
    assert made == {
        "v": 1, "session": SESSION, "ballot": "b1", "tracker": TRACKER, "seat": None, "choices": None, "key_id": "k1",
    }  # fmt: skip
    open_one = receipt(OPEN.ballots[ID], SESSION, RW07, Cast("", "", ("x",)), "k1")
    assert (open_one["tracker"], open_one["seat"], open_one["choices"]) == (None, RW07, ["x"])


def test_what_is_signed_is_the_receipt_without_its_signature() -> None:
    made = receipt(SECRET.ballots[ID], SESSION, RW07, Cast("", TRACKER, ()), "k1")
    assert receipt_body({**made, "signature": "abc"}) == receipt_body(made)
    assert (
        receipt_body(made)
        == (
            f'{{"ballot":"b1","choices":null,"key_id":"k1","seat":null,"session":"{SESSION}","tracker":"{TRACKER}","v":1}}'
        ).encode()
    )


def test_the_key_of_receipts_is_published_by_the_system_once() -> None:
    key = {"key_id": "k1", "public_key": "A" * 43}
    assert when(given(*OPENED), "key.publish", key, SYSTEM) == [KeyPublished("k1", "A" * 43)]
    known = given(*OPENED, KeyPublished("k1", "A" * 43))
    assert known.keys == {"k1": "A" * 43}
    assert when(known, "key.publish", key, SYSTEM) == []
    assert code(given(*OPENED), "key.publish", key, MODERATOR) == "forbidden"
