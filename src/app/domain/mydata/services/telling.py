"""What one's sockets hear of an export. Best effort: who misses it asks."""

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.domain.mydata.models import Export
from app.domain.mydata.schemas import ExportFrame
from app.domain.mydata.services.exports import view_of
from app.hub import events
from app.hub.events import EPHEMERAL, Event

log = structlog.get_logger()


async def tell_of_export(redis: "Redis", export: Export) -> None:
    frame = ExportFrame(**msgspec.structs.asdict(view_of(export)))
    pipeline = redis.pipeline(transaction=False)
    events.publish(pipeline, events.user(export.user_id), [Event(EPHEMERAL, msgspec.json.encode(frame).decode())])
    try:
        await pipeline.execute()
    except (RedisError, OSError) as error:
        log.warning("Nobody could be told of an export", error=repr(error))
