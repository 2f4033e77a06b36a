"""Consensus (mufakat): what was tried to agree on without a vote, and whether a vote may follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.kind import Fields, Kind
from sessions.model.ballot import Consensus
from sessions.model.nothing import put
from sessions.noun import Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR
from sessions.shape import ident, list_of, one_of, record, text
from sessions.state import State

OUTCOMES = ("agreed", "not_agreed")
PROPOSALS_MOST = 200


@dataclass(frozen=True, slots=True)
class Declare:
    subject: str
    proposals: tuple[ProposalId, ...]
    outcome: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ConsensusDeclared:
    """outcome: "agreed" or "not_agreed". note: what was said for the record."""

    consensus: str
    subject: str
    proposals: tuple[ProposalId, ...]
    outcome: str
    note: str = ""


def decide_declare(state: State, command: Declare, moment: Moment) -> list[Any]:
    require_phase(state, "open")
    for proposal in command.proposals:
        if proposal not in state.board.proposals:
            raise Refused("unknown_proposal", proposal=proposal)
    if len(set(command.proposals)) < len(command.proposals):
        raise Refused("bad_input", field="proposals")
    return [ConsensusDeclared(moment.fresh, command.subject, command.proposals, command.outcome, command.note)]


def apply_declared(state: State, event: ConsensusDeclared, at: int) -> State:
    found = Consensus(event.consensus, event.subject, event.proposals, event.outcome, event.note, at)
    return replace(state, consensus=put(state.consensus, found.id, found))


def missing_consensus(state: State, proposals: Iterable[ProposalId]) -> list[ProposalId]:
    """Those of the proposals on which consensus was not tried in vain the last time, where the rules ask for that."""
    if not state.rules.voting.consensus_first:
        return []
    last = {proposal: one.outcome for one in state.consensus.values() for proposal in one.proposals}
    return [proposal for proposal in proposals if last.get(proposal) != "not_agreed"]


def consensus_fields(state: State, found: Consensus, view: str) -> Fields:
    fields = {**asdict(found), "proposals": list(found.proposals)}
    del fields["id"]
    return fields


NOUN = Noun(
    commands={
        "consensus.declare": Act(
            record(
                Declare,
                {
                    "subject": text(240, 1),
                    "proposals": list_of(ident, 0, PROPOSALS_MOST),
                    "outcome": one_of(*OUTCOMES),
                },
                {"note": text(2000)},
            ),
            decide_declare,
            MODERATOR,
        ),
    },
    events={"consensus_declared": (ConsensusDeclared, apply_declared)},
    results={ConsensusDeclared: lambda event: {"consensus": event.consensus}},
    kinds=(Kind("consensus", lambda state: state.consensus, lambda state: state.consensus, consensus_fields),),
)
