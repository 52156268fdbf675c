"""Deliveries as a worker makes them, turn by turn: failures, pauses, leases, and workers that die in between."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text, update
from structlog.testing import capture_logs
from tests.conftest import Newcomer
from tests.domain.bots.conftest import Received, Receiver

from app.domain.bots.models import OutgoingWebhook, WebhookDelivery
from app.domain.bots.rules import DELIVERIES_SHOWN, PATIENCE
from app.domain.bots.services.couriers import Courier
from app.domain.bots.services.deliveries import Deliveries, Lease
from app.domain.bots.services.outgoing import OutgoingWebhooks
from app.domain.bots.tasks import go_round, take
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services import sending
from app.domain.chat.services.conversations import Conversations, admit
from app.domain.chat.services.members import Members
from app.domain.chat.services.messages import Messages
from app.domain.notices.services.notifications import Notifications
from app.domain.social.services.blocks import Blocks
from app.resources import Resources, Sessions
from app.settings import environment_with

pytestmark = pytest.mark.anyio
ALICE = 1


@pytest.fixture
async def group(newcomer: Newcomer, sessions: Sessions) -> int:
    alice = await newcomer("alice")
    async with sessions.begin() as session:
        return (await Conversations(session=session).open_group(alice, (), "Chess", joinable=False)).id


@pytest.fixture
async def webhook(group: int, sessions: Sessions, receiver: Receiver) -> OutgoingWebhook:
    async with sessions.begin() as session:
        return await OutgoingWebhooks(session=session).subscribe(ALICE, group, receiver.url, ["message.created"])


@dataclass
class Worker:
    resources: Resources
    courier: Courier

    async def go_round(self, lease: Lease) -> None:
        await go_round(self.resources, self.courier, lease)

    async def work(self) -> int:
        """What a worker does until nothing is due; how many turns it took."""
        turns = 0
        while leases := await take(self.resources.sessions, 10):
            await asyncio.gather(*map(self.go_round, leases))
            turns += len(leases)
        return turns


@pytest.fixture
async def worker(resources: Resources) -> AsyncIterator[Worker]:
    async with Courier.at_work(inside=True) as courier:
        yield Worker(resources, courier)


async def say(sessions: Sessions, group: int, *texts: str, sender: int = ALICE) -> None:
    drafts = [Draft(group, sender, sending.new_client_id(), one) for one in texts]
    async with sessions.begin() as session:
        await Messages(session=session).record([sending.encode(draft) for draft in drafts])


async def row(sessions: Sessions) -> OutgoingWebhook:
    async with sessions() as session:
        return (await session.scalars(select(OutgoingWebhook))).one()


async def change(sessions: Sessions, **values: Any) -> None:  # noqa: ANN401  any column's value
    async with sessions.begin() as session:
        await session.execute(update(OutgoingWebhook).values(**values))


async def make_due(sessions: Sessions) -> None:
    await change(sessions, next_attempt_at=text("now()"), leased_until=text("now()"))


async def test_nothing_is_due_while_nothing_happens(
    webhook: OutgoingWebhook, sessions: Sessions, worker: Worker
) -> None:
    assert await worker.work() == 0


async def test_a_long_backlog_is_delivered_in_order_page_by_page(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    texts = [f"{n}" for n in range(120)]
    await say(sessions, group, *texts)
    assert await worker.work() >= 3
    assert receiver.messages == texts
    assert (await row(sessions)).position == 120


async def test_many_workers_at_once_deliver_each_event_once(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    texts = [f"{n}" for n in range(60)]
    await say(sessions, group, *texts)
    await asyncio.gather(*(worker.work() for _ in range(4)))
    await worker.work()
    assert receiver.messages == texts


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503, 301, 0])
async def test_an_event_that_is_not_taken_is_tried_again_and_none_overtakes_it(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver, status: int
) -> None:
    receiver.answers, receiver.location = [204, status], "http://127.0.0.1:1/"
    await say(sessions, group, "first", "second", "third")
    await worker.work()
    assert receiver.messages == ["first", "second"]
    failing = await row(sessions)
    assert (failing.position, failing.failures) == (1, 1)
    assert failing.failing_since
    assert failing.next_attempt_at > failing.failing_since
    assert await worker.work() == 0, "not before its pause is over"
    await make_due(sessions)
    await worker.work()
    assert receiver.messages == ["first", "second", "second", "third"]
    assert receiver.got[1].id == receiver.got[2].id
    healed = await row(sessions)
    assert (healed.position, healed.failures, healed.failing_since) == (3, 0, None)


async def test_each_failure_in_a_row_doubles_the_pause(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    receiver.answers = [500] * 5
    await say(sessions, group, "hello")
    for failures in range(1, 6):
        await make_due(sessions)
        before = datetime.now(UTC)
        await worker.work()
        after = await row(sessions)
        assert after.failures == failures
        pause, longest = after.next_attempt_at - before, timedelta(seconds=2 ** (failures - 1))
        assert longest / 2 <= pause <= longest + timedelta(seconds=5)


async def test_a_receiver_that_says_it_is_gone_is_asked_no_more(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    receiver.answers = [410]
    await say(sessions, group, "hello", "anybody?")
    with capture_logs() as logs:
        await worker.work()
    assert [line["event"] for line in logs] == ["A webhook was switched off"]
    await make_due(sessions)
    assert await worker.work() == 0
    gone = await row(sessions)
    assert gone.disabled_at
    assert (gone.disabled_because, gone.position, len(receiver.got)) == ("gone", 0, 1)
    async with sessions() as session:
        notices = await Notifications(session=session).page(ALICE, before=None, limit=10, unread=True)
    [notice] = notices.notifications
    assert (notice.kind, notice.conversation_id) == ("webhook_disabled", group)
    assert (notice.body.conversation, notice.body.url) == ("Chess", receiver.url)


async def test_one_that_fails_for_three_days_is_switched_off(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    receiver.answers = [500, 500]
    await say(sessions, group, "hello")
    await worker.work()
    await change(sessions, failing_since=text("now() - interval '2 days 23 hours'"))
    await make_due(sessions)
    await worker.work()
    assert (await row(sessions)).disabled_at is None
    receiver.answers = [500]
    await change(sessions, failing_since=datetime.now(UTC) - PATIENCE)
    await make_due(sessions)
    await worker.work()
    assert (await row(sessions)).disabled_because == "failing"


async def test_one_slow_receiver_does_not_hold_up_the_others(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    async with sessions.begin() as session:
        deaf = "http://127.0.0.1:1/"
        await OutgoingWebhooks(session=session).subscribe(ALICE, group, deaf, ["message.created"])
    await say(sessions, group, "hello")
    await worker.work()
    assert receiver.messages == ["hello"]


async def test_who_was_removed_from_a_group_hears_nothing_more_through_their_webhook(
    webhook: OutgoingWebhook, group: int, newcomer: Newcomer, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    bob = await newcomer("bob")
    async with sessions.begin() as session:
        await Members(session=session).add(group, ALICE, bob)
        await session.execute(update(OutgoingWebhook).values(owner_id=bob))
        await Members(session=session).leave(group, bob)
    await say(sessions, group, "without bob")
    assert await worker.work() == 0
    async with sessions.begin() as session:
        webhooks = OutgoingWebhooks(session=session)
        [watched] = await webhooks.of_group(group)
        assert watched.rests
        await webhooks.enable(await webhooks.one(group, webhook.id), ALICE, from_now=False)
    await worker.work()
    assert receiver.messages == ["", "", "without bob"], "the group tells that bob was added, and that he left"


async def test_nothing_is_delivered_while_its_owner_is_suspended(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    await say(sessions, group, "hello")
    for until, heard in [("infinity", []), ("now", ["hello"])]:
        async with sessions.begin() as session:
            await session.execute(text(f"UPDATE users SET suspended_until = '{until}' WHERE id = {ALICE}"))
        await worker.work()
        assert receiver.messages == heard


async def test_a_webhook_sees_what_its_owner_sees_and_nothing_across_a_block(
    webhook: OutgoingWebhook, group: int, newcomer: Newcomer, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    bob = await newcomer("bob")
    async with sessions.begin() as session:
        await admit(session, group, {bob})
        await Blocks(session=session).block(bob, ALICE)
    await say(sessions, group, "about alice", sender=bob)
    await say(sessions, group, "hello")
    await worker.work()
    assert receiver.messages == ["hello"]
    assert (await row(sessions)).position == 2


async def test_a_worker_that_was_frozen_lets_go_of_what_another_has_taken_over(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    await say(sessions, group, "first", "second")
    [frozen] = await take(sessions, 10)
    assert await take(sessions, 10) == []
    await change(sessions, leased_until=text("now() - interval '1 second'"))
    await worker.work()
    await worker.go_round(replace(frozen))
    assert receiver.messages == ["first", "second", "first"], "the repetition has the same id, and is the last"
    assert receiver.got[0].id == receiver.got[2].id
    assert (await row(sessions)).position == 2


async def test_a_position_set_by_hand_is_not_moved_back(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    await say(sessions, group, "first", "second")
    [lease] = await take(sessions, 10)
    async with sessions.begin() as session:
        webhooks = OutgoingWebhooks(session=session)
        await webhooks.enable(await webhooks.one(group, webhook.id), ALICE, from_now=True)
    await worker.go_round(lease)
    assert (await row(sessions)).position == 2


async def test_the_list_of_deliveries_stays_as_long_as_it_is(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    receiver.answers = [500]
    await say(sessions, group, *[f"{n}" for n in range(DELIVERIES_SHOWN + 10)])
    await worker.work()
    await make_due(sessions)
    await worker.work()
    async with sessions() as session:
        kept = (await session.scalars(select(WebhookDelivery.attempt).order_by(WebhookDelivery.attempt))).all()
    assert list(kept) == list(range(12, DELIVERIES_SHOWN + 12))


async def test_numbers_that_stand_for_nothing_any_more_are_passed_over(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver
) -> None:
    await say(sessions, group, *[f"{n}" for n in range(130)])
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM messages WHERE seq <= 125"))
    await worker.work()
    assert receiver.messages == [f"{n}" for n in range(125, 130)]


WORKER = """
import asyncio
from app.domain.bots.tasks import deliver_webhooks
from app.resources import open_resources
from app.settings import Settings
async def main():
    async with open_resources(Settings(_env_file=None)) as resources:
        await deliver_webhooks(resources)
