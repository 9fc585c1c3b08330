"""What joined is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Forward."""
    where = sa.text("state = 'joined'")
    op.create_index("ix_articles_joined", "articles", ["first_seen_at"], sqlite_where=where, postgresql_where=where)
