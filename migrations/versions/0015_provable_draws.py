"""Provable draws: seed chains, ballots with tags, and the public log."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

HASH = sa.LargeBinary(32)
TIME = sa.DateTime(timezone=True)

# Draws that are open when this runs become provable with the ballots that they have: each user gets a salt for each,
# and each ballot a nonce. PostgreSQL brings no source of 32 random bytes; two UUIDs hold 244 random bits.
RANDOM = "uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())"
SALTS = f"""
    INSERT INTO ballot_salts (draw_id, user_id, salt)
    SELECT draw_id, user_id, {RANDOM}
    FROM (SELECT DISTINCT draw_id, user_id FROM ballots WHERE user_id IS NOT NULL) AS held
"""
TAGS = f"""
    UPDATE ballots SET nonce = {RANDOM}, user_tag = coalesce(
        (SELECT sha256('fairdraw/1/user'::bytea || '\\x00'::bytea || salt || int8send(s.user_id)) FROM ballot_salts s
         WHERE s.draw_id = ballots.draw_id AND s.user_id = ballots.user_id), {RANDOM})
"""

UNFINISHED = sa.text("drawn_at IS NULL AND voided_at IS NULL")

REFUSE_CHANGE = """
    CREATE FUNCTION refuse_change_of_log() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The log is only ever added to.' USING ERRCODE = 'insufficient_privilege';
    END $$
"""
GUARDS = [
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_log()"
    for table in ("log_records", "checkpoints")
]


def upgrade() -> None:
    op.create_table(
        "seed_chains",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("lottery_id", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("commitment", HASH, nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["lottery_id"], ["lotteries.id"], name=op.f("fk_seed_chains_lottery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seed_chains")),
        sa.UniqueConstraint("lottery_id", "generation", name=op.f("uq_seed_chains_lottery_id_generation")),
    )
    op.create_table(
        "ballot_salts",
        sa.Column("draw_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("salt", HASH, nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_ballot_salts_draw_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_ballot_salts_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("draw_id", "user_id", name=op.f("pk_ballot_salts")),
    )
    op.create_index(op.f("ix_ballot_salts_user_id"), "ballot_salts", ["user_id"])
    op.create_table(
        "log_records",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("lottery_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("logged_at", TIME, server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["lottery_id"], ["lotteries.id"], name=op.f("fk_log_records_lottery_id")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_records")),
    )
    op.create_index(
        "uq_log_records_of_draw",
        "log_records",
        ["lottery_id", "number", "kind"],
        unique=True,
        postgresql_where=sa.text("kind NOT IN ('genesis', 'rekey')"),
    )
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "tree_nodes",
        sa.Column("tree", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", HASH, nullable=False),
        sa.PrimaryKeyConstraint("tree", "level", "place", name=op.f("pk_tree_nodes")),
    )
    op.execute(REFUSE_CHANGE)
    for guard in GUARDS:
        op.execute(guard)

    op.add_column("draws", sa.Column("zone", sa.String(length=50)))
    op.execute("UPDATE draws SET zone = lotteries.zone FROM lotteries WHERE lotteries.id = draws.lottery_id")
    op.alter_column("draws", "zone", nullable=False)
    for column in ("open_id", "root", "close_id"):
        op.add_column("draws", sa.Column(column, HASH))
    for column in ("frozen_at", "voided_at"):
        op.add_column("draws", sa.Column(column, TIME))
    op.execute("UPDATE draws SET frozen_at = drawn_at")
    op.drop_index("ix_draws_undrawn", "draws")
    op.create_index("ix_draws_unfinished", "draws", ["lottery_id", "number"], postgresql_where=UNFINISHED)

    op.add_column("ballots", sa.Column("user_tag", HASH))
    op.add_column("ballots", sa.Column("nonce", HASH))
    op.execute(SALTS)
    op.execute(TAGS)
    op.alter_column("ballots", "user_tag", nullable=False)
    op.alter_column("ballots", "nonce", nullable=False)
    op.add_column("ballot_submissions", sa.Column("nonces", sa.LargeBinary()))
    op.add_column("winners", sa.Column("named", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("winners", "named")
    op.drop_column("ballot_submissions", "nonces")
    op.drop_column("ballots", "nonce")
    op.drop_column("ballots", "user_tag")
    op.drop_index("ix_draws_unfinished", "draws")
    op.create_index("ix_draws_undrawn", "draws", ["closes_at"], postgresql_where=sa.text("drawn_at IS NULL"))
    for column in ("voided_at", "frozen_at", "close_id", "root", "open_id", "zone"):
        op.drop_column("draws", column)
    for table in ("tree_nodes", "checkpoints", "log_records", "ballot_salts", "seed_chains"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change_of_log")
