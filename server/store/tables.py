"""The tables, as SQLAlchemy Core sees them; the revisions in migrations/versions build the same."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# One row a session; it is what a transaction locks. head: seq of the last event (0 = none yet).
sessions = Table(
    "sessions",
    metadata,
    Column("id", Text, nullable=False),
    Column("head", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("id"),
)

# data is JSON text: neither database ever has to look inside an event.
journal = Table(
    "journal",
    metadata,
    Column("session", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("session", "seq"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
    CheckConstraint("seq > 0", name="seq"),
)

# What each accepted command was answered, by actor and key: a retry gets the same.
answers = Table(
    "answers",
    metadata,
    Column("session", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("result", Text, nullable=False),
    PrimaryKeyConstraint("session", "actor", "key"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# One row a ballot; votes hold it FOR SHARE, close takes it FOR UPDATE.
ballots = Table(
    "ballots",
    metadata,
    Column("id", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("secret", Boolean, nullable=False),
    Column("proof", Text),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
    CheckConstraint("state in ('open', 'closed', 'void')", name="state"),
)

# Who voted on a secret ballot. No time and no row number: nothing here may be lined up with the box.
roll = Table(
    "roll",
    metadata,
    Column("ballot", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("channel", Text, nullable=False),
    PrimaryKeyConstraint("ballot", "seat"),
    ForeignKeyConstraint(["ballot"], ["ballots.id"]),
    sqlite_with_rowid=False,
)

# What was voted on a secret ballot, under the tracker the phone drew.
box = Table(
    "box",
    metadata,
    Column("ballot", Text, nullable=False),
    Column("tracker", Text, nullable=False),
    Column("choices", Text, nullable=False),
    PrimaryKeyConstraint("ballot", "tracker"),
    ForeignKeyConstraint(["ballot"], ["ballots.id"]),
    CheckConstraint("length(tracker) = 32", name="tracker"),
    sqlite_with_rowid=False,
)

# A roll-call: which seat chose what, shown with names.
open_votes = Table(
    "open_votes",
    metadata,
    Column("ballot", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("choices", Text, nullable=False),
    Column("channel", Text, nullable=False),
    PrimaryKeyConstraint("ballot", "seat"),
    ForeignKeyConstraint(["ballot"], ["ballots.id"]),
    sqlite_with_rowid=False,
)

# SHA-256 of a pass's token; what the pass may do is in the session's journal.
passes = Table(
    "passes",
    metadata,
    Column("token_hash", LargeBinary, nullable=False),
    Column("session", Text, nullable=False),
    Column("pass", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("token_hash"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
    Index("ix_passes_session_pass", "session", "pass"),
)

# The first device that claimed a card with a vote, as a digest; where the card moved later is in the journal.
claims = Table(
    "claims",
    metadata,
    Column("session", Text, nullable=False),
    Column("pass", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    PrimaryKeyConstraint("session", "pass"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# The hidden PIN of a card, as argon2id; tries: how often it was tried in vain since it was last right.
pins = Table(
    "pins",
    metadata,
    Column("session", Text, nullable=False),
    Column("pass", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    PrimaryKeyConstraint("session", "pass"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# SHA-256 of a bearer credential a pass was exchanged for. claim: which claim of the card it is of. kiosk: the hall at
# whose page the card was shown; such a credential is good for a vote there and for nothing else.
credentials = Table(
    "credentials",
    metadata,
    Column("hash", LargeBinary, nullable=False),
    Column("session", Text, nullable=False),
    Column("pass", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("claim", Integer, nullable=False, server_default="1"),
    Column("kiosk", Text),
    PrimaryKeyConstraint("hash"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
    Index("ix_credentials_expires_at", "expires_at"),
)

# Who sits on a seat: what the journal never holds, so that it can be erased. Empty text: not known.
people = Table(
    "people",
    metadata,
    Column("session", Text, nullable=False),
    Column("seat", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("age", Integer),
    Column("sex", Text, nullable=False),
    Column("disability", Boolean),
    Column("organisation", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("nip", Text, nullable=False),
    PrimaryKeyConstraint("session", "seat"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# Who looked at or changed people, in which minute (milliseconds since 1970 UTC, rounded down), and what for.
people_access = Table(
    "people_access",
    metadata,
    Column("session", Text, nullable=False),
    Column("minute", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    PrimaryKeyConstraint("session", "minute", "actor", "purpose"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# Photos and slides, in the database so that all nodes share them. sha256: of `bytes`; width, height: pixels, if it has.
files = Table(
    "files",
    metadata,
    Column("id", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
    Index("ix_files_session_kind", "session", "kind"),
)

# Staff who log in. password: argon2id in its usual form; must_change: somebody else chose it. totp: the secret, sealed
# (server/accounts/seal.py), empty without one; totp_step: of the code last accepted, so that none counts twice.
# recovery: JSON list.
accounts = Table(
    "accounts",
    metadata,
    Column("id", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("totp", Text, nullable=False),
    Column("totp_step", BigInteger, nullable=False),
    Column("totp_required", Boolean, nullable=False),
    Column("recovery", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_accounts_login", "login", unique=True),
)

# What an account may be. session: empty for the whole installation, which only role admin can have. pass: by which it
# is known in the journals; another each time the scope is given.
account_scopes = Table(
    "account_scopes",
    metadata,
    Column("account", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("pass", Text, nullable=False),
    PrimaryKeyConstraint("account", "session", "role"),
    ForeignKeyConstraint(["account"], ["accounts.id"]),
)

# Where an account is logged in. hash: SHA-256 of the cookie. stage: what is still owed, or that it is over.
account_sessions = Table(
    "account_sessions",
    metadata,
    Column("id", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("account", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    ForeignKeyConstraint(["account"], ["accounts.id"]),
    CheckConstraint("stage in ('code', 'enrol', 'in', 'ended')", name="stage"),
    Index("ix_account_sessions_hash", "hash", unique=True),
    Index("ix_account_sessions_account", "account"),
)

# Which credentials (SHA-256) an account entered sessions with, so that they end with the login they came from.
account_credentials = Table(
    "account_credentials",
    metadata,
    Column("hash", LargeBinary, nullable=False),
    Column("login", Text, nullable=False),
    PrimaryKeyConstraint("hash"),
    ForeignKeyConstraint(["login"], ["account_sessions.id"]),
)

# Guesses at accounts that failed, or are not looked at yet. key: SHA-256 of whose and from where; since: of the first
# that counts, last: of the latest, milliseconds since 1970 UTC.
account_guesses = Table(
    "account_guesses",
    metadata,
    Column("key", LargeBinary, nullable=False),
    Column("count", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    PrimaryKeyConstraint("key"),
)

# The audit trail; a trigger refuses to change or remove a row. id: time in hex, then random.
audit = Table(
    "audit",
    metadata,
    Column("id", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("node", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("session", Text),
    Column("subject", Text, nullable=False),
    Column("data", Text, nullable=False),
    PrimaryKeyConstraint("id"),
    Index("ix_audit_session", "session", "id"),
)

# Who is connected to which node, told anew every few seconds while a node has no quicker way (UNLOGGED in PostgreSQL).
# number: grows with each change. deaf: this node hears nothing but this table. session "": the node itself.
bulletins = Table(
    "bulletins",
    metadata,
    Column("node", Text, nullable=False),
    Column("session", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("deaf", Boolean, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    PrimaryKeyConstraint("node", "session"),
)

# The node whose media worker carries a session. node: of one life of a process, "" = given up; url: where other nodes
# reach it; epoch: how often it changed hands; until: milliseconds since 1970 UTC by the database's clock, 0 = given up.
media_hosts = Table(
    "media_hosts",
    metadata,
    Column("session", Text, nullable=False),
    Column("node", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("until", BigInteger, nullable=False),
    PrimaryKeyConstraint("session"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# The one print of a session's cards that is under way. job: which; until: milliseconds since 1970 UTC by the database's
# clock, when it counts as given up.
prints = Table(
    "prints",
    metadata,
    Column("session", Text, nullable=False),
    Column("job", Text, nullable=False),
    Column("until", BigInteger, nullable=False),
    PrimaryKeyConstraint("session"),
    ForeignKeyConstraint(["session"], ["sessions.id"]),
)

# Keys of the installation, the same for all its nodes, raw bytes: Ed25519, or random ones without a public part.
installation_keys = Table(
    "installation_keys",
    metadata,
    Column("use", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("private", LargeBinary, nullable=False),
    Column("public", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    PrimaryKeyConstraint("use"),
)
