"""Scoring: a set of criteria put before scorers, their sheets, and the order the scores give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import column
from sessions.conflict import barred, require_scorer
from sessions.errors import Refused
from sessions.ids import ProposalId, SeatId
from sessions.kind import Kind
from sessions.model.nothing import put
from sessions.model.scoring import (
    CriteriaSet,
    Mark,
    Outcome,
    Round,
    Scoring,
    ScoringRules,
    Settlement,
    Sheet,
    Sheets,
)
from sessions.noun import RUNNING, Act, Deadline, Moment, Noun, require_phase
from sessions.permissions import CLOSERS, MODERATOR, SCORERS, Role
from sessions.presets.criteria import PRESETS
from sessions.ranking import ranked, require_tie, settled
from sessions.score import automatic_marks, marks_of, outcome
from sessions.scoring_commands import CLOSE, GIVE, OPEN, ORDER, PROPOSALS_MOST, VOID, Close, Give, Open, Order, Void
from sessions.scoring_view import progress_fields, scoring_fields
from sessions.state import State
from sessions.statuses import LEFT


@dataclass(frozen=True, slots=True)
class ScoringOpened:
    scoring: str
    title: str
    criteria: CriteriaSet
    proposals: tuple[ProposalId, ...]
    scorers: tuple[SeatId, ...]
    rules: ScoringRules
    closes_at: int | None = None


@dataclass(frozen=True, slots=True)
class ScoreGiven:
    """In place of what this scorer gave the proposal before. scorer: an actor's id, "seat:…" or "pass:…"."""

    scoring: str
    scorer: str
    proposal: ProposalId
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class ScoringClosed:
    """outcomes: best first, in units of the last of `decimals`."""

    scoring: str
    decimals: int
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class ScoringVoided:
    scoring: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScoringOrdered:
    scoring: str
    proposals: tuple[ProposalId, ...]
    reason: str


def running(state: State) -> Round | None:
    """The scoring that is open."""
    scoring = state.scoring
    return None if scoring.open is None else scoring.rounds[scoring.open]


def known(state: State, scoring: str) -> Round:
    """Raises Refused("unknown_scoring") or, for one declared void, scoring_void."""
    found = state.scoring.rounds.get(scoring)
    if found is None:
        raise Refused("unknown_scoring", scoring=scoring)
    if found.state == "void":
        raise Refused("scoring_void", scoring=scoring)
    return found


def decide_open(state: State, command: Open, moment: Moment) -> list[Any]:
    require_phase(state, *RUNNING)
    if state.scoring.open is not None:
        raise Refused("scoring_is_open", scoring=state.scoring.open)
    for seat in command.scorers:
        if seat not in state.seats:
            raise Refused("unknown_seat", seat=seat)
    rules = state.rules.scoring
    if not command.scorers and not rules.agencies:
        raise Refused("no_scorers")
    criteria = chosen_criteria(command.criteria or rules.criteria)
    closes_at = None if command.seconds is None else moment.now + command.seconds * 1000
    proposals = to_be_scored(state, command)
    opened = ScoringOpened(moment.fresh, command.title, criteria, proposals, command.scorers, rules, closes_at)
    return [opened]


def chosen_criteria(wanted: CriteriaSet | str) -> CriteriaSet:
    if not isinstance(wanted, str):
        return replace(wanted, preset="")
    if wanted not in PRESETS:
        raise Refused("unknown_criteria", criteria=wanted)
    return PRESETS[wanted].criteria


def to_be_scored(state: State, command: Open) -> tuple[ProposalId, ...]:
    """In the order they are given, or as the column has them. Raises unknown_proposal or nothing_to_score."""
    for proposal in command.proposals:
        card = state.board.proposals.get(proposal)
        if card is None or card.status in LEFT:
            raise Refused("unknown_proposal", proposal=proposal)
    if command.proposals:
        return command.proposals
    cards = [state.board.proposals[proposal] for _, proposal in column(state.board, command.status)]
    found = tuple(card.id for card in cards if card.status == command.status)
    if not 0 < len(found) <= PROPOSALS_MOST:
        raise Refused("nothing_to_score" if not found else "too_many_proposals", found=len(found), most=PROPOSALS_MOST)
    return found


def decide_give(state: State, command: Give, moment: Moment) -> list[Any]:
    scoring = running(state)
    if scoring is None:
        raise Refused("scoring_closed")
    require_scorer(scoring, moment.actor)
    card = state.board.proposals.get(command.proposal)
    if card is None or card.status in LEFT or command.proposal not in scoring.proposals:
        raise Refused("unknown_proposal", proposal=command.proposal)
    if barred(state, scoring, moment.actor, card):
        raise Refused("own_area", proposal=card.id)
    marks = complete(scoring.criteria, command.scores, automatic_marks(scoring.criteria, card))
    sheet = Sheet(marks, command.note)
    if state.scoring.sheets[scoring.id].by_scorer.get(moment.actor.id, {}).get(card.id) == sheet:
        return []
    return [ScoreGiven(scoring.id, moment.actor.id, card.id, sheet)]


def complete(criteria: CriteriaSet, given: Mapping[str, int], automatic: Mapping[str, int]) -> tuple[Mark, ...]:
    """A mark for each criterion. Raises bad_input for one that cannot be given, out_of_scale or score_missing."""
    by_hand = {criterion.key: criterion for criterion in criteria.criteria if criterion.key not in automatic}
    for key, value in given.items():
        if key not in by_hand:
            raise Refused("bad_input", field=f"scores.{key}")
        one = by_hand[key]
        if not one.least <= value <= one.most or (value - one.least) % one.step:
            scale = {"least": one.least, "most": one.most, "step": one.step}
            raise Refused("out_of_scale", field=f"scores.{key}", **scale)
    missing = [key for key in by_hand if key not in given]
    if missing:
        raise Refused("score_missing", missing=missing)
    marks = {**automatic, **given}
    return tuple(Mark(criterion.key, marks[criterion.key]) for criterion in criteria.criteria)


