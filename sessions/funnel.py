"""The funnel: what quotas, ceilings and shares allow, and what would break them.

A limit stands in the way of a step only when the step takes it further beyond: what is over a limit already, because
the limit came later or somebody decided so, does not stop the rest of the meeting. A share is a part of the quota (by
number) or of the ceiling (by amount), so that one can tell at any moment whether it can still be kept: five places
with "at least 5 % not infrastructure" have room for four of infrastructure. Without a quota or ceiling a share is only
shown, as a part of what is chosen so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, replace
from typing import Any, NamedTuple

from sessions.errors import Refused
from sessions.ids import HallId, ProposalId
from sessions.model.board import Board, Proposal
from sessions.model.funnel import Area, Finding, Override, Part, ShareRule, Sums
from sessions.state import State
from sessions.sums import MAIN, NO_AREA, RESERVE, SENT, TIERS, counted

NOTHING = Part()


class Cap(NamedTuple):
    """A limit on one figure of an area. tiers: where the proposals that add up to it are."""

    code: str
    what: str
    limit: int
    figure: Callable[[Area], int]
    tiers: tuple[str, ...] = (MAIN, SENT)


def main_count(area: Area) -> int:
    return area.main.count


def reserve_count(area: Area) -> int:
    return area.reserve.count


def sent_count(area: Area) -> int:
    return area.sent


def main_amount(area: Area) -> int:
    return area.main.amount


def whole_amount(area: Area) -> int:
    return area.main.amount + area.reserve.amount


def quotas(state: State, hall: HallId | None) -> tuple[int | None, int | None, int | None]:
    """How many main, reserve and sent-up proposals a hall, or the session, may have; None for no limit."""
    if hall is not None:
        return hall_quotas(state)
    rules = state.rules.funnel
    sent = rules.next_level if rules.next_level_per == "session" else None
    return rules.main_per_session, rules.reserve_per_session, sent


def hall_quotas(state: State) -> tuple[int | None, int | None, int | None]:
    rules = state.rules.funnel
    sent = rules.next_level if rules.next_level_per == "hall" else None
    return rules.main_per_hall, rules.reserve_per_hall, sent


def ceiling(state: State, hall: HallId | None) -> int | None:
    """The indicative ceiling in rupiah; None where none is set."""
    return state.funnel.session if hall is None else state.funnel.halls.get(hall)


def ceiling_figure(state: State) -> Callable[[Area], int]:
    return whole_amount if state.rules.funnel.reserve_in_ceiling else main_amount


def caps(state: State, hall: HallId | None) -> Iterator[Cap]:
    """Every limit of a hall, or of the session, that can be judged at any moment."""
    main, reserve, sent = quotas(state, hall)
    if main is not None:
        yield Cap("over_quota", "main", main, main_count)
    if reserve is not None:
        yield Cap("over_quota", "reserve", reserve, reserve_count, (RESERVE,))
    if sent is not None:
        yield Cap("over_quota", "next_level", sent, sent_count, (SENT,))
    most = ceiling(state, hall)
    if most is not None:
        tiers = (MAIN, SENT, RESERVE) if state.rules.funnel.reserve_in_ceiling else (MAIN, SENT)
        yield Cap("over_ceiling", "ceiling", most, ceiling_figure(state), tiers)
    for rule in share_rules(state, hall):
        whole = main if rule.of == "count" else most
        if whole is not None:
            yield from share_caps(rule, whole)


def share_rules(state: State, hall: HallId | None) -> Iterator[ShareRule]:
    scope = "session" if hall is None else "hall"
    return (rule for rule in state.rules.funnel.shares if rule.scope == scope)


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
    found = [area.main.parts.get((rule.dimension, value), NOTHING) for value in rule.values]
    return sum(part.count if rule.of == "count" else part.amount for part in found)


def share_whole(area: Area, rule: ShareRule) -> int:
    return area.main.count if rule.of == "count" else area.main.amount


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
    main, most = quotas(state, hall)[0], ceiling(state, hall)
    for rule in share_rules(state, hall):
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
    return () if status not in TIERS else all_would_break(state, (replace(card, status=status),))


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
        for cap, actual in worsened(state, hall, area_of(before, hall), area_of(sums, hall))
    )


def worsened(state: State, hall: HallId | None, before: Area, after: Area) -> Iterator[tuple[Cap, int]]:
    for cap in caps(state, hall):
        actual = cap.figure(after)
        if actual > cap.limit and actual > cap.figure(before):
            yield cap, actual


def allowed(state: State, card: Proposal, status: str, override: str) -> Override | None:
    """See all_allowed(); for one card that is to have this status."""
    return None if status not in TIERS else all_allowed(state, (replace(card, status=status),), override)


def all_allowed(state: State, after: Iterable[Proposal], override: str) -> Override | None:
    """What the event must record: None when no limit is broken, else the reason to go beyond it with the figures.

    after: the cards as they would be. override: the reason given, empty for none. Raises over_quota, over_ceiling or
    share_broken, with the figures of the first limit and of all in `findings`, when one is broken without a reason.
    """
    beyond = all_would_break(state, after)
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
