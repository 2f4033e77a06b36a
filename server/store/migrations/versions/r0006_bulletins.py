"""What each node tells the others about who is connected to it, for when they cannot tell each other quicker."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "bulletins",
        sa.Column("node", sa.Text, nullable=False),
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("deaf", sa.Boolean, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("node", "session", name="pk_bulletins"),
    )
    if op.get_bind().dialect.name == "postgresql":
        # What it holds is seconds old at most: no log to write, nothing to keep after a crash.
        op.execute("alter table bulletins set unlogged")


def downgrade() -> None:
    op.drop_table("bulletins")
