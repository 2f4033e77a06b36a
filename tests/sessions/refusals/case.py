"""The few words in which a command's file says what it accepts and what it refuses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest

from sessions import dispatch
from sessions.dispatch import COMMANDS
from sessions.errors import ProtocolError, Refused
from sessions.ids import PassId, SessionId
from sessions.journal import BoxCount
from sessions.model.nothing import put
from sessions.model.people import Pass
from sessions.noun import PHASES, Moment
from sessions.permissions import Actor, Role
from sessions.state import State, initial
from tests.sessions.given import MODERATOR, NOW, SESSION, given, when

# What every command refuses in the same words; the protocol says it once, and each accepted case proves it.
OF_ALL = frozenset(
    {"forbidden", "pass_revoked", "pass_moved", "unknown_session", "session_sealed", "bad_input", "wrong_phase"}
)
WRONG: list[list[Any]] = [[]]  # no member of any command is shaped like this


@dataclass(frozen=True)
class Case:
    """A command given to the state after these events.

    says: what the refusal holds besides its code, or a part of it. box: what a ballot that it ends holds.
    """

    events: tuple[Any, ...] | State
    data: Mapping[str, Any] = field(default_factory=dict)
    actor: Actor = MODERATOR
    now: int = NOW
    says: Mapping[str, Any] = field(default_factory=dict)
    box: BoxCount | None = None

    @property
    def state(self) -> State:
        return self.events if isinstance(self.events, State) else given(*self.events)


Check = Callable[[], None]


def refusals(
    command: str, *accepted: Case, phases: tuple[str, ...] = PHASES, loose: bool = False, **refused: Case | list[Case]
) -> Any:
    """The test of one command: `accepted` cases are, and each of `refused` (code=case or cases) is not.

    phases: those it is open in, tried on the first accepted case. The refusals of OF_ALL follow from accepted cases.
    loose: its data come from the server alone and may hold members of a newer version.
    """
    checks: dict[str, list[Check]] = {}
    for name, check in each(command, accepted, phases, loose):
        checks.setdefault(name, []).append(check)
    for code, cases in refused.items():
        listed = cases if isinstance(cases, list) else [cases]
        checks.setdefault(code, []).extend(partial(refuses, command, case, code) for case in listed)

    @pytest.mark.parametrize("name", checks)
    def test(name: str) -> None:
        for check in checks[name]:
            check()

    test.command, test.codes = command, frozenset(refused)  # type: ignore[attr-defined]
    return test


def each(command: str, accepted: tuple[Case, ...], phases: tuple[str, ...], loose: bool) -> Iterator[tuple[str, Check]]:
    """What follows from the accepted cases, each with the name of the test it belongs to."""
    act, first = COMMANDS[command], accepted[0]
    for case in accepted:
        yield "accepted", partial(accepts, command, case)
        for member in case.data:
            wrong = replace(case, data={**case.data, member: WRONG})
            yield "bad_input", partial(refuses, command, wrong, "bad_input")
    if not loose:
        misspelt = replace(first, data={**first.data, "misspelt": 1})
        yield "bad_input", partial(refuses, command, misspelt, "bad_input")
    for role in sorted(set(Role) - act.roles):
        stranger = replace(first, actor=replace(first.actor, role=role))
        yield "forbidden", partial(refuses, command, stranger, "forbidden")
    elsewhere = replace(first, actor=replace(first.actor, session=SessionId("elsewhere")))
    yield "forbidden", partial(refuses, command, elsewhere, "forbidden")
    yield "pass_revoked", partial(refuses, command, revoked(first), "pass_revoked")
    yield "pass_moved", partial(refuses, command, moved(first), "pass_moved")
    if not act.founds:
        nowhere = replace(first, events=initial(SESSION))
        yield "unknown_session", partial(refuses, command, nowhere, "unknown_session")
        for phase in PHASES:
            yield "phases", partial(keeps_to, command, in_phase(first, phase), phase in phases)


def accepts(command: str, case: Case) -> None:
    """Whatever it decides can be recorded and applied."""
    state = case.state
    for event in when(state, command, dict(case.data), case.actor, now=case.now, box=case.box):
        state = dispatch.apply(state, dispatch.recorded(event, state.seq + 1, case.now, case.actor.id))


def code_of(command: str, case: Case) -> tuple[str, Mapping[str, Any]]:
    """What is answered: the code of the refusal and its data; empty when there is none."""
    try:
        parsed = dispatch.parse(command, dict(case.data))
        dispatch.sealed_ballot(case.state, parsed, Moment(case.actor, case.now, "fresh"))
        dispatch.decide(case.state, parsed, Moment(case.actor, case.now, "fresh", case.box))
    except (Refused, ProtocolError) as no:
        return no.code, no.data
    return "", {}


def refuses(command: str, case: Case, code: str) -> None:
    found, data = code_of(command, case)
    assert found == code
    assert {**data, **case.says} == data


def keeps_to(command: str, case: Case, is_open: bool) -> None:
    """Outside its phases it is refused, for that reason; inside it is not."""
    found = code_of(command, case)[0]
    late = "session_sealed" if case.state.session.phase == "sealed" else "wrong_phase"
    assert (found in (late, "wrong_phase")) is not is_open, found


def in_phase(case: Case, phase: str) -> Case:
    state = case.state
    return replace(case, events=replace(state, session=replace(state.session, phase=phase)))


def revoked(case: Case) -> Case:
    """The same, given with a card that was taken back."""
    actor = replace(case.actor, pass_id=PassId("p-taken-back"))
    state = case.state
    card = Pass(actor.pass_id, str(actor.role), actor.seat, actor.hall, NOW + 1, revoked=True)
    return replace(case, actor=actor, events=replace(state, passes=put(state.passes, card.id, card)))


def moved(case: Case) -> Case:
    """The same, from a device whose card another one has claimed since."""
    actor = replace(case.actor, pass_id=PassId("p-moved"), claim=1)
    state = case.state
    card = Pass(actor.pass_id, str(actor.role), actor.seat, actor.hall, NOW + 1, claim=2)
    return replace(case, actor=actor, events=replace(state, passes=put(state.passes, card.id, card)))
