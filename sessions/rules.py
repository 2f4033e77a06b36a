"""The rules of the session (tata tertib): taken from a preset, changed field by field, each change on the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass, replace
from functools import cache
from typing import Any, get_type_hints

from sessions.errors import Refused
from sessions.kind import Fields, Kind
from sessions.model.rules import Rules
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.presets.rules import PRESETS
from sessions.settings import checks_of, described, invalid, plain
from sessions.shape import Check, bad, ident, members, nullable, record, text
from sessions.state import State
from sessions.sums import refreshed

Changes = tuple[tuple[str, str, Any], ...]  # section, field, value


@dataclass(frozen=True, slots=True)
class SetRules:
    """preset: begin from this one; None keeps what is set. changes: then these, in order."""

    preset: str | None = None
    changes: Changes = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RulesSet:
    """The rules from now on, whole. What equals a default is not written, so a released default never changes."""

    rules: Rules
    reason: str = ""


@cache
def sections() -> Mapping[str, type[Any]]:
    """name → the class of the section. Read when first needed, since nouns fill the sections."""
    return {name: hint for name, hint in get_type_hints(Rules).items() if isinstance(hint, type) and is_dataclass(hint)}


def check_changes(value: Any, field: str) -> Changes:
    """{section: {field: value}}; a record inside is given whole."""
    names = {name: check_section(cls) for name, cls in sections().items()}
    found = members(value, field, {}, names)
    return tuple((section, name, chosen) for section, chosens in found.items() for name, chosen in chosens.items())


def check_section(cls: type[Any]) -> Check:
    return lambda value, field: members(value, field, {}, checks_of(cls))


def changed(rules: Rules, changes: Changes) -> Rules:
    """Raises Refused("bad_input", field=…) when fields do not go together."""
    for section, name, value in changes:
        rules = replace(rules, **{section: replace(getattr(rules, section), **{name: value})})
    for section in sections():
        wrong = invalid(getattr(rules, section))
        if wrong:
            raise Refused("bad_input", field=f"changes.{section}.{wrong}")
    return rules


def decide_set(state: State, command: SetRules, moment: Moment) -> list[Any]:
    """Once the session is open a change of its rules needs a reason, whoever makes it."""
    require_phase(state, *BEFORE_THE_END)
    if state.session.phase in ("open", "recess") and not command.reason:
        raise Refused("reason_required")
    if command.preset is not None and command.preset not in PRESETS:
        raise Refused("unknown_preset", preset=command.preset)
    before = state.rules if command.preset is None else preset_rules(command.preset)
    rules = changed(before, command.changes)
    return [] if rules == state.rules else [RulesSet(rules, command.reason)]


@cache
def preset_rules(preset: str) -> Rules:
    """The rules as this preset has them; KeyError for one that does not exist."""
    return changed(Rules(preset=preset), check_changes(PRESETS[preset].changes, "changes"))


def apply_set(state: State, event: RulesSet, at: int) -> State:
    board = state.board if event.rules.funnel == state.rules.funnel else refreshed(state.board)
    return replace(state, rules=event.rules, board=board)


def rules_fields(state: State, rules: Rules, view: str) -> Fields:
    shown: Fields = plain(rules)
    return shown


def rules_described() -> Fields:
    """section → field → its type, default and limits, as a form needs them."""
    return {name: described(cls) for name, cls in sections().items()}


def set_rules(preset: str | None = None, changes: Changes = (), reason: str = "") -> SetRules:
    """Raises ProtocolError("bad_input") for a command that would set nothing."""
    if preset is None and not changes:
        bad("changes")
    return SetRules(preset, changes, reason)


NOUN = Noun(
    commands={
        "rules.set": Act(
            record(set_rules, {}, {"preset": nullable(ident), "changes": check_changes, "reason": text(500)}),
            decide_set,
            SECRETARIAT | MODERATOR,
        ),
    },
    events={"rules_set": (RulesSet, apply_set)},
    kinds=(Kind("rules", lambda state: state.rules, lambda state: {"rules": state.rules}, rules_fields),),
)
