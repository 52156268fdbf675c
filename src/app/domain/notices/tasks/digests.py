"""The round of the digests."""

from datetime import UTC, datetime
from typing import Annotated

import structlog
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.notices.services.digests import Digests, Links
from app.domain.notices.tasks.mail import ring_postman
from app.domain.notices.unsubscribing import UnsubscribeTokens
from app.resources import Resources
from app.settings import Settings

log = structlog.get_logger()


@async_shared_broker.task("notices.send_digests")
async def send_digests(context: Annotated[Context, TaskiqDepends()]) -> None:
    """Any number may run at once, and however late."""
    if await write_digests(context.state.resources, datetime.now(UTC)):
        await ring_postman()


async def write_digests(resources: Resources, now: datetime) -> int:
    """Write every digest that is due, each in a transaction of its own. How many."""
    tokens = UnsubscribeTokens(resources.settings)
    written = 0
    after: int | None = 0
    while after is not None:
        async with resources.sessions() as session:
            due, after = await Digests(session=session).due(now, after)
        for user_id in due:
            try:
                async with resources.sessions.begin() as session:
                    links = links_for(tokens.issue(user_id), resources.settings)
                    written += await Digests(session=session).write(user_id, now, links)
            except Exception:  # Whatever it is, the next reader must not suffer from it.
                log.warning("A digest failed and will be tried again", user_id=user_id, exc_info=True)
    return written


def links_for(token: str, settings: Settings) -> Links:
    url = settings.public_url.rstrip("/")
    return Links(
        app=f"{url}/",
        unsubscribe_page=f"{url}/#/unsubscribe/{token}",
        unsubscribe_url=f"{url}/api/notifications/unsubscribe?token={token}",
    )
