"""An index that finds the conversations which two people share."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PRESENT = sa.text("left_at IS NULL")


def upgrade() -> None:
    op.drop_index("ix_members_user_id", table_name="members", postgresql_where=PRESENT)
    op.create_index("ix_members_user_id", "members", ["user_id", "conversation_id"], postgresql_where=PRESENT)


def downgrade() -> None:
    op.drop_index("ix_members_user_id", table_name="members", postgresql_where=PRESENT)
    op.create_index("ix_members_user_id", "members", ["user_id"], postgresql_where=PRESENT)
