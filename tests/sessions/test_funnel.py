"""The funnel: what quotas, ceilings and shares refuse, what a reason lets through, and sums that always add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st

from sessions import dispatch
from sessions.board import ProposalMoved
from sessions.ceilings import Ceiling, CeilingsSet
from sessions.decision import ProposalDecided, ProposalsDecided
from sessions.dispatch import recorded
from sessions.funnel import all_would_break, findings, would_break
from sessions.ids import HallId, ProposalId, SessionId
from sessions.model.board import Decision, Proposal
from sessions.model.content import Content, Plan
from sessions.model.funnel import Area, Finding, Funnel, FunnelRules, Override, Part, ShareRule, Sum, Sums
from sessions.model.rules import Rules
from sessions.model.settings import Share
from sessions.proposal import ProposalAdded, ProposalEdited
from sessions.rules import RulesSet
from sessions.session import SessionLinked
from sessions.state import State
from sessions.sums import TIERS, amount_of, counted
from tests.sessions.commands import history
from tests.sessions.given import HALL_PEJUANG, JATIASIH, OPENED, PEJUANG, STEP, code, given, more, refused, when

A, B, C, D, E, F = (ProposalId(name) for name in "abcdef")
MILLION = 1_000_000
ROAD = Content("Jalan", amount=40 * MILLION, type="FISIK", plan=Plan(field="INFRASTRUKTUR"))
SEWING = Content("Pelatihan jahit", amount=10 * MILLION, type="NON_FISIK", plan=Plan(field="EKONOMI"))
HALLS = {A: PEJUANG, B: PEJUANG, C: PEJUANG, D: JATIASIH, E: JATIASIH, F: PEJUANG}


def with_rules(*events: Any, content: Content = ROAD, cards: str = "abcdef", **funnel: Any) -> State:
    """Proposals a, b, c and f of Pejuang, d and e of Jatiasih, f a training, under these rules of the funnel."""
    added = [
        ProposalAdded(ProposalId(name), HALLS[ProposalId(name)], SEWING if name == "f" else content, place * STEP)
        for place, name in enumerate(cards, 1)
    ]
    return given(*OPENED, *added, RulesSet(Rules(funnel=FunnelRules(**funnel))), *events)


def move(state: State, proposal: str, status: str = "PRIORITISED", **more: Any) -> dict[str, Any]:
    base = state.board.proposals[ProposalId(proposal)].version
    return {"proposal": proposal, "base": base, "status": status, "before": None, **more}


def moved(state: State, proposals: str, status: str = "PRIORITISED", **given: Any) -> State:
    for proposal in proposals:
        state = more(state, when(state, "proposal.move", move(state, proposal, status, **given)))
    return state


def ceilings(**amounts: int) -> CeilingsSet:
    return CeilingsSet(
        tuple(Ceiling(None if name == "session" else HallId(name), amount) for name, amount in amounts.items())
    )


def edit(state: State, proposal: str, **fields: Any) -> dict[str, Any]:
    return {"proposal": proposal, "base": state.board.proposals[ProposalId(proposal)].version, "fields": fields}


def test_a_chosen_card_becomes_dearer_only_below_the_ceiling_or_for_a_reason_of_the_moderator() -> None:
    state = moved(with_rules(ceilings(pejuang=90 * MILLION)), "ab")
    dearer = edit(state, "a", amount=55 * MILLION)
    got, data = refused(state, "proposal.edit", dearer)
    assert (got, data["hall"], data["limit"], data["actual"], data["proposals"]) == (
        "over_ceiling", "pejuang", 90 * MILLION, 95 * MILLION, ["a"],
    )  # fmt: skip
    assert code(state, "proposal.edit", dearer, HALL_PEJUANG) == "over_ceiling"
    assert code(state, "proposal.edit", {**dearer, "override": "harga naik"}, HALL_PEJUANG) == "forbidden"
    (event,) = when(state, "proposal.edit", {**dearer, "override": "harga naik"})
    finding = Finding("over_ceiling", PEJUANG, "ceiling", 90 * MILLION, 95 * MILLION, (A,))
    assert isinstance(event, ProposalEdited) and event.override == Override("harga naik", (finding,))
    state = more(state, [event])
    for fields in ({"title": "Jalan lingkungan"}, {"amount": 54 * MILLION}):
        (event,) = when(state, "proposal.edit", edit(state, "a", **fields), HALL_PEJUANG)
        assert isinstance(event, ProposalEdited) and event.override is None, "no further beyond than it was"
    assert when(state, "proposal.edit", edit(state, "c", amount=900 * MILLION), HALL_PEJUANG), "it is not chosen"


def test_another_type_of_a_chosen_card_may_break_a_share() -> None:
    rule = ShareRule("Fisik", "type", ("FISIK",), "count", "hall", most=Share(1, 2))
    state = moved(with_rules(main_per_hall=2, shares=(rule,)), "af")
    assert code(state, "proposal.edit", edit(state, "f", type="FISIK")) == "share_broken"
    assert when(state, "proposal.edit", edit(state, "f", type="PENGADAAN_BARANG"))[0].override is None


def test_the_parts_of_a_chosen_card_are_chosen_only_where_there_is_room() -> None:
    state = moved(with_rules(ceilings(pejuang=90 * MILLION), main_per_hall=3), "ab")
    split = {"proposal": "a", "base": 2, "parts": [{"title": "Jalan 1", "amount": 30 * MILLION}, {"title": "Jalan 2"}]}
    (event,) = when(state, "proposal.split", split)
    assert event.override is None and findings(more(state, [event])) == ()
    three = {**split, "parts": [*split["parts"], {"title": "Jalan 3", "amount": 30 * MILLION}]}  # type: ignore[misc]
    got, data = refused(state, "proposal.split", three)
    assert (got, data["actual"], data["proposals"]) == ("over_quota", 4, ["a", "fresh-2", "fresh-3"])
    assert [found["code"] for found in data["findings"]] == ["over_quota", "over_ceiling"]
    (event,) = when(state, "proposal.split", {**three, "override": "dipecah per RW"})
    assert event.override is not None and event.override.reason == "dipecah per RW"
    assert [found.code for found in findings(more(state, [event]))] == ["over_quota", "over_ceiling"]
    state = moved(state, "a", "DISCUSSED")
    assert when(state, "proposal.split", {**three, "base": 3})[0].override is None, "it is not chosen"


def test_a_chosen_card_comes_out_of_a_merge_only_where_there_is_room() -> None:
    state = moved(with_rules(main_per_hall=2), "ab")
    merge = {"into": "a", "base": 2, "proposals": [{"proposal": "b", "base": 2}]}
    state = more(state, when(state, "proposal.merge", merge))
    out = {"proposal": "b", "base": 3}
    assert when(state, "proposal.unmerge", out)[0].override is None
    full = moved(state, "c")
    got, data = refused(full, "proposal.unmerge", out)
    assert (got, data["limit"], data["actual"], data["proposals"]) == ("over_quota", 2, 3, ["b"])
    (event,) = when(full, "proposal.unmerge", {**out, "override": "bukan usulan yang sama"})
    assert event.override.broken == (Finding("over_quota", PEJUANG, "main", 2, 3, (B,)),)
    alone = more(full, when(full, "proposal.withdraw", {"proposal": "a", "base": 3, "reason": "batal"}))
    (event, gone) = when(alone, "proposal.unmerge", out)
    assert event.override is None and gone.proposal == A, "the card it was in goes, and leaves its place"


def test_without_rules_nothing_stands_in_the_way() -> None:
    state = moved(with_rules(), "abcdef")
    assert findings(state) == ()
    assert state.board.sums.session.main.cards == 6


def test_a_hall_chooses_no_more_than_its_quota() -> None:
    state = moved(with_rules(main_per_hall=2), "abd")
    got, data = refused(state, "proposal.move", move(state, "c"))
    assert got == "over_quota"
    figures = {"hall": "pejuang", "what": "main", "limit": 2, "actual": 3, "proposals": ["c"], "code": "over_quota"}
    assert data == {**{name: figures[name] for name in figures if name != "code"}, "findings": [figures]}
    assert moved(state, "e").board.sums.halls[JATIASIH].main.cards == 2, "the other hall has room"
    assert moved(moved(state, "a", "DISCUSSED"), "c").board.sums.halls[PEJUANG].main.cards == 2


def test_reserves_have_a_quota_of_their_own() -> None:
    state = moved(moved(with_rules(main_per_hall=2, reserve_per_hall=1), "ab"), "c", "RESERVE")
    assert refused(state, "proposal.move", move(state, "f", "RESERVE"))[1]["what"] == "reserve"
    assert code(state, "proposal.move", move(state, "c")) == "over_quota", "a reserve moves up only into a free place"


def test_the_session_has_quotas_too() -> None:
    state = moved(with_rules(main_per_session=3, reserve_per_session=0), "abd")
    got, data = refused(state, "proposal.move", move(state, "e"))
    assert (got, data["hall"], data["limit"], data["actual"]) == ("over_quota", None, 3, 4)
    assert refused(state, "proposal.move", move(state, "e", "RESERVE"))[1]["what"] == "reserve"


@pytest.mark.parametrize(("per", "free"), [("session", []), ("hall", ["d"])])
def test_the_next_level_takes_so_many_of_the_session_or_of_each_hall(per: str, free: list[str]) -> None:
    state = moved(with_rules(next_level=1, next_level_per=per), "abd")
    state = moved(state, "a", "SENT_UP")
    got, data = refused(state, "proposal.move", move(state, "b", "SENT_UP"))
    assert (got, data["what"], data["limit"], data["actual"]) == ("over_quota", "next_level", 1, 2)
    assert [card for card in "d" if not would_break(state, state.board.proposals[ProposalId(card)], "SENT_UP")] == free


def test_no_more_is_sent_up_than_the_next_level_takes() -> None:
    state = moved(with_rules(next_level=1, next_level_per="hall"), "abd")
    state = more(state, [SessionLinked(SessionId("kota"))])
    got, data = refused(state, "proposals.send_up", {"to": "kota"})
    assert (got, data["hall"], data["what"], data["limit"], data["actual"]) == (
        "over_quota", "pejuang", "next_level", 1, 2,
    )  # fmt: skip
    assert when(state, "proposals.send_up", {"to": "kota", "proposals": ["a", "d"]})[0].override is None
    (event, *_) = when(state, "proposals.send_up", {"to": "kota", "override": "disepakati"})
    assert event.override == Override("disepakati", (Finding("over_quota", PEJUANG, "next_level", 1, 2, (A, B)),))


def test_what_was_sent_up_keeps_its_place_in_the_quota() -> None:
    state = moved(moved(with_rules(main_per_hall=1), "a"), "a", "SENT_UP")
    assert code(state, "proposal.move", move(state, "b")) == "over_quota"
    assert state.board.sums.halls[PEJUANG].sent == 1


def test_a_ceiling_holds_for_a_hall_and_for_the_session() -> None:
    state = moved(with_rules(ceilings(pejuang=90 * MILLION, session=150 * MILLION)), "ab")
    got, data = refused(state, "proposal.move", move(state, "c"))
    assert (got, data["hall"], data["limit"], data["actual"]) == ("over_ceiling", "pejuang", 90_000_000, 120_000_000)
    state = moved(moved(state, "f"), "d")
    got, data = refused(state, "proposal.move", move(state, "e"))
    assert (got, data["hall"], data["limit"], data["actual"]) == ("over_ceiling", None, 150_000_000, 170_000_000)
    assert data["what"] == "ceiling" and len(data["findings"]) == 1


def test_reserves_use_up_the_ceiling_only_when_the_rules_say_so() -> None:
    rules = with_rules(ceilings(pejuang=80 * MILLION))
    assert moved(moved(rules, "ab"), "c", "RESERVE").board.sums.halls[PEJUANG].reserve.amount == 40 * MILLION
    counted_too = moved(with_rules(ceilings(pejuang=80 * MILLION), reserve_in_ceiling=True), "ab")
    assert code(counted_too, "proposal.move", move(counted_too, "c", "RESERVE")) == "over_ceiling"


def test_what_was_decided_counts_and_not_what_was_asked_for() -> None:
    state = moved(with_rules(ceilings(pejuang=60 * MILLION)), "a")
    decide = {"proposal": "a", "base": 2, "decision": "ACCEPTED_WITH_CHANGES", "amount": 15 * MILLION}
    state = more(state, when(state, "proposal.decide", decide))
    assert state.board.sums.halls[PEJUANG].main.amount == 15 * MILLION
    state = moved(state, "b")
    dearer = {**decide, "base": 3, "amount": 21 * MILLION}
    got, data = refused(state, "proposal.decide", dearer)
    assert (got, data["actual"]) == ("over_ceiling", 61 * MILLION)
    (event,) = when(state, "proposal.decide", {**dearer, "override": "harga satuan naik"})
    assert isinstance(event, ProposalDecided) and event.override is not None
    assert event.override.reason == "harga satuan naik"


def test_of_several_decisions_the_last_that_named_an_amount_counts() -> None:
    levels = (("RW", 5), ("KELURAHAN", 9), ("KECAMATAN", None))
    decided = tuple(Decision(level, "ACCEPTED", 0, amount=amount) for level, amount in levels)
    card = with_rules().board.proposals[A]
    assert amount_of(replace(card, decisions=decided)) == 9
    assert amount_of(replace(card, decisions=decided[2:])) == 40 * MILLION


def test_a_card_without_an_amount_is_counted_as_unpriced() -> None:
    state = moved(with_rules(ceilings(pejuang=0), content=replace(ROAD, amount=None)), "a")
    assert state.board.sums.halls[PEJUANG].main == Sum(
        1, 0, 1, {("type", "FISIK"): Part(1, 0), ("field", "INFRASTRUKTUR"): Part(1, 0)}
    )


MALANG = ShareRule("Di luar infrastruktur", "field", ("INFRASTRUKTUR",), "amount", "hall", most=Share(95, 100))


def test_five_per_cent_of_the_allocation_stays_outside_infrastructure() -> None:
    state = moved(with_rules(ceilings(pejuang=84 * MILLION), shares=(MALANG,)), "a")
    got, data = refused(state, "proposal.move", move(state, "b"))
    assert (got, data["what"]) == ("share_broken", "Di luar infrastruktur")
    assert (data["limit"], data["actual"]) == (84 * MILLION * 95 // 100, 80 * MILLION)
    assert moved(state, "f").board.sums.halls[PEJUANG].main.cards == 2


def test_a_least_share_keeps_places_free_for_it() -> None:
    women = ShareRule("Nonfisik", "type", ("NON_FISIK",), "count", "hall", least=Share(1, 20))
    state = moved(with_rules(main_per_hall=3, shares=(women,)), "ab")
    got, data = refused(state, "proposal.move", move(state, "c"))
    assert (got, data["limit"], data["actual"]) == ("share_broken", 2, 3), "the third place is for another type"
    assert findings(moved(state, "f")) == ()


def test_a_share_of_the_session_is_judged_over_all_halls() -> None:
    rule = ShareRule("Fisik", "type", ("FISIK",), "count", "session", most=Share(1, 2))
    state = moved(with_rules(main_per_session=4, shares=(rule,)), "ad")
    assert refused(state, "proposal.move", move(state, "b"))[1]["hall"] is None


def test_without_a_quota_a_share_is_shown_and_refuses_nothing() -> None:
    rule = ShareRule("Nonfisik", "type", ("NON_FISIK",), "count", "hall", least=Share(1, 2))
    state = moved(with_rules(shares=(rule,)), "ab")
    assert findings(state) == (Finding("share_broken", PEJUANG, "Nonfisik", 1, 2, (A, B)),)
    assert findings(moved(with_rules(shares=(rule,)), "af")) == ()


def test_a_reason_lets_it_through_and_stands_in_the_event() -> None:
    state = moved(with_rules(main_per_hall=2), "ab")
    (event,) = when(state, "proposal.move", move(state, "c", override="disepakati bersama"))
    finding = Finding("over_quota", PEJUANG, "main", 2, 3, (C,))
    assert isinstance(event, ProposalMoved) and event.override == Override("disepakati bersama", (finding,))
    after = more(state, [event])
    assert findings(after) == (replace(finding, proposals=(A, B, C)),)
    written = recorded(event, 1, 0, "x")
    assert written.data["override"]["broken"][0]["limit"] == 2
    assert dispatch.apply(replace(state, seq=0), written).board == after.board


def test_a_reason_where_nothing_is_broken_is_not_recorded() -> None:
    state = with_rules(main_per_hall=2)
    (event,) = when(state, "proposal.move", move(state, "a", override="disepakati"))
    assert isinstance(event, ProposalMoved) and event.override is None


def test_what_is_over_already_does_not_stop_other_steps() -> None:
    state = moved(moved(with_rules(), "abc"), "d", "RESERVE")
    state = more(state, [RulesSet(Rules(funnel=FunnelRules(main_per_hall=1, next_level=3)))])
    assert [finding.code for finding in findings(state)] == ["over_quota"]
    assert would_break(state, state.board.proposals[A], "SENT_UP") == (), "as many are chosen as before"
    assert would_break(state, state.board.proposals[D], "PRIORITISED") == (), "another hall has room"
    assert would_break(state, state.board.proposals[A], "DISCUSSED") == ()
    assert [finding.actual for finding in would_break(state, state.board.proposals[F], "PRIORITISED")] == [4]


def test_several_at_once_are_judged_together() -> None:
    state = with_rules(main_per_hall=2)
    items = [{"proposal": card, "base": 1} for card in "abcd"]
    data = {"items": items, "status": "PRIORITISED"}
    got, told = refused(state, "proposals.move", data)
    assert (got, told["actual"], told["proposals"]) == ("over_quota", 3, ["a", "b", "c"])
    (event,) = when(state, "proposals.move", {**data, "override": "mufakat"})
    assert event.override.broken == (Finding("over_quota", PEJUANG, "main", 2, 3, (A, B, C)),)
    assert when(state, "proposals.move", {**data, "items": items[1:]})[0].override is None


def test_one_decision_on_several_is_judged_as_well() -> None:
    state = moved(with_rules(ceilings(session=100 * MILLION)), "ad")
    decided = [Decision("KECAMATAN", "ACCEPTED", 0, amount=60 * MILLION)]
    cards = [replace(state.board.proposals[card], decisions=tuple(decided)) for card in (A, D)]
    assert amount_of(cards[0]) == 60 * MILLION
    state = more(moved(state, "a", "DISCUSSED"), [RulesSet(Rules(funnel=FunnelRules(main_per_hall=0)))])
    items = [{"proposal": "d", "base": 2}, {"proposal": "b", "base": 1}]
    (event,) = when(state, "proposals.decide", {"items": items, "decision": "ACCEPTED", "override": "x"})
    assert isinstance(event, ProposalsDecided) and event.override is None, "no amount changes, nothing is chosen"


def test_a_finding_names_the_proposals_that_add_up_to_it() -> None:
    state = moved(moved(with_rules(), "abd"), "c", "RESERVE")
    low = ceilings(pejuang=50 * MILLION)
    assert [finding.proposals for finding in findings(more(state, [low]))] == [(A, B)]
    with_reserves = RulesSet(Rules(funnel=FunnelRules(reserve_in_ceiling=True, reserve_per_session=0)))
    found = findings(more(state, [low, with_reserves]))
    assert [(finding.what, finding.proposals) for finding in found] == [("ceiling", (A, B, C)), ("reserve", (C,))]


def test_the_figures_of_another_board_are_judged_by_the_same_rules() -> None:
    state = with_rules(main_per_hall=1)
    assert findings(state, moved(with_rules(), "ab").board) == (Finding("over_quota", PEJUANG, "main", 1, 2, (A, B)),)
    assert findings(state) == ()


def full(sums: Sums) -> Sums:
    """Without the areas that hold nothing any more."""
    return sums._replace(halls={hall: area for hall, area in sums.halls.items() if area != Area(hall)})


def recounted(cards: Iterable[Proposal]) -> Sums:
    """The sums of these cards from nothing."""
    return reduce(lambda sums, card: counted(sums, None, card), cards, Sums())


def plain_sums(cards: list[Proposal]) -> dict[tuple[str, str], tuple[int, int]]:
    """(hall, tier) → number and amount, counted the long way."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for card in cards:
        tier = TIERS.get(card.status)
        for name in [] if tier is None else ["reserve"] if tier == "reserve" else ["main"]:
            count, amount = found.get((card.hall, name), (0, 0))
            found[card.hall, name] = count + 1, amount + (amount_of(card) or 0)
    return found


