"""Files in messages."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("messages", sa.Column("attachments", JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("messages", "attachments")
