"""Passes: whom a card stands for, until when, and that it can be taken back; never its token."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sessions import dispatch
from sessions.dispatch import result_of
from sessions.errors import Refused
from sessions.ids import PassId
from sessions.journal import Recorded
from sessions.passes import RELEASE_MS, PassClaimed, PassIssued, PassReleased, PassRevoked
from sessions.vote import admit_vote, parse_vote
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    PEJUANG,
    RW07,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

LATER = NOW + 86_400_000
DELEGATE = {"pass": "p1", "role": "delegate", "seat": "pejuang-07", "expires_at": LATER}


def test_a_delegates_card_takes_its_hall_from_the_seat() -> None:
    assert when(given(*DRAFT), "pass.issue", DELEGATE, ADMIN) == [
        PassIssued("p1", "delegate", LATER, "pejuang-07", "pejuang")
    ]


def test_a_card_without_an_id_gets_one_and_says_which() -> None:
    events = when(given(*DRAFT), "pass.issue", {"role": "screen", "expires_at": LATER}, ADMIN, fresh="f1")
    assert result_of(events) == {"pass": "f1"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"seat": None}, "seat"),
        ({"seat": "nobody"}, "seat"),
        ({"hall": "jatiasih"}, "hall"),
        ({"role": "hall", "seat": None}, "hall"),
        ({"role": "moderator"}, "seat"),
        ({"expires_at": NOW}, "expires_at"),
    ],
)
def test_a_card_that_stands_for_the_wrong_thing_is_refused(changed: dict[str, object], field: str) -> None:
    assert refused(given(*DRAFT), "pass.issue", {**DELEGATE, **changed}, ADMIN) == ("bad_input", {"field": field})


def test_a_hall_card_needs_a_hall_that_exists() -> None:
    card = {"role": "hall", "hall": "atlantis", "expires_at": LATER}
    assert code(given(*DRAFT), "pass.issue", card, ADMIN) == "unknown_hall"


def test_an_id_is_used_once() -> None:
    issued = PassIssued("p1", "screen", LATER)
    assert code(given(*DRAFT, issued), "pass.issue", DELEGATE, ADMIN) == "already_exists"


def test_revoking_is_for_the_secretariat_and_twice_is_harmless() -> None:
    state = given(*DRAFT, PassIssued("p1", "screen", LATER))
    assert code(state, "pass.revoke", {"pass": "p1"}, MODERATOR) == "forbidden"
    assert when(state, "pass.revoke", {"pass": "p1"}, ADMIN) == [PassRevoked("p1")]
    revoked = given(*DRAFT, PassIssued("p1", "screen", LATER), PassRevoked("p1"))
    assert revoked.passes["p1"].revoked
    assert when(revoked, "pass.revoke", {"pass": "p1"}, ADMIN) == []
    assert code(state, "pass.revoke", {"pass": "p2"}, ADMIN) == "unknown_pass"


def test_passes_of_accounts_are_left_to_the_server() -> None:
    named = {"pass": "acct-8f2a-01", "role": "moderator", "expires_at": LATER}
    assert code(given(*DRAFT), "pass.issue", named, ADMIN) == "account_pass"
    assert when(given(*DRAFT), "pass.issue", named, SYSTEM) == [PassIssued("acct-8f2a-01", "moderator", LATER)]
    state = given(*DRAFT, PassIssued("acct-8f2a-01", "moderator", LATER))
    assert code(state, "pass.revoke", {"pass": "acct-8f2a-01"}, ADMIN) == "account_pass"
    assert when(state, "pass.revoke", {"pass": "acct-8f2a-01"}, SYSTEM) == [PassRevoked("acct-8f2a-01")]


def test_nobody_gets_a_card_of_the_system() -> None:
    assert bad_field("pass.issue", {"role": "system", "expires_at": LATER}) == "role"
    assert bad_field("pass.issue", {**DELEGATE, "token": "x"}) == "token"


P1 = PassId("p1")
OLD, NEW = "a" * 32, "b" * 32
CARD = PassIssued(P1, "delegate", LATER, RW07, PEJUANG)
FIRST = replace(DELEGATE_07, pass_id=P1, claim=1)


def claim(device: str, by: str = "pin") -> dict[str, str]:
    return {"pass": P1, "device": device, "by": by}


def test_a_card_moves_from_device_to_device_and_counts_who_holds_it() -> None:
    state = given(*OPENED, CARD)
    assert (state.passes[P1].claim, state.passes[P1].device) == (1, "")
    moved = when(state, "pass.claim", claim(OLD), SYSTEM)
    assert moved == [PassClaimed(P1, 2, OLD, "pin")]
    state = more(state, moved)
    assert when(state, "pass.claim", claim(OLD), SYSTEM) == [], "an answer that was lost is asked for again"
    state = more(state, when(state, "pass.claim", claim(NEW), SYSTEM))
    assert (state.passes[P1].claim, state.passes[P1].device) == (3, NEW)


def test_what_the_older_device_asks_for_is_refused_as_moved() -> None:
    options = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]
    ballot = {"title": "Prioritas", "options": options, "choose_max": 1, "secrecy": "open"}
    state = more(given(*OPENED, CARD), when(given(*OPENED, CARD), "ballot.open", ballot, fresh="ballot"))
    slip = parse_vote({"ballot": "ballot", "choices": ["x"]})
    assert when(state, "floor.request", {}, FIRST)
    admit_vote(state, slip, FIRST)
    state = more(state, [PassClaimed(P1, 2, NEW, "pin")])
    assert code(state, "floor.request", {}, FIRST) == "pass_moved"
    with pytest.raises(Refused, match="pass_moved"):
        admit_vote(state, slip, FIRST)
    second = replace(FIRST, claim=2)
    assert when(state, "floor.request", {}, second)
    admit_vote(state, slip, second)
    admit_vote(state, slip, replace(FIRST, claim=0))  # a card that is shown at a kiosk is not held by a device


def test_a_hall_lets_one_device_in_for_ten_minutes() -> None:
    state = given(*OPENED, CARD)
    released = when(state, "pass.release", {"seat": RW07}, HALL_PEJUANG)
    assert released == [PassReleased(P1, NOW + RELEASE_MS)]
    assert result_of(released) == {"until": NOW + RELEASE_MS}
    open_door = more(state, released)
    assert code(open_door, "pass.claim", claim(NEW, "release"), SYSTEM, now=NOW + RELEASE_MS) == "pass_claimed"
    state = more(open_door, when(open_door, "pass.claim", claim(NEW, "release"), SYSTEM, now=NOW + RELEASE_MS - 1))
    assert code(state, "pass.claim", claim(OLD, "release"), SYSTEM) == "pass_claimed", "one alone"
    assert when(state, "pass.claim", claim(NEW, "release"), SYSTEM) == []


def test_claims_of_a_journal_replay_and_one_without_them_holds_first_claims() -> None:
    state = given(*OPENED, CARD)
    kept = [{"id": "p1", "claim": 2, "device": NEW, "by": "pin"}, {"id": "p1", "until": NOW}]
    for name, data in zip(("pass_claimed", "pass_released"), kept, strict=True):
        state = dispatch.apply(state, Recorded(state.seq + 1, NOW, "system", name, data))
    card = state.passes[P1]
    assert (card.claim, card.device, card.released_until) == (2, NEW, NOW)