def require_sums(state: State) -> None:
    cards = list(state.board.proposals.values())
    assert full(state.board.sums) == full(recounted(cards))
    areas = state.board.sums.halls
    pairs = [((hall, name), getattr(area, name)) for hall, area in areas.items() for name in ("main", "reserve")]
    assert {key: (one.cards, one.amount) for key, one in pairs if one.cards} == plain_sums(cards)
    assert state.board.sums.session.main.cards == sum(area.main.cards for area in areas.values())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@examples(st.data())
def test_the_sums_are_a_recount_of_the_board_for_any_history(data: st.DataObject) -> None:
    for state, _ in history(data.draw, steps=30)[::5]:
        require_sums(state)


CARDS = st.builds(
    Proposal,
    id=st.sampled_from([A, B, C]),
    hall=st.sampled_from([PEJUANG, JATIASIH]),
    content=st.builds(
        Content,
        title=st.just("Jalan"),
        amount=st.none() | st.integers(0, 9),
        type=st.none() | st.sampled_from(["FISIK", "NON_FISIK"]),
        plan=st.builds(Plan, field=st.none() | st.just("EKONOMI")),
    ),
    status=st.sampled_from([*TIERS, "SUBMITTED", "WITHDRAWN", "MERGED"]),
    rank=st.just(1),
    decisions=st.just(())
    | st.builds(lambda amount: (Decision("RW", "ACCEPTED", 0, amount=amount),), st.integers(0, 9)),
)