asyncio.run(main())
"""


async def test_after_a_worker_is_killed_in_the_middle_the_next_repeats_one_delivery_at_most(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, worker: Worker, receiver: Receiver, resources: Resources
) -> None:
    settings = resources.settings
    environment = environment_with(
        DATABASE_URL=settings.database_url,
        REDIS_URL=settings.redis_url,
        SECRET_KEY=settings.secret_key.get_secret_value(),
    )
    await say(sessions, group, "first", "second", "third", "fourth")
    process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)  # noqa: ASYNC220, S603  our own code

    def strike(received: Received) -> None:
        if received.payload["data"]["message"] == "third":
            os.kill(process.pid, signal.SIGKILL)

    receiver.struck = strike
    try:
        assert await asyncio.to_thread(process.wait, 60) == -signal.SIGKILL
    finally:
        process.kill()
    receiver.struck = lambda _: None
    assert await worker.work() == 0, "its lease has not run out"
    await change(sessions, leased_until=text("now()"))
    await worker.work()
    assert receiver.messages == ["first", "second", "third", "third", "fourth"]
    assert receiver.got[2].id == receiver.got[3].id


async def test_one_transaction_may_take_no_more_than_it_has_room_for(
    webhook: OutgoingWebhook, group: int, sessions: Sessions, receiver: Receiver
) -> None:
    async with sessions.begin() as session:
        await OutgoingWebhooks(session=session).subscribe(ALICE, group, f"{receiver.url}/2", ["message.created"])
    await say(sessions, group, "hello")
    async with sessions.begin() as session:
        assert len(await Deliveries(session).take(1)) == 1
    assert len(await take(sessions, 10)) == 1
    assert await take(sessions, 0) == []
