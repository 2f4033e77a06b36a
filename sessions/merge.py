"""Several proposals that are one, and one that is several: merged and split, with a trace both ways."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sessions.attachments import documents_into, own_documents, own_photos, photos_into, without
from sessions.board import ColumnRenumbered
from sessions.columns import STEP, column, free_rank, placed, renumbered
from sessions.content import DETAILS, TITLE, changed
from sessions.errors import Refused
from sessions.funnel import all_allowed
from sessions.ids import HallId, ProposalId
from sessions.lineage import require_at_hand
from sessions.model.board import Board, Document, Photo, Proposal, Trace
from sessions.model.content import Content
from sessions.model.funnel import Override
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR
from sessions.proposal import BASED, REASON, abandoned, editable, require_base, unfocused
from sessions.several import Seen, cards_of, require_steps, seen_list
from sessions.shape import Check, ident, list_of, members, record
from sessions.state import State
from sessions.statuses import COLUMN_OF, MERGED, WITHDRAWN, require_step

MERGE_MOST = 50
PARTS_MOST = 20
# A part says its own size; taking over the whole's would count it twice.
SIZES: Mapping[str, Any] = {"amount": None, "volume": None, "coefficient": "", "households": None}


@dataclass(frozen=True, slots=True)
class Merge:
    into: ProposalId
    base: int
    proposals: tuple[Seen, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Unmerge:
    proposal: ProposalId
    base: int
    override: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    proposal: ProposalId
    base: int
    parts: tuple[Mapping[str, Any], ...]
    override: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    proposal: ProposalId
    version: int


@dataclass(frozen=True, slots=True)
class ProposalsMerged:
    """title: a new one, empty when the card keeps its own. photos, documents: what it shows of theirs from now on."""

    into: ProposalId
    version: int
    proposals: tuple[Gone, ...]
    title: str = ""
    photos: tuple[Photo, ...] = ()
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposalUnmerged:
    """It stands again where its status does, at this rank; `into` goes on without it as `into_version`.

    override: of a limit of the funnel that was gone beyond.
    """

    proposal: ProposalId
    version: int
    rank: int
    into: ProposalId
    into_version: int
    override: Override | None = None


@dataclass(frozen=True, slots=True)
class Part:
    proposal: ProposalId
    content: Content
    rank: int


@dataclass(frozen=True, slots=True)
class ProposalSplit:
    """content: what the card itself is now about, its first part; the others are new cards behind it.

    override: of a limit of the funnel that was gone beyond. attachments: whether the new cards, too, show the photos
    and documents of the whole.
    """

    proposal: ProposalId
    version: int
    content: Content
    parts: tuple[Part, ...]
    override: Override | None = None
    attachments: bool = False


@dataclass(frozen=True, slots=True)
class Owner:
    """Who stands behind a card: its own proposer, or that of a card that went into it."""

    proposal: ProposalId
    hall: HallId
    proposer: str
    rw: str


def owners(board: Board, card: Proposal) -> list[Owner]:
    """Everybody who stands behind it, its own proposer first unless he stepped back; in a group, of cards it has."""
    own = Owner(card.id, card.hall, card.content.proposer, card.content.rw)
    found = [] if card.trace.stepped_back else [own]
    for merged in card.trace.merged:
        if merged in board.proposals:  # what was merged before the groups were split stays with the plenary
            found += owners(board, board.proposals[merged])
    return found


def decide_merge(state: State, command: Merge, moment: Moment) -> list[Any]:
    into = editable(state, command.into, command.base, moment.actor)
    if any(one.proposal == command.into for one in command.proposals):
        raise Refused("bad_input", field="proposals")
    cards = cards_of(state, command.proposals)
    require_steps([into, *cards], lambda card: card.status if card is into else MERGED)
    require_step(into.status, MERGED)  # what may no longer go into another may no longer grow either
    gone = tuple(Gone(card.id, card.version + 1) for card in cards)
    rules = state.rules.board
    attachments = photos_into(into, cards, rules), documents_into(into, cards, rules)
    return [ProposalsMerged(into.id, into.version + 1, gone, command.title, *attachments)]


def decide_unmerge(state: State, command: Unmerge, moment: Moment) -> list[Any]:
    """The card it was in goes when nobody stands behind it any more; one that was chosen takes a place again."""
    require_phase(state, *BEFORE_THE_END)
    card = state.board.proposals.get(command.proposal)
    if card is None:
        raise Refused("unknown_proposal", proposal=command.proposal)
    if card.status != MERGED or card.trace.into is None:
        raise Refused("not_merged", proposal=command.proposal)
    require_at_hand(state, card)
    require_base(card, command.base)
    into = state.board.proposals[card.trace.into]
    events: list[Any] = []
    rank = free_rank(column(state.board, card.trace.was), None)
    if rank is None:
        events.append(ColumnRenumbered(COLUMN_OF[card.trace.was]))
        rank = free_rank(column(renumbered(state.board, card.trace.was), card.trace.was), None)
    assert rank is not None, "a freshly numbered column has room at its end"
    gone = abandoned(state, into, card.id)
    left = [replace(state.board.proposals[one.proposal], status=WITHDRAWN) for one in gone]
    override = all_allowed(state, [*left, replace(card, status=card.trace.was)], command.override)
    events.append(ProposalUnmerged(card.id, card.version + 1, rank, into.id, into.version + 1, override))
    return [*events, *gone]


def decide_split(state: State, command: Split, moment: Moment) -> list[Any]:
    card = editable(state, command.proposal, command.base, moment.actor)
    require_step(card.status, MERGED)  # as with a merge: not once it has left for another level
    contents = [changed(card.content, {**SIZES, **part}) for part in command.parts]
    events: list[Any] = []
    ranks = ranks_behind(state.board, card, len(contents) - 1)
    if ranks is None:
        events.append(ColumnRenumbered(COLUMN_OF[card.status]))
        board = renumbered(state.board, card.status)
        ranks = ranks_behind(board, board.proposals[card.id], len(contents) - 1)
    assert ranks is not None, "a freshly numbered column has room everywhere"
    parts = tuple(
        Part(ProposalId(f"{moment.fresh}-{number}"), content, rank)
        for number, (content, rank) in enumerate(zip(contents[1:], ranks, strict=True), 2)
    )
    whole = replace(card, content=contents[0])
    override = all_allowed(state, [whole, *split_off(card, parts, moment.now)], command.override)
    attachments = bool(card.photos or card.documents)
    return [*events, ProposalSplit(card.id, card.version + 1, contents[0], parts, override, attachments)]


def ranks_behind(board: Board, card: Proposal, number: int) -> list[int] | None:
    """So many ranks between this card and the next of its column; None when there are not that many."""
    cards = column(board, card.status)
    above = next((rank for rank, _ in cards if rank > card.rank), card.rank + (number + 1) * STEP)
    width = (above - card.rank) // (number + 1)
    return [card.rank + width * place for place in range(1, number + 1)] if width else None


def apply_merged(state: State, event: ProposalsMerged, at: int) -> State:
    into = state.board.proposals[event.into]
    gone = [merged_card(state.board.proposals[one.proposal], one.version, into.id) for one in event.proposals]
    title = event.title or into.content.title
    grown = replace(
        into,
        version=event.version,
        content=into.content if title == into.content.title else replace(into.content, title=title),
        trace=replace(into.trace, merged=(*into.trace.merged, *(card.id for card in gone))),
        photos=(*into.photos, *event.photos),
        documents=(*into.documents, *event.documents),
    )
    board = placed(state.board, grown, *gone)
    return replace(unfocused(state, *(card.id for card in gone)), board=board)


def merged_card(card: Proposal, version: int, into: ProposalId) -> Proposal:
    return replace(card, version=version, status=MERGED, trace=replace(card.trace, into=into, was=card.status))


def apply_unmerged(state: State, event: ProposalUnmerged, at: int) -> State:
    card, into = state.board.proposals[event.proposal], state.board.proposals[event.into]
    trace = replace(card.trace, into=None, was="")
    back = replace(card, version=event.version, status=card.trace.was, rank=event.rank, trace=trace)
    left = tuple(other for other in into.trace.merged if other != card.id)
    less = replace(without(into, card.id), version=event.into_version, trace=replace(into.trace, merged=left))
    return replace(state, board=placed(state.board, back, less))


def apply_split(state: State, event: ProposalSplit, at: int) -> State:
    card = state.board.proposals[event.proposal]
    new = split_off(card, event.parts, at, attachments=event.attachments)
    trace = replace(card.trace, parts=(*card.trace.parts, *(part.id for part in new)))
    whole = replace(card, version=event.version, content=event.content, trace=trace)
    return replace(state, board=placed(state.board, whole, *new))


def split_off(card: Proposal, parts: Iterable[Part], at: int, *, attachments: bool = False) -> list[Proposal]:
    """The new cards; at: milliseconds since 1970 UTC. attachments: with the photos and documents of the whole."""
    return [
        Proposal(
            part.proposal,
            card.hall,
            part.content,
            card.status,
            part.rank,
            owner=card.owner,
            added_at=at,
            desk=card.desk,
            trace=Trace(whole=card.id),
            photos=own_photos(card) if attachments else (),
            documents=own_documents(card) if attachments else (),
        )
        for part in parts
    ]


def check_part(value: Any, field: str) -> Mapping[str, Any]:
    return members(value, field, TITLE, DETAILS)


MERGING: Mapping[str, Check] = {"into": ident, "base": BASED["base"], "proposals": seen_list(MERGE_MOST)}
OVERRIDE: Mapping[str, Check] = {"override": REASON}
SPLITTING: Mapping[str, Check] = {**BASED, "parts": list_of(check_part, 2, PARTS_MOST)}


def split_result(event: ProposalSplit) -> dict[str, Any]:
    return {
        "proposal": event.proposal,
        "version": event.version,
        "parts": [{"proposal": part.proposal, "version": 1} for part in event.parts],
    }


NOUN = Noun(
    commands={
        "proposal.merge": Act(record(Merge, MERGING, TITLE), decide_merge, MODERATOR),
        "proposal.unmerge": Act(record(Unmerge, BASED, OVERRIDE), decide_unmerge, MODERATOR),
        "proposal.split": Act(record(Split, SPLITTING, OVERRIDE), decide_split, MODERATOR),
    },
    events={
        "proposals_merged": (ProposalsMerged, apply_merged),
        "proposal_unmerged": (ProposalUnmerged, apply_unmerged),
        "proposal_split": (ProposalSplit, apply_split),
    },
    results={
        ProposalsMerged: lambda event: {"proposal": event.into, "version": event.version},
        ProposalUnmerged: lambda event: {"proposal": event.proposal, "version": event.version},
        ProposalSplit: split_result,
    },
)
