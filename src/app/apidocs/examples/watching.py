"""What moderators, staff and machines see."""

from datetime import timedelta

from msgspec import Struct

from app import health
from app.apidocs.examples.around import reported, suspended
from app.apidocs.examples.story import NOON, TOMORROW
from app.apidocs.examples.talking import hello
from app.domain.accounts.standing import StaffRole
from app.domain.moderation import schemas as moderation
from app.operation.inboxes import Inboxes, Partition
from app.operation.outboxes import Outbox
from app.operation.queues import Queues

mallory = moderation.Account(
    id=3,
    username="mallory",
    first_name="",
    last_name="",
    role=StaffRole.NONE,
    created_at=NOON - timedelta(days=3),
    deactivated=False,
    suspension=moderation.Suspension(TOMORROW, "Insults, after a warning."),
    open_reports=1,
)

worker = health.Process("host-1", 4711, NOON)

EXAMPLES: tuple[Struct, ...] = (
    mallory,
    moderation.AccountHistory(account=mallory, reports=[reported], acts=[suspended]),
    moderation.ReportDetails(
        report=reported,
        evidence=moderation.Evidence(
            username="mallory", first_name="", last_name="", content="Go away, all of you.", sent_at=NOON
        ),
        others=[],
        context=[hello],
    ),
    health.Alive(),
    health.Ready(status="ready", database=True, redis=True),
    health.Health(status="healthy", database=True, redis=True, workers=1, schedulers=1, draws_overdue=0),
    Queues(
        NOON,
        Inboxes(
            partitions=[Partition("chat", 0, 3, 0.02, rung=True)],
            bells_waiting=0,
            workers=[worker],
            schedulers=[worker],
            failures=[],
            redis_bytes=4_718_592,
            redis_limit_bytes=268_435_456,
        ),
        [Outbox("mails", waiting=1, retried=0, given_up=0, oldest_at=NOON)],
        0,
    ),
)
