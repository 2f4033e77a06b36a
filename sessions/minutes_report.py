"""The closing report: how many proposals, by status, kelurahan, agency and type, and taken up when (P18, P19)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from sessions.minutes_model import Report, Share
from sessions.model.board import Proposal
from sessions.state import State
from sessions.statuses import AGREED, COLUMN_OF, LEFT, STATUSES

WAY = {"PRIORITISED": "taken", "RESERVE": "reserve", "NOT_AGREED": "refused"}


def report(state: State) -> Report:
    """Those that left the board, merged or withdrawn, are counted by status alone."""
    every = list(state.board.proposals.values())
    here = [card for card in every if card.status not in LEFT]
    counts = Counter(card.status for card in every)
    return Report(
        whole=share("", here),
        next_year=counts["ACCOMMODATED_NEXT_YEAR"],
        current_year=counts["ACCOMMODATED_CURRENT_YEAR"],
        statuses=tuple((status, counts[status]) for status in (*STATUSES, *LEFT) if counts[status]),
        kelurahan=shares(here, lambda card: card.content.place.kelurahan or state.halls[card.hall].name),
        agencies=shares(here, lambda card: card.desk.final or card.content.agency),
        types=shares(here, lambda card: card.content.type or ""),
    )


def shares(cards: Iterable[Proposal], named: Callable[[Proposal], str]) -> tuple[Share, ...]:
    """Most proposals first, then by name; without a name last."""
    groups: dict[str, list[Proposal]] = {}
    for card in cards:
        groups.setdefault(named(card).strip(), []).append(card)
    found = (share(name, group) for name, group in groups.items())
    return tuple(sorted(found, key=lambda one: (one.name == "", -one.total, one.name)))


def share(name: str, cards: Iterable[Proposal]) -> Share:
    ways = Counter("agreed" if card.status in AGREED else WAY.get(COLUMN_OF[card.status], "open") for card in cards)
    return Share(name, ways.total(), ways["taken"], ways["agreed"], ways["reserve"], ways["refused"], ways["open"])
