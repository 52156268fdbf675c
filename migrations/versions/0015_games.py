"""Plays of any game: the number becomes a move, and what came of it is kept beside the prize."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0015"
down_revision = "0014"


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


def downgrade() -> None:
    """Plays of other games keep their prize, and get a number that nobody could have played."""
    op.add_column("plays", sa.Column("number", sa.BigInteger(), server_default="0", nullable=False))
    op.execute("UPDATE plays SET number = (move ->> 'number')::bigint WHERE game = 'number'")
    op.alter_column("plays", "number", server_default=None)
    op.drop_column("plays", "outcome")
    op.drop_column("plays", "move")
