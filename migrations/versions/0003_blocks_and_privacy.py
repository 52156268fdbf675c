"""Blocks, privacy, and finding people by how their username begins."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "blocks",
        sa.Column("blocker_id", sa.BigInteger(), nullable=False),
        sa.Column("blocked_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("blocker_id <> blocked_id", name=op.f("ck_blocks_two_people")),
        sa.ForeignKeyConstraint(["blocked_id"], ["users.id"], name=op.f("fk_blocks_blocked_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["blocker_id"], ["users.id"], name=op.f("fk_blocks_blocker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("blocker_id", "blocked_id", name=op.f("pk_blocks")),
    )
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"], unique=False)
    op.create_table(
        "privacy",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("direct_chats", sa.Text(), nullable=True),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("receipts", sa.Boolean(), nullable=False),
        sa.Column("typing", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "direct_chats IN ('everyone', 'friends', 'nobody')", name=op.f("ck_privacy_direct_chats_known")
        ),
        sa.CheckConstraint("presence IN ('everyone', 'friends', 'nobody')", name=op.f("ck_privacy_presence_known")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_privacy_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_privacy")),
    )
    op.alter_column("users", "username", type_=sa.String(length=30, collation="C"), existing_nullable=False)


def downgrade() -> None:
    op.alter_column("users", "username", type_=sa.String(length=30), existing_nullable=False)
    op.drop_table("privacy")
    op.drop_index("ix_blocks_blocked_id", table_name="blocks")
    op.drop_table("blocks")
