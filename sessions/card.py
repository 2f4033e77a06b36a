"""What each class of viewer may see of a proposal: slim on the board, everything it may know on demand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sessions.columns import shown
from sessions.content import flat
from sessions.ids import ProposalId
from sessions.kind import HALL, MODERATOR, Fields
from sessions.lineage import trail_fields, trail_of
from sessions.merge import owners
from sessions.model.board import AgencyDesk, Proposal
from sessions.state import State
from sessions.statuses import WITHDRAWN

# Where exactly, and whose: a house in need of repair must not lead everybody to its family.
PRIVATE = ("address", "proposer", "street", "street_no", "location_note", "lat", "lon", "map_link")
ROUGHLY = 2  # digits of a degree that are for everybody: about 1 km, larger than an RW


def proposal_fields(state: State, card: Proposal, view: str) -> Fields | None:
    """The card on the board; a merged one is still seen, with the card it went into."""
    if card.status == WITHDRAWN:
        return None
    content, answer = card.content, card.desk.answer
    fields = {
        "title": content.title,
        "hall": card.hall,
        "status": card.status,
        "rank": shown(card.rank),
        "amount": content.amount,
        "households": content.households,
        "rw": content.rw,
        "urgency": content.urgency,
        "land": content.land,
        "type": content.type,
        "survey": None if answer is None else answer.survey_status,
        "photos": len(card.photos),
        "into": card.trace.into,
        "version": card.version,
    }
    return fields if view != MODERATOR else {**fields, **hidden(card)}


def whereabouts(card: Proposal) -> tuple[float, float] | None:
    """Latitude and longitude as roughly as anybody may know them; None where they are unknown or the card was
    withdrawn."""
    place = card.content.place
    if card.status == WITHDRAWN or place.lat is None or place.lon is None:
        return None
    return round(place.lat, ROUGHLY), round(place.lon, ROUGHLY)


def hidden(card: Proposal) -> Fields:
    """What only a moderator's or an agency's card holds."""
    content = card.content
    return {
        "problem": content.problem,
        "address": content.address,
        "volume": content.volume,
        "unit": content.unit,
        "agency": content.agency,
        "agency_final": card.desk.final,
        "proposer": content.proposer,
        "source": content.origin.source,
        "field": content.plan.field,
        "reason": card.reason,
        "reason_code": card.reason_code,
        "decisions": [asdict(decision) for decision in card.decisions],
        "answer": answer_fields(card.desk),
        "merged": list(card.trace.merged),
        "lat": content.place.lat,
        "lon": content.place.lon,
    }


def answer_fields(desk: AgencyDesk) -> Fields | None:
    return None if desk.answer is None else {**asdict(desk.answer), "at": desk.answered_at}


def proposal_details(state: State, proposal: ProposalId, view: str) -> Fields | None:
    """The whole proposal on demand; None when there is none. What is private is for moderators, agencies and halls."""
    card = state.board.proposals.get(proposal)
    fields = None if card is None else proposal_fields(state, card, MODERATOR)
    if card is None or fields is None:
        return None
    fields |= {**flat(card.content), **desk_and_trace(card)}
    behind: list[dict[str, Any]] = [asdict(owner) for owner in owners(state.board, card)]
    if view not in (MODERATOR, HALL):
        for name in PRIVATE:
            del fields[name]
        for owner in behind:
            del owner["proposer"]
        del fields["documents"]
    return {**fields, "owners": behind, "trail": trail_fields(state, trail_of(state, proposal), view)}


def desk_and_trace(card: Proposal) -> Fields:
    trace = card.trace
    return {
        "added_at": card.added_at,
        "owner": card.owner,
        "routes": [asdict(route) for route in card.desk.routes],
        "whole": trace.whole,
        "parts": list(trace.parts),
        "stepped_back": trace.stepped_back,
        "photos": [asdict(photo) for photo in card.photos],
        "documents": [asdict(document) for document in card.documents],
    }
