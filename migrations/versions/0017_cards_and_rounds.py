"""Cards of messages; rounds of groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    op.add_column("messages", sa.Column("card", JSONB()))


def downgrade() -> None:
    op.drop_column("messages", "card")