def decide_close(state: State, command: Close, moment: Moment) -> list[Any]:
    """By the system only once its time has come."""
    scoring = known(state, command.scoring)
    if scoring.state != "open":
        raise Refused("scoring_closed", scoring=scoring.id)
    if moment.actor.role is Role.SYSTEM and (scoring.closes_at is None or moment.now < scoring.closes_at):
        raise Refused("too_early", closes_at=scoring.closes_at)
    decimals = scoring.rules.decimals
    return [ScoringClosed(scoring.id, decimals, ranked(results(state, scoring), state.rules.funnel.ties_to_forum))]


def results(state: State, scoring: Round) -> list[Outcome]:
    """Of the proposals that are still on the board, in its order."""
    cards = [state.board.proposals[proposal] for proposal in scoring.proposals]
    standing = sorted((card for card in cards if card.status not in LEFT), key=lambda card: (card.rank, card.id))
    sheets = state.scoring.sheets[scoring.id].by_scorer.values()
    return [
        outcome(
            scoring.criteria, card, [given[card.id] for given in sheets if card.id in given], scoring.rules.decimals
        )
        for card in standing
    ]


def decide_void(state: State, command: Void, moment: Moment) -> list[Any]:
    scoring = known(state, command.scoring)
    if not command.reason:
        raise Refused("reason_required")
    return [ScoringVoided(scoring.id, command.reason)]


def decide_order(state: State, command: Order, moment: Moment) -> list[Any]:
    scoring = known(state, command.scoring)
    if scoring.state == "open":
        raise Refused("scoring_is_open", scoring=scoring.id)
    require_tie(scoring.outcomes, command.proposals)
    if not command.reason:
        raise Refused("reason_required")
    return [ScoringOrdered(scoring.id, command.proposals, command.reason)]


def changed(state: State, scoring: Round, still_open: bool = False) -> State:
    """The state with this scoring as it now is."""
    rounds = put(state.scoring.rounds, scoring.id, scoring)
    running = state.scoring.open if still_open or state.scoring.open != scoring.id else None
    return replace(state, scoring=Scoring(rounds, state.scoring.sheets, running))


def apply_opened(state: State, event: ScoringOpened, at: int) -> State:
    told = event.title, event.criteria, event.proposals, event.scorers, event.rules
    scoring = Round(event.scoring, *told, at, event.closes_at)
    rounds = put(state.scoring.rounds, scoring.id, scoring)
    sheets = put(state.scoring.sheets, scoring.id, Sheets(scoring.id))
    return replace(state, scoring=Scoring(rounds, sheets, scoring.id))


def apply_given(state: State, event: ScoreGiven, at: int) -> State:
    sheets = state.scoring.sheets[event.scoring]
    mine = put(sheets.by_scorer.get(event.scorer, {}), event.proposal, event.sheet)
    given = Sheets(event.scoring, put(sheets.by_scorer, event.scorer, mine))
    return replace(state, scoring=replace(state.scoring, sheets=put(state.scoring.sheets, event.scoring, given)))


def apply_closed(state: State, event: ScoringClosed, at: int) -> State:
    scoring = state.scoring.rounds[event.scoring]
    return changed(state, replace(scoring, state="closed", closed_at=at, outcomes=event.outcomes))


def apply_voided(state: State, event: ScoringVoided, at: int) -> State:
    scoring = state.scoring.rounds[event.scoring]
    return changed(state, replace(scoring, state="void", closed_at=scoring.closed_at or at, reason=event.reason))


def apply_ordered(state: State, event: ScoringOrdered, at: int) -> State:
    scoring = state.scoring.rounds[event.scoring]
    others = [one for one in scoring.settlements if set(one.proposals) != set(event.proposals)]
    outcomes = settled(scoring.outcomes, event.proposals)
    settlements = (*others, Settlement(event.proposals, event.reason))
    return changed(state, replace(scoring, outcomes=outcomes, settlements=settlements))


def deadlines(state: State) -> list[Deadline]:
    scoring = running(state)
    if scoring is None or scoring.closes_at is None:
        return []
    return [Deadline(scoring.closes_at, f"scoring-{scoring.id}", "scoring.close", {"scoring": scoring.id})]


NOUN = Noun(
    commands={
        "scoring.open": Act(OPEN, decide_open, MODERATOR),
        "score.give": Act(GIVE, decide_give, SCORERS),
        "scoring.close": Act(CLOSE, decide_close, CLOSERS),
        "scoring.void": Act(VOID, decide_void, MODERATOR),
        "scoring.order": Act(ORDER, decide_order, MODERATOR),
    },
    events={
        "scoring_opened": (ScoringOpened, apply_opened),
        "score_given": (ScoreGiven, apply_given),
        "scoring_closed": (ScoringClosed, apply_closed),
        "scoring_voided": (ScoringVoided, apply_voided),
        "scoring_ordered": (ScoringOrdered, apply_ordered),
    },
    results={
        ScoringOpened: lambda event: {"scoring": event.scoring},
        ScoreGiven: lambda event: {"proposal": event.proposal, "scores": marks_of(event.sheet.marks)},
    },
    kinds=(
        Kind(
            "scoring",
            lambda state: state.scoring.rounds,
            lambda state: state.scoring.rounds,
            scoring_fields,
        ),
        Kind(
            "scoring_progress",
            lambda state: state.scoring.sheets,
            lambda state: state.scoring.sheets,
            progress_fields,
        ),
    ),
    deadlines=deadlines,
)
