"""Passes: whom a card stands for, until when, and that it can be taken back; never its token."""

from __future__ import annotations

import pytest

from sessions.dispatch import result_of
from sessions.passes import PassIssued, PassRevoked
from tests.sessions.given import ADMIN, DRAFT, MODERATOR, NOW, bad_field, code, given, refused, when

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


def test_nobody_gets_a_card_of_the_system() -> None:
    assert bad_field("pass.issue", {"role": "system", "expires_at": LATER}) == "role"
    assert bad_field("pass.issue", {**DELEGATE, "token": "x"}) == "token"
