"""Exports of one's own data, and accounts that are being erased."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LEFT = sa.text("left_at IS NOT NULL")
UNFINISHED = sa.text("finished_at IS NULL")
UNREADY = sa.text("ready_at IS NULL AND failed_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("progress", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_exports_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.UniqueConstraint("user_id", name=op.f("uq_exports_user_id")),
    )
    op.create_index("ix_exports_due", "exports", ["next_attempt_at"], postgresql_where=UNREADY)
    op.create_table(
        "export_chunks",
        sa.Column("export_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["export_id"], ["exports.id"], name=op.f("fk_export_chunks_export_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("export_id", "number", name=op.f("pk_export_chunks")),
    )
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "messages IN ('keep_as_deleted_account', 'delete')", name=op.f("ck_erasures_messages_known")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_erasures_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_due", "erasures", ["next_attempt_at"], postgresql_where=UNFINISHED)
    op.create_index("ix_members_user_id_left", "members", ["user_id"], postgresql_where=LEFT)


def downgrade() -> None:
    op.drop_index("ix_members_user_id_left", table_name="members", postgresql_where=LEFT)
    op.drop_index("ix_erasures_due", table_name="erasures", postgresql_where=UNFINISHED)
    op.drop_table("erasures")
    op.drop_table("export_chunks")
    op.drop_index("ix_exports_due", table_name="exports", postgresql_where=UNREADY)
    op.drop_table("exports")
