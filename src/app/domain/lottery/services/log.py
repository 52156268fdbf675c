"""The public log: every record of every draw, in an order that nobody can change afterwards."""

from collections.abc import Callable, Sequence
from typing import Literal
from urllib.parse import urlsplit

import msgspec
from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import func, select, text

from app.domain.lottery.models import Checkpoint, LogRecord
from app.domain.lottery.rules import NotInTheLog
from app.domain.lottery.services.trees import LOG, Trees
from app.fairdraw.hashing import Record, canonical
from app.fairdraw.signing import LogKey
from app.fairdraw.tree import Frontier, Span, consistency, inclusion, leaf_hash, nodes_of
from app.settings import Settings

Proof = Callable[[int, int], list[Span]]
Kind = Literal["genesis", "open", "close", "result", "void", "rekey"]

take_turns = text("SELECT pg_advisory_xact_lock(:lock)")
LOCK = 0x6661697264726177
"""`fairdraw` in ASCII."""

decode = msgspec.json.Decoder(dict).decode


def key_of(settings: Settings) -> LogKey:
    return LogKey(settings.signing_key, f"{urlsplit(settings.public_url).netloc}/fairdraw")


class Log(SQLAlchemyAsyncRepositoryService[LogRecord]):
    class Repo(SQLAlchemyAsyncRepository[LogRecord]):
        model_type = LogRecord

    repository_type = Repo

    async def append(self, key: LogKey, kind: Kind, lottery_id: int, number: int, record: Record) -> str:
        """Write the record and the checkpoint of the log with it, which it answers. Others wait for the commit."""
        session = self.repository.session
        await session.execute(take_turns, {"lock": LOCK})
        size, trees = await self.size(), Trees(session)
        peaks = await trees.find(LOG, nodes_of(Span(0, size)))
        frontier = Frontier(size, [peaks[node] for node in nodes_of(Span(0, size))])
        body = canonical(record)
        completed = frontier.append(leaf_hash(body))
        await trees.keep(LOG, completed)
        note = key.checkpoint(frontier.size, frontier.root)
        session.add(LogRecord(position=size, kind=kind, lottery_id=lottery_id, number=number, body=body.decode()))
        session.add(Checkpoint(size=frontier.size, note=note))
        await session.flush()
        return note

    async def size(self) -> int:
        newest: int | None = await self.repository.session.scalar(select(func.max(Checkpoint.size)))
        return newest or 0

    async def checkpoint(self, size: int) -> str:
        """The signed note of when the log had this size. Raises NotInTheLog."""
        note: str | None = await self.repository.session.scalar(select(Checkpoint.note).where(Checkpoint.size == size))
        if note is None:
            raise NotInTheLog
        return note

    async def records(self, start: int, limit: int) -> Sequence[LogRecord]:
        return await self.get_many(
            LogRecord.position >= start, LogRecord.position < start + limit, order_by=("position", False)
        )

    async def record(self, lottery_id: int, number: int, kind: Kind) -> Record:
        """One of a draw's records. Raises NotInTheLog."""
        body: str | None = await self.repository.session.scalar(
            select(LogRecord.body).where(
                LogRecord.lottery_id == lottery_id, LogRecord.number == number, LogRecord.kind == kind
            )
        )
        if body is None:
            raise NotInTheLog
        record: Record = decode(body)
        return record

    async def inclusion(self, position: int, size: int) -> list[bytes]:
        """The proof that a record is in the log of this size. Raises NotInTheLog."""
        return await self._prove(inclusion, position, size)

    async def consistency(self, old: int, size: int) -> list[bytes]:
        """The proof that the log of this size begins with that of `old` records. Raises NotInTheLog."""
        return await self._prove(consistency, old, size)

    async def _prove(self, spans: Proof, of: int, size: int) -> list[bytes]:
        if size > await self.size():
            raise NotInTheLog
        try:
            wanted = spans(of, size)
        except IndexError:
            raise NotInTheLog from None
        return await Trees(self.repository.session).prove(LOG, wanted)
