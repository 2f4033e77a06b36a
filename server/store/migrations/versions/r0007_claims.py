"""Which device holds a card with a vote, the hidden PINs of such cards, and credentials that know their claim."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("pass", sa.Text, nullable=False),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("session", "pass", name="pk_claims"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_claims_sessions"),
    )
    op.create_table(
        "pins",
        sa.Column("session", sa.Text, nullable=False),
        sa.Column("pass", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("session", "pass", name="pk_pins"),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_pins_sessions"),
    )
    # Credentials from before are of the first claim: they go on until their card moves.
    op.add_column("credentials", sa.Column("claim", sa.Integer, nullable=False, server_default="1"))
    op.add_column("credentials", sa.Column("kiosk", sa.Text))


def downgrade() -> None:
    op.drop_column("credentials", "kiosk")
    op.drop_column("credentials", "claim")
    op.drop_table("pins")
    op.drop_table("claims")
