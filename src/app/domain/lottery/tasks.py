"""The minute's reconcile: whatever should be open is opened, whatever is due is drawn, however late that is.

It may run late, twice, or in several workers at once: every step takes its lock and looks again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec
import structlog
from anyio import move_on_after
from redis.asyncio import Redis
from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends, async_shared_broker

from app.domain.lottery.models import Draw
from app.domain.lottery.rules import SeedsDoNotMatchError
from app.domain.lottery.rules.alerts import Reason
from app.domain.lottery.rules.minutes import Step
from app.domain.lottery.schemas import CheckpointFrame, DrawFrame, DrawView
from app.domain.lottery.services.alerts import Alerts
from app.domain.lottery.services.beacon_rounds import fetch_round
from app.domain.lottery.services.beacons import BeaconCheck, Beacons
from app.domain.lottery.services.draws import Draws
from app.domain.lottery.services.holding import Holding
from app.domain.lottery.services.lotteries import Lotteries
from app.domain.lottery.services.results import Results
from app.domain.lottery.services.waiting import Waiting
from app.domain.notices.services.notifications import Notifications, Notified
from app.domain.notices.tasks.mail import ring_postman
from app.domain.notices.tasks.telling import announce as announce_notifications
from app.domain.notices.tasks.telling import tell
from app.errors import AppError
from app.fairdraw.beacon import time_of
from app.hub import events
from app.outbound.fetching import NotFetched
from app.resources import Resources, Sessions
from app.settings import Settings

FETCH_SECONDS = 15
"""For rounds of the beacon in one minute, so that endpoints which do not answer hold up nothing else."""

log = structlog.get_logger()


@async_shared_broker.task(task_name="lottery.reconcile")
async def reconcile(context: Annotated[Context, TaskiqDepends()], *, catch_up: bool = False) -> None:
    """With `catch_up` (at a worker's start, and hourly) draws that were given up are tried again."""
    await reconcile_draws(context.state.resources, datetime.now(UTC), catch_up=catch_up)


async def reconcile_draws(resources: Resources, now: datetime, *, catch_up: bool = False) -> list[DrawView]:
    """Open, then hold what is due, then publish what the next draws are committed to. Answers the draws it held.

    The draws of a lottery are closed in order of their numbers, for each seed commits to the next. One that cannot be
    closed holds back the later draws of its own lottery; one that cannot be drawn holds back nothing.
    """
    await open_draws(resources.sessions, resources.settings, now)
    await fetch_beacon(resources, now)
    async with resources.sessions.begin() as session:
        due = await Draws(session=session).due(now)
    held, stuck = [], set[int]()
    for draw in due:
        if draw.lottery_id in stuck:
            continue
        try:
            held_now = await try_to_hold(resources, draw, now, catch_up=catch_up)
        except Exception:  # Whatever it is, other lotteries must not suffer from it.
            log.warning("A draw failed and will be tried again", draw_id=draw.id, exc_info=True)
            held_now = None
        if held_now:
            held.append(held_now)
        elif not await is_closed(resources.sessions, draw.id):
            stuck.add(draw.lottery_id)
    await publish_next(resources, now)
    await alert_about_waiting(resources, now)
    async with resources.sessions() as session:
        closing = await Draws(session=session).closing(now)
    await tell_everyone(resources.redis, closing)
    return held


async def alert_about_waiting(resources: Resources, now: datetime) -> None:
    """Nobody here can help a draw that waits for a dealer or a beacon, but an operator can ask, or declare it void."""
    async with resources.sessions() as session:
        late = await Waiting(session).for_too_long(now)
    for draw_id, awaited in late.items():
        await alert(resources, draw_id, reason_of(awaited), now)


async def fetch_beacon(resources: Resources, now: datetime) -> None:
    """Ask the endpoints of the settings for the rounds that draws wait for. Without any, others hand them in."""
    urls, check = resources.settings.beacon_urls, BeaconCheck().check
    if not urls:
        return
    async with resources.sessions() as session:
        missing = await Beacons(session).missing(now)
    with move_on_after(FETCH_SECONDS):
        for number in missing:
            for url in urls:
                try:
                    found = await fetch_round(url, number)
                    await check(found.round, found.signature)
                except (NotFetched, AppError) as error:
                    log.warning("A round of the beacon could not be fetched", url=url, round=number, error=str(error))
                    continue
                async with resources.sessions.begin() as session:
                    await Beacons(session).keep(found, now)
                break


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


async def is_closed(sessions: Sessions, draw_id: int) -> bool:
    async with sessions() as session:
        return (await Draws(session=session).get(draw_id)).close_id is not None


async def publish_next(resources: Resources, now: datetime) -> None:
    """Write the open record of each lottery's next draw, once the one before it is closed."""
    async with resources.sessions.begin() as session:
        lotteries = await Draws(session=session).lotteries_to_open()
    for lottery_id in lotteries:
        try:
            async with resources.sessions.begin() as session:
                await Holding(session, resources.settings).open_next(lottery_id, now)
        except Exception:
            log.error("The next draw of a lottery could not be opened", lottery_id=lottery_id, exc_info=True)  # noqa: G201


async def try_to_hold(resources: Resources, draw: Draw, now: datetime, *, catch_up: bool) -> DrawView | None:
    """Count the attempt, commit, and make it. So a worker that dies on a draw has used up an attempt of its ten.

    To wait for a dealer, or for the beacon, is no attempt.
    """
    async with resources.sessions() as session:
        if (await Waiting(session).of_draws([draw]))[draw.id]:
            return None
    async with resources.sessions.begin() as session:
        step = await Draws(session=session).claim(draw.id, now, catch_up=catch_up)
    if step is Step.ALERT:
        await alert(resources, draw.id, Reason.FAILED, now)
    if step is not Step.TRY:
        return None
    try:
        return await hold(resources, draw, now)
    except SeedsDoNotMatchError:
        await alert(resources, draw.id, Reason.SECRET_MISMATCH, now)
        raise


async def hold(resources: Resources, draw: Draw, now: datetime) -> DrawView | None:
    """Freeze, close, draw, and commit after each, so that whoever comes next goes on there.

    The draw, or None if this has not held it.
    """
    sessions, settings = resources.sessions, resources.settings
    if draw.open_id is None:
        async with sessions.begin() as session:
            await Holding(session, settings).open_next(draw.lottery_id, now)
    async with sessions.begin() as session:
        await Holding(session, settings).freeze(draw.id, now)
    async with sessions.begin() as session:
        checkpoint = await Holding(session, settings).close(draw.id)
    if checkpoint:
        await announce_checkpoint(resources.redis, checkpoint)
        warn_of_late_close(draw, now)
    async with sessions.begin() as session:
        if not await Holding(session, settings).settle(draw.id, now):
            return None
        results = Results(session=session)
        view = await results.of_draw(draw.id, now)
        notified = await Notifications(session=session).notify(await results.notices(draw.id, view))
    await announce(resources.redis, view, notified)
    return view


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


def reason_of(awaited: Sequence[str]) -> Reason:
    return Reason.DEALER_MISSING if awaited[0].startswith("dealer ") else Reason.BEACON_MISSING


def warn_of_late_close(draw: Draw, now: datetime) -> None:
    """After an outage longer than the margin. Nobody else can tell, but for that time the operator knew the beacon."""
    if draw.beacon_round is not None and time_of(draw.beacon_round) <= now:
        log.warning("A draw was closed after its beacon's round was public", draw_id=draw.id, period=draw.period)


async def announce_checkpoint(redis: "Redis", note: str) -> None:
    """Whoever keeps it can show later what the log was, and so which ballots were in, before the draw."""
    await tell_everyone(redis, [CheckpointFrame(note)])


async def announce(redis: "Redis", draw: DrawView, notified: Sequence[Notified] = ()) -> None:
    """Tell every open socket, and the winners. Best effort: whoever misses it reads the draw."""
    await tell_everyone(redis, [DrawFrame(**msgspec.structs.asdict(draw))], notified)


async def tell_everyone(redis: "Redis", frames: Sequence[msgspec.Struct], notified: Sequence[Notified] = ()) -> None:
    if not frames:
        return
    pipeline = redis.pipeline(transaction=False)
    said = [events.Event(events.EPHEMERAL, msgspec.json.encode(frame).decode()) for frame in frames]
    events.publish(pipeline, events.EVERYONE, said)
    announce_notifications(pipeline, notified)
    try:
        await pipeline.execute()
    except RedisError as error:
        log.warning("A draw could not be announced", error=repr(error))
