"""The postman's round in a worker, and the bell that starts it."""

from typing import Annotated

import structlog
from redis.exceptions import RedisError
from taskiq import Context, TaskiqDepends, async_shared_broker
from taskiq.exceptions import TaskiqError

from app.domain.notices.postmen import Postman, Undeliverable, postman_of
from app.domain.notices.services.mail import OutgoingMails
from app.resources import Resources, Sessions

DELIVER_MAIL = "notices.deliver_mail"
"""Also to be run every minute: that makes good a lost bell, and takes what is due again."""

log = structlog.get_logger()


@async_shared_broker.task(DELIVER_MAIL)
async def deliver_mail(context: Annotated[Context, TaskiqDepends()]) -> int:
    """Send what is due; how many left. Any number may run at once."""
    resources: Resources = context.state.resources
    return await deliver_due(resources.sessions, postman_of(resources.settings))


async def ring_postman() -> None:
    """After a commit that wrote mail. Never fails its caller: the minute's round comes anyway."""
    try:
        await deliver_mail.kiq()  # type: ignore[call-overload]  # the worker's taskiq gives it the context
    except (TaskiqError, RedisError, OSError) as error:
        log.warning("The postman was not rung; mail leaves within the minute", error=repr(error))


async def deliver_due(sessions: Sessions, postman: Postman) -> int:
    sent = 0
    while True:
        async with sessions.begin() as session:
            mail = await OutgoingMails(session=session).take()
        if mail is None:
            return sent
        hopeless, problem = False, ""
        try:
            await postman.carry(mail)
        except Undeliverable as error:
            hopeless, problem = True, str(error)
        except Exception as error:  # noqa: BLE001  one mail's trouble, of whatever kind, is not the next one's
            problem = repr(error)
        async with sessions.begin() as session:
            given_up = await OutgoingMails(session=session).settle(mail, sent=not problem, hopeless=hopeless)
        if given_up:
            log.error("Mail given up", mail=mail.id, attempts=mail.attempts, problem=problem)
        elif problem:
            log.warning("Mail put off", mail=mail.id, attempts=mail.attempts, problem=problem)
        sent += not problem
