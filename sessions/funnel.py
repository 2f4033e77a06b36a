"""The funnel: what quotas, ceilings and shares allow, and what would break them.

A limit stands in the way of a step only when the step takes it further beyond: what is over a limit already, because
the limit came later or somebody decided so, does not stop the rest of the meeting. A share is a part of the quota (by
number) or of the ceiling (by amount), so that one can tell at any moment whether it can still be kept: five places
with "at least 5 % not infrastructure" have room for four of infrastructure. Without a quota or ceiling a share is only
shown, as a part of what is chosen so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from functools import lru_cache
from typing import Any, NamedTuple

from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.model.board import Board, Proposal
from sessions.model.funnel import Area, Finding, FunnelRules, Override, ShareRule, Sums
from sessions.state import State
from sessions.sums import MAIN, NO_AREA, NO_PART, RESERVE, SENT, TIERS, One, changed, counted


class Cap(NamedTuple):
    """A limit on one figure of an area. tiers: where the proposals that add up to it are."""

    code: str
    what: str
    limit: int
    figure: Callable[[Area], int]
    tiers: tuple[str, ...] = (MAIN, SENT)


def main_count(area: Area) -> int:
    return area.main.cards


def reserve_count(area: Area) -> int:
    return area.reserve.cards


def sent_count(area: Area) -> int:
    return area.sent


def main_amount(area: Area) -> int:
    return area.main.amount


def whole_amount(area: Area) -> int:
    return area.main.amount + area.reserve.amount


def quotas_of(rules: FunnelRules, session: bool) -> tuple[int | None, int | None, int | None]:
    """How many main, reserve and sent-up proposals the session, or each hall, may have; None for no limit."""
    sent = rules.next_level if rules.next_level_per == ("session" if session else "hall") else None
    if session:
        return rules.main_per_session, rules.reserve_per_session, sent
    return rules.main_per_hall, rules.reserve_per_hall, sent


def ceiling(state: State, hall: HallId | None) -> int | None:
    """The indicative ceiling in rupiah; None where none is set."""
    return state.funnel.session if hall is None else state.funnel.halls.get(hall)


def ceiling_figure(rules: FunnelRules) -> Callable[[Area], int]:
    return whole_amount if rules.reserve_in_ceiling else main_amount


def caps(state: State, hall: HallId | None) -> tuple[Cap, ...]:
    """Every limit of a hall, or of the session, that can be judged at any moment."""
    return caps_of(state.rules.funnel, ceiling(state, hall), state.funnel.session)[hall is None]


@lru_cache(maxsize=1024)  # they are asked for at every step of a chosen card, and seldom change
def caps_of(rules: FunnelRules, hall: int | None, session: int | None) -> tuple[tuple[Cap, ...], tuple[Cap, ...]]:
    """Those of a hall and of the session, by their ceilings; together, since telling rules apart takes longest."""
    return tuple(limits_of(rules, hall, session=False)), tuple(limits_of(rules, session, session=True))


def limits_of(rules: FunnelRules, most: int | None, *, session: bool) -> Iterator[Cap]:
    """most: the ceiling."""
    main, reserve, sent = quotas_of(rules, session)
    if main is not None:
        yield Cap("over_quota", "main", main, main_count)
    if reserve is not None:
        yield Cap("over_quota", "reserve", reserve, reserve_count, (RESERVE,))
    if sent is not None:
        yield Cap("over_quota", "next_level", sent, sent_count, (SENT,))
    if most is not None:
        tiers = (MAIN, SENT, RESERVE) if rules.reserve_in_ceiling else (MAIN, SENT)
        yield Cap("over_ceiling", "ceiling", most, ceiling_figure(rules), tiers)
    for rule in share_rules(rules, session):
        whole = main if rule.of == "count" else most
        if whole is not None:
            yield from share_caps(rule, whole)


def share_rules(rules: FunnelRules, session: bool) -> Iterator[ShareRule]:
    scope = "session" if session else "hall"
    return (rule for rule in rules.shares if rule.scope == scope)


def share_caps(rule: ShareRule, whole: int) -> Iterator[Cap]:
    """A least share is a limit on everything else."""
    if rule.most.part < rule.most.of:
        most = whole * rule.most.part // rule.most.of
        yield Cap("share_broken", rule.name, most, lambda area: share_of(area, rule))
    if rule.least.part:
        others = whole - rule.least.least_of(whole)
        yield Cap("share_broken", rule.name, others, lambda area: share_whole(area, rule) - share_of(area, rule))


def share_of(area: Area, rule: ShareRule) -> int:
    """Proposals, or rupiah, of the types or fields the rule names."""
    found = [area.main.parts.get((rule.dimension, value), NO_PART) for value in rule.values]
    return sum(part.cards if rule.of == "count" else part.amount for part in found)


def share_whole(area: Area, rule: ShareRule) -> int:
    return area.main.cards if rule.of == "count" else area.main.amount


def area_of(sums: Sums, hall: HallId | None) -> Area:
    return sums.session if hall is None else sums.halls.get(hall, NO_AREA)


def broken(state: State, hall: HallId | None, area: Area) -> Iterator[tuple[Cap, int]]:
    """The limits this area is beyond, those of shares without a quota or ceiling too, each with what it has."""
    for cap in (*caps(state, hall), *shown_shares(state, hall, area)):
        actual = cap.figure(area)
        if actual > cap.limit:
            yield cap, actual


def shown_shares(state: State, hall: HallId | None, area: Area) -> Iterator[Cap]:
    """Shares of what is chosen so far, where there is no quota or ceiling to be a share of."""
    rules, session = state.rules.funnel, hall is None
    main, most = quotas_of(rules, session)[0], ceiling(state, hall)
    for rule in share_rules(rules, session):
        if (main if rule.of == "count" else most) is None:
            yield from share_caps(rule, share_whole(area, rule))


def findings(state: State, board: Board | None = None) -> tuple[Finding, ...]:
    """Every limit that is broken, hall by hall and then for the session, with the proposals that add up to it.

    board: another board than the state's, to be judged by the state's rules.
    """
    board = board or state.board
    scopes: list[HallId | None] = [*state.halls, None]
    return tuple(
        Finding(cap.code, hall, cap.what, cap.limit, actual, counting(board, hall, cap))
        for hall in scopes
        for cap, actual in broken(state, hall, area_of(board.sums, hall))
    )


def counting(board: Board, hall: HallId | None, cap: Cap) -> tuple[ProposalId, ...]:
    return tuple(
        card.id
        for card in board.proposals.values()
        if TIERS.get(card.status) in cap.tiers and hall in (None, card.hall)
    )


def would_break(state: State, card: Proposal, status: str) -> tuple[Finding, ...]:
    """The limits this card would take further beyond if it had this status."""
    before, after = TIERS.get(card.status), TIERS.get(status)
    if after is None or before == after:
        return ()
    sums = state.board.sums
    scopes: tuple[HallId | None, ...] = (card.hall, None)
    every = caps_of(state.rules.funnel, ceiling(state, card.hall), state.funnel.session)
    return tuple(
        Finding(cap.code, hall, cap.what, cap.limit, actual, (card.id,))
        for hall, limits in zip(scopes, every, strict=True)
        if limits
        for area in (area_of(sums, hall),)
        for cap, actual in worsened(limits, area, stepped(area, card, before, after))
    )


def stepped(area: Area, card: Proposal, before: str | None, after: str) -> Area:
    """The area once this card counts as `after` instead of as `before`."""
    return changed(area if before is None else changed(area, One(card, -1), before), One(card, 1), after)


def all_would_break(state: State, after: Iterable[Proposal]) -> tuple[Finding, ...]:
    """The same for several cards at once, given as they would be."""
    before = sums = state.board.sums
    moved: dict[HallId, list[ProposalId]] = {}
    for card in after:
        sums = counted(sums, state.board.proposals.get(card.id), card)
        moved.setdefault(card.hall, []).append(card.id)
    if sums is before:
        return ()
    every = tuple(proposal for proposals in moved.values() for proposal in proposals)
    scopes: list[tuple[HallId | None, tuple[ProposalId, ...]]] = [(hall, tuple(moved[hall])) for hall in moved]
    return tuple(
        Finding(cap.code, hall, cap.what, cap.limit, actual, proposals)
        for hall, proposals in (*scopes, (None, every))
        for cap, actual in worsened(caps(state, hall), area_of(before, hall), area_of(sums, hall))
    )


def worsened(limits: Iterable[Cap], before: Area, after: Area) -> Iterator[tuple[Cap, int]]:
    for cap in limits:
        actual = cap.figure(after)
        if actual > cap.limit and actual > cap.figure(before):
            yield cap, actual


def allowed(state: State, card: Proposal, status: str, override: str) -> Override | None:
    """See all_allowed(); for one card that is to have this status."""
    return None if status not in TIERS else overridden(would_break(state, card, status), override)


def all_allowed(state: State, after: Iterable[Proposal], override: str) -> Override | None:
    """What the event must record: None when no limit is broken, else the reason to go beyond it with the figures.

    after: the cards as they would be. override: the reason given, empty for none. Raises over_quota, over_ceiling or
    share_broken, with the figures of the first limit and of all in `findings`, when one is broken without a reason.
    """
    return overridden(all_would_break(state, after), override)


def overridden(beyond: tuple[Finding, ...], override: str) -> Override | None:
    if not beyond:
        return None
    if not override:
        raise Refused(beyond[0].code, **figures(beyond[0]), findings=[told(finding) for finding in beyond])
    return Override(override, beyond)


def figures(finding: Finding) -> dict[str, Any]:
    """A finding as a refusal tells it, but for its code."""
    fields = asdict(finding)
    del fields["code"]
    return {**fields, "proposals": list(finding.proposals)}


def told(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, **figures(finding)}
