"""Pictures of groups."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("picture_id", sa.Uuid()))
    op.create_foreign_key(
        "fk_conversations_picture_id", "conversations", "files", ["picture_id"], ["id"], ondelete="SET NULL"
    )


def downgrade() -> None:
    op.drop_column("conversations", "picture_id")
