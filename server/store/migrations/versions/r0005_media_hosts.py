"""The node whose media worker carries a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "media_hosts",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_media_hosts"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_media_hosts_sessions"),
    )


def downgrade() -> None:
    op.drop_table("media_hosts")
