"""In whose name a request acts, and what is announced after its commit."""

import contextlib

from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.domain.accounts.guards import ActorRequest
from app.domain.audit.services import By
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services.announcing import announce
from app.ratelimits import client_address
from app.settings import Settings


def acting(request: ActorRequest, settings: Settings) -> By:
    return By(request.user.id, client_address(request, settings.trusted_proxies) or None)


async def tell_conversation(redis: "Redis", event: EventFrame) -> None:
    """While Redis is away nobody is told; hubs then find the event by its number, as they do any that was lost."""
    pipeline = redis.pipeline(transaction=False)
    announce(pipeline, [event])
    with contextlib.suppress(RedisError, OSError):
        await pipeline.execute()
