"""Storing messages in batches, and reading them back. Written in SQL: these are the hot statements of the server."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ARRAY, BigInteger, DateTime, Row, Text, bindparam, text

from app.domain.chat.models import Message
from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas import Draft, MessageFrame
from app.errors import IdempotencyConflict
from app.inbox.drain import Outcome

encode = msgspec.json.Encoder().encode
decode_draft = msgspec.msgpack.Decoder(Draft).decode

# The rows that numbers come from are locked, so that commit order is number order even against a writer outside the
# inbox. An entry whose conversation is unknown has no row here and is refused as an outsider's.
survey = text("""
    SELECT draft.place, c.last_seq, u.username, stored.seq, stored.content, stored.sent_at
    FROM unnest(:conversations, :senders, :clients) WITH ORDINALITY
         AS draft (conversation_id, sender_id, client_id, place)
    JOIN conversations c ON c.id = draft.conversation_id
    JOIN users u ON u.id = draft.sender_id
    JOIN members m ON m.conversation_id = c.id AND m.user_id = u.id AND m.left_at IS NULL
    LEFT JOIN messages stored
           ON stored.conversation_id = c.id AND stored.sender_id = u.id AND stored.client_id = draft.client_id
    FOR UPDATE OF c
""").bindparams(
    bindparam("conversations", type_=ARRAY(BigInteger)),
    bindparam("senders", type_=ARRAY(BigInteger)),
    bindparam("clients", type_=ARRAY(Text)),
)

insert = text("""
    WITH numbered AS (
        SELECT * FROM unnest(:conversations, :seqs, :senders, :clients, :contents, :times)
               AS n (conversation_id, seq, sender_id, client_id, content, sent_at)
    ), stored AS (
        INSERT INTO messages (conversation_id, seq, sender_id, client_id, content, sent_at)
        SELECT conversation_id, seq, sender_id, client_id, content, sent_at FROM numbered
    )
    UPDATE conversations c SET last_seq = newest.seq, last_activity_at = newest.sent_at
    FROM (SELECT conversation_id, max(seq) AS seq, max(sent_at) AS sent_at FROM numbered GROUP BY 1) AS newest
    WHERE c.id = newest.conversation_id
""").bindparams(
    bindparam("conversations", type_=ARRAY(BigInteger)),
    bindparam("seqs", type_=ARRAY(BigInteger)),
    bindparam("senders", type_=ARRAY(BigInteger)),
    bindparam("clients", type_=ARRAY(Text)),
    bindparam("contents", type_=ARRAY(Text)),
    bindparam("times", type_=ARRAY(DateTime(timezone=True))),
)

COLUMNS = "m.seq, m.content, m.sender_id, u.username, m.sent_at, m.conversation_id, m.client_id"

page_after = text(f"""
    SELECT {COLUMNS} FROM messages m JOIN users u ON u.id = m.sender_id
    WHERE m.conversation_id = :conversation_id AND m.seq > :after ORDER BY m.seq LIMIT :limit
""")

page_before = text(f"""
    SELECT {COLUMNS} FROM messages m JOIN users u ON u.id = m.sender_id
    WHERE m.conversation_id = :conversation_id AND m.seq < :before ORDER BY m.seq DESC LIMIT :limit
""")

newest = text(f"""
    SELECT {COLUMNS} FROM conversations c
    JOIN messages m ON m.conversation_id = c.id AND m.seq = c.last_seq
    JOIN users u ON u.id = m.sender_id
    WHERE c.id = ANY(:ids)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))

last_numbers = text("SELECT id, last_seq FROM conversations WHERE id = ANY(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(BigInteger))
)


def as_frame(row: Row[Any]) -> MessageFrame:
    return MessageFrame(
        row.seq, row.content, row.sender_id, row.username, row.sent_at, row.conversation_id, row.client_id
    )


