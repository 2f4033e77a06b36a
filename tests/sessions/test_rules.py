"""The rules of the session: from a preset or field by field, on the record, and with a reason once it runs."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from fractions import Fraction
from typing import Any

import pytest

from sessions import dispatch
from sessions.errors import Refused
from sessions.kind import VIEWS
from sessions.model.floor import FloorRules
from sessions.model.rules import Rules
from sessions.model.settings import NO_LIMITS, Share, limits_of
from sessions.presets.criteria import PRESETS as CRITERIA
from sessions.presets.rules import PRESETS
from sessions.rules import RulesSet, changed, check_changes, preset_rules, rules_described, sections
from sessions.session import SessionClosed, SessionRecessed
from sessions.settings import invalid, plain
from sessions.view import changes, snapshot
from sessions.wire import decode, encode
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DRAFT,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    SCREEN,
    SYSTEM,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

WAIT = {"attendance": {"quorum_wait_minutes": 30}}


def rules_with(**attendance: Any) -> Rules:
    return replace(Rules(), attendance=replace(Rules().attendance, **attendance))


def test_one_field_is_changed_and_the_rest_stays() -> None:
    (event,) = when(given(*DRAFT), "rules.set", {"changes": WAIT}, ADMIN)
    assert event == RulesSet(rules_with(quorum_wait_minutes=30))
    state = more(given(*DRAFT), [event])
    assert state.rules.attendance.quorum_wait_minutes == 30
    (again,) = when(state, "rules.set", {"changes": {"attendance": {"self_check_in": False}}}, ADMIN)
    assert again.rules == rules_with(quorum_wait_minutes=30, self_check_in=False)


def test_a_preset_begins_afresh_and_changes_come_on_top() -> None:
    state = given(*DRAFT, RulesSet(rules_with(self_check_in=False)))
    (event,) = when(state, "rules.set", {"preset": "musdes", "changes": WAIT}, ADMIN)
    village = preset_rules("musdes")
    assert village.attendance.self_check_in, "what was set before is gone"
    assert event.rules == replace(village, attendance=replace(village.attendance, quorum_wait_minutes=30))


def test_what_is_set_already_is_not_recorded_again() -> None:
    state = given(*DRAFT, RulesSet(rules_with(quorum_wait_minutes=30)))
    assert when(state, "rules.set", {"changes": WAIT}, ADMIN) == []


def test_once_the_session_is_open_a_reason_is_needed_whoever_asks() -> None:
    state = given(*OPENED)
    for phase in (state, given(*OPENED, SessionRecessed("salat"))):
        for actor in (ADMIN, SYSTEM, MODERATOR):
            assert code(phase, "rules.set", {"changes": WAIT}, actor) == "reason_required"
            assert code(phase, "rules.set", {"changes": WAIT, "reason": "  "}, actor) == "reason_required"
    (event,) = when(state, "rules.set", {"changes": WAIT, "reason": "Listrik padam"}, MODERATOR)
    assert event.reason == "Listrik padam"
    assert when(given(*DRAFT), "rules.set", {"changes": WAIT}, MODERATOR) == [
        RulesSet(rules_with(quorum_wait_minutes=30))
    ]


def test_rules_of_a_closed_session_stay() -> None:
    state = given(*OPENED, SessionClosed())
    assert code(state, "rules.set", {"changes": WAIT, "reason": "x"}, ADMIN) == "wrong_phase"


def test_others_may_not() -> None:
    for actor in (DELEGATE_07, HALL_PEJUANG, SCREEN):
        assert code(given(*DRAFT), "rules.set", {"changes": WAIT}, actor) == "forbidden"


def test_an_unknown_preset_is_refused() -> None:
    assert refused(given(*DRAFT), "rules.set", {"preset": "atlantis"}, ADMIN) == (
        "unknown_preset",
        {"preset": "atlantis"},
    )


class Contradiction(FloorRules):
    def invalid(self) -> str:
        return "warn_s" if self.warn_s > self.minutes * 60 else ""


def test_a_section_may_refuse_what_does_not_go_together() -> None:
    before = replace(Rules(), floor=Contradiction(minutes=2))
    assert changed(before, (("floor", "warn_s", 120),)).floor.warn_s == 120
    with pytest.raises(Refused) as caught:
        changed(before, (("floor", "warn_s", 121),))
    assert (caught.value.code, caught.value.data) == ("bad_input", {"field": "changes.floor.warn_s"})


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "changes"),
        ({"changes": {}}, "changes"),
        ({"reason": "x"}, "changes"),
        ({"changes": []}, "changes"),
        ({"changes": {"weather": {}}}, "changes.weather"),
        ({"changes": {"preset": "musdes"}}, "changes.preset"),
        ({"changes": {"attendance": []}}, "changes.attendance"),
        ({"changes": {"attendance": {"rain": 1}}}, "changes.attendance.rain"),
        ({"changes": {"attendance": {"quorum_wait_minutes": -1}}}, "changes.attendance.quorum_wait_minutes"),
        ({"changes": {"attendance": {"self_check_in": 1}}}, "changes.attendance.self_check_in"),
        ({"preset": "no such id"}, "preset"),
        ({"preset": 7}, "preset"),
        ({"changes": WAIT, "reason": "x" * 501}, "reason"),
        ({"changes": WAIT, "why": "x"}, "why"),
    ],
)
def test_bad_shapes(data: dict[str, Any], field: str) -> None:
    assert bad_field("rules.set", data) == field


def test_everybody_sees_the_rules_and_each_change_of_them() -> None:
    before = given(*DRAFT)
    after = more(before, [RulesSet(rules_with(quorum_wait_minutes=30))])
    for view in VIEWS:
        (shown,) = [change["fields"] for change in snapshot(before, view) if change["kind"] == "rules"]
        assert shown == json.loads(json.dumps(plain(Rules())))
        (change,) = [change for change in changes(before, after, view) if change["kind"] == "rules"]
        assert change["id"] == "rules"
        assert change["fields"]["attendance"]["quorum_wait_minutes"] == 30


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_can_be_set_shown_and_read_from_the_journal(preset: str) -> None:
    (event,) = when(given(*DRAFT), "rules.set", {"preset": preset}, ADMIN)
    assert event.rules == preset_rules(preset)
    assert event.rules.preset == preset
    assert decode(RulesSet, json.loads(json.dumps(encode(event)))) == event
    assert all(PRESETS[preset].title)


def test_presets_say_what_the_sources_say() -> None:
    village = preset_rules("musdes")
    assert village.attendance.quorum_share == Share(2, 3)
    assert (village.attendance.quorum_wait_minutes, village.attendance.quorum_postpone_days) == (180, 3)
    assert village.voting.consensus_first
    five = preset_rules("jakarta-pusat-2024").funnel
    assert (five.main_per_hall, five.next_level, five.next_level_per) == (5, 3, "hall")
    assert preset_rules("jakarta-pusat-2024-kelompok").funnel.main_per_session == 5
    yalimo = preset_rules("yalimo")
    assert (yalimo.funnel.main_per_hall, yalimo.funnel.reserve_per_hall) == (2, 1)
    assert len(yalimo.record.clauses) == 2
    (share,) = preset_rules("malang").funnel.shares
    assert (share.least.fraction(), share.of, "INFRASTRUKTUR" in share.values) == (Fraction(1, 20), "amount", False)
    assert preset_rules("asahan").record.representatives == 10
    assert preset_rules("kota-jambi-2019").floor.panel_most == 4
    assert preset_rules("bolmong-2019").funnel.main_per_session == 12


def test_every_preset_names_criteria_that_exist() -> None:
    assert {preset_rules(preset).scoring.criteria for preset in PRESETS} <= CRITERIA.keys()


def test_what_is_shown_of_any_preset_can_be_set_again() -> None:
    for preset in PRESETS:
        shown = plain(preset_rules(preset))
        del shown["preset"]
        assert changed(Rules(preset=preset), check_changes(shown, "changes")) == preset_rules(preset)


@pytest.mark.parametrize("section", sections())
def test_every_field_says_what_it_may_be_set_to(section: str) -> None:
    cls = sections()[section]
    assert invalid(cls()) == ""
    for field in fields(cls):
        described = rules_described()[section][field.name]
        assert "default" in described
        if described["type"] in ("whole", "number", "text"):
            assert limits_of(field.metadata) != NO_LIMITS, f"{section}.{field.name} has no limits"


def test_an_event_from_before_a_section_existed_reads_as_its_defaults() -> None:
    event = RulesSet(rules_with(quorum_wait_minutes=30))
    data = encode(event)
    assert data == {"rules": {"attendance": {"quorum_wait_minutes": 30}}}, "only what differs is written"
    assert decode(RulesSet, data) == event
    assert decode(RulesSet, {"rules": {}}) == RulesSet(Rules())


def test_only_rules_set_speaks_of_rules() -> None:
    assert [name for name in dispatch.EVENTS if name.startswith("rules")] == ["rules_set"]
