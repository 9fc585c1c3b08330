"""Which process holds a lease, and which processes are alive."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Forward."""
    for table in ("feeds", "articles", "deliveries"):
        op.add_column(table, sa.Column("leased_by", sa.String(16), nullable=True))
    op.add_column("hosts", sa.Column("busy_by", sa.String(16), nullable=True))
    op.create_table(
        "processes",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
    )
