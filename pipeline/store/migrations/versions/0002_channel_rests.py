"""Why a channel sends nothing for now."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Forward."""
    op.add_column("channels", sa.Column("rest_reason", sa.Text(), server_default="", nullable=False))
