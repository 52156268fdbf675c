"""What `web.screenshots` shows: the community of `parlour seed`, which has talked for hours and held some draws."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

from sqlalchemy import text

from app.cli.seeds.filling import enter_draw, fill, register
from app.domain.lottery.tasks import reconcile_draws
from app.resources import Resources, open_resources
from app.settings import Settings

DAYS = 4
NOON = timedelta(hours=12)
A_MOMENT = timedelta(seconds=5)

spread = text("""
    UPDATE messages AS message
    SET sent_at = now() - interval '100 seconds' * (conversation.last_seq - message.seq) - interval '17 minutes' * (
        SELECT count(*) FROM conversations AS later WHERE later.id > conversation.id)
    FROM conversations AS conversation WHERE conversation.id = message.conversation_id
""")
"""Over the last hours, instead of all within a second."""

want_to_be_named = text("UPDATE winners SET named = true")


async def live_through_it(settings: Settings) -> None:
    """Before any worker runs, so that nobody else opens or holds a draw."""
    async with open_resources(settings) as resources:
        await hold_draws(resources)
        await fill(resources)
        async with resources.sessions.begin() as session:
            await session.execute(spread)
            await session.execute(want_to_be_named)


async def hold_draws(resources: Resources) -> None:
    people = await register(resources)
    midnight = datetime.combine(datetime.now(UTC).date(), time(), UTC)
    days = [midnight - timedelta(days=ago) for ago in range(DAYS, -1, -1)]
    for today, tomorrow in pairwise(days):
        await reconcile_draws(resources, today + A_MOMENT)
        await enter_draw(resources, people, today + NOON, f"on {today:%Y-%m-%d}")
        await reconcile_draws(resources, tomorrow + A_MOMENT)
