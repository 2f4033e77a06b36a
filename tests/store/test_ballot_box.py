"""Roll and box: one seat, one vote, and no way from one to the other."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server.store.ballot_box import SqlBallotBox
from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.ids import BallotId
from sessions.journal import BoxCount, Cast, Vote
from tests.store.ballots import SESSION, append, close, open_ballot, roll_call, secret, tracker


@pytest.fixture
def box(database: Database) -> SqlBallotBox:
    return SqlBallotBox(database)


def codes(casts: object) -> list[str]:
    return [cast.code for cast in casts]  # type: ignore[attr-defined]


async def test_a_secret_vote_goes_in_once_and_its_retry_is_told_the_same(database: Database, box: SqlBallotBox) -> None:
    await open_ballot(database, "b")
    vote = secret("b", 1, "x", "y")
    assert await box.cast([vote]) == [Cast("", tracker(1), ())]
    assert await box.cast([vote]) == [Cast("", tracker(1), ())]
    other = dataclasses.replace(vote, tracker=tracker(9))
    assert codes(await box.cast([other])) == ["already_voted"]
    assert await close(database, "b") == BoxCount((("x", "y"),), ("seat-0001",), (tracker(1),), ())


async def test_choices_of_a_secret_retry_are_not_compared(database: Database, box: SqlBallotBox) -> None:
    """Or whoever learned a tracker could ask the box what was voted with it."""
    await open_ballot(database, "b")
    vote = secret("b", 1, "x")
    await box.cast([vote])
    assert codes(await box.cast([dataclasses.replace(vote, choices=("y",))])) == [""]
    assert (await close(database, "b")).choices == (("x",),)


async def test_a_tracker_of_somebody_else_is_refused_and_leaves_the_seat_free_to_vote(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "b")
    await box.cast([secret("b", 1, "x")])
    thief = dataclasses.replace(secret("b", 2, "y"), tracker=tracker(1))
    assert codes(await box.cast([thief, secret("b", 3, "z")])) == ["tracker_taken", ""]
    assert await box.voted(BallotId("b"), "seat-0002") is None
    assert codes(await box.cast([secret("b", 2, "y")])) == [""]
    assert (await close(database, "b")).choices == (("x",), ("y",), ("z",))


async def test_two_seats_with_one_tracker_in_the_same_group_are_not_both_taken(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "b")
    twin = dataclasses.replace(secret("b", 2), tracker=tracker(1))
    assert sorted(codes(await box.cast([secret("b", 1), twin]))) == ["", "tracker_taken"]
    counted = await close(database, "b")
    assert (len(counted.choices), len(counted.roll)) == (1, 1)


async def test_an_open_vote_stands_with_its_seat_and_another_choice_is_refused(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "b", "open", None)
    assert await box.cast([roll_call("b", 1, "x", "y")]) == [Cast("", "", ("x", "y"))]
    assert await box.cast([roll_call("b", 1, "x", "y")]) == [Cast("", "", ("x", "y"))]
    assert await box.cast([roll_call("b", 1, "z")]) == [Cast("already_voted", "", ("x", "y"))]
    assert await box.voted(BallotId("b"), "seat-0001") == Cast("", "", ("x", "y"))
    counted = await close(database, "b")
    assert counted == BoxCount((("x", "y"),), ("seat-0001",), (), (("seat-0001", ("x", "y")),))


@pytest.mark.parametrize("make", [secret, roll_call])
async def test_after_close_a_first_vote_is_refused_and_a_retry_is_told_the_truth(
    database: Database, box: SqlBallotBox, make: object
) -> None:
    kind = "secret" if make is secret else "open"
    await open_ballot(database, "b", kind, None)
    first, second = make("b", 1), make("b", 2)  # type: ignore[operator]
    await box.cast([first])
    await close(database, "b")
    assert codes(await box.cast([first, second])) == ["", "ballot_closed"]
    assert await box.turnout(BallotId("b")) == 1


async def test_full_proof_publishes_trackers_with_choices_and_inclusion_does_not(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "f", "secret", "full")
    await open_ballot(database, "i", "secret", "inclusion")
    await box.cast([secret("f", 1, "x"), secret("i", 1, "x"), secret("f", 2, "y")])
    assert set((await close(database, "f")).pairs) == {(tracker(1), ("x",)), (tracker(2), ("y",))}
    assert (await close(database, "i")).pairs == ()


async def test_contents_are_shown_when_the_ballot_has_ended_and_equal_what_was_counted(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "b")
    await box.cast([secret("b", number, str(number % 3)) for number in range(20)])
    assert await box.contents(BallotId("b")) is None
    assert await box.contents(BallotId("unknown")) is None
    counted = await close(database, "b")
    assert await box.contents(BallotId("b")) == counted
    for values in (counted.choices, counted.roll, counted.trackers):
        assert list(values) == sorted(values)


async def test_closing_is_undone_with_its_transaction(database: Database, box: SqlBallotBox) -> None:
    await open_ballot(database, "b")
    with pytest.raises(RuntimeError):
        async with SqlJournal(database).transaction(SESSION) as transaction:
            await transaction.seal_box(BallotId("b"))
            raise RuntimeError
    assert codes(await box.cast([secret("b", 1)])) == [""]
    assert len((await close(database, "b")).roll) == 1


async def test_a_ballot_opened_in_a_transaction_can_be_counted_in_it(database: Database) -> None:
    await open_ballot(database, "b")
    assert await close(database, "b") == BoxCount((), (), (), ())


async def test_a_void_ballot_takes_no_vote(database: Database, box: SqlBallotBox) -> None:
    await open_ballot(database, "b")
    await box.cast([secret("b", 1)])
    await append(database, "ballot_voided", ballot="b", reason="salah judul")
    assert codes(await box.cast([secret("b", 1), secret("b", 2)])) == ["", "ballot_void"]
    assert codes(await box.cast([secret("unknown", 1)])) == ["unknown_ballot"]


async def test_one_bad_row_does_not_cost_the_others_their_vote(database: Database, box: SqlBallotBox) -> None:
    await open_ballot(database, "b")
    bad = dataclasses.replace(secret("b", 2), tracker="short")
    assert codes(await box.cast([secret("b", 1), bad, secret("b", 3)])) == ["", "bad_input", ""]
    assert (await close(database, "b")).roll == ("seat-0001", "seat-0003")
    assert database.counters.replayed_groups == 1


async def test_two_votes_of_one_seat_in_a_group_are_the_callers_mistake(box: SqlBallotBox) -> None:
    with pytest.raises(ValueError, match="one seat"):
        await box.cast([secret("b", 1), dataclasses.replace(secret("b", 1), tracker=tracker(5))])


async def test_after_close_postgresql_keeps_no_row_version_that_links_a_vote_to_a_seat(
    database: Database, box: SqlBallotBox
) -> None:
    """Groups of one are the worst case: before close, xmin pairs every roll row with its box row."""
    if database.is_sqlite:
        async with database.reading() as connection:
            with pytest.raises(Exception, match="no such column"):
                await connection.execute(text("select rowid from box"))
        return
    await open_ballot(database, "b")
    for number in (5, 3, 8, 1):
        await box.cast([secret("b", number)])
    assert len(await linked(database)) == 4
    await close(database, "b")
    async with database.reading() as connection:
        versions = await connection.execute(text("select count(distinct xmin::text) from box"))
        assert versions.scalar_one() == 1
        stored = await connection.execute(text("select tracker from box order by ctid"))
        assert (order := list(stored.scalars())) == sorted(order)
        seats = await connection.execute(text("select seat from roll order by ctid"))
        assert list(seats.scalars()) == ["seat-0001", "seat-0003", "seat-0005", "seat-0008"]


async def test_within_a_group_rows_are_stored_sorted_so_that_their_order_links_nothing(
    database: Database, box: SqlBallotBox
) -> None:
    """SQLite has no other order than the key (see test_migrations); this is about PostgreSQL's ctid."""
    await open_ballot(database, "b")
    await box.cast([secret("b", number) for number in (5, 3, 8, 1, 9, 2)])
    order = "" if database.is_sqlite else " order by ctid"
    async with database.reading() as connection:
        seats = list((await connection.execute(text(f"select seat from roll{order}"))).scalars())
        trackers = list((await connection.execute(text(f"select tracker from box{order}"))).scalars())
    assert seats == sorted(seats)
    assert trackers == sorted(trackers)