class Messages(SQLAlchemyAsyncRepositoryService[Message]):
    class Repo(SQLAlchemyAsyncRepository[Message]):
        model_type = Message

    repository_type = Repo

    async def record(self, entries: Sequence[bytes]) -> list[Outcome[MessageFrame]]:
        """Store drafts in their order, each numbered one above the last in its conversation.

        A draft stored before, or earlier in the same batch, is answered with the message that it made then; with
        another text it is an IdempotencyConflict. A sender who is not, or no longer, a member is refused.
        """
        batch = Batch([decode_draft(entry) for entry in entries])
        rows = await self.repository.session.execute(
            survey,
            {
                "conversations": [draft.conversation_id for draft in batch.drafts],
                "senders": [draft.sender_id for draft in batch.drafts],
                "clients": [draft.client_id for draft in batch.drafts],
            },
        )
        outcomes = batch.number({row.place: row for row in rows}, datetime.now(UTC))
        if batch.fresh:
            await self._insert(list(batch.fresh.values()))
        return outcomes

    async def _insert(self, fresh: Sequence[MessageFrame]) -> None:
        await self.repository.session.execute(
            insert,
            {
                "conversations": [message.conversation_id for message in fresh],
                "seqs": [message.message_id for message in fresh],
                "senders": [message.sender_id for message in fresh],
                "clients": [message.client_id for message in fresh],
                "contents": [message.message for message in fresh],
                "times": [message.timestamp for message in fresh],
            },
        )

    async def after(self, conversation_id: int, number: int, limit: int) -> list[MessageFrame]:
        """The messages that follow a number, oldest first."""
        parameters = {"conversation_id": conversation_id, "after": number, "limit": limit}
        return [as_frame(row) for row in await self.repository.session.execute(page_after, parameters)]

    async def before(self, conversation_id: int, number: int, limit: int) -> list[MessageFrame]:
        """The messages that come before a number, also oldest first."""
        parameters = {"conversation_id": conversation_id, "before": number, "limit": limit}
        rows = (await self.repository.session.execute(page_before, parameters)).all()
        return [as_frame(row) for row in reversed(rows)]

    async def newest(self, conversation_ids: Collection[int]) -> dict[int, MessageFrame]:
        """The last message of each conversation that has one."""
        rows = await self.repository.session.execute(newest, {"ids": list(conversation_ids)})
        return {row.conversation_id: as_frame(row) for row in rows}

    async def last_numbers(self, conversation_ids: Collection[int]) -> dict[int, int]:
        rows = await self.repository.session.execute(last_numbers, {"ids": list(conversation_ids)})
        return {row.id: row.last_seq for row in rows}


class Batch:
    """Drafts that are stored together: which of them are new, and the number each gets."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self.drafts = drafts
        self.fresh: dict[tuple[int, int, str], MessageFrame] = {}
        self._last: dict[int, int] = {}

    def number(self, known: dict[int, Row[Any]], now: datetime) -> list[Outcome[MessageFrame]]:
        """`known` holds a row of the survey for each place, from 1, whose sender is a member."""
        return [self._outcome(draft, known.get(place), now) for place, draft in enumerate(self.drafts, start=1)]

    def _outcome(self, draft: Draft, row: Row[Any] | None, now: datetime) -> Outcome[MessageFrame]:
        if row is None:
            return Outcome(refusal=NotAMember())
        key = (draft.conversation_id, draft.sender_id, draft.client_id)
        message = self.fresh.get(key) or self._stored(draft, row) or self._next(draft, row, now)
        if message.message != draft.content:
            return Outcome(refusal=IdempotencyConflict())
        return Outcome(reply=encode(message), fact=message)

    def _stored(self, draft: Draft, row: Row[Any]) -> MessageFrame | None:
        if row.seq is None:
            return None
        return MessageFrame(
            row.seq, row.content, draft.sender_id, row.username, row.sent_at, draft.conversation_id, draft.client_id
        )

    def _next(self, draft: Draft, row: Row[Any], now: datetime) -> MessageFrame:
        number = self._last.get(draft.conversation_id, row.last_seq) + 1
        self._last[draft.conversation_id] = number
        message = MessageFrame(
            number, draft.content, draft.sender_id, row.username, now, draft.conversation_id, draft.client_id
        )
        self.fresh[draft.conversation_id, draft.sender_id, draft.client_id] = message
        return message
