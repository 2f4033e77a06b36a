"""Everything the store offers over one database, opened together."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from server.store.accounts import SqlAccounts
from server.store.audit import SqlAudit
from server.store.ballot_box import SqlBallotBox
from server.store.claims import SqlClaims
from server.store.database import Database
from server.store.files import SqlFiles
from server.store.guesses import SqlGuesses
from server.store.journal import SqlJournal
from server.store.keys import SigningKey, signing_key
from server.store.migrations import migrate
from server.store.passes import SqlPasses
from server.store.people import SqlPeople
from server.store.prints import SqlPrints

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Store:
    """A database with all its tables."""

    database: Database
    journal: SqlJournal
    box: SqlBallotBox
    passes: SqlPasses
    claims: SqlClaims
    people: SqlPeople
    sealer: SigningKey
    files: SqlFiles
    audit: SqlAudit
    accounts: SqlAccounts
    guesses: SqlGuesses
    prints: SqlPrints


async def open_store(database: Database, node: str = "") -> Store:
    """Brings the tables up to date first, waiting for a node that does so already. node: whose name the audit gets."""
    await migrate(database)
    if risks := await database.risks():
        log.warning("PostgreSQL runs with %s off: a power cut may lose acknowledged votes", ", ".join(risks))
    audit = SqlAudit(database, node)
    return Store(
        database=database,
        journal=SqlJournal(database, audit),
        box=SqlBallotBox(database),
        passes=SqlPasses(database),
        claims=SqlClaims(database),
        people=SqlPeople(database),
        sealer=await signing_key(database),
        files=SqlFiles(database),
        audit=audit,
        accounts=SqlAccounts(database, audit),
        guesses=SqlGuesses(database),
        prints=SqlPrints(database),
    )
