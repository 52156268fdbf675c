"""Recording acts of office, and reading what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import select

from app.domain.audit.models import AuditEntry

__all__ = ["OPERATOR", "Audit", "AuditEntry", "By", "Detail", "Subject"]

Detail = str | int | bool | None | list[int]


@dataclass(frozen=True)
class By:
    """Who acts, and from which address."""

    actor_id: int | None
    address: str | None = None


OPERATOR = By(None)
"""Whoever has a shell on the server, and needs no account."""


class Subject(NamedTuple):
    """What an act is about, written `user:5`."""

    kind: str
    id: int

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, written: str) -> "Subject":
        kind, _, number = written.partition(":")
        return cls(kind, int(number))


class Audit(SQLAlchemyAsyncRepositoryService[AuditEntry]):
    """Use it in the transaction of the act: neither is committed without the other."""

    class Repo(SQLAlchemyAsyncRepository[AuditEntry]):
        model_type = AuditEntry

    repository_type = Repo

    async def record(self, by: By, action: str, subject: Subject, **details: Detail | datetime) -> None:
        """`action` is a verb and a noun, `suspend_user`. Times among the details are kept as RFC 3339 writes them."""
        kept = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in details.items()}
        self.repository.session.add(
            AuditEntry(
                actor_id=by.actor_id,
                address=by.address,
                action=action,
                subject_kind=subject.kind,
                subject_id=subject.id,
                details=kept,
            )
        )
        await self.repository.session.flush()

    async def has(self, by: By, action: str, subject: Subject) -> bool:
        """Was this recorded of the same actor before, from whichever address?"""
        entry = select(AuditEntry.id).where(
            AuditEntry.actor_id == by.actor_id,
            AuditEntry.action == action,
            AuditEntry.subject_kind == subject.kind,
            AuditEntry.subject_id == subject.id,
        )
        return await self.repository.session.scalar(entry.limit(1)) is not None

    async def entries(
        self, *, limit: int, before: int | None = None, actor_id: int | None = None, subject: Subject | None = None
    ) -> Sequence[AuditEntry]:
        """The newest first."""
        found = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)
        if before is not None:
            found = found.where(AuditEntry.id < before)
        if actor_id is not None:
            found = found.where(AuditEntry.actor_id == actor_id)
        if subject is not None:
            found = found.where(AuditEntry.subject_kind == subject.kind, AuditEntry.subject_id == subject.id)
        kept: Sequence[AuditEntry] = (await self.repository.session.scalars(found)).all()
        return kept
