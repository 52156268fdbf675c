"""The minute's reconcile: whatever should be open is opened, whatever is due is drawn, however late that is.

It may run late, twice, or in several workers at once: every step takes its lock and looks again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.lottery.rules.alerts import Reason
from app.domain.lottery.rules.attempts import Step
from app.domain.lottery.schemas import DrawFrame, DrawView
from app.domain.lottery.services.alerts import Alerts
from app.domain.lottery.services.draws import Draws
from app.domain.lottery.services.lotteries import Lotteries
from app.domain.lottery.services.results import Results
from app.domain.notices.services.notifications import Notifications, Notified
from app.domain.notices.tasks.mail import ring_postman
from app.domain.notices.tasks.telling import announce as announce_notifications
from app.domain.notices.tasks.telling import tell
from app.hub import events
from app.resources import Resources, Sessions
from app.settings import Settings

log = structlog.get_logger()


@async_shared_broker.task(task_name="lottery.reconcile")
async def reconcile(context: Annotated[Context, TaskiqDepends()], *, catch_up: bool = False) -> None:
    """With `catch_up` (at a worker's start, and hourly) draws that were given up are tried again."""
    await reconcile_draws(context.state.resources, datetime.now(UTC), catch_up=catch_up)


async def reconcile_draws(resources: Resources, now: datetime, *, catch_up: bool = False) -> list[DrawView]:
    """Open, then draw what is due, the earliest first. One failure stops nothing else. Answers the draws it held."""
    await open_draws(resources.sessions, resources.settings, now)
    async with resources.sessions.begin() as session:
        due = await Draws(session=session).due(now, catch_up=catch_up)
    held = []
    for draw_id in due:
        try:
            held_now = await try_to_hold(resources, draw_id, now, catch_up=catch_up)
        except Exception:  # Whatever it is, the next draw must not suffer from it.
            log.warning("A draw failed and will be tried again", draw_id=draw_id, exc_info=True)
            continue
        if held_now:
            draw, notified = held_now
            held.append(draw)
            await announce(resources.redis, draw, notified)
    return held


async def open_draws(sessions: Sessions, settings: Settings, now: datetime) -> None:
    async with sessions.begin() as session:
        lotteries = Lotteries(session=session)
        await lotteries.ensure_standing(settings, now)
        running = [lottery.id for lottery in await lotteries.running()]
    for lottery_id in running:
        try:
            async with sessions.begin() as session:
                await Draws(session=session).open(lottery_id, now)
        except Exception:  # A lottery with a zone that is gone, say, must not stop the others.
            log.error("The draws of a lottery could not be opened", lottery_id=lottery_id, exc_info=True)  # noqa: G201


async def try_to_hold(
    resources: Resources, draw_id: int, now: datetime, *, catch_up: bool
) -> tuple[DrawView, list[Notified]] | None:
    """Count the attempt, commit; draw, commit. So a worker that dies on a draw has used up an attempt of its ten."""
    async with resources.sessions.begin() as session:
        step = await Draws(session=session).claim(draw_id, now, catch_up=catch_up)
    if step is Step.ALERT:
        await alert(resources, draw_id, Reason.FAILED, now)
    if step is not Step.TRY:
        return None
    async with resources.sessions.begin() as session:
        if not await Draws(session=session).hold(draw_id, now):
            return None
        results = Results(session=session)
        draw = await results.of_draw(draw_id, now)
        return draw, await Notifications(session=session).notify(await results.notices(draw_id, draw))


async def announce(redis: "Redis", draw: DrawView, notified: Sequence[Notified]) -> None:
    """Tell every open socket, and the winners. Best effort: whoever misses it reads the draw."""
    frame = msgspec.json.encode(DrawFrame(**msgspec.structs.asdict(draw))).decode()
    pipeline = redis.pipeline(transaction=False)
    events.publish(pipeline, events.EVERYONE, [events.Event(events.EPHEMERAL, frame)])
    announce_notifications(pipeline, notified)
    try:
        await pipeline.execute()
    except RedisError:
        log.warning("A draw could not be announced", lottery=draw.lottery, number=draw.number)


async def alert(resources: Resources, draw_id: int, reason: Reason, now: datetime) -> None:
    """Call an operator, once for each draw and reason: a notification to all staff, a mail to them, a line in the log.

    In a transaction of its own, so that whoever meets the same trouble every minute may call it every minute.
    """
    async with resources.sessions.begin() as session:
        alarm = await Alerts(session, resources.settings).raise_once(draw_id, reason, now)
    if alarm is None:
        return
    log.error(
        "A draw needs an operator",
        lottery=alarm.lottery,
        number=alarm.number,
        period=alarm.period,
        reason=alarm.reason.value,
    )
    await tell(resources.redis, alarm.notified)
    if alarm.mailed:
        await ring_postman()
