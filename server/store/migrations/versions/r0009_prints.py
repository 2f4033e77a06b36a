"""The one print of a session that is under way, over all nodes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "prints",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("session", name="pk_prints"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_prints_sessions"),
    )


def downgrade() -> None:
    op.drop_table("prints")