async def linked(database: Database) -> list[tuple[str, str]]:
    """Pairs of (seat, tracker) that were stored by the same transaction alone."""
    query = """
        select max(roll.seat) as seat, max(box.tracker) as tracker from roll join box on roll.xmin = box.xmin
        group by roll.xmin::text having count(*) = 1
    """
    async with database.reading() as connection:
        return [(row.seat, row.tracker) for row in await connection.execute(text(query))]


# -- a model: whatever is sent in whatever groups, the box agrees with a dictionary

numbers = itertools.count()
votes = st.builds(
    lambda seat, drawn, choices: Vote(BallotId("b"), f"seat-{seat}", choices, tracker(drawn), secret=True),
    st.integers(0, 5),
    st.integers(0, 7),
    st.lists(st.sampled_from("xyz"), unique=True, max_size=3).map(lambda found: tuple(sorted(found))),
)
groups = st.lists(votes, min_size=1, max_size=5, unique_by=lambda vote: vote.seat)


def expected(model: dict[str, str], group: list[Vote]) -> dict[str, set[str]]:
    """Codes allowed for each seat; updates nothing. model: seat → tracker."""
    taken = set(model.values())
    rivals: dict[str, int] = {}
    for vote in group:
        if vote.seat not in model and vote.tracker not in taken:
            rivals[vote.tracker] = rivals.get(vote.tracker, 0) + 1
    allowed: dict[str, set[str]] = {}
    for vote in group:
        if vote.seat in model:
            # any tracker in the box is acknowledged, also one that goes in with this very group
            known = vote.tracker in taken or vote.tracker in rivals
            allowed[vote.seat] = {""} if known else {"already_voted"}
        elif vote.tracker in taken:
            allowed[vote.seat] = {"tracker_taken"}
        else:
            allowed[vote.seat] = {""} if rivals[vote.tracker] == 1 else {"", "tracker_taken"}
    return allowed


