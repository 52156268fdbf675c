"""The index of what was said, and how far it reaches. Both follow from the messages and may be made anew from them.

Neither refers to other tables by a foreign key: each check would lock the conversation's row against those who store
messages. What an entry points to is read with every hit, so an entry that is left over finds nothing.
"""

from datetime import datetime

from sqlalchemy import ARRAY, Index, Integer, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Base


class SearchEntry(Base):
    """One message. It is there once a worker has read the message, and goes with its deletion."""

    __tablename__ = "search_entries"
    __table_args__ = (
        PrimaryKeyConstraint("conversation_id", "seq"),
        Index("ix_search_entries_tokens", "tokens", postgresql_using="gin"),
    )

    conversation_id: Mapped[int]
    seq: Mapped[int]
    sent_at: Mapped[datetime]
    tokens: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    """What is written there, by whom, where and when: see `rules.tokens`."""


class SearchPosition(Base):
    """The number of the last event of a conversation that the index knows of."""

    __tablename__ = "search_positions"

    conversation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
