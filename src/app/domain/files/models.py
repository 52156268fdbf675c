"""Files."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class File(Base):
    """What was uploaded, or for an image, what was made of it. The bytes are in the store, under `key`."""

    __tablename__ = "files"
    __table_args__ = (
        UniqueConstraint("owner_id", "client_id"),
        Index("ix_files_owner_id_id", "owner_id", "id"),
        Index("ix_files_conversation_id_message_id", "conversation_id", "message_id"),
        Index("ix_files_unattached", "created_at", postgresql_where=text("attached_as IS NULL")),
        Index("ix_files_released", "released_at", postgresql_where=text("released_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, server_default=text("uuidv7()"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    client_id: Mapped[str | None] = mapped_column(Text)
    """Taken away once the file is released, so that the name is free again."""
    sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Of the bytes as they came, to tell a resend from another file under the same name."""
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int]
    """Of the bytes as they are kept."""
    width: Mapped[int | None]
    height: Mapped[int | None]
    thumbnail_size: Mapped[int | None]
    """Of the thumbnail, which every image has and nothing else."""
    footprint: Mapped[int]
    """What it counts in its owner's quota, in bytes."""
    key: Mapped[str] = mapped_column(Text, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    attached_as: Mapped[str | None] = mapped_column(Text)
    """`message`, or `avatar`, which everybody may see. An upload that is neither is collected after a day."""
    conversation_id: Mapped[int | None]
    """Whose message has it, or whose avatar it is; None for a person's avatar. Conversations know of files, files not
    of conversations: there is no foreign key."""
    message_id: Mapped[int | None]
    place: Mapped[int | None]
    """Among the files of its message, from 0."""
    released_at: Mapped[datetime | None]
    """When its message was deleted or its avatar replaced. Unreachable since, and soon collected."""
