"""The community of `parlour seed`: it is all there, and once."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.conftest import settings_for

from app import migrating
from app.cli.seeds.community import BALLOTS, CHATS, PEOPLE, PLAYS
from app.cli.seeds.filling import fill
from app.embedded.temporary import Servers, temporary_servers
from app.resources import Resources, open_resources

pytestmark = pytest.mark.anyio

COUNTS = text("""
    SELECT (SELECT count(*) FROM users), (SELECT count(avatar_id) FROM users), (SELECT count(*) FROM conversations),
        (SELECT count(*) FROM messages), (SELECT sum(last_seq) FROM conversations), (SELECT count(*) FROM files),
        (SELECT count(*) FROM plays), (SELECT count(*) FROM ballots)
""")


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    with temporary_servers() as started:
        migrating.upgrade_now(started.postgres.url)
        yield started


@pytest.fixture
async def resources(servers: Servers, tmp_path: Path) -> AsyncIterator[Resources]:
    settings = settings_for(servers.postgres.url, servers.valkey.url, files_directory=tmp_path)
    async with open_resources(settings) as opened:
        yield opened


async def count(resources: Resources) -> list[int]:
    async with resources.sessions() as session:
        return [int(one) for one in (await session.execute(COUNTS)).one()]


def kept(directory: Path) -> list[Path]:
    return sorted(found for found in directory.rglob("*") if found.is_file())


async def test_everything_is_there_and_once_however_often_it_is_done(resources: Resources, tmp_path: Path) -> None:
    await fill(resources)

    there, stored = await count(resources), kept(tmp_path)
    people, avatars, conversations, messages, _, files, plays, ballots = there
    assert (people, avatars) == (len(PEOPLE), len(PEOPLE))
    assert conversations == len(CHATS)
    assert messages == sum(len(chat.talk) for chat in CHATS)
    assert files == len(PEOPLE) + 1
    assert plays == sum(len(numbers) for numbers in PLAYS.values())
    assert ballots == sum(BALLOTS.values())

    await fill(resources)
    assert (await count(resources), kept(tmp_path)) == (there, stored)
