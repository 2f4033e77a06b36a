"""People: who sits on which seat, and who looked at that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("seat", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("age", sa.Integer),
        sa.Column("sex", sa.Text, nullable=False),
        sa.Column("disability", sa.Boolean),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("nip", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "seat", name="pk_people"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_people_sessions"),
    )
    op.create_table(
        "people_access",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("minute", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("session", "minute", "actor", "purpose", name="pk_people_access"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_people_access_sessions"),
    )


def downgrade() -> None:
    op.drop_table("people_access")
    op.drop_table("people")
