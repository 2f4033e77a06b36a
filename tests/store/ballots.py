"""Ballots and votes for tests of the box."""

from __future__ import annotations

import hashlib

from server.store.database import Database
from server.store.journal import SqlJournal
from sessions.ids import BallotId, SessionId
from sessions.journal import Answer, BoxCount, Recorded, Vote

SESSION = SessionId("bekasi")


def event(seq: int, kind: str = "agenda_item_started", **data: object) -> Recorded:
    return Recorded(seq=seq, at=1_700_000_000_000 + seq, actor="seat:a", type=kind, data=data)


def tracker(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


def secret(ballot: str, number: int, *choices: str) -> Vote:
    return Vote(BallotId(ballot), f"seat-{number:04}", choices or ("a",), tracker(number), secret=True)


def roll_call(ballot: str, number: int, *choices: str) -> Vote:
    return Vote(BallotId(ballot), f"seat-{number:04}", choices or ("a",), "", secret=False)


async def append(database: Database, kind: str, **data: object) -> None:
    async with SqlJournal(database).transaction(SESSION) as transaction:
        seq = len(await transaction.tail(0)) + 1
        await transaction.append("pass:moderator", f"key-{seq:06}", [event(seq, kind, **data)], Answer(seq, {}))


async def open_ballot(
    database: Database, ballot: str, secrecy: str = "secret", proof: str | None = "inclusion"
) -> None:
    await append(database, "ballot_opened", ballot=ballot, secrecy=secrecy, proof=proof)


async def close(database: Database, ballot: str) -> BoxCount:
    async with SqlJournal(database).transaction(SESSION) as transaction:
        return await transaction.seal_box(BallotId(ballot))
