"""Orders that were given with a key, and what they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "orders",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("asked", sa.String(32), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_orders_at", "orders", ["at"])