@settings(max_examples=200, deadline=None)
@examples(st.lists(CARDS, max_size=30))
def test_cards_that_come_change_and_go_leave_no_trace_in_the_sums(cards: list[Proposal]) -> None:
    sums, board = Sums(), dict[ProposalId, Proposal]()
    for card in cards:
        sums, board[card.id] = counted(sums, board.get(card.id), card), card
        assert full(sums) == full(recounted(board.values()))


RULES = st.builds(
    FunnelRules,
    main_per_hall=st.none() | st.integers(0, 2),
    reserve_per_hall=st.none() | st.integers(0, 2),
    main_per_session=st.none() | st.integers(0, 3),
    next_level=st.none() | st.integers(0, 2),
    next_level_per=st.sampled_from(["session", "hall"]),
    reserve_in_ceiling=st.booleans(),
    shares=st.sampled_from([(), *((ShareRule("s", values=("FISIK",), least=Share(part, 2)),) for part in (0, 1, 2))]),
)
PLACES = st.lists(st.sampled_from(["SUBMITTED", "PRIORITISED", "RESERVE", "SENT_UP"]), min_size=6, max_size=6)


def beyond_by_hand(rules: FunnelRules, ceiling: int | None, cards: list[Proposal]) -> dict[str, int]:
    """limit → by how much these cards are beyond it, counted the long way for Pejuang and for the session."""
    found: dict[str, int] = {}
    for scope, inside in (("hall", [card for card in cards if card.hall == PEJUANG]), ("session", cards)):
        sent = [card for card in inside if card.status == "SENT_UP"]
        main = [card for card in inside if card.status in ("PRIORITISED", "SENT_UP")]
        reserve = [card for card in inside if card.status == "RESERVE"]
        paid = main + (reserve if rules.reserve_in_ceiling else [])
        quota = rules.main_per_hall if scope == "hall" else rules.main_per_session
        pairs = [
            ("main", quota, len(main)),
            ("reserve", rules.reserve_per_hall if scope == "hall" else None, len(reserve)),
            ("next_level", rules.next_level if rules.next_level_per == scope else None, len(sent)),
            ("ceiling", ceiling if scope == "hall" else None, sum(card.content.amount or 0 for card in paid)),
        ]
        for rule in rules.shares if scope == "hall" and quota is not None else ():
            needed = -(-(quota or 0) * rule.least.part // rule.least.of)
            others = sum(card.content.type != "FISIK" for card in main)
            pairs.append(("s", (quota or 0) - needed if rule.least.part else None, others))
        found |= {f"{scope} {what}": used - limit for what, limit, used in pairs if limit is not None}
    return found


@settings(max_examples=150, deadline=None)
@examples(
    RULES, st.none() | st.integers(0, 9), PLACES, st.sampled_from("abcdef"), st.sampled_from([*TIERS, "DISCUSSED"])
)
def test_a_step_is_refused_exactly_when_a_recount_says_it_goes_further_beyond(
    rules: FunnelRules, most: int | None, places: list[str], chosen: str, status: str
) -> None:
    state = with_rules(RulesSet(Rules(funnel=rules)))
    cards = {
        card.id: replace(
            card, status=place, content=replace(card.content, amount=number, type="FISIK" if number % 2 else None)
        )
        for number, (card, place) in enumerate(zip(state.board.proposals.values(), places, strict=True))
    }
    board = replace(state.board, proposals=cards, sums=recounted(cards.values()))
    state = replace(state, board=board, funnel=Funnel(None, {} if most is None else {PEJUANG: most}))
    card = cards[ProposalId(chosen)]
    after = replace(card, status="SENT_UP" if TIERS.get(status) == "sent" else status)
    others = [other for other in cards.values() if other is not card]
    now, then = (beyond_by_hand(rules, most, [*others, one]) for one in (card, after))
    expected = {limit for limit, beyond in then.items() if beyond > 0 and beyond > now[limit]}
    found = would_break(state, card, status)
    if card.hall == PEJUANG:
        told = {f"{'session' if finding.hall is None else 'hall'} {finding.what}" for finding in found}
        assert told == (expected if status in TIERS else set())
    assert found == (all_would_break(state, (replace(card, status=status),)) if status in TIERS else ())


def test_a_step_that_concerns_no_limit_touches_no_sums() -> None:
    state = moved(with_rules(), "a")
    after = moved(state, "b", "DISCUSSED")
    assert after.board.sums is state.board.sums
    reordered = more(state, when(state, "proposal.move", move(state, "a")))
    assert reordered.board.sums is state.board.sums, "moved within its column"
