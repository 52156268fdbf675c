"""Plays of any game: the number becomes a move, and what came of it is kept beside the prize. Epochs of seeds."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("plays", sa.Column("move", JSONB()))
    op.add_column("plays", sa.Column("outcome", JSONB()))
    op.execute("""
        UPDATE plays SET move = jsonb_build_object('number', number),
                         outcome = jsonb_build_object('percent', prize_cents / number)
    """)
    op.alter_column("plays", "move", nullable=False)
    op.alter_column("plays", "outcome", nullable=False)
    op.drop_column("plays", "number")
    op.add_column("plays", sa.Column("proof", JSONB()))
    op.create_index("ix_plays_user_id_game_id", "plays", ["user_id", "game", "id"])
    op.create_index(
        "uq_plays_seed",
        "plays",
        ["user_id", "game", sa.text("((proof ->> 'epoch')::bigint)"), sa.text("((proof ->> 'n')::bigint)")],
        unique=True,
        postgresql_where=sa.text("proof IS NOT NULL"),
    )
    op.create_table(
        "epochs",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("game", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("genesis", sa.LargeBinary(length=32), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("played", sa.BigInteger(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(length=32), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_epochs_user_id")),
        sa.PrimaryKeyConstraint("user_id", "game", "number", name=op.f("pk_epochs")),
    )
    op.create_index(
        "uq_epochs_current",
        "epochs",
        ["user_id", "game"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Plays of other games keep their prize, and get a number that nobody could have played."""
    op.drop_table("epochs")
    op.drop_index("uq_plays_seed", table_name="plays")
    op.drop_index("ix_plays_user_id_game_id", table_name="plays")
    op.drop_column("plays", "proof")
    op.add_column("plays", sa.Column("number", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE plays SET number = (move ->> 'number')::bigint WHERE game = 'number'")
    op.alter_column("plays", "number", server_default=None)
    op.drop_column("plays", "outcome")
    op.drop_column("plays", "move")
