"""Lotteries as data, and alerts about draws."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

KNOWN = "cadence ~ '^(daily|weekly:[a-z]+|minutes:[0-9]+)$'"
KNOWN_BEFORE = "cadence IN ('daily', 'minute')"


def upgrade() -> None:
    op.drop_constraint(op.f("ck_lotteries_cadence_known"), "lotteries")
    op.alter_column("lotteries", "cadence", type_=sa.String(length=20))
    op.execute("UPDATE lotteries SET cadence = 'minutes:1' WHERE cadence = 'minute'")
    op.create_check_constraint(op.f("ck_lotteries_cadence_known"), "lotteries", KNOWN)
    op.add_column("lotteries", sa.Column("title", sa.String(length=100)))
    op.add_column("lotteries", sa.Column("fingerprint", sa.LargeBinary(length=32)))
    for table in ("lotteries", "draws"):
        op.add_column(table, sa.Column("ballots_per_user", sa.BigInteger()))
        op.add_column(table, sa.Column("audience", sa.String(length=30), server_default="everyone", nullable=False))
    op.create_check_constraint(op.f("ck_lotteries_ballots_per_user_bounded"), "lotteries", "ballots_per_user > 0")
    op.create_table(
        "draw_alerts",
        sa.Column("draw_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("alerted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_alerts_draw_id")),
        sa.PrimaryKeyConstraint("draw_id", "reason", name=op.f("pk_draw_alerts")),
    )
    op.execute(
        "INSERT INTO draw_alerts (draw_id, reason, alerted_at)"
        " SELECT id, 'failed', alerted_at FROM draws WHERE alerted_at IS NOT NULL"
    )
    op.drop_column("draws", "alerted_at")


def downgrade() -> None:
    op.add_column("draws", sa.Column("alerted_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE draws SET alerted_at = a.alerted_at FROM draw_alerts a"
        " WHERE a.draw_id = draws.id AND a.reason = 'failed'"
    )
    op.drop_table("draw_alerts")
    op.drop_constraint(op.f("ck_lotteries_ballots_per_user_bounded"), "lotteries")
    for table in ("lotteries", "draws"):
        op.drop_column(table, "audience")
        op.drop_column(table, "ballots_per_user")
    op.drop_column("lotteries", "fingerprint")
    op.drop_column("lotteries", "title")
    op.drop_constraint(op.f("ck_lotteries_cadence_known"), "lotteries")
    op.execute("UPDATE lotteries SET cadence = 'minute' WHERE cadence = 'minutes:1'")
    # Refused while there are lotteries that the revision before cannot hold draws of.
    op.create_check_constraint(op.f("ck_lotteries_cadence_known"), "lotteries", KNOWN_BEFORE)
    op.alter_column("lotteries", "cadence", type_=sa.String(length=10))
