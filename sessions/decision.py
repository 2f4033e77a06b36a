"""Decisions on proposals, level by level: taken up, taken up with changes, turned down or put off, one or many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.board import ColumnRenumbered, results_of
from sessions.columns import placed
from sessions.content import RUPIAH
from sessions.funnel import all_allowed
from sessions.model.board import LEVELS, Decision, Proposal
from sessions.model.funnel import Override
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR
from sessions.proposal import BASED, REASON, REASON_CODE, editable
from sessions.several import Seen, Settled, at_places, cards_of, require_steps, seen_list, settled
from sessions.shape import Check, nullable, number, one_of, record, text
from sessions.state import State
from sessions.statuses import RANKED, require_reason, require_step

ACCEPTED, ACCEPTED_WITH_CHANGES, REJECTED, POSTPONED = DECISIONS = (
    "ACCEPTED",
    "ACCEPTED_WITH_CHANGES",
    "REJECTED",
    "POSTPONED",
)
NAYS = (REJECTED, POSTPONED)
STATUS_AFTER: Mapping[str, str] = {
    ACCEPTED: "AGREED",
    ACCEPTED_WITH_CHANGES: "AGREED_WITH_CHANGES",
    REJECTED: "NOT_AGREED",
    POSTPONED: "DISCUSSED",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What is said with a decision. level: None is the session's own."""

    decision: str
    level: str | None = None
    reason_code: str = ""
    reason: str = ""
    amount: int | None = None
    volume: float | None = None
    note: str = ""
    override: str = ""


@dataclass(frozen=True, slots=True)
class Decide:
    seen: Seen
    words: Words


@dataclass(frozen=True, slots=True)
class DecideSeveral:
    items: tuple[Seen, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class ProposalDecided:
    """decision.at is 0 here: it was taken when the event happened."""

    item: Settled
    decision: Decision
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class ProposalsDecided:
    items: tuple[Settled, ...]
    decision: Decision
    override: Override | None = None


def after(decision: str) -> Callable[[Proposal], str]:
    """The status a card has once this was decided; what is already in the ranking and is agreed to stays there."""

    def target(card: Proposal) -> str:
        return card.status if decision not in NAYS and card.status in RANKED else STATUS_AFTER[decision]

    return target


def pronounced(state: State, words: Words) -> Decision:
    """The decision these words are. Raises Refused("reason_required")."""
    if words.decision in NAYS:
        require_reason(words.reason_code, words.reason)
    level = words.level or state.session.level or state.rules.board.level
    said = words.reason_code, words.reason, words.amount, words.volume, words.note
    return Decision(level, words.decision, 0, *said)


def decide_one(state: State, command: Decide, moment: Moment) -> list[Any]:
    card = editable(state, command.seen.proposal, command.seen.base, moment.actor)
    target = after(command.words.decision)
    require_step(card.status, target(card))
    decision = pronounced(state, command.words)
    override = all_allowed(state, decided_on([card], target, decision), command.words.override)
    full, (place,) = settled(state.board, [card], target)
    return [*map(ColumnRenumbered, full), ProposalDecided(place, decision, override)]


def decide_several(state: State, command: DecideSeveral, moment: Moment) -> list[Any]:
    require_phase(state, *BEFORE_THE_END)
    cards = cards_of(state, command.items)
    target = after(command.words.decision)
    require_steps(cards, target)
    decision = pronounced(state, command.words)
    override = all_allowed(state, decided_on(cards, target, decision), command.words.override)
    full, places = settled(state.board, cards, target)
    return [*map(ColumnRenumbered, full), ProposalsDecided(places, decision, override)]


def decided_on(cards: Iterable[Proposal], target: Callable[[Proposal], str], decision: Decision) -> Iterator[Proposal]:
    """The cards as they would be."""
    change = with_decision(decision)
    return (replace(change(card), status=target(card)) for card in cards)


def with_decision(decision: Decision) -> Callable[[Proposal], Proposal]:
    """A level has one decision at a time: a later one takes the place of the earlier, which the journal keeps."""
    negative = decision.status in NAYS

    def decided(card: Proposal) -> Proposal:
        others = tuple(other for other in card.decisions if other.level != decision.level)
        return replace(
            card,
            decisions=(*others, decision),
            reason=decision.reason if negative else "",
            reason_code=decision.reason_code if negative else "",
        )

    return decided


def apply_decided(state: State, event: ProposalDecided, at: int) -> State:
    change = with_decision(replace(event.decision, at=at))
    return replace(state, board=placed(state.board, *at_places(state, (event.item,), change)))


def apply_several(state: State, event: ProposalsDecided, at: int) -> State:
    change = with_decision(replace(event.decision, at=at))
    return replace(state, board=placed(state.board, *at_places(state, event.items, change)))


def one(**checked: Any) -> Decide:
    return Decide(Seen(checked.pop("proposal"), checked.pop("base")), Words(**checked))


def several(**checked: Any) -> DecideSeveral:
    return DecideSeveral(checked.pop("items"), Words(**checked))


SAID: Mapping[str, Check] = {
    "level": one_of(*LEVELS),
    "reason_code": REASON_CODE,
    "reason": REASON,
    "note": text(1000),
    "override": REASON,
}
SIZED: Mapping[str, Check] = {"amount": RUPIAH, "volume": nullable(number(0, 1e9))}
DECISION: Mapping[str, Check] = {"decision": one_of(*DECISIONS)}

NOUN = Noun(
    commands={
        "proposal.decide": Act(record(one, {**BASED, **DECISION}, {**SAID, **SIZED}), decide_one, MODERATOR),
        "proposals.decide": Act(record(several, {"items": seen_list(), **DECISION}, SAID), decide_several, MODERATOR),
    },
    events={
        "proposal_decided": (ProposalDecided, apply_decided),
        "proposals_decided": (ProposalsDecided, apply_several),
    },
    results={
        ProposalDecided: lambda event: {"proposal": event.item.proposal, "version": event.item.version},
        ProposalsDecided: results_of,
    },
)
