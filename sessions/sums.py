"""What chosen proposals add up to, kept up to date card by card: the figures behind quotas, ceilings and shares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
NO_AREA, NO_PART = Area(), Part()


def amount_of(card: Proposal) -> int | None:
    """Rupiah: what the last decision that named an amount allowed, else what was asked for; None when nobody said."""
    for decision in reversed(card.decisions):
        if decision.amount is not None:
            return decision.amount
    return card.content.amount


def parts_of(content: Content) -> list[tuple[str, str]]:
    """The parts of a sum this proposal belongs to."""
    found = []
    if content.type is not None:
        found.append(("type", content.type))
    if content.plan.field is not None:
        found.append(("field", content.plan.field))
    return found


def counted(sums: Sums, old: Proposal | None, new: Proposal) -> Sums:
    """The sums once a card that was `old` is `new`; the same object when nothing of them changes."""
    before = None if old is None else TIERS.get(old.status)
    after = TIERS.get(new.status)
    if before is None and after is None:
        return sums
    if old is not None and before == after and same_figures(old, new):
        return sums
    halls = dict(sums.halls)
    session = sums.session
    if old is not None and before is not None:
        one = One(old, -1)
        session = changed(session, one, before)
        halls[old.hall] = changed(halls.get(old.hall) or Area(old.hall), one, before)
    if after is not None:
        one = One(new, 1)
        session = changed(session, one, after)
        halls[new.hall] = changed(halls.get(new.hall) or Area(new.hall), one, after)
    return Sums(session, halls)


def same_figures(old: Proposal, new: Proposal) -> bool:
    return old.hall == new.hall and old.content is new.content and old.decisions is new.decisions


class One:
    """What one card adds to a sum (sign 1) or takes from it (-1), found once for hall and session."""

    __slots__ = ("amount", "parts", "sign", "unpriced")

    def __init__(self, card: Proposal, sign: int) -> None:
        known = amount_of(card)
        self.sign = sign
        self.amount = sign * known if known else 0
        self.unpriced = sign if known is None else 0
        self.parts = parts_of(card.content)


def changed(area: Area, one: One, tier: str) -> Area:
    if tier == RESERVE:
        return Area(area.hall, area.main, added(area.reserve, one), area.sent)
    sent = area.sent + one.sign if tier == SENT else area.sent
    return Area(area.hall, added(area.main, one), area.reserve, sent)


def added(total: Sum, one: One) -> Sum:
    parts = total.parts
    if one.parts:
        parts = {**parts}
        for key in one.parts:
            count, whole = parts.get(key, NO_PART)
            if count + one.sign:
                parts[key] = Part(count + one.sign, whole + one.amount)
            else:
                del parts[key]
    return Sum(total.cards + one.sign, total.amount + one.amount, total.unpriced + one.unpriced, parts)


def refreshed(board: Board, halls: Iterable[HallId] = ()) -> Board:
    """The same board whose every area is another object: what it may hold has changed, so it must be shown afresh.

    halls: these have an area from now on, even an empty one.
    """
    areas = {hall: area._replace() for hall, area in board.sums.halls.items()}
    empty = {hall: Area(hall) for hall in halls if hall not in areas}
    return replace(board, sums=Sums(board.sums.session._replace(), {**areas, **empty}))
