"""The agencies' answer desk: what a survey found, what it would cost, and which agency it belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sessions.columns import placed
from sessions.content import RUPIAH, optional_date
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.model.board import AgencyDesk, Answer, Proposal, Route
from sessions.model.content import LANDS
from sessions.noun import Act, Moment, Noun
from sessions.permissions import AGENCIES, Actor, Role
from sessions.proposal import BASED, REASON, REASON_CODE, editable, versioned
from sessions.shape import nullable, one_of, record, text
from sessions.state import State
from sessions.statuses import require_reason

NOT_YET, PLANNED, DONE, NOT_NEEDED = SURVEYS = ("BELUM", "DIJADWALKAN", "SUDAH", "TIDAK_PERLU")
VERDICTS = ("FEASIBLE", "FEASIBLE_WITH_CHANGES", "NOT_FEASIBLE")
NOT_FEASIBLE = VERDICTS[2]
WAITING_FOR_SURVEY = ("SUBMITTED", "VERIFIED")


@dataclass(frozen=True, slots=True)
class GiveAnswer:
    proposal: ProposalId
    base: int
    answer: Answer


@dataclass(frozen=True, slots=True)
class Reroute:
    proposal: ProposalId
    base: int
    agency: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalAnswered:
    """status: what it is now; a survey that was made moves a card that waited for it."""

    proposal: ProposalId
    version: int
    status: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class ProposalRerouted:
    proposal: ProposalId
    version: int
    agency: str
    reason: str


def in_charge(card: Proposal) -> str:
    """The agency it lies with: the one settled on, else the one asked for."""
    return card.desk.final or card.content.agency


def agency_of(state: State, actor: Actor) -> str:
    """The agency an actor speaks for by its pass, empty for none."""
    card = state.passes.get(actor.pass_id)
    return card.agency if card is not None and actor.role is Role.AGENCY else ""


def answerable(state: State, proposal: ProposalId, base: int, actor: Actor) -> Proposal:
    """The card if it is this actor's to answer. Raises as editable() does, or Refused("other_agency")."""
    card = editable(state, proposal, base, actor)
    require_in_charge(state, card, actor)
    return card


def require_in_charge(state: State, card: Proposal, actor: Actor) -> None:
    """Raises Refused("other_agency") for an agency whose pass names it, of a card that lies with another."""
    own = agency_of(state, actor)
    if state.rules.board.agency_own_only and own and in_charge(card) and own.casefold() != in_charge(card).casefold():
        raise Refused("other_agency", agency=in_charge(card))


def decide_answer(state: State, command: GiveAnswer, moment: Moment) -> list[Any]:
    card = answerable(state, command.proposal, command.base, moment.actor)
    told = command.answer
    if told.verdict == NOT_FEASIBLE:
        try:
            require_reason(told.reason_code, told.note)
        except Refused as refused:  # here the words are the note
            missing = ["note" if name == "reason" else name for name in refused.data["missing"]]
            raise Refused("reason_required", missing=missing) from None
    status = "SURVEYED" if told.survey_status == DONE and card.status in WAITING_FOR_SURVEY else card.status
    answer = replace(told, agency=agency_of(state, moment.actor) or in_charge(card))
    return [ProposalAnswered(card.id, card.version + 1, status, answer)]


def decide_reroute(state: State, command: Reroute, moment: Moment) -> list[Any]:
    card = answerable(state, command.proposal, command.base, moment.actor)
    if command.agency.casefold() == in_charge(card).casefold():
        raise Refused("same_agency", agency=in_charge(card))
    if not command.reason:
        raise Refused("reason_required", missing=["reason"])
    return [ProposalRerouted(card.id, card.version + 1, command.agency, command.reason)]


def apply_answered(state: State, event: ProposalAnswered, at: int) -> State:
    card = state.board.proposals[event.proposal]
    desk = replace(card.desk, answer=event.answer, answered_at=at)
    return replace(
        state, board=placed(state.board, replace(card, version=event.version, status=event.status, desk=desk))
    )


def apply_rerouted(state: State, event: ProposalRerouted, at: int) -> State:
    """The answer of the agency it was taken from goes: another has to give one."""
    card = state.board.proposals[event.proposal]
    route = Route(in_charge(card), event.agency, event.reason, at)
    desk = AgencyDesk(final=event.agency, routes=(*card.desk.routes, route))
    return replace(state, board=placed(state.board, replace(card, version=event.version, desk=desk)))


def given(**checked: Any) -> GiveAnswer:
    return GiveAnswer(checked.pop("proposal"), checked.pop("base"), Answer(**checked))


ANSWER = record(
    given,
    {**BASED, "survey_status": one_of(*SURVEYS)},
    {
        "survey_date": optional_date,
        "survey_note": text(1000),
        "land": nullable(one_of(*LANDS)),
        "cost": RUPIAH,
        "note": text(1000),
        "verdict": nullable(one_of(*VERDICTS)),
        "reason_code": REASON_CODE,
    },
)
REROUTE = record(Reroute, {**BASED, "agency": text(160, 1)}, {"reason": REASON})

NOUN = Noun(
    commands={
        "proposal.answer": Act(ANSWER, decide_answer, AGENCIES),
        "proposal.reroute": Act(REROUTE, decide_reroute, AGENCIES),
    },
    events={
        "proposal_answered": (ProposalAnswered, apply_answered),
        "proposal_rerouted": (ProposalRerouted, apply_rerouted),
    },
    results={ProposalAnswered: versioned, ProposalRerouted: versioned},
)
