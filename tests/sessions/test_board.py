"""The board: an import in one event, moves that touch one card, and ranks that run out and are spread again."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from sessions.board import ColumnRenumbered, ProposalMoved, ProposalsImported
from sessions.columns import RANK_MOST
from sessions.dispatch import result_of
from sessions.ids import ProposalId
from sessions.proposal import ProposalAdded, ProposalEdited
from sessions.state import State
from sessions.statuses import COLUMN_OF, COLUMNS, LEFT
from tests.sessions.given import (
    ADMIN,
    DRAIN,
    HALL_PEJUANG,
    MODERATOR,
    OPENED,
    PEJUANG,
    STEP,
    THREE,
    bad_field,
    code,
    given,
    more,
    refused,
    when,
)

A, B = ProposalId("a"), ProposalId("b")


def order(state: State, status: str = "SUBMITTED") -> list[str]:
    """The cards of a column as a client would sort them."""
    cards = [card for card in state.board.proposals.values() if card.status == status]
    return [card.id for card in sorted(cards, key=lambda card: (card.rank, card.id))]


def moved(state: State, proposal: str, status: str, before: str | None, reason: str = "") -> State:
    base = state.board.proposals[ProposalId(proposal)].version
    data = {"proposal": proposal, "base": base, "status": status, "before": before, "reason": reason}
    return more(state, when(state, "proposal.move", data))


def require_consistent(state: State) -> None:
    """Columns hold every card that is on the board once, sorted, with the rank the card says it has."""
    board = state.board
    for name, column in board.columns.items():
        assert list(column) == sorted(column) and name in COLUMNS
        assert len({rank for rank, _ in column}) == len(column), "no two cards in one place"
        assert all(abs(rank) <= RANK_MOST for rank, _ in column)
    listed = {(card, name, rank) for name, column in board.columns.items() for rank, card in column}
    cards = [card for card in board.proposals.values() if card.status not in LEFT]
    assert listed == {(card.id, COLUMN_OF[card.status], card.rank) for card in cards}
    assert sum(len(column) for column in board.columns.values()) == len(cards)


def test_an_import_is_one_event_and_keeps_its_order_after_what_is_there() -> None:
    rows = [{"proposal": "BKS00001", "title": "Sumur", "hall": "pejuang"}, {"title": "Jalan", "hall": "jatiasih"}]
    state = given(*OPENED, *THREE)
    (event,) = when(state, "proposals.import", {"proposals": rows}, ADMIN, fresh="f")
    assert isinstance(event, ProposalsImported) and event.rank == 4 * STEP
    after = more(state, [event])
    assert order(after) == ["a", "b", "c", "BKS00001", "f-2"]
    require_consistent(after)


def test_an_import_that_repeats_an_id_or_names_no_hall_is_refused_whole() -> None:
    state = given(*OPENED, *THREE)
    row = {"proposal": "d", "title": "Sumur", "hall": "pejuang"}
    assert refused(state, "proposals.import", {"proposals": [{**row, "proposal": "a"}]}, ADMIN) == (
        "already_exists",
        {"proposal": "a"},
    )
    assert code(state, "proposals.import", {"proposals": [row, row]}, ADMIN) == "already_exists"
    assert code(state, "proposals.import", {"proposals": [{**row, "hall": "atlantis"}]}, ADMIN) == "unknown_hall"
    assert code(state, "proposals.import", {"proposals": [row]}, MODERATOR) == "forbidden"


def test_a_card_moves_before_another_or_to_the_end() -> None:
    state = given(*OPENED, *THREE)
    data = {"proposal": "c", "base": 1, "status": "SUBMITTED", "before": "a"}
    events = when(state, "proposal.move", data)
    assert [type(event) for event in events] == [ProposalMoved]
    assert result_of(events) == {"proposal": "c", "version": 2}
    assert order(more(state, events)) == ["c", "a", "b"]
    assert order(moved(state, "a", "SUBMITTED", None)) == ["b", "c", "a"]
    assert order(moved(state, "a", "SUBMITTED", "c")) == ["b", "a", "c"]
    assert order(moved(state, "b", "SUBMITTED", "c")) == ["a", "b", "c"], "it already stands there"


def test_a_card_moves_to_another_column() -> None:
    state = moved(moved(given(*OPENED, *THREE), "b", "PRIORITISED", None), "a", "PRIORITISED", "b")
    assert order(state) == ["c"] and order(state, "PRIORITISED") == ["a", "b"]
    require_consistent(state)


def test_only_the_moved_card_changes() -> None:
    before = given(*OPENED, *THREE)
    after = moved(before, "c", "SUBMITTED", "b")
    assert [id for id in ("a", "b", "c") if after.board.proposals[id] is not before.board.proposals[id]] == ["c"]


def test_not_agreed_needs_a_reason_which_goes_when_the_card_moves_on() -> None:
    state = given(*OPENED, *THREE)
    move = {"proposal": "a", "base": 1, "status": "NOT_AGREED", "before": None}
    assert code(state, "proposal.move", move) == "reason_required"
    state = moved(state, "a", "NOT_AGREED", None, "lahan sengketa")
    assert state.board.proposals[A].reason == "lahan sengketa"
    again = moved(state, "a", "NOT_AGREED", None)
    assert again.board.proposals[A].reason == "lahan sengketa", "the same column, the same reason"
    assert moved(state, "a", "RESERVE", None).board.proposals[A].reason == ""


def test_a_move_against_an_older_version_is_stale() -> None:
    state = given(*OPENED, *THREE, ProposalEdited(A, 2, DRAIN))
    got, data = refused(state, "proposal.move", {"proposal": "a", "base": 1, "status": "RESERVE", "before": None})
    assert got == "stale" and data["version"] == 2


def test_a_neighbour_that_has_left_the_column_makes_the_move_stale() -> None:
    state = moved(given(*OPENED, *THREE), "b", "RESERVE", None)
    move = {"proposal": "a", "base": 1, "status": "SUBMITTED", "before": "b"}
    assert code(state, "proposal.move", move) == "stale"
    assert code(state, "proposal.move", {**move, "before": "q"}) == "unknown_proposal"
    assert code(state, "proposal.move", {**move, "before": "a"}) == "bad_input"
    assert code(state, "proposal.move", {**move, "before": None}, HALL_PEJUANG) == "forbidden"


def test_ranks_used_up_between_two_cards_are_spread_again() -> None:
    state = given(*OPENED, *THREE)
    renumbered = 0
    for turn in range(80):
        mover = ("b", "c")[turn % 2]  # each goes between `a` and the other: the gap halves every time
        other = ("c", "b")[turn % 2]
        base = state.board.proposals[ProposalId(mover)].version
        data = {"proposal": mover, "base": base, "status": "SUBMITTED", "before": other}
        events = when(state, "proposal.move", data)
        renumbered += ColumnRenumbered("SUBMITTED") in events
        state = more(state, events)
        assert order(state) == ["a", mover, other]
        require_consistent(state)
    assert 1 <= renumbered <= 4


def test_ranks_that_would_leave_exact_numbers_are_spread_again() -> None:
    far = ProposalAdded(ProposalId("d"), PEJUANG, DRAIN, RANK_MOST)
    state = moved(given(*OPENED, *THREE, far), "a", "SUBMITTED", None)
    assert order(state) == ["b", "c", "d", "a"]
    assert state.board.proposals[A].rank < 10 * STEP
    low = ProposalAdded(ProposalId("d"), PEJUANG, DRAIN, -RANK_MOST)
    state = moved(given(*OPENED, *THREE, low), "a", "SUBMITTED", "d")
    assert order(state) == ["a", "d", "b", "c"]
    require_consistent(state)


MOVES = st.lists(
    st.tuples(st.integers(0, 7), st.sampled_from(["SUBMITTED", "RESERVE"]), st.integers(0, 8)), max_size=60
)


@settings(max_examples=60, deadline=None)
@examples(MOVES)
def test_any_moves_give_the_order_a_plain_list_would_give(moves: list[tuple[int, str, int]]) -> None:
    ids = [f"p{number}" for number in range(8)]
    rows = [{"proposal": id, "title": "Sumur", "hall": "pejuang"} for id in ids]
    state = given(*OPENED)
    state = more(state, when(state, "proposals.import", {"proposals": rows}, ADMIN))
    model = {"SUBMITTED": list(ids), "RESERVE": []}
    for number, status, place in moves:
        card = ids[number]
        column = model[status]
        before = column[place] if place < len(column) and column[place] != card else None
        state = moved(state, card, status, before)
        for cards in model.values():
            if card in cards:
                cards.remove(card)
        column.insert(len(column) if before is None else column.index(before), card)
        require_consistent(state)
        assert {status: order(state, status) for status in model} == model


def test_bad_shapes() -> None:
    move = {"proposal": "a", "base": 1, "status": "RESERVE", "before": None}
    assert bad_field("proposal.move", {**move, "status": "WITHDRAWN"}) == "status"
    assert bad_field("proposal.move", {**move, "before": 3}) == "before"
    assert bad_field("proposal.move", {key: move[key] for key in ("proposal", "base", "status")}) == "before"
    rows = [{"title": "Sumur", "hall": "pejuang"}, {"title": "", "hall": "pejuang"}]
    assert bad_field("proposals.import", {"proposals": rows}) == "proposals.1.title"
    assert bad_field("proposals.import", {"proposals": []}) == "proposals"