def learn(model: dict[str, str], group: list[Vote], given: Mapping[str, str]) -> None:
    for vote in group:
        if given[vote.seat] == "" and vote.seat not in model:
            model[vote.seat] = vote.tracker


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(groups, max_size=8))
async def test_the_box_agrees_with_a_dictionary(database: Database, sent: list[list[Vote]]) -> None:
    ballot = f"ballot-{next(numbers)}"
    await open_ballot(database, ballot)
    box = SqlBallotBox(database)
    model: dict[str, str] = {}
    for group in sent:
        cast = await box.cast([dataclasses.replace(vote, ballot=BallotId(ballot)) for vote in group])
        given_codes = {vote.seat: one.code for vote, one in zip(group, cast, strict=True)}
        allowed = expected(model, group)
        assert all(given_codes[seat] in codes for seat, codes in allowed.items())
        learn(model, group, given_codes)
    counted = await close(database, ballot)
    assert counted.roll == tuple(sorted(model))
    assert counted.trackers == tuple(sorted(model.values()))


# -- votes that may be changed


def change(number: int, turn: int, *choices: str) -> Vote:
    return dataclasses.replace(roll_call("b", number, *choices), revote=True, turn=turn)


async def test_a_vote_is_changed_turn_by_turn_and_a_late_retry_undoes_nothing(
    database: Database, box: SqlBallotBox
) -> None:
    await open_ballot(database, "b", "open", None)
    assert await box.cast([change(1, 0, "x")]) == [Cast("", "", ("x",), 0)]
    assert await box.cast([change(1, 1, "y")]) == [Cast("", "", ("y",), 1)]
    assert await box.cast([change(1, 1, "y")]) == [Cast("", "", ("y",), 1)]
    assert await box.cast([change(1, 2, "x")]) == [Cast("", "", ("x",), 2)]
    assert await box.cast([change(1, 1, "y")]) == [Cast("already_voted", "", ("x",), 2)]
    assert await box.cast([change(1, 2, "z")]) == [Cast("already_voted", "", ("x",), 2)]
    assert await box.voted(BallotId("b"), "seat-0001") == Cast("", "", ("x",), 2)
    counted = await close(database, "b")
    assert (counted.pairs, counted.turns) == ((("seat-0001", ("x",)),), (("seat-0001", 2),))
    assert await box.cast([change(1, 3, "z"), change(2, 0, "x")]) == [
        Cast("ballot_closed", "", ("x",), 2),
        Cast("ballot_closed", "", (), 0),
    ]
    assert await box.cast([change(1, 2, "x")]) == [Cast("", "", ("x",), 2)]


async def test_where_votes_may_not_be_changed_a_turn_changes_nothing(database: Database, box: SqlBallotBox) -> None:
    await open_ballot(database, "b", "open", None)
    await box.cast([roll_call("b", 1, "x")])
    late = dataclasses.replace(roll_call("b", 1, "y"), turn=1)
    assert await box.cast([late]) == [Cast("already_voted", "", ("x",), 0)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3), st.sampled_from("xyz")), max_size=15),
)
async def test_changed_votes_agree_with_a_dictionary(database: Database, sent: list[tuple[int, int, str]]) -> None:
    ballot = BallotId(f"ballot-{next(numbers)}")
    await open_ballot(database, ballot, "open", None)
    box = SqlBallotBox(database)
    model: dict[str, tuple[str, int]] = {}
    for number, turn, choice in sent:
        vote = dataclasses.replace(change(number, turn, choice), ballot=ballot)
        standing = model.get(vote.seat)
        if standing is None or turn > standing[1]:
            model[vote.seat] = choice, turn
        (cast,) = await box.cast([vote])
        assert (cast.choices, cast.turn) == ((model[vote.seat][0],), model[vote.seat][1])
        assert cast.code == ("" if model[vote.seat][0] == choice else "already_voted")
    counted = await close(database, ballot)
    assert counted.pairs == tuple(sorted((seat, (choice,)) for seat, (choice, _) in model.items()))
