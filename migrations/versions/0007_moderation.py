"""Reports, suspensions, roles, and the audit log."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"

REFUSE_CHANGE = """
    CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'The audit log is only ever added to.' USING ERRCODE = 'insufficient_privilege';
    END $$
"""
GUARD_AUDIT = """
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit()
"""


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("address", sa.String(length=64), nullable=True),
        sa.Column("action", sa.String(length=50), nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("details", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_entries_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index("ix_audit_entries_actor_id_id", "audit_entries", ["actor_id", "id"], unique=False)
    op.create_index(
        "ix_audit_entries_subject_kind_subject_id_id",
        "audit_entries",
        ["subject_kind", "subject_id", "id"],
        unique=False,
    )
    op.execute(REFUSE_CHANGE)
    op.execute(GUARD_AUDIT)
    op.create_table(
        "report_resolutions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("moderator_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["moderator_id"], ["users.id"], name=op.f("fk_report_resolutions_moderator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_resolutions")),
    )
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("reporter_id", sa.BigInteger(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reported_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("evidence", JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("resolution_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'message') = (conversation_id IS NOT NULL AND message_id IS NOT NULL)",
            name=op.f("ck_reports_kind_has_its_place"),
        ),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_reports_conversation_id")),
        sa.ForeignKeyConstraint(["reported_id"], ["users.id"], name=op.f("fk_reports_reported_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["users.id"], name=op.f("fk_reports_reporter_id")),
        sa.ForeignKeyConstraint(["resolution_id"], ["report_resolutions.id"], name=op.f("fk_reports_resolution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(
        "ix_reports_open_id", "reports", ["id"], unique=False, postgresql_where=sa.text("resolution_id IS NULL")
    )
    op.create_index("ix_reports_reported_id_id", "reports", ["reported_id", "id"], unique=False)
    op.create_index("ix_reports_reporter_id_id", "reports", ["reporter_id", "id"], unique=False)
    op.create_index("ix_reports_resolution_id", "reports", ["resolution_id"], unique=False)
    op.create_index(
        "uq_reports_open",
        "reports",
        ["reporter_id", "reported_id", "conversation_id", "message_id"],
        unique=True,
        postgresql_where=sa.text("resolution_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index("uq_reports_reporter_id_client_id", "reports", ["reporter_id", "client_id"], unique=True)
    op.add_column("users", sa.Column("is_moderator", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("users", sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("suspended_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("users", sa.Column("suspension_reason", sa.String(length=500), nullable=True))
    op.create_index(
        "ix_users_suspended_at",
        "users",
        ["suspended_at"],
        unique=False,
        postgresql_where=sa.text("suspended_until IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_users_suspended_at", table_name="users", postgresql_where=sa.text("suspended_until IS NOT NULL"))
    op.drop_column("users", "suspension_reason")
    op.drop_column("users", "suspended_until")
    op.drop_column("users", "suspended_at")
    op.drop_column("users", "is_moderator")
    op.drop_index("uq_reports_reporter_id_client_id", table_name="reports")
    op.drop_index(
        "uq_reports_open",
        table_name="reports",
        postgresql_where=sa.text("resolution_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.drop_index("ix_reports_resolution_id", table_name="reports")
    op.drop_index("ix_reports_reporter_id_id", table_name="reports")
    op.drop_index("ix_reports_reported_id_id", table_name="reports")
    op.drop_index("ix_reports_open_id", table_name="reports", postgresql_where=sa.text("resolution_id IS NULL"))
    op.drop_table("reports")
    op.drop_table("report_resolutions")
    op.drop_index("ix_audit_entries_subject_kind_subject_id_id", table_name="audit_entries")
    op.drop_index("ix_audit_entries_actor_id_id", table_name="audit_entries")
    op.drop_table("audit_entries")
    op.execute("DROP FUNCTION refuse_change_of_audit")
