"""Roll and box: votes taken in groups, counted under the lock that closes the ballot."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import bulk, tables
from server.store.database import Database
from sessions.ids import BallotId, SessionId
from sessions.journal import BoxCount, Cast, Recorded, Vote

log = logging.getLogger(__name__)

BALLOTS = tables.ballots
ROLL = tables.roll
BOX = tables.box
OPEN = tables.open_votes

Outcomes = dict[tuple[str, str], Cast]  # (ballot, seat) → what became of the vote


def insert_new(connection: AsyncConnection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """INSERT … ON CONFLICT DO NOTHING in the connection's dialect."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def written(choices: tuple[str, ...], turn: int = 0) -> str:
    """A list; from the first change of the vote on, with its turn."""
    value = {"choices": choices, "turn": turn} if turn else choices
    return json.dumps(value, separators=(",", ":"))


def chosen(text: str) -> tuple[str, ...]:
    return standing(text)[0]


def standing(text: str) -> tuple[tuple[str, ...], int]:
    """Choices, and how often they were changed."""
    value = json.loads(text)
    return (tuple(value["choices"]), value["turn"]) if isinstance(value, dict) else (tuple(value), 0)


async def follow(connection: AsyncConnection, session: SessionId, event: Recorded) -> None:
    """Keep the ballot's row in step with an event that is being recorded."""
    match event.type:
        case "ballot_opened":
            row = {
                "id": event.data["ballot"],
                "session": session,
                "secret": event.data["secrecy"] == "secret",
                "proof": event.data["proof"],
                "state": "open",
            }
            await connection.execute(insert(BALLOTS), [row])
        case "ballot_voided":
            await shut(connection, event.data["ballot"], "void")
        case _:
            pass


async def shut(connection: AsyncConnection, ballot: str, state: str) -> Any:
    """Wait for the vote groups under way, hold back the later ones; the ballot's row as it was before.

    PostgreSQL then stores roll and box anew in sorted order: its row versions (xmin) would link a group of one.
    """
    found = await connection.execute(select(BALLOTS).where(BALLOTS.c.id == ballot).with_for_update())
    row = found.one()
    await connection.execute(update(BALLOTS).where(BALLOTS.c.id == ballot).values(state=state))
    if row.secret and row.state == "open" and connection.dialect.name != "sqlite":
        await rewrite_sorted(connection, ROLL, ballot)
        await rewrite_sorted(connection, BOX, ballot)
    return row


async def seal(connection: AsyncConnection, ballot: BallotId) -> BoxCount:
    """Close and count; sealing twice counts the same. Raises ValueError for a ballot that was voided."""
    row = await shut(connection, ballot, "closed")
    if row.state == "void":
        raise ValueError("a void ballot is not counted")
    return await count(connection, row)


async def rewrite_sorted(connection: AsyncConnection, table: Table, ballot: str) -> None:
    mine = table.c.ballot == ballot
    rows = (await connection.execute(select(table).where(mine).order_by(*table.primary_key))).mappings().all()
    await connection.execute(delete(table).where(mine))
    if rows:
        await bulk.insert_rows(connection, table, [dict(row) for row in rows])


async def count(connection: AsyncConnection, ballot: Any) -> BoxCount:
    """Everything a transcript may publish about a ballot (a row of `ballots`)."""
    if not ballot.secret:
        record = await on_record(connection, ballot.id)
        pairs = tuple(sorted((seat, choices) for seat, (choices, _) in record.items()))
        return BoxCount(
            choices=tuple(sorted(choices for _, choices in pairs)),
            roll=tuple(seat for seat, _ in pairs),
            pairs=pairs,
            turns=tuple(sorted((seat, turn) for seat, (_, turn) in record.items() if turn)),
        )
    seats = await connection.execute(select(ROLL.c.seat).where(ROLL.c.ballot == ballot.id))
    pairs = await pairs_of(connection, ballot.id)
    return BoxCount(
        choices=tuple(sorted(choices for _, choices in pairs)),
        roll=tuple(sorted(seats.scalars())),
        trackers=tuple(tracker for tracker, _ in pairs),
        pairs=pairs if ballot.proof == "full" else (),
    )


