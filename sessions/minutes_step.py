"""One event on its way into the minutes, and the few words its lines are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sessions.ids import HallId, ProposalId
from sessions.minutes_model import Entry
from sessions.minutes_terms import REASONS, worded
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Step:
    """One event between the states around it. at: milliseconds since 1970 UTC. actor: as the journal names it."""

    before: State
    after: State
    event: Any
    at: int
    actor: str


Line = Callable[[Step], Iterable[Entry]]


def line(step: Step, kind: str, text: str, who: str = "") -> Entry:
    return Entry(step.at, kind, who, text)


def because(reason: str, code: str = "") -> str:
    """Alasan: … as the end of a sentence, empty without any."""
    words = ": ".join(part for part in (worded(REASONS, code) if code else "", reason) if part)
    return f" Alasan: {sentence(words)}" if words else ""


def sentence(text: str) -> str:
    """Ended by a full stop, unless whoever wrote its end did so."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def hall_name(state: State, hall: HallId | None) -> str:
    return "" if hall is None else state.halls[hall].name


def card_name(state: State, proposal: ProposalId) -> str:
    """Proposals are often called alike, so the hall and the id stand with the title."""
    card = state.board.proposals[proposal]
    return f"{card.content.title} ({state.halls[card.hall].name}, {card.id})"


def named(state: State, proposals: Iterable[ProposalId]) -> str:
    return "; ".join(card_name(state, proposal) for proposal in proposals)


def seat_name(state: State, seat: str) -> str:
    """Hall and office, as a speaker is announced."""
    found = next((one for one in state.seats.values() if one.id == seat), None)
    return seat if found is None else f"{hall_name(state, found.hall)}, {found.office}"
