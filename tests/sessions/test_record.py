"""The record's own commands: its sheet, corrections, approval and addenda."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from sessions.dispatch import result_of
from sessions.model.record import Addendum, Correction, RecordRules, Sheet, Signatory
from sessions.record import RecordAmended, RecordConfirmed, RecordCorrected, RecordSet
from sessions.session import SessionClosed, SessionSealed
from sessions.site import HallCame, HallLost
from sessions.state import State
from sessions.view import snapshot
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    HALL_PEJUANG,
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

DIGEST = "0f" * 32
CHAIR = Signatory("chair", "Camat Medansatria")


def in_phase(state: State, phase: str) -> State:
    return replace(state, session=replace(state.session, phase=phase))


def test_the_sheet_is_set_member_by_member() -> None:
    state = given(*DRAFT)
    first = when(state, "record.set", {"number": " 050/12/2018 ", "cc": ["Bappeda"]}, ADMIN)
    assert first == [RecordSet(Sheet(number="050/12/2018", cc=("Bappeda",)))]
    state = more(state, first)
    signatories = [{"role": "chair", "office": "Camat Medansatria"}, {"role": "participant", "seat": RW07}]
    second = when(state, "record.set", {"signatories": signatories})
    expected = Sheet("050/12/2018", cc=("Bappeda",), signatories=(CHAIR, Signatory("participant", "", RW07)))
    assert second == [RecordSet(expected)]
    assert more(state, second).record.sheet == expected


def test_a_sheet_that_stays_the_same_is_no_event() -> None:
    state = given(*DRAFT, RecordSet(Sheet(number="1")))
    assert when(state, "record.set", {"number": "1"}) == []


def test_a_signatory_is_a_seat_of_this_session_or_an_office() -> None:
    signatory = {"role": "chair", "seat": "nobody"}
    assert refused(given(*DRAFT), "record.set", {"signatories": [signatory]}) == (
        "bad_input",
        {"field": "signatories.0.seat"},
    )
    assert bad_field("record.set", {"signatories": [{"role": "chair"}]}) == "signatories.0.office"
    assert bad_field("record.set", {"signatories": [{"role": "king", "office": "x"}]}) == "signatories.0.role"


def test_corrections_are_kept_in_the_order_they_were_read() -> None:
    state = given(*OPENED)
    events = when(state, "record.correct", {"section": "annex_2", "text": "Volume 60 m, bukan 50 m"})
    assert events == [RecordCorrected("annex_2", "Volume 60 m, bukan 50 m")]
    after = more(more(state, events, NOW + 5), [RecordCorrected("block", "Mulai 09.10")], NOW + 9)
    assert after.record.corrections == (
        Correction("annex_2", "Volume 60 m, bukan 50 m", NOW + 5),
        Correction("block", "Mulai 09.10", NOW + 9),
    )


def test_what_was_read_is_approved_once_and_not_before_the_last_correction() -> None:
    state = given(*OPENED, RecordCorrected("block", "Mulai 09.10"))
    assert state.record.changed == state.seq
    approved = {"upto": state.seq, "digest": DIGEST}
    assert refused(state, "record.confirm", {**approved, "upto": state.seq - 1}) == (
        "record_changed",
        {"seq": state.seq},
    )
    assert refused(state, "record.confirm", {**approved, "upto": state.seq + 1}) == ("bad_input", {"field": "upto"})
    events = when(state, "record.confirm", approved)
    assert events == [RecordConfirmed(state.seq, DIGEST)]
    after = more(state, events, NOW + 7)
    assert after.record.confirmed is not None and after.record.confirmed.at == NOW + 7
    assert when(after, "record.confirm", approved) == [], "the same approval twice changes nothing"


@pytest.mark.parametrize("change", [RecordSet(Sheet(number="2")), RecordCorrected("head", "Nomor 2")])
def test_a_change_after_the_approval_takes_it_back(change: Any) -> None:
    state = given(*OPENED, RecordConfirmed(3, DIGEST))
    assert state.record.confirmed is not None
    assert more(state, [change]).record.confirmed is None


def test_only_a_sealed_record_gets_addenda_and_they_are_numbered() -> None:
    sealed = in_phase(given(*OPENED), "sealed")
    events = when(sealed, "record.addendum", {"text": "Nama jalan: Gg. Melati", "reason": "salah ketik"}, ADMIN)
    assert events == [RecordAmended(1, "Nama jalan: Gg. Melati", "salah ketik")]
    assert result_of(events) == {"number": 1}
    after = more(sealed, events, NOW + 1)
    assert after.record.addenda == (Addendum(1, "Nama jalan: Gg. Melati", "salah ketik", NOW + 1),)
    assert when(after, "record.addendum", {"text": "x", "reason": "y"})[0].number == 2
    assert code(sealed, "record.addendum", {"text": "x"}) == "reason_required"
    assert code(sealed, "record.addendum", {"text": "x", "reason": "  "}) == "reason_required"
    for phase in ("draft", "open", "recess", "closed"):
        assert refused(in_phase(sealed, phase), "record.addendum", {"text": "x", "reason": "y"}) == (
            "wrong_phase",
            {"phase": phase},
        )


def test_a_sealed_record_takes_nothing_else() -> None:
    sealed = in_phase(given(*OPENED), "sealed")
    assert code(sealed, "record.set", {"number": "1"}) == "session_sealed"
    assert code(sealed, "record.correct", {"section": "head", "text": "x"}) == "session_sealed"
    assert code(sealed, "record.confirm", {"upto": 1, "digest": DIGEST}) == "session_sealed"
    for phase in ("draft", "lobby", "open", "recess", "closed"):
        assert when(in_phase(sealed, phase), "record.correct", {"section": "head", "text": "x"}) != []


def test_the_record_is_written_by_moderator_and_secretariat_only() -> None:
    state = given(*OPENED)
    data: dict[str, Any] = {
        "record.set": {"number": "1"},
        "record.correct": {"section": "head", "text": "x"},
        "record.confirm": {"upto": 1, "digest": DIGEST},
        "record.addendum": {"text": "x", "reason": "y"},
    }
    for name, given_data in data.items():
        for stranger in (DELEGATE_07, HALL_PEJUANG, SCREEN):
            assert code(state, name, given_data, stranger) == "forbidden"
    assert code(state, "record.confirm", data["record.confirm"], ADMIN) == "forbidden", "the forum's chair approves"


def test_bad_shapes() -> None:
    assert bad_field("record.set", {}) == "number"
    assert bad_field("record.set", {"numbers": "1"}) == "numbers"
    assert bad_field("record.set", {"letterhead": ["x"] * 7}) == "letterhead"
    assert bad_field("record.correct", {"section": "annex_9", "text": "x"}) == "section"
    assert bad_field("record.correct", {"section": "head", "text": ""}) == "text"
    assert bad_field("record.confirm", {"upto": 1, "digest": "0F" * 32}) == "digest"
    assert bad_field("record.addendum", {"text": "", "reason": "x"}) == "text"


def entity(state: State, view: str) -> dict[str, Any] | None:
    return next((change["fields"] for change in snapshot(state, view) if change["kind"] == "record"), None)


def test_moderators_see_the_whole_record_and_the_public_what_became_of_it() -> None:
    sheet = Sheet(number="7", notes="intern", signatories=(CHAIR,))
    state = given(*OPENED, RecordSet(sheet), RecordCorrected("head", "x"), RecordConfirmed(9, DIGEST))
    whole, told = entity(state, "moderator"), entity(state, "public")
    assert whole is not None and told is not None
    assert whole["notes"] == "intern" and whole["corrections"] == [{"section": "head", "text": "x", "at": NOW}]
    assert whole == json.loads(json.dumps(whole)), "a client gets the same values that the view holds"
    confirmed = {"upto": 9, "digest": DIGEST, "at": NOW, "stale": False}
    assert told == {"number": "7", "confirmed": confirmed, "addenda": [], "sealed_without": ""}
    assert {view: entity(state, view) for view in ("hall", "participant", "screen")} == {
        "hall": None,
        "participant": None,
        "screen": None,
    }


def test_the_rules_of_the_record_have_the_defaults_of_the_field() -> None:
    assert RecordRules() == RecordRules(5, 10, (), True, ("DISABILITY", "CHILDREN"))


CLOSED = (*OPENED, SessionClosed())


def approved(*events: Any) -> State:
    """After these events and the approval of the record as it then stands."""
    state = given(*events)
    return more(state, [RecordConfirmed(state.seq, DIGEST)])


def test_what_is_sealed_is_the_text_that_was_approved() -> None:
    assert refused(given(*CLOSED), "session.seal") == ("record_not_confirmed", {"digest": None})
    assert refused(given(*CLOSED), "session.seal", {"reason": " "}) == ("record_not_confirmed", {"digest": None})
    assert when(approved(*CLOSED), "session.seal") == [SessionSealed()]
    assert when(approved(*CLOSED), "session.seal", {"reason": "x"}) == [SessionSealed()], "nothing is overridden"


def test_a_decision_after_the_approval_makes_it_one_of_an_earlier_text() -> None:
    state = more(approved(*OPENED), [SessionClosed()])
    assert state.record.confirmed is not None and state.record.confirmed.stale
    assert refused(state, "session.seal") == ("record_not_confirmed", {"digest": DIGEST})
    events = when(state, "session.seal", {"reason": "Camat berhalangan"})
    assert events == [SessionSealed("Camat berhalangan")]
    assert more(state, events).record.sealed_without == "Camat berhalangan"
    again = more(state, when(state, "record.confirm", {"upto": state.seq, "digest": "1a" * 32}))
    assert when(again, "session.seal") == [SessionSealed()]


def test_an_approval_of_a_draft_that_has_changed_meanwhile_is_one_of_an_earlier_text() -> None:
    state = given(*CLOSED)
    early = more(state, when(state, "record.confirm", {"upto": state.seq - 1, "digest": DIGEST}))
    assert early.record.confirmed is not None and early.record.confirmed.stale
    assert code(early, "session.seal") == "record_not_confirmed"


def test_halls_that_hang_up_after_the_end_leave_the_approval_as_it_is() -> None:
    lost = HallLost("o1", PEJUANG, "page")
    state = more(approved(*OPENED, HallCame(PEJUANG), SessionClosed()), [lost])
    assert when(state, "session.seal") == [SessionSealed()]
    assert approved(*OPENED, HallCame(PEJUANG)).told < more(approved(*OPENED, HallCame(PEJUANG)), [lost]).told


def test_where_the_rules_ask_for_no_approval_it_is_sealed_without() -> None:
    state = given(*CLOSED)
    rules = replace(state.rules, record=replace(state.rules.record, confirm_before_sealing=False))
    assert when(replace(state, rules=rules), "session.seal", {"reason": "x"}) == [SessionSealed()]
