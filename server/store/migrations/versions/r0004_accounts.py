"""Accounts of staff, what they may do and where they are logged in; the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

KEPT_SQLITE = (
    "create trigger audit_not_changed before update on audit begin select raise(abort, 'audit is append-only'); end",
    "create trigger audit_not_removed before delete on audit begin select raise(abort, 'audit is append-only'); end",
)
KEPT_POSTGRESQL = (
    "create or replace function audit_kept() returns trigger language plpgsql as"
    " $$ begin raise exception 'audit is append-only'; end $$",
    "create trigger audit_kept before update or delete on audit for each row execute function audit_kept()",
)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("totp", sa.Text, nullable=False),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
        sa.Column("totp_required", sa.Boolean, nullable=False),
        sa.Column("recovery", sa.Text, nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
    )
    op.create_index("ix_accounts_login", "accounts", ["login"], unique=True)
    op.create_table(
        "account_scopes",
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("pass", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("account", "session", "role", name="pk_account_scopes"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_account_scopes_accounts"),
    )
    op.create_table(
        "account_sessions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("begun_at", sa.BigInteger, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account_sessions"),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name="fk_account_sessions_accounts"),
        sa.CheckConstraint("stage in ('code', 'enrol', 'in', 'ended')", name="ck_account_sessions_stage"),
    )
    op.create_index("ix_account_sessions_account", "account_sessions", ["account"])
    op.create_index("ix_account_sessions_hash", "account_sessions", ["hash"], unique=True)
    op.create_table(
        "account_credentials",
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_account_credentials"),
        sa.ForeignKeyConstraint(["login"], ["account_sessions.id"], name="fk_account_credentials_account_sessions"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("session", sa.Text),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_session", "audit", ["session", "id"])
    for statement in KEPT_SQLITE if op.get_bind().dialect.name == "sqlite" else KEPT_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for table in ("audit", "account_credentials", "account_sessions", "account_scopes", "accounts"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop function audit_kept()")
