"""One-use tickets for opening a socket: browsers send no header with it, and a token in a URL ends up in logs."""

from hashlib import sha256
from secrets import token_urlsafe

import msgspec
from redis.asyncio import Redis

from app.domain.accounts.schemas import Actor

TICKET_SECONDS = 30


class SocketTickets:
    """In Redis under their SHA-256, so that any process can take the ticket that another one gave out."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def issue(self, actor: Actor) -> str:
        """Raises RedisError while Redis is away."""
        ticket = token_urlsafe(32)
        await self._redis.set(_key(ticket), msgspec.json.encode(actor), ex=TICKET_SECONDS)
        return ticket

    async def take(self, ticket: str) -> Actor | None:
        """Whose it is, once. Raises RedisError while Redis is away."""
        found = await self._redis.getdel(_key(ticket))
        return msgspec.json.decode(found, type=Actor) if found else None


def _key(ticket: str) -> str:
    return f"socket-ticket:{sha256(ticket.encode()).hexdigest()}"
