"""The first tables."""

from alembic import op

from pipeline.store.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Forward."""
    metadata.create_all(op.get_bind())
