"""Duplicates merged with every owner kept, one split into parts, and owners who leave without taking others along."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions.board import ColumnRenumbered, ProposalMoved
from sessions.card import proposal_details, proposal_fields
from sessions.columns import RANK_MOST
from sessions.dispatch import result_of
from sessions.errors import Refused
from sessions.ids import ProposalId
from sessions.kind import VIEWS
from sessions.merge import ProposalsMerged, ProposalSplit, owners
from sessions.proposal import OwnerSteppedBack, ProposalAdded, ProposalWithdrawn
from sessions.session import SessionClosed
from sessions.stage import FocusSet
from sessions.state import State
from sessions.statuses import MERGED, WITHDRAWN
from tests.sessions.given import (
    ADMIN,
    DELEGATE_07,
    DELEGATE_11,
    DRAIN,
    HALL_JATIASIH,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    PEJUANG,
    RW07,
    STEP,
    THREE,
    added,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)
from tests.sessions.test_board import moved, require_consistent

A, B, C = ProposalId("a"), ProposalId("b"), ProposalId("c")
BOARD = (*OPENED, *THREE)
MERGE = {"into": "a", "base": 1, "proposals": [{"proposal": "b", "base": 1}, {"proposal": "c", "base": 1}]}


def merged(state: State, into: str, *others: str, title: str = "") -> State:
    def seen(card: str) -> int:
        return state.board.proposals[ProposalId(card)].version

    listed = [{"proposal": other, "base": seen(other)} for other in others]
    data = {"into": into, "base": seen(into), "proposals": listed, **({"title": title} if title else {})}
    return more(state, when(state, "proposal.merge", data))


def withdrawn(state: State, proposal: str, actor: object = MODERATOR, reason: str = "batal") -> State:
    base = state.board.proposals[ProposalId(proposal)].version
    data = {"proposal": proposal, "base": base, "reason": reason}
    return more(state, when(state, "proposal.withdraw", data, actor))  # type: ignore[arg-type]


def unmerged(state: State, proposal: str) -> State:
    base = state.board.proposals[ProposalId(proposal)].version
    return more(state, when(state, "proposal.unmerge", {"proposal": proposal, "base": base}))


def behind(state: State, proposal: str) -> list[str]:
    return [owner.proposal for owner in owners(state.board, state.board.proposals[ProposalId(proposal)])]


def test_a_merge_is_one_event_keeps_every_owner_and_a_trace_both_ways() -> None:
    state = given(*BOARD, FocusSet(B))
    events = when(state, "proposal.merge", {**MERGE, "title": "Drainase RW 07 dan RW 11"})
    assert [type(event) for event in events] == [ProposalsMerged]
    assert result_of(events) == {"proposal": "a", "version": 2}
    after = more(state, events)
    into, gone = after.board.proposals[A], after.board.proposals[B]
    assert (into.content.title, into.trace.merged, into.version) == ("Drainase RW 07 dan RW 11", (B, C), 2)
    assert (gone.status, gone.trace.into, gone.version, gone.content) == (MERGED, A, 2, DRAIN)
    assert [(owner.proposal, owner.hall) for owner in owners(after.board, into)] == [
        ("a", "pejuang"),
        ("b", "pejuang"),
        ("c", "jatiasih"),
    ]
    assert after.board.columns["SUBMITTED"] == ((STEP, A),) and after.stage.focus is None
    require_consistent(after)


def test_what_was_merged_is_worked_on_where_it_went() -> None:
    state = merged(given(*BOARD), "a", "b")
    for name, data in (
        ("proposal.edit", {"proposal": "b", "base": 2, "fields": {"rw": "1"}}),
        ("proposal.move", {"proposal": "b", "base": 2, "status": "RESERVE", "before": None}),
        ("proposal.decide", {"proposal": "b", "base": 2, "decision": "ACCEPTED"}),
    ):
        assert refused(state, name, data) == ("unknown_proposal", {"proposal": "b", "into": "a"})


def test_refusals_of_a_merge() -> None:
    state = given(*BOARD)
    assert code(state, "proposal.merge", {**MERGE, "base": 2}) == "stale"
    old = {**MERGE, "proposals": [{"proposal": "b", "base": 9}]}
    assert refused(state, "proposal.merge", old) == ("stale", {"items": [{"proposal": "b", "version": 1}]})
    assert code(state, "proposal.merge", {**MERGE, "into": "q"}) == "unknown_proposal"
    assert code(state, "proposal.merge", {**MERGE, "proposals": [{"proposal": "q", "base": 1}]}) == "unknown_proposal"
    own = {**MERGE, "proposals": [{"proposal": "a", "base": 1}]}
    assert refused(state, "proposal.merge", own) == ("bad_input", {"field": "proposals"})
    for actor in (HALL_PEJUANG, DELEGATE_07, ADMIN):
        assert code(state, "proposal.merge", MERGE, actor) == "forbidden"
    assert code(more(state, [SessionClosed()]), "proposal.merge", MERGE) == "wrong_phase"
    for sent in ("a", "b"):
        up = moved(moved(state, sent, "PRIORITISED", None), sent, "SENT_UP", None)
        base = {card: up.board.proposals[ProposalId(card)].version for card in "abc"}
        listed = [{"proposal": card, "base": base[card]} for card in "bc"]
        assert code(up, "proposal.merge", {"into": "a", "base": base["a"], "proposals": listed}) == "not_from_here"
    assert bad_field("proposal.merge", {**MERGE, "proposals": []}) == "proposals"
    assert bad_field("proposal.merge", {**MERGE, "title": ""}) == "title"


def test_a_card_comes_out_of_a_merge_with_the_status_it_had() -> None:
    state = merged(moved(given(*BOARD), "b", "DISCUSSED", None), "a", "b", "c")
    after = unmerged(state, "b")
    card, into = after.board.proposals[B], after.board.proposals[A]
    assert (card.status, card.trace.into, into.trace.merged, into.version) == ("DISCUSSED", None, (C,), 3)
    require_consistent(after)
    assert refused(after, "proposal.unmerge", {"proposal": "b", "base": 4})[0] == "not_merged"
    assert code(after, "proposal.unmerge", {"proposal": "q", "base": 1}) == "unknown_proposal"
    assert code(state, "proposal.unmerge", {"proposal": "b", "base": 1}) == "stale"
    assert code(state, "proposal.unmerge", {"proposal": "b", "base": 3}, HALL_PEJUANG) == "forbidden"
    assert code(more(state, [SessionClosed()]), "proposal.unmerge", {"proposal": "b", "base": 3}) == "wrong_phase"


def test_a_card_comes_back_to_a_column_that_has_to_be_spread_first() -> None:
    state = merged(given(*BOARD), "a", "b")
    state = more(state, [ProposalMoved(C, 2, "SUBMITTED", RANK_MOST)])
    events = when(state, "proposal.unmerge", {"proposal": "b", "base": 2})
    assert isinstance(events[0], ColumnRenumbered)
    after = more(state, events)
    assert [card for _, card in after.board.columns["SUBMITTED"]] == ["a", "c", "b"]
    require_consistent(after)


def test_an_owner_who_leaves_a_merge_leaves_the_others_in_it() -> None:
    state = merged(given(*BOARD), "a", "b", "c")
    state = withdrawn(state, "c", HALL_JATIASIH)
    assert (state.board.proposals[C].status, behind(state, "a")) == (WITHDRAWN, ["a", "b"])
    assert state.board.proposals[A].version == 3, "whoever looks at it sees that somebody left"
    require_consistent(state)


def test_the_owner_of_the_card_itself_steps_back_and_the_others_keep_it() -> None:
    state = merged(given(*BOARD), "a", "c")
    withdraw = {"proposal": "a", "base": 2, "reason": "warga menolak", "reason_code": "RESIDENTS_OBJECT"}
    events = when(state, "proposal.withdraw", withdraw, HALL_PEJUANG)
    assert events == [OwnerSteppedBack(A, 3, "warga menolak", "RESIDENTS_OBJECT")]
    state = more(state, events)
    assert (state.board.proposals[A].status, behind(state, "a")) == ("SUBMITTED", ["c"])
    got, data = refused(state, "proposal.withdraw", {**withdraw, "base": 3}, HALL_PEJUANG)
    assert (got, data) == ("already_withdrawn", {"merged": ["c"]})
    gone = withdrawn(state, "c", HALL_JATIASIH)
    assert [gone.board.proposals[card].status for card in (A, C)] == [WITHDRAWN, WITHDRAWN], "nobody is left"
    assert gone.board.proposals[A].reason_code == "RESIDENTS_OBJECT"
    require_consistent(gone)
    alone = unmerged(state, "c")
    assert [alone.board.proposals[card].status for card in (A, C)] == [WITHDRAWN, "SUBMITTED"]
    require_consistent(alone)


def test_merges_of_merges_keep_all_owners_and_fall_apart_from_within() -> None:
    state = merged(merged(given(*BOARD), "b", "c"), "a", "b")
    assert behind(state, "a") == ["a", "b", "c"]
    stepped = withdrawn(state, "b", HALL_PEJUANG)
    assert (behind(stepped, "a"), stepped.board.proposals[B].status) == (["a", "c"], MERGED), "it holds c together"
    state = withdrawn(withdrawn(state, "c", HALL_JATIASIH), "b", HALL_PEJUANG)
    assert behind(state, "a") == ["a"]
    again = merged(withdrawn(merged(given(*BOARD), "b", "c"), "b", HALL_PEJUANG), "a", "b")
    assert behind(again, "a") == ["a", "c"]
    again = withdrawn(again, "c", HALL_JATIASIH)
    assert [again.board.proposals[card].status for card in (A, B, C)] == ["SUBMITTED", WITHDRAWN, WITHDRAWN]
    assert behind(again, "a") == ["a"]
    require_consistent(again)


def test_a_delegate_withdraws_what_names_his_seat_and_nothing_else() -> None:
    own = ProposalAdded(ProposalId("d"), PEJUANG, DRAIN, 4 * STEP, RW07)
    state = given(*BOARD, own)
    assert withdrawn(state, "d", DELEGATE_07).board.proposals[ProposalId("d")].status == WITHDRAWN
    withdraw = {"proposal": "d", "base": 1, "reason": "batal"}
    assert code(state, "proposal.withdraw", withdraw, DELEGATE_11) == "forbidden"
    assert code(state, "proposal.withdraw", {**withdraw, "proposal": "a"}, DELEGATE_07) == "forbidden"
    inside = merged(state, "a", "d")
    assert withdrawn(inside, "d", DELEGATE_07).board.proposals[ProposalId("d")].status == WITHDRAWN


def test_what_was_taken_up_is_not_withdrawn_any_more() -> None:
    state = given(*BOARD)
    for status in ("PRIORITISED", "SENT_UP", "ACCOMMODATED_NEXT_YEAR"):
        state = moved(state, "a", status, None)
    assert code(state, "proposal.withdraw", {"proposal": "a", "base": 4, "reason": "batal"}) == "not_from_here"


SPLIT = {
    "proposal": "a",
    "base": 1,
    "parts": [{"title": "Drainase sisi utara", "amount": 5}, {"title": "Sisi selatan"}],
}


def test_a_split_makes_the_card_its_first_part_and_the_others_new_ones_behind_it() -> None:
    state = given(*BOARD)
    events = when(state, "proposal.split", SPLIT, fresh="s")
    assert [type(event) for event in events] == [ProposalSplit]
    assert result_of(events) == {"proposal": "a", "version": 2, "parts": [{"proposal": "s-2", "version": 1}]}
    after = more(state, events)
    whole, part = after.board.proposals[A], after.board.proposals[ProposalId("s-2")]
    assert (whole.content.title, whole.content.amount, whole.trace.parts) == ("Drainase sisi utara", 5, ("s-2",))
    assert (part.content.title, part.content.amount, part.trace.whole) == ("Sisi selatan", None, A)
    assert (part.hall, part.content.rw, part.content.proposer) == (PEJUANG, "07", "Ketua RW 07")
    assert [card for _, card in after.board.columns["SUBMITTED"]] == ["a", "s-2", "b", "c"]
    require_consistent(after)


def test_where_no_room_is_behind_it_the_column_is_spread_first() -> None:
    state = given(*BOARD, ProposalMoved(B, 2, "SUBMITTED", STEP + 1))
    events = when(state, "proposal.split", SPLIT, fresh="s")
    assert [type(event) for event in events] == [ColumnRenumbered, ProposalSplit]
    after = more(state, events)
    assert [card for _, card in after.board.columns["SUBMITTED"]] == ["a", "s-2", "b", "c"]
    require_consistent(after)


def test_refusals_of_a_split() -> None:
    state = given(*BOARD)
    assert code(state, "proposal.split", {**SPLIT, "base": 2}) == "stale"
    assert code(state, "proposal.split", {**SPLIT, "proposal": "q"}) == "unknown_proposal"
    for actor in (HALL_PEJUANG, DELEGATE_07, ADMIN):
        assert code(state, "proposal.split", SPLIT, actor) == "forbidden"
    assert code(more(state, [SessionClosed()]), "proposal.split", SPLIT) == "wrong_phase"
    up = moved(moved(state, "a", "PRIORITISED", None), "a", "SENT_UP", None)
    assert code(up, "proposal.split", {**SPLIT, "base": 3}) == "not_from_here"
    assert bad_field("proposal.split", {**SPLIT, "parts": SPLIT["parts"][:1]}) == "parts"  # type: ignore[index]
    assert bad_field("proposal.split", {**SPLIT, "parts": [{"title": "x"}, {"amount": 1}]}) == "parts.1.title"


def test_every_class_sees_where_a_merged_card_went_and_on_demand_who_stands_behind_it() -> None:
    state = merged(given(*BOARD), "a", "c")
    for view in VIEWS:
        gone = proposal_fields(state, state.board.proposals[C], view)
        assert gone is not None and (gone["status"], gone["into"]) == (MERGED, "a")
        details = proposal_details(state, A, view)
        assert details is not None and [owner["proposal"] for owner in details["owners"]] == ["a", "c"]
        assert ("proposer" in details["owners"][0]) == (view in ("moderator", "hall"))


ACTS = st.lists(
    st.tuples(st.sampled_from(["merge", "unmerge", "withdraw"]), st.integers(0, 5), st.integers(0, 5)), max_size=25
)


@settings(max_examples=80, deadline=None)
@examples(ACTS)
def test_whatever_is_merged_and_withdrawn_each_owner_stands_behind_one_card_at_most(
    acts: list[tuple[str, int, int]],
) -> None:
    ids = [f"p{number}" for number in range(6)]
    state = given(*OPENED, *(added(card, place) for place, card in enumerate(ids, 1)))
    left: set[str] = set()
    for act, one, other in acts:
        try:
            if act == "merge":
                state = merged(state, ids[one], ids[other])
            elif act == "unmerge":
                state = unmerged(state, ids[one])
            else:
                state = withdrawn(state, ids[one])
                left.add(ids[one])
        except Refused:
            continue
        require_consistent(state)
        cards = [card for card in state.board.proposals.values() if card.status not in (MERGED, WITHDRAWN)]
        standing = [owner for card in cards for owner in behind(state, card.id)]
        assert sorted(standing) == sorted(set(ids) - left), "nobody is lost, nobody counts twice"
        assert all(behind(state, card.id) for card in cards), "no card without an owner"


def test_a_card_that_was_never_merged_is_withdrawn_as_ever() -> None:
    events = when(given(*BOARD), "proposal.withdraw", {"proposal": "a", "base": 1, "reason": "batal"}, HALL_PEJUANG)
    assert events == [ProposalWithdrawn(A, 2, "batal")]
