"""A running Parlour with people in it: one API process, one worker process, as durable as in production."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import asyncpg

from app import migrating
from app.domain.accounts.models import User
from app.domain.accounts.tokens import AccessTokens
from app.embedded.stack import Stack
from app.embedded.temporary import temporary_stack
from app.settings import Settings

OFF = "0"


@dataclass(frozen=True)
class World:
    stack: Stack
    tokens: AccessTokens

    @property
    def port(self) -> int:
        return self.stack.ports[0]

    @property
    def dsn(self) -> str:
        return self.stack.database_url.replace("+asyncpg", "", 1)

    def token(self, user_id: int) -> str:
        """An access token as a login would give it; the benchmarks are not about hashing passwords."""
        return self.tokens.issue(
            User(id=user_id, username=f"user{user_id}", is_staff=False, is_moderator=False), uuid4()
        )

    async def populate(self, people: int) -> None:
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(
            "INSERT INTO users (username, password_hash) SELECT 'user' || n, '-' FROM generate_series(1, $1) AS n",
            people,
        )
        await connection.close()

    async def conversation(self, member_ids: list[int]) -> int:
        """A group of these people."""
        connection = await asyncpg.connect(self.dsn)
        conversation: int = await connection.fetchval(
            "INSERT INTO conversations (kind, joinable, created_by, last_seq) VALUES ('group', false, $1, 0) "
            "RETURNING id",
            member_ids[0],
        )
        await connection.execute(
            "INSERT INTO members (conversation_id, user_id, role) SELECT $1, unnest($2::bigint[]), 'member'",
            conversation,
            member_ids,
        )
        await connection.close()
        return conversation


@contextmanager
def world() -> Iterator[World]:
    """No throttle and no limit on requests: they are what a benchmark would hit first."""
    secret = secrets.token_hex(32)
    with temporary_stack(
        migrating.upgrade_now,
        durable=True,
        SECRET_KEY=secret,
        PARLOUR_THROTTLE_MS=OFF,
        PARLOUR_REQUESTS_PER_MINUTE=OFF,
        PARLOUR_SEARCHES_PER_MINUTE=OFF,
    ) as stack:
        given = {"DATABASE_URL": stack.database_url, "REDIS_URL": stack.redis_url, "SECRET_KEY": secret}
        yield World(stack, AccessTokens(Settings.model_validate(given)))
