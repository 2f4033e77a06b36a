"""What chosen proposals add up to, kept up to date card by card: the figures behind quotas, ceilings and shares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sessions.ids import HallId
from sessions.model.board import Board, Proposal
from sessions.model.content import Content
from sessions.model.funnel import Area, Part, Sum, Sums

# Where a status counts. What was sent up was chosen: its place in the quota is not free again.
MAIN, RESERVE, SENT = "main", "reserve", "sent"
TIERS: Mapping[str, str] = {
    "PRIORITISED": MAIN,
    "RESERVE": RESERVE,
    "SENT_UP": SENT,
    "ACCOMMODATED_NEXT_YEAR": SENT,
    "ACCOMMODATED_CURRENT_YEAR": SENT,
    "NOT_ACCOMMODATED": SENT,
    "REALISED": SENT,
    "NOT_REALISED": SENT,
}
NO_AREA = Area()


def amount_of(card: Proposal) -> int | None:
    """Rupiah: what the last decision that named an amount allowed, else what was asked for; None when nobody said."""
    for decision in reversed(card.decisions):
        if decision.amount is not None:
            return decision.amount
    return card.content.amount


def parts_of(content: Content) -> Iterator[tuple[str, str]]:
    """The parts of a sum this proposal belongs to."""
    if content.type is not None:
        yield "type", content.type
    if content.plan.field is not None:
        yield "field", content.plan.field


def counted(sums: Sums, old: Proposal | None, new: Proposal) -> Sums:
    """The sums once a card that was `old` is `new`; the same object when nothing of them changes."""
    before = None if old is None else TIERS.get(old.status)
    after = TIERS.get(new.status)
    if before is None and after is None:
        return sums
    if old is not None and before == after and same_figures(old, new):
        return sums
    if old is not None and before is not None:
        sums = with_card(sums, old, before, -1)
    return sums if after is None else with_card(sums, new, after, 1)


def same_figures(old: Proposal, new: Proposal) -> bool:
    return old.hall == new.hall and old.content is new.content and old.decisions is new.decisions


def with_card(sums: Sums, card: Proposal, tier: str, sign: int) -> Sums:
    hall = changed(sums.halls.get(card.hall) or Area(card.hall), card, tier, sign)
    return Sums(changed(sums.session, card, tier, sign), {**sums.halls, card.hall: hall})


def changed(area: Area, card: Proposal, tier: str, sign: int) -> Area:
    if tier == RESERVE:
        return Area(area.hall, area.main, added(area.reserve, card, sign), area.sent)
    sent = area.sent + sign if tier == SENT else area.sent
    return Area(area.hall, added(area.main, card, sign), area.reserve, sent)


def added(total: Sum, card: Proposal, sign: int) -> Sum:
    known = amount_of(card)
    amount = sign * (known or 0)
    parts = dict(total.parts)
    for key in parts_of(card.content):
        part = parts.pop(key, None) or Part()
        if part.count + sign:
            parts[key] = Part(part.count + sign, part.amount + amount)
    unpriced = total.unpriced + (sign if known is None else 0)
    return Sum(total.count + sign, total.amount + amount, unpriced, parts)


def recounted(cards: Iterable[Proposal]) -> Sums:
    """The sums of these cards from nothing."""
    sums = Sums()
    for card in cards:
        sums = counted(sums, None, card)
    return sums


def refreshed(board: Board, halls: Iterable[HallId] = ()) -> Board:
    """The same board whose every area is another object: what it may hold has changed, so it must be shown afresh.

    halls: these have an area from now on, even an empty one.
    """
    areas = {hall: replace(area) for hall, area in board.sums.halls.items()}
    empty = {hall: Area(hall) for hall in halls if hall not in areas}
    return replace(board, sums=Sums(replace(board.sums.session), {**areas, **empty}))
