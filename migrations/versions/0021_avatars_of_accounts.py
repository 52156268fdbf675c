"""An account knows its picture, so that wherever somebody is shown the picture is known with the name."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("users", sa.Column("avatar_id", sa.Uuid()))
    op.execute("UPDATE users SET avatar_id = avatars.file_id FROM avatars WHERE avatars.user_id = users.id")
    op.drop_table("avatars")


def downgrade() -> None:
    op.create_table(
        "avatars",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_avatars_user_id")),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_avatars_file_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_avatars")),
    )
    op.create_index("ix_avatars_file_id", "avatars", ["file_id"])
    op.execute("INSERT INTO avatars SELECT id, avatar_id FROM users WHERE avatar_id IS NOT NULL")
    op.drop_column("users", "avatar_id")