async def pairs_of(connection: AsyncConnection, ballot: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each tracker with its choices. Sorted here and not in SQL: a database sorts text by its own locale."""
    found = await connection.execute(select(BOX.c.tracker, BOX.c.choices).where(BOX.c.ballot == ballot))
    return tuple(sorted((row.tracker, chosen(row.choices)) for row in found))


class SqlBallotBox:
    """sessions.journal.BallotBox over SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cast(self, votes: Sequence[Vote]) -> Sequence[Cast]:
        """Raises Refused("held") when the database is away; the votes may or may not be in, so trackers are kept."""
        try:
            outcomes = await self._cast_group(votes)
        except (IntegrityError, DataError):
            self._database.counters.replayed_groups += 1
            log.warning("a group of %d votes is replayed one by one", len(votes))
            outcomes = {}
            for vote in votes:
                outcomes |= await self._cast_alone(vote)
        return [outcomes[vote.ballot, vote.seat] for vote in votes]

    async def _cast_alone(self, vote: Vote) -> Outcomes:
        try:
            return await self._cast_group([vote])
        except (IntegrityError, DataError):
            return {(vote.ballot, vote.seat): Cast(code="bad_input", tracker=vote.tracker, choices=())}

    async def _cast_group(self, votes: Sequence[Vote]) -> Outcomes:
        by_ballot: dict[str, dict[str, Vote]] = {}
        for vote in votes:
            if by_ballot.setdefault(vote.ballot, {}).setdefault(vote.seat, vote) is not vote:
                raise ValueError("two votes of one seat in a group")
        outcomes: Outcomes = {}
        async with self._database.writing() as connection:
            for ballot in sorted(by_ballot):  # one order for all groups: no deadlock
                outcomes |= await put(connection, ballot, by_ballot[ballot])
        self._database.counters.vote_groups += 1
        self._database.counters.votes += len(votes)
        return outcomes

    async def voted(self, ballot: BallotId, seat: str) -> Cast | None:
        async with self._database.reading() as connection:
            secret = await is_secret(connection, ballot)
            if secret is None:
                return None
            table = ROLL if secret else OPEN
            found = await connection.execute(select(table).where(table.c.ballot == ballot, table.c.seat == seat))
            row = found.one_or_none()
            if row is None:
                return None
            choices, turn = ((), 0) if secret else standing(row.choices)
            return Cast(code="", tracker="", choices=choices, turn=turn)

    async def turnout(self, ballot: BallotId) -> int:
        async with self._database.reading() as connection:
            secret = await is_secret(connection, ballot)
            table = ROLL if secret else OPEN
            found = await connection.execute(select(func.count()).select_from(table).where(table.c.ballot == ballot))
            return found.scalar_one()

    async def contents(self, ballot: BallotId) -> BoxCount | None:
        async with self._database.reading() as connection:
            found = await connection.execute(select(BALLOTS).where(BALLOTS.c.id == ballot))
            row = found.one_or_none()
            return None if row is None or row.state == "open" else await count(connection, row)


async def is_secret(connection: AsyncConnection, ballot: str) -> bool | None:
    found = await connection.execute(select(BALLOTS.c.secret).where(BALLOTS.c.id == ballot))
    return found.scalar_one_or_none()


async def put(connection: AsyncConnection, ballot: str, votes: Mapping[str, Vote]) -> Outcomes:
    """Record one ballot's votes (by seat), holding its row FOR SHARE: close waits for us, or we see that it closed."""
    found = await connection.execute(
        select(BALLOTS.c.secret, BALLOTS.c.state).where(BALLOTS.c.id == ballot).with_for_update(read=True)
    )
    row = found.one_or_none()
    if row is None:
        return {(vote.ballot, seat): refused(vote, "unknown_ballot") for seat, vote in votes.items()}
    late = "" if row.state == "open" else f"ballot_{row.state}"
    put_in = put_secret if row.secret else put_open
    return {(ballot, seat): cast for seat, cast in (await put_in(connection, ballot, votes, late)).items()}


def refused(vote: Vote, code: str) -> Cast:
    return Cast(code=code, tracker=vote.tracker, choices=())


async def put_secret(connection: AsyncConnection, ballot: str, votes: Mapping[str, Vote], late: str) -> dict[str, Cast]:
    """late: "" while the ballot is open, else what a first vote is refused with. Rows go in sorted."""
    entered = set() if late else await enter_roll(connection, ballot, votes)
    dropped = await drop_in_box(connection, ballot, [votes[seat] for seat in entered])
    taken = entered - dropped
    if taken:  # a tracker that was in the box before: these seats have not voted
        await connection.execute(
            delete(ROLL).where(ROLL.c.ballot == ballot, bulk.among(connection, ROLL.c.seat, taken))
        )
    earlier = await voted_before(connection, ballot, [vote for seat, vote in votes.items() if seat not in entered])
    outcomes: dict[str, Cast] = {}
    for seat, vote in votes.items():
        if seat in taken:
            code = "tracker_taken"
        else:
            code = "" if seat in dropped else earlier.get(seat, late)
        outcomes[seat] = refused(vote, code)
    return outcomes


async def enter_roll(connection: AsyncConnection, ballot: str, votes: Mapping[str, Vote]) -> set[str]:
    """The seats that were not on the roll before."""
    rows = [{"ballot": ballot, "seat": seat, "channel": votes[seat].channel} for seat in sorted(votes)]
    return await bulk.insert_new(connection, ROLL, rows, "seat")


async def drop_in_box(connection: AsyncConnection, ballot: str, votes: Iterable[Vote]) -> set[str]:
    """The seats whose vote went in; the others came with a tracker that is taken."""
    owner: dict[str, Vote] = {}
    for vote in votes:
        owner.setdefault(vote.tracker, vote)
    if not owner:
        return set()
    rows = [
        {"ballot": ballot, "tracker": tracker, "choices": written(owner[tracker].choices)} for tracker in sorted(owner)
    ]
    return {owner[tracker].seat for tracker in await bulk.insert_new(connection, BOX, rows, "tracker")}


async def voted_before(connection: AsyncConnection, ballot: str, votes: Sequence[Vote]) -> dict[str, str]:
    """For each seat already on the roll: "" when its tracker is in the box, else already_voted."""
    if not votes:
        return {}
    mine = ROLL.c.ballot == ballot, bulk.among(connection, ROLL.c.seat, [vote.seat for vote in votes])
    on_roll = set((await connection.execute(select(ROLL.c.seat).where(*mine))).scalars())
    wanted = BOX.c.ballot == ballot, bulk.among(connection, BOX.c.tracker, [vote.tracker for vote in votes])
    in_box = set((await connection.execute(select(BOX.c.tracker).where(*wanted))).scalars())
    return {vote.seat: "" if vote.tracker in in_box else "already_voted" for vote in votes if vote.seat in on_roll}


async def put_open(connection: AsyncConnection, ballot: str, votes: Mapping[str, Vote], late: str) -> dict[str, Cast]:
    if not late:
        rows = [
            {
                "ballot": ballot,
                "seat": seat,
                "choices": written(votes[seat].choices, votes[seat].turn),
                "channel": votes[seat].channel,
            }
            for seat in sorted(votes)
        ]
        await bulk.insert_new(connection, OPEN, rows, "seat")
        await change_votes(connection, ballot, [vote for vote in votes.values() if vote.revote and vote.turn])
    found = await on_record(connection, ballot, votes)
    outcomes: dict[str, Cast] = {}
    for seat, vote in votes.items():
        if seat not in found:
            outcomes[seat] = refused(vote, late)
            continue
        choices, turn = found[seat]
        code = "" if choices == vote.choices else "already_voted"
        if code and late and vote.revote and vote.turn > turn:
            code = late  # it would have been a change, but comes too late
        outcomes[seat] = Cast(code=code, tracker="", choices=choices, turn=turn)
    return outcomes


async def on_record(
    connection: AsyncConnection, ballot: str, seats: Iterable[str] | None = None
) -> dict[str, tuple[tuple[str, ...], int]]:
    """seat → its choices and turn; of all seats that voted unless some are named."""
    mine = [OPEN.c.ballot == ballot, *([] if seats is None else [bulk.among(connection, OPEN.c.seat, seats)])]
    found = await connection.execute(select(OPEN.c.seat, OPEN.c.choices).where(*mine))
    return {row.seat: standing(row.choices) for row in found}


async def change_votes(connection: AsyncConnection, ballot: str, votes: Sequence[Vote]) -> None:
    """Each takes the place of a vote of an earlier turn: a late retry finds a later one there and changes nothing."""
    found = await on_record(connection, ballot, [vote.seat for vote in votes]) if votes else {}
    for vote in sorted(votes, key=lambda vote: vote.seat):  # one order for all groups: no deadlock
        choices, turn = found.get(vote.seat, ((), -1))
        if turn < vote.turn:
            before = OPEN.c.ballot == ballot, OPEN.c.seat == vote.seat, OPEN.c.choices == written(choices, turn)
            changed = {"choices": written(vote.choices, vote.turn), "channel": vote.channel}
            await connection.execute(update(OPEN).where(*before).values(changed))
