"""Two moderators at once: who leads, and how the lead changes."""

from __future__ import annotations

from dataclasses import replace

from sessions.chair import ChairBack, ChairLost, ChairTaken
from sessions.ids import PassId
from sessions.passes import PassIssued, PassRevoked
from sessions.view import changes, snapshot
from tests.sessions.given import (
    HALL_PEJUANG,
    MODERATOR,
    NOW,
    OPENED,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

FIRST, SECOND, SCREEN = PassId("p-moderator"), PassId("p-second"), PassId("p-layar")
OTHER = replace(MODERATOR, pass_id=SECOND)
CARDS = (
    *OPENED,
    PassIssued(FIRST, "moderator", 1 << 50),
    PassIssued(SCREEN, "screen", 1 << 50),
    PassIssued(SECOND, "moderator", 1 << 50),
)
LED = (*CARDS, ChairTaken(FIRST))
BY_FORCE = {"force": True, "reason": "Tidak menjawab"}


def test_a_chair_nobody_has_is_taken_without_asking() -> None:
    assert when(given(*CARDS), "chair.take") == [ChairTaken(FIRST, None, "free")]
    assert when(given(*LED), "chair.take") == [], "who leads already leads"
    assert code(given(*CARDS), "chair.take", {}, HALL_PEJUANG) == "forbidden"


def test_from_a_leader_who_is_present_it_takes_force_and_a_reason() -> None:
    state = given(*LED)
    assert refused(state, "chair.take", {}, OTHER) == ("chair_is_taken", {"leader": FIRST})
    assert refused(state, "chair.take", {"reason": "saya saja"}, OTHER) == ("chair_is_taken", {"leader": FIRST})
    assert code(state, "chair.take", {"force": True}, OTHER) == "reason_required"
    assert when(state, "chair.take", BY_FORCE, OTHER) == [ChairTaken(SECOND, FIRST, "forced", "Tidak menjawab")]


def test_from_a_leader_who_is_away_or_revoked_it_takes_neither() -> None:
    away = given(*LED, ChairLost(FIRST))
    assert when(away, "chair.take", {}, OTHER) == [ChairTaken(SECOND, FIRST, "absent")]
    assert code(more(away, [ChairBack(FIRST)]), "chair.take", {}, OTHER) == "chair_is_taken"
    revoked = given(*LED, PassRevoked(FIRST))
    assert when(revoked, "chair.take", {}, OTHER) == [ChairTaken(SECOND, FIRST, "revoked")]


def test_the_leader_hands_over_to_another_moderator() -> None:
    state = given(*LED, PassIssued(PassId("p-old"), "moderator", 1 << 50), PassRevoked(PassId("p-old")))
    assert when(state, "chair.hand", {"pass": SECOND}) == [ChairTaken(SECOND, FIRST, "handed")]
    assert when(state, "chair.hand", {"pass": FIRST}) == []
    assert refused(state, "chair.hand", {"pass": SECOND}, OTHER) == ("not_leader", {"leader": FIRST})
    for stranger in (SCREEN, "p-old", "p-nobody"):
        assert code(state, "chair.hand", {"pass": stranger}) == "unknown_pass"
    assert code(state, "chair.hand", {"pass": SECOND}, HALL_PEJUANG) == "forbidden"


def test_the_system_says_that_the_leader_is_away_or_back_and_only_of_who_leads() -> None:
    state = given(*LED)
    assert when(state, "chair.lost", {"pass": FIRST}, SYSTEM) == [ChairLost(FIRST)]
    assert when(state, "chair.lost", {"pass": SECOND}, SYSTEM) == []
    assert when(state, "chair.back", {"pass": FIRST}, SYSTEM) == []
    away = more(state, [ChairLost(FIRST)], at=NOW + 5)
    assert (away.chair.lost_at, away.chair.losses) == (NOW + 5, 1)
    assert when(away, "chair.lost", {"pass": FIRST}, SYSTEM) == []
    assert when(away, "chair.back", {"pass": FIRST}, SYSTEM) == [ChairBack(FIRST)]
    taken = more(away, [ChairTaken(SECOND, FIRST, "absent")])
    assert when(taken, "chair.back", {"pass": FIRST}, SYSTEM) == [], "coming back does not take it back"
    for name in ("chair.lost", "chair.back"):
        assert code(state, name, {"pass": FIRST}, MODERATOR) == "forbidden"


def test_whoever_does_not_lead_may_still_do_everything() -> None:
    assert when(given(*LED), "stage.show", {"scene": "board"}, OTHER) != []


def test_moderators_are_told_apart_by_number_and_their_cards_are_known_to_moderators_alone() -> None:
    state = given(*LED)
    assert chair(state := more(state, [ChairTaken(SECOND, FIRST, "handed")]), "moderator") == {
        "label": "Moderator 2", "since": NOW, "lost_at": None, "pass": SECOND, "open": False,
        "others": [{"pass": FIRST, "label": "Moderator 1"}],
    }  # fmt: skip
    assert chair(state, "screen") == {"label": "Moderator 2", "since": NOW, "lost_at": None}
    for view in ("participant", "public"):
        assert chair(state, view) is None
    assert chair(given(*CARDS), "moderator") is None
    assert chair(more(state, [ChairLost(SECOND)]), "moderator")["open"]  # type: ignore[index]


def test_a_revoked_card_of_the_leader_is_told_at_once() -> None:
    before = given(*LED)
    (change,) = [
        one for one in changes(before, more(before, [PassRevoked(FIRST)]), "moderator") if one["id"] == "chair"
    ]
    assert change["fields"]["open"]


def test_the_chair_is_handed_to_cards_that_are_good() -> None:
    state = given(*LED)
    assert chair(state, "moderator")["others"] == [{"pass": SECOND, "label": "Moderator 2"}]  # type: ignore[index]
    (change,) = [one for one in changes(state, more(state, [PassRevoked(SECOND)]), "moderator") if one["id"] == "chair"]
    assert change["fields"]["others"] == []


def chair(state: object, view: str) -> dict[str, object] | None:
    found = [change["fields"] for change in snapshot(state, view) if change["kind"] == "chair"]  # type: ignore[arg-type]
    return found[0] if found else None


def test_bad_shapes() -> None:
    assert bad_field("chair.take", {"force": "yes"}) == "force"
    assert bad_field("chair.take", {"reason": "x" * 501}) == "reason"
    assert bad_field("chair.hand", {}) == "pass"
