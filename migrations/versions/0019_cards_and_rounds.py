"""Cards of messages; rounds of groups."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0019"
down_revision = "0018"

STANDING = sa.text("drawn_at IS NULL AND cancelled_at IS NULL")
NOT_REPLACED = sa.text("replaced_at IS NULL")


def upgrade() -> None:
    op.add_column("messages", sa.Column("card", JSONB()))
    op.create_table(
        "round_chains",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32), nullable=False),
        sa.Column("genesis", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_round_chains_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_round_chains"),
    )
    op.create_index(
        "ix_round_chains_current",
        "round_chains",
        ["conversation_id", "id"],
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("game", sa.Text(), nullable=False),
        sa.Column("opened_by", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=8), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("chain_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("genesis", sa.LargeBinary(length=32), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("picks", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("root", sa.LargeBinary(length=32)),
        sa.Column("drawn_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_at", sa.DateTime(timezone=True)),
        sa.Column("cancelled_because", sa.Text()),
        sa.Column("seed", sa.LargeBinary(length=32)),
        sa.Column("outcome", JSONB()),
        sa.ForeignKeyConstraint(["chain_id"], ["round_chains.id"], name="fk_rounds_chain_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_rounds_conversation_id"),
        sa.ForeignKeyConstraint(["opened_by"], ["users.id"], name="fk_rounds_opened_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint(
            "conversation_id",
            "opened_by",
            "idempotency_key",
            name="uq_rounds_conversation_id_opened_by_idempotency_key",
        ),
        sa.UniqueConstraint("chain_id", "number", name="uq_rounds_chain_id_number"),
    )
    op.create_index("uq_rounds_open", "rounds", ["chain_id"], unique=True, postgresql_where=STANDING)
    op.create_index("ix_rounds_due", "rounds", ["closes_at"], postgresql_where=STANDING)
    op.create_index("ix_rounds_conversation_id_id", "rounds", ["conversation_id", "id"])
    op.create_table(
        "picks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("round_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("move", JSONB(), nullable=False),
        sa.Column("player", sa.LargeBinary(length=32), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=32)),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True)),
        sa.Column("won", sa.Boolean()),
        sa.Column("prize_cents", sa.BigInteger()),
        sa.Column("outcome", JSONB()),
        sa.Column("place", sa.BigInteger()),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_picks_round_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_picks_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_picks"),
        sa.UniqueConstraint("round_id", "user_id", "idempotency_key", name="uq_picks_round_id_user_id_idempotency_key"),
    )
    op.create_index("uq_picks_standing", "picks", ["round_id", "user_id"], unique=True, postgresql_where=NOT_REPLACED)
    op.create_index("ix_picks_place", "picks", ["round_id", "place", "id"], postgresql_where=NOT_REPLACED)
    op.create_index("ix_picks_user_id_id", "picks", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("picks")
    op.drop_table("rounds")
    op.drop_table("round_chains")
    op.drop_column("messages", "card")
