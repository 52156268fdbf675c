"""Storing what is said in batches, and reading it back."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import CursorResult, Row, TextClause
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.chat.models import Message
from app.domain.chat.rules import NoSuchMessage, names_mentioned
from app.domain.chat.schemas.entries import Draft, Edit, Entry, Removal
from app.domain.chat.schemas.events import EventFrame, MessageFrame
from app.domain.chat.services import statements as sql
from app.domain.chat.services.ledger import Known, Ledger, number_of, outcome_or_refusal
from app.domain.chat.services.rows import as_change, as_message, rows_of_changed, rows_of_changes, rows_of_messages
from app.domain.files.schemas import Attachment
from app.domain.files.services.files import Claim, Files
from app.errors import AppError
from app.inbox.batches import Outcome

encode = msgspec.json.Encoder().encode
decode_entry = msgspec.msgpack.Decoder(Entry).decode


class Messages(SQLAlchemyAsyncRepositoryService[Message]):
    class Repo(SQLAlchemyAsyncRepository[Message]):
        model_type = Message

    repository_type = Repo

    @property
    def _session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def record(self, entries: Sequence[bytes]) -> list[Outcome[EventFrame]]:
        """Store entries in their order, each numbered one above the last event of its conversation.

        An entry stored before, or earlier in the same batch, is answered with what it made then; with another content
        it is an IdempotencyConflict. Someone who is not, or no longer, a member is refused.
        """
        results = await self._take([decode_entry(entry) for entry in entries])
        return [
            Outcome(refusal=one) if isinstance(one, AppError) else Outcome(reply=encode(one), fact=one)
            for one in results
        ]

    async def remove(self, conversation_id: int, message_id: int, moderator_id: int) -> EventFrame | None:
        """Delete a message for everyone, for a moderator; None when it is gone already.

        In the caller's transaction and past the inbox, so that it is stored with the decision that it carries out, or
        not at all. `announce` it after the commit.
        """
        name = f"removal of {message_id}"  # With spaces, as no client's id has any.
        [event] = await self._take([Removal(conversation_id, moderator_id, name, message_id)])
        if isinstance(event, NoSuchMessage):
            return None
        if isinstance(event, AppError):
            raise event
        return event

    async def _take(self, batch: Sequence[Entry]) -> list[EventFrame | AppError]:
        known = await self._survey(batch)
        ledger = Ledger(datetime.now(UTC))
        results = [outcome_or_refusal(ledger, entry, one) for entry, one in zip(batch, known, strict=True)]
        await self.write(ledger)
        return results

    async def _survey(self, batch: Sequence[Entry]) -> list[Known | None]:
        """What the database knows about each entry, in a query for all; two or three more if some are changes."""
        keys = {
            "conversations": [entry.conversation_id for entry in batch],
            "senders": [entry.sender_id for entry in batch],
            "clients": [entry.client_id for entry in batch],
        }
        rows = await self._look(keys)
        changes = [entry for entry in batch if not isinstance(entry, Draft)]
        made = {row.place: row for row in await self._execute(sql.changes_made, keys)} if changes else {}
        targets = await self._targets(batch)
        mentions = await self._mentions(batch)
        files = await self._files(batch)
        known: list[Known | None] = []
        for place, entry in enumerate(batch, start=1):
            row = rows.get(place)
            if row is None:
                known.append(None)
                continue
            earlier = row if isinstance(entry, Draft) and row.seq is not None else made.get(place)
            known.append(
                Known(
                    last_seq=row.last_seq,
                    username=row.actor,
                    role=row.role,
                    muted_until=row.muted_until,
                    blocked=row.blocked,
                    stored=None if earlier is None else as_message(row) if earlier is row else as_change(earlier),
                    fingerprint=b"" if earlier is None else earlier.fingerprint,
                    target=targets.get((entry.conversation_id, target_of(entry))),
                    mentions=mentions.get(place, ()),
                    files=files.get(entry.sender_id, {}),
                )
            )
        return known

    async def _look(self, keys: dict[str, Any]) -> dict[int, Row[Any]]:
        """By place from 1; again, under the locks, if a group was acted in while we waited for them."""
        rows = {row.place: row for row in await self._execute(sql.survey, keys)}
        if any(row.last_seq != row.last_seen for row in rows.values()):
            rows = {row.place: row for row in await self._execute(sql.survey, keys)}
        return rows

    async def _targets(self, batch: Iterable[Entry]) -> dict[tuple[int, int | None], MessageFrame]:
        wanted = {(entry.conversation_id, target) for entry in batch if (target := target_of(entry)) is not None}
        if not wanted:
            return {}
        keys = {"conversations": [one[0] for one in wanted], "numbers": [one[1] for one in wanted]}
        return {(row.conversation_id, row.seq): as_message(row) for row in await self._execute(sql.targets, keys)}

    async def _files(self, batch: Sequence[Entry]) -> dict[int, dict[UUID, Attachment]]:
        """Those of the files in these entries that are free, by whose they are. Locked until the transaction ends."""
        wanted = {(one.sender_id, file) for one in batch if isinstance(one, Draft) for file in one.files}
        if not wanted:
            return {}
        free = await Files(session=self._session).claimable(wanted)
        by_owner: defaultdict[int, dict[UUID, Attachment]] = defaultdict(dict)
        for owner, file in wanted:
            if file in free:
                by_owner[owner][file] = free[file]
        return by_owner

    async def _mentions(self, batch: Sequence[Entry]) -> dict[int, list[int]]:
        """The members whom each entry's text names, by place from 1, in the order of their names."""
        named = {
            place: names
            for place, entry in enumerate(batch, start=1)
            if isinstance(entry, Draft | Edit) and (names := names_mentioned(entry.content))
        }
        if not named:
            return {}
        wanted = {(batch[place - 1].conversation_id, name) for place, names in named.items() for name in names}
        keys = {"conversations": [one[0] for one in wanted], "names": [one[1] for one in wanted]}
        ids = {(row.conversation_id, row.name): row.id for row in await self._execute(sql.members_named, keys)}
        return {
            place: [ids[key] for name in names if (key := (batch[place - 1].conversation_id, name)) in ids]
            for place, names in named.items()
        }

    async def write(self, ledger: Ledger) -> None:
        if not ledger.last:
            return
        if ledger.messages:
            await self._execute(sql.insert_messages, rows_of_messages(ledger))
            await Files(session=self._session).claim(claims_of(ledger))
        if ledger.changes:
            await self._execute(sql.insert_changes, rows_of_changes(ledger))
            await self._execute(sql.update_messages, rows_of_changed(ledger))
            for message in ledger.changed.values():
                if message.deleted:
                    await Files(session=self._session).release(message.conversation_id, [message.message_id])
        await self._execute(
            sql.advance,
            {"conversations": list(ledger.last), "numbers": list(ledger.last.values()), "now": ledger.now},
        )

    async def after(self, conversation_id: int, number: int, limit: int) -> list[MessageFrame]:
        """The messages that follow a number, oldest first."""
        parameters = {"conversation_id": conversation_id, "number": number, "limit": limit}
        return [as_message(row) for row in await self._execute(sql.messages_after, parameters)]

    async def before(self, conversation_id: int, number: int, limit: int) -> list[MessageFrame]:
        """The messages that come before a number, also oldest first."""
        parameters = {"conversation_id": conversation_id, "number": number, "limit": limit}
        rows = (await self._execute(sql.messages_before, parameters)).all()
        return [as_message(row) for row in reversed(rows)]

    async def events_after(self, conversation_id: int, number: int, limit: int) -> list[EventFrame]:
        """Messages and changes that follow a number, in order: about as many as asked for, without a gap.

        A message comes as it is now, so that what has been deleted since is not sent again. Where all of it is past the
        retention, the next are those that are left.
        """
        events = await self._events_between(conversation_id, number, number + limit)
        if not events:
            begin = await self.repository.session.scalar(sql.forgotten_until, {"conversation_id": conversation_id}) or 0
            if begin > number:
                events = await self._events_between(conversation_id, begin, begin + limit)
        return events

    async def _events_between(self, conversation_id: int, number: int, until: int) -> list[EventFrame]:
        limit = until - number
        messages = [one for one in await self.after(conversation_id, number, limit) if one.message_id <= until]
        window = {"conversation_id": conversation_id, "after": number, "until": until}
        changes = [as_change(row) for row in await self._execute(sql.changes_between, window)]
        return sorted([*messages, *changes], key=number_of)

    async def newest(self, conversation_ids: Collection[int]) -> dict[int, MessageFrame]:
        """The last message of each conversation that has one."""
        rows = await self._execute(sql.newest, {"ids": list(conversation_ids)})
        return {row.conversation_id: as_message(row) for row in rows}

    async def last_numbers(self, conversation_ids: Collection[int]) -> dict[int, int]:
        rows = await self._execute(sql.last_numbers, {"ids": list(conversation_ids)})
        return {row.id: row.last_seq for row in rows}

    async def _execute(self, statement: TextClause, parameters: dict[str, Any]) -> CursorResult[Any]:
        return cast("CursorResult[Any]", await self.repository.session.execute(statement, parameters))


def claims_of(ledger: Ledger) -> list[Claim]:
    return [
        Claim(one.sender_id, one.conversation_id, one.message_id, [file.id for file in one.attachments])
        for one, _ in ledger.messages
        if one.attachments
    ]


def target_of(entry: Entry) -> int | None:
    """The message that an entry is about."""
    return entry.reply_to if isinstance(entry, Draft) else entry.message_id
