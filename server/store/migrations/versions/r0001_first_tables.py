"""The first tables: sessions, their journal and answers, ballots with roll and box, passes, credentials, keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    journal()
    ballots()
    votes()
    entrance()


def journal() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("head", sa.Integer, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "journal",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "seq", name="pk_journal"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_journal_sessions"),
        sa.CheckConstraint("seq > 0", name=op.f("ck_journal_seq")),
    )
    op.create_table(
        "answers",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "actor", "key", name="pk_answers"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_answers_sessions"),
    )


def ballots() -> None:
    op.create_table(
        "ballots",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("secret", sa.Boolean, nullable=False),
        sa.Column("proof", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ballots"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_ballots_sessions"),
        sa.CheckConstraint("state in ('open', 'closed', 'void')", name=op.f("ck_ballots_state")),
    )


def votes() -> None:
    op.create_table(
        "roll",
        sa.Column("ballot", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ballot", "seat", name="pk_roll"),
        sa.ForeignKeyConstraint(["ballot"], ["ballots.id"], name="fk_roll_ballots"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "box",
        sa.Column("ballot", sa.Text, nullable=False),
        sa.Column("tracker", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ballot", "tracker", name="pk_box"),
        sa.ForeignKeyConstraint(["ballot"], ["ballots.id"], name="fk_box_ballots"),
        sa.CheckConstraint("length(tracker) = 32", name=op.f("ck_box_tracker")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "open_votes",
        sa.Column("ballot", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("ballot", "seat", name="pk_open_votes"),
        sa.ForeignKeyConstraint(["ballot"], ["ballots.id"], name="fk_open_votes_ballots"),
        sqlite_with_rowid=False,
    )


def entrance() -> None:
    op.create_table(
        "passes",
        sa.Column("token_hash", sa.LargeBinary, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("pass", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_passes"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_passes_sessions"),
    )
    op.create_index("ix_passes_session_pass", "passes", ["session", "pass"])
    op.create_table(
        "credentials",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("pass", sa.Text, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_credentials"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_credentials_sessions"),
    )
    op.create_index("ix_credentials_expires_at", "credentials", ["expires_at"])
    op.create_table(
        "installation_keys",
        sa.Column("use", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("private", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("use", name="pk_installation_keys"),
    )


def downgrade() -> None:
    """There is nothing before the first tables; going back means restoring a backup."""
    raise RuntimeError("the first tables are not taken back: restore a backup instead")
