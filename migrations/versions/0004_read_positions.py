"""How far each member has read."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("members", sa.Column("last_read_seq", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("members", sa.Column("read_at", sa.DateTime(timezone=True)))
    # What is there when positions begin counts as read: nobody wants to come back to years of unread messages.
    op.execute("UPDATE members SET last_read_seq = c.last_seq FROM conversations c WHERE c.id = conversation_id")
    op.create_index(
        "ix_messages_with_mentions",
        "messages",
        ["conversation_id", "seq"],
        postgresql_where=sa.text("mentions <> '{}'"),
    )


def downgrade() -> None:
    op.drop_index("ix_messages_with_mentions", table_name="messages", postgresql_where=sa.text("mentions <> '{}'"))
    op.drop_column("members", "read_at")
    op.drop_column("members", "last_read_seq")
