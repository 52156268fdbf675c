"""The index of what was said. The workers fill it, with what is there already too."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "search_entries",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tokens", sa.ARRAY(sa.Integer()), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_search_entries"),
    )
    op.create_index("ix_search_entries_tokens", "search_entries", ["tokens"], postgresql_using="gin")
    op.create_table(
        "search_positions",
        sa.Column("conversation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_search_positions"),
    )


def downgrade() -> None:
    op.drop_table("search_positions")
    op.drop_table("search_entries")
