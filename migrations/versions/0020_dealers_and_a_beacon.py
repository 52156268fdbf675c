"""Dealers, a public beacon, and the level of each draw."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

HASH = sa.LargeBinary(32)
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "dealers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lottery_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("public_key", HASH, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("removed_at", TIME),
        sa.ForeignKeyConstraint(["lottery_id"], ["lotteries.id"], name=op.f("fk_dealers_lottery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dealers")),
        sa.UniqueConstraint("lottery_id", "name", name=op.f("uq_dealers_lottery_id_name")),
    )
    op.create_table(
        "dealer_commitments",
        sa.Column("dealer_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("commitment", HASH, nullable=False),
        sa.Column("signature", sa.LargeBinary(64), nullable=False),
        sa.Column("committed_at", TIME, nullable=False),
        sa.Column("place", sa.SmallInteger()),
        sa.Column("secret", HASH),
        sa.Column("revealed_at", TIME),
        sa.ForeignKeyConstraint(["dealer_id"], ["dealers.id"], name=op.f("fk_dealer_commitments_dealer_id")),
        sa.PrimaryKeyConstraint("dealer_id", "number", name=op.f("pk_dealer_commitments")),
    )
    op.create_table(
        "beacon_signatures",
        sa.Column("round", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("signature", sa.LargeBinary(48), nullable=False),
        sa.Column("came_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_beacon_signatures")),
    )
    op.add_column("lotteries", sa.Column("beacon_margin", sa.BigInteger()))
    op.add_column("draws", sa.Column("level", sa.SmallInteger()))
    op.add_column("draws", sa.Column("beacon_round", sa.BigInteger()))
    op.execute("UPDATE draws SET level = 0 WHERE open_id IS NOT NULL")


def downgrade() -> None:
    """Refused while there are draws that only this revision can hold."""
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT FROM draws WHERE level > 0 AND drawn_at IS NULL AND voided_at IS NULL) "
        "THEN RAISE 'hold or void the draws that wait for dealers or a beacon first'; END IF; END $$"
    )
    op.drop_column("draws", "beacon_round")
    op.drop_column("draws", "level")
    op.drop_column("lotteries", "beacon_margin")
    for table in ("beacon_signatures", "dealer_commitments", "dealers"):
        op.drop_table(table)
