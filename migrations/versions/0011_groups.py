"""Groups: topics, bans, invite links, muting, retention, an end."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("conversations", sa.Column("topic", sa.Text()))
    op.add_column(
        "conversations", sa.Column("members_may_invite", sa.Boolean(), server_default=sa.true(), nullable=False)
    )
    op.add_column("conversations", sa.Column("retention_days", sa.BigInteger()))
    op.add_column(
        "conversations", sa.Column("forgotten_until", sa.BigInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("conversations", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_conversations_public",
        "conversations",
        ["id"],
        postgresql_where=sa.text("joinable AND ended_at IS NULL"),
    )
    op.add_column("members", sa.Column("muted_until", sa.DateTime(timezone=True)))
    op.create_index(
        "ix_members_order",
        "members",
        ["conversation_id", "joined_at", "user_id"],
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_table(
        "bans",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("banned_by", sa.BigInteger(), nullable=False),
        sa.Column("banned_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["banned_by"], ["users.id"], name="fk_bans_banned_by"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_bans_conversation_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_bans_user_id"),
        sa.PrimaryKeyConstraint("conversation_id", "user_id", name="pk_bans"),
    )
    op.create_table(
        "invites",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("max_uses", sa.BigInteger()),
        sa.Column("uses", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_invites_conversation_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_invites_created_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invites"),
        sa.UniqueConstraint("digest", name="uq_invites_digest"),
    )
    op.create_index("ix_invites_conversation_id", "invites", ["conversation_id"])
    mend_roles()


def mend_roles() -> None:
    """Until now an owner who left stayed it, and nobody followed; a group that all have left was still there."""
    op.execute("UPDATE members SET role = 'member' WHERE left_at IS NOT NULL")
    op.execute("""
        UPDATE members SET role = 'owner'
        FROM (
            SELECT DISTINCT ON (conversation_id) conversation_id, user_id
            FROM members JOIN conversations c ON c.id = conversation_id AND c.kind = 'group'
            WHERE left_at IS NULL ORDER BY conversation_id, role = 'owner' DESC, joined_at, user_id
        ) AS first
        WHERE members.conversation_id = first.conversation_id AND members.user_id = first.user_id
    """)
    op.execute("""
        UPDATE conversations c SET ended_at = now(), joinable = false
        WHERE kind = 'group'
          AND NOT EXISTS (SELECT FROM members WHERE conversation_id = c.id AND left_at IS NULL)
    """)


def downgrade() -> None:
    op.drop_table("invites")
    op.drop_table("bans")
    op.drop_index("ix_members_order", "members")
    op.drop_column("members", "muted_until")
    op.drop_index("ix_conversations_public", "conversations")
    for column in ("ended_at", "forgotten_until", "retention_days", "members_may_invite", "topic"):
        op.drop_column("conversations", column)
