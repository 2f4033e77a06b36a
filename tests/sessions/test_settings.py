"""Fields of the rules: what they are declared as is what they may be set to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions.errors import ProtocolError
from sessions.ids import HallId
from sessions.model.settings import Limits, Share, among, choice, listed, ranged, several, share, within, worded
from sessions.settings import check_of, checks_of, described, invalid, plain
from sessions.wire import decode, encode


@dataclass(frozen=True, slots=True)
class Criterion:
    key: str = field(metadata=within(1, 20))
    weight: int = field(metadata=within(0, 100))
    scale: str = field(default="five", metadata=among("five", "ten"))


@dataclass(frozen=True, slots=True)
class Section:
    minutes: int = ranged(3, 1, 60)
    factor: float = ranged(1.0, 0.5, 2)
    longest: int | None = ranged(None, 1, 9)
    order: str = choice("queue", "queue", "fair")
    note: str = worded("", most=10)
    paused: bool = True
    needed: Share = share(2, 3)
    groups: tuple[str, ...] = several(("WOMEN",), "WOMEN", "YOUTH")
    halls: tuple[HallId, ...] = listed()
    criteria: tuple[Criterion, ...] = listed((Criterion("urgency", 30),), most=2)
    steps: tuple[int, ...] = listed((1, 2), of=Limits(1, 5))
    budget: int = 0

    def invalid(self) -> str:
        return "factor" if self.paused and self.factor > 1.5 else ""


GOOD: dict[str, Any] = {
    "minutes": 60,
    "factor": 2,
    "longest": None,
    "order": "fair",
    "note": " sepuluh   ",
    "paused": False,
    "needed": {"part": 4, "of": 5},
    "groups": ["YOUTH", "WOMEN"],
    "halls": ["pejuang"],
    "criteria": [{"key": "a", "weight": 0}, {"key": "b", "weight": 100, "scale": "ten"}],
    "steps": [5],
    "budget": 10**15,
}


def checked(**changes: Any) -> Section:
    checks = checks_of(Section)
    return Section(**{name: checks[name](value, name) for name, value in changes.items()})


def wrong(**changes: Any) -> str:
    with pytest.raises(ProtocolError) as caught:
        checked(**changes)
    assert caught.value.code == "bad_input"
    return str(caught.value.data["field"])


def test_what_is_within_the_limits_becomes_the_value_it_says() -> None:
    found = checked(**GOOD)
    assert found == Section(
        minutes=60,
        factor=2.0,
        order="fair",
        note="sepuluh",
        paused=False,
        needed=Share(4, 5),
        groups=("YOUTH", "WOMEN"),
        halls=(HallId("pejuang"),),
        criteria=(Criterion("a", 0), Criterion("b", 100, "ten")),
        steps=(5,),
        budget=10**15,
    )
    assert isinstance(found.factor, float)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"minutes": 0}, "minutes"),
        ({"minutes": 61}, "minutes"),
        ({"minutes": 3.0}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"minutes": None}, "minutes"),
        ({"factor": 0.4}, "factor"),
        ({"factor": float("nan")}, "factor"),
        ({"longest": 10}, "longest"),
        ({"order": "LOUDEST"}, "order"),
        ({"note": "x" * 11}, "note"),
        ({"paused": 1}, "paused"),
        ({"needed": {"part": 4, "of": 3}}, "needed.part"),
        ({"needed": {"part": 0, "of": 0}}, "needed.of"),
        ({"needed": {"part": 1}}, "needed.of"),
        ({"needed": "2/3"}, "needed"),
        ({"groups": ["WOMEN", "WOMEN"]}, "groups"),
        ({"groups": ["ELDERS"]}, "groups.0"),
        ({"halls": ["not an id"]}, "halls.0"),
        ({"halls": "pejuang"}, "halls"),
        ({"criteria": [{"key": "a", "weight": 101}]}, "criteria.0.weight"),
        ({"criteria": [{"key": "", "weight": 1}]}, "criteria.0.key"),
        ({"criteria": [{"key": "a", "weight": 1, "scale": "two"}]}, "criteria.0.scale"),
        ({"criteria": [{"key": "a"}]}, "criteria.0.weight"),
        ({"criteria": [{"key": "a", "weight": 1, "colour": "red"}]}, "criteria.0.colour"),
        ({"criteria": [{"key": "a", "weight": 1}] * 3}, "criteria"),
        ({"steps": [1, 6]}, "steps.1"),
        ({"budget": -1}, "budget"),
        ({"budget": 10**15 + 1}, "budget"),
    ],
)
def test_what_is_not_is_refused_with_its_path(changes: dict[str, Any], path: str) -> None:
    assert wrong(**changes) == path


def test_a_section_says_itself_what_does_not_go_together() -> None:
    assert invalid(Section(factor=1.6)) == "factor"
    assert invalid(Section(factor=1.6, paused=False)) == ""
    assert invalid(Criterion("a", 1)) == "", "a record that has no such opinion"


def test_a_type_rules_cannot_hold_is_the_programs_fault() -> None:
    with pytest.raises(TypeError):
        check_of(dict[str, int], Limits())


def test_a_form_learns_all_it_needs() -> None:
    told = described(Section)
    assert told["minutes"] == {"type": "whole", "least": 1, "most": 60, "default": 3}
    assert told["longest"] == {"type": "whole", "least": 1, "most": 9, "optional": True, "default": None}
    assert told["factor"]["type"] == "number"
    assert told["order"] == {"type": "text", "words": ["queue", "fair"], "default": "queue"}
    assert told["note"] == {"type": "text", "least": 0, "most": 10, "default": ""}
    assert told["paused"] == {"type": "flag", "default": True}
    assert told["needed"]["default"] == {"part": 2, "of": 3}
    assert told["needed"]["fields"]["of"] == {"type": "whole", "least": 1, "most": 1000}
    assert told["groups"]["of"] == {"type": "text", "words": ["WOMEN", "YOUTH"]}
    assert told["halls"] == {"type": "list", "least": 0, "most": 100, "of": {"type": "id"}, "default": []}
    assert told["criteria"]["default"] == [{"key": "urgency", "weight": 30, "scale": "five"}]
    assert json.loads(json.dumps(told)) == told


def test_what_is_shown_is_plain_json_and_can_be_set_again() -> None:
    section = checked(**GOOD)
    shown = plain(section)
    assert json.loads(json.dumps(shown)) == shown
    assert checked(**shown) == section


def test_the_journal_keeps_what_differs_from_the_default() -> None:
    section = checked(minutes=5, criteria=[{"key": "a", "weight": 1}])
    data = encode(section)
    assert data == {"minutes": 5, "criteria": [{"key": "a", "weight": 1}]}
    assert decode(Section, data) == section


@examples(st.integers(0, 1000), st.integers(1, 1000), st.integers(0, 3000))
def test_a_share_is_counted_without_rounding(part: int, of: int, number: int) -> None:
    least = Share(part, of).least_of(number)
    assert least * of >= number * part
    assert least == 0 or (least - 1) * of < number * part


def test_two_thirds_of_seven_are_five() -> None:
    assert [Share(2, 3).least_of(number) for number in (0, 6, 7, 8, 9)] == [0, 4, 5, 6, 6]
    assert Share(2, 3).fraction() * 3 == 2
