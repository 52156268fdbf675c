"""The keys by which bots say who they are. Only their SHA-256 is kept."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, cast
from uuid import UUID

from advanced_alchemy.repository import SQLAlchemyAsyncRepository
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from sqlalchemy import ColumnElement, Interval, Row, bindparam, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.accounts.models import ApiKey, in_good_standing
from app.domain.accounts.scopes import Scope

PREFIX = "plk_"
"""Tells a key from an access token, for us and for those who look for leaked secrets."""

KEY_BYTES = 32
FORM = re.compile(r"plk_[A-Za-z0-9_-]{43}")
SHOWN_CHARACTERS = len(PREFIX) + 6
"""What the list shows of a key, to tell it by. The other 37 characters carry 222 bits."""

USE_NOTED_AFTER = timedelta(minutes=10)
"""How coarse `last_used_at` is: a write for each use would cost more than it tells."""

good_key = text(f"""
    SELECT k.id, k.scopes, k.expires_at, bot.id AS bot_id, bot.username,
           k.last_used_at IS NULL OR k.last_used_at < now() - :noted_after AS use_unnoted
    FROM api_keys k
    JOIN users bot ON bot.id = k.bot_id AND {in_good_standing("bot")}
    JOIN users owner ON owner.id = bot.bot_owner_id AND {in_good_standing("owner")}
    WHERE k.digest = :digest AND k.ended_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
""").bindparams(bindparam("noted_after", type_=Interval()))


class ApiKeys(SQLAlchemyAsyncRepositoryService[ApiKey]):
    class Repo(SQLAlchemyAsyncRepository[ApiKey]):
        model_type = ApiKey

    repository_type = Repo

    @property
    def session(self) -> AsyncSession:
        return cast("AsyncSession", self.repository.session)

    async def issue(
        self, bot_id: int, *, name: str, scopes: Collection[Scope], expires_at: datetime | None
    ) -> tuple[ApiKey, str]:
        """The row, and the key itself, which cannot be had again."""
        key = PREFIX + token_urlsafe(KEY_BYTES)
        row = ApiKey(
            bot_id=bot_id,
            name=name,
            digest=digest(key),
            prefix=key[:SHOWN_CHARACTERS],
            scopes=sorted(scopes),
            expires_at=expires_at,
        )
        self.session.add(row)
        await self.session.flush()
        await self.session.refresh(row)
        return row, key

    async def of_bot(self, bot_id: int) -> Sequence[ApiKey]:
        """Those that were not revoked, the oldest first. One that has expired stays until it is."""
        return (await self.session.scalars(select(ApiKey).where(*_open(bot_id)).order_by(ApiKey.id))).all()

    async def end(self, bot_id: int, key_id: UUID | None = None) -> Sequence[UUID]:
        """Revoke one key of a bot, or all of them; the ids of those that end. Tell EndedSessions after the commit."""
        which = [*_open(bot_id), ApiKey.id == key_id] if key_id else _open(bot_id)
        ended = update(ApiKey).where(*which).values(ended_at=func.now()).returning(ApiKey.id)
        return (await self.session.scalars(ended.execution_options(synchronize_session=False))).all()

    async def find(self, key: str) -> Row[Any] | None:
        """A good key's `id`, `scopes`, `expires_at`, `bot_id` and `username`. Notes that it is used, coarsely."""
        found = await self.session.execute(good_key, {"digest": digest(key), "noted_after": USE_NOTED_AFTER})
        row = found.one_or_none()
        if row is not None and row.use_unnoted:
            noted = update(ApiKey).where(ApiKey.id == row.id).values(last_used_at=func.now())
            await self.session.execute(noted.execution_options(synchronize_session=False))
        return row


def digest(key: str) -> bytes:
    return sha256(key.encode()).digest()


def _open(bot_id: int) -> tuple[ColumnElement[bool], ...]:
    return ApiKey.bot_id == bot_id, ApiKey.ended_at.is_(None)
