"""Edits, deletions, reactions, replies and mentions."""

from hashlib import blake2b

import msgspec
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"

ROWS_AT_ONCE = 10_000


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=8), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("mentions", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_changes_actor_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_changes_conversation_id"),
        sa.PrimaryKeyConstraint("conversation_id", "seq", name="pk_changes"),
        sa.UniqueConstraint(
            "conversation_id", "actor_id", "client_id", name="uq_changes_conversation_id_actor_id_client_id"
        ),
    )
    op.create_index("ix_changes_conversation_id_message_id", "changes", ["conversation_id", "message_id"])
    op.add_column("messages", sa.Column("fingerprint", sa.LargeBinary(length=8)))
    op.add_column("messages", sa.Column("kind", sa.Text()))
    op.add_column("messages", sa.Column("subject_id", sa.BigInteger()))
    op.add_column("messages", sa.Column("reply_to", sa.BigInteger()))
    op.add_column("messages", sa.Column("mentions", sa.ARRAY(sa.BigInteger()), server_default="{}", nullable=False))
    op.add_column("messages", sa.Column("reactions", JSONB(), server_default="{}", nullable=False))
    op.add_column("messages", sa.Column("edited_at", sa.DateTime(timezone=True)))
    op.add_column("messages", sa.Column("deleted_at", sa.DateTime(timezone=True)))
    op.create_foreign_key("fk_messages_subject_id", "messages", "users", ["subject_id"], ["id"])
    take_fingerprints(op.get_bind())
    op.alter_column("messages", "fingerprint", nullable=False)


def take_fingerprints(connection: sa.Connection) -> None:
    """Of what is stored already, as the ledger takes them, so that resends from before are still recognised."""
    unmarked = sa.text(
        "SELECT conversation_id, seq, sender_id, client_id, content FROM messages WHERE fingerprint IS NULL LIMIT :rows"
    )
    mark = sa.text("UPDATE messages SET fingerprint = :mark WHERE conversation_id = :conversation AND seq = :seq")
    while rows := connection.execute(unmarked, {"rows": ROWS_AT_ONCE}).all():
        connection.execute(
            mark,
            [
                {
                    "conversation": row.conversation_id,
                    "seq": row.seq,
                    "mark": fingerprint(row.conversation_id, row.sender_id, row.client_id, row.content),
                }
                for row in rows
            ],
        )


def fingerprint(conversation_id: int, sender_id: int, client_id: str, content: str) -> bytes:
    entry = ("send", conversation_id, sender_id, client_id, content, None, [])
    return blake2b(msgspec.msgpack.encode(entry), digest_size=8).digest()


def downgrade() -> None:
    for column in (
        "deleted_at",
        "edited_at",
        "reactions",
        "mentions",
        "reply_to",
        "subject_id",
        "kind",
        "fingerprint",
    ):
        op.drop_column("messages", column)
    op.drop_table("changes")
