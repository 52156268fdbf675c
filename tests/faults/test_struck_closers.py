"""Workers killed while they end a round: it is drawn once all the same, from the same picks, and heard by everybody."""

import asyncio
import signal
import sys

import msgspec
import pytest
from tests.conftest import Newcomer
from tests.domain.game.rounds_of_dice import Table, slip
from tests.faults.struck_closer import Moment

from app.domain.chat.schemas.cards import RoundCard
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.journal import MessageJournal
from app.domain.game.models import Round
from app.domain.game.services import proving
from app.domain.game.services.drawing import standing_picks
from app.domain.game.tasks.rounds import end_due_rounds
from app.hub import events
from app.hub.fanout import Hub
from app.hub.outbox import Outbox
from app.resources import Resources, running
from app.settings import environment_with

pytestmark = pytest.mark.anyio


@pytest.fixture
async def table(newcomer: Newcomer, resources: Resources) -> Table:
    """Of ann and ben, under the secret that workers have."""
    ann, ben = await newcomer("ann"), await newcomer("ben")
    async with resources.sessions.begin() as session:
        group = await Conversations(session=session).open_group(ann, [ben], "Dice", joinable=False)
    return Table(resources.sessions, group.id, ann, resources.settings.seed_secret)


async def struck(resources: Resources, moment: Moment, round_id: int) -> None:
    """A worker ends the round, and is killed at it."""
    settings = resources.settings
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.faults.struck_closer",
        moment,
        str(round_id),
        env=environment_with(
            DATABASE_URL=settings.database_url,
            REDIS_URL=settings.redis_url,
            SECRET_KEY=settings.secret_key.get_secret_value(),
        ),
    )
    assert await process.wait() == -signal.SIGKILL


async def due_round(table: Table) -> int:
    held = await table.begin()
    await table.pick(slip(held, 1), slip(held, 2, side="under"))
    await table.let_close(held)
    return held


async def ended_once(table: Table, resources: Resources, left: Round) -> None:
    """By the workers that come after, from the picks that were frozen."""
    for _ in range(2):
        await end_due_rounds(resources)
    ended = await table.read(left.id)
    assert ended.drawn_at
    assert (left.root, left.closed_at) == (ended.root, ended.closed_at), "the picks were frozen anew"
    assert [one.kind for one in await table.told()] == ["round_opened", "round_drawn"]
    async with table.sessions() as session:
        picks = await standing_picks(session, left.id)
    proving.check(proving.transcript(ended, proving.picks_as_proven(picks), proving.scores_of(picks)))


@pytest.mark.parametrize("moment", ["after freezing", "before its commit"])
async def test_a_worker_killed_while_it_ends_a_round_leaves_the_rest_to_the_next(
    table: Table, resources: Resources, moment: Moment
) -> None:
    round_id = await due_round(table)
    await struck(resources, moment, round_id)
    left = await table.read(round_id)
    assert (left.root is not None, left.seed) == (True, None)
    assert [one.kind for one in await table.told()] == ["round_opened"]
    await ended_once(table, resources, left)


async def test_a_result_that_was_stored_and_never_announced_is_heard_all_the_same(
    table: Table, resources: Resources
) -> None:
    """The worker died between its commit and its announcement: the hub misses the number, and reads it."""
    round_id = await due_round(table)
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def close(_code: int, _reason: str) -> None:
        pass

    hub, outbox = Hub(resources.redis, MessageJournal(resources.sessions)), Outbox(2, heard.put, close)
    async with running(hub.run()), outbox.sending():
        await hub.connected()
        assert await hub.join(events.conversation(table.group), outbox) == 1
        await struck(resources, "after its commit", round_id)
        async with asyncio.timeout(10):
            message = msgspec.json.decode(await heard.get(), type=MessageFrame)
    assert (message.message_id, message.kind) == (2, "round_drawn")
    assert isinstance(message.card, RoundCard)
    drawn = await table.read(round_id)
    assert message.card.outcome == drawn.outcome
    await ended_once(table, resources, drawn)
    assert heard.empty()
