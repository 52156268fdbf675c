"""Another database of the same server, with nothing in it, and a community to put into an archive."""

import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import msgspec
import pytest
from sqlalchemy import text

from app.domain.accounts.services import Accounts
from app.domain.audit.services import OPERATOR, Audit, Subject
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.messages import Messages
from app.domain.files.services.store import THUMBNAIL, FileStore, new_key
from app.domain.lottery.schemas import SubmitBallots
from app.domain.lottery.services.ballots import Ballots
from app.domain.lottery.tasks import reconcile_draws
from app.resources import Resources, Sessions, open_resources
from app.settings import Settings

EVENING, MIDNIGHT = datetime(2026, 11, 20, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
AWKWARD = ("tab\there", "two\nlines", "back\\slash \\N \\.", "“Доброго вечора” 👋", "comma, 'quote' \"double\"", "\x01")


@pytest.fixture
async def empty_database(resources: Resources) -> AsyncIterator[str]:
    name, url = f"empty_{secrets.token_hex(4)}", resources.settings.database_url
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute(f"CREATE DATABASE {name}")
    yield url.replace("/postgres?", f"/{name}?")
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


@pytest.fixture
def settings_here(resources: Resources, tmp_path: Path) -> Settings:
    """The tests' server, with a file store of its own."""
    return resources.settings.model_copy(update={"files_directory": tmp_path / "files"})


@pytest.fixture
async def community(resources: Resources, settings_here: Settings, clean: None) -> FileStore:
    """Messages that are hard to write down, a file and a thumbnail, an act of office, a draw that was held."""
    sessions = resources.sessions
    ada, ben = [await joined(sessions, name) for name in ("ada", "ben")]
    async with sessions.begin() as session:
        chat, _ = await Conversations(session=session).open_direct(ada, ben)
        drafts = [Draft(chat.id, ada, str(n), said) for n, said in enumerate(AWKWARD)]
        await Messages(session=session).record([msgspec.msgpack.encode(draft) for draft in drafts])
        await Audit(session=session).record(OPERATOR, "appoint_user", Subject("user", ben), role="staff")
    await reconcile_draws(resources, EVENING)
    for person in (ada, ben):
        async with sessions.begin() as session:
            await Ballots(session=session).submit(
                person, SubmitBallots(count=3), key="k", settings=resources.settings, now=EVENING
            )
    await reconcile_draws(resources, MIDNIGHT)
    store = FileStore.of(settings_here)
    await add_file(sessions, store, ada)
    return store


async def joined(sessions: Sessions, name: str) -> int:
    async with sessions.begin() as session:
        person = await Accounts(session=session).register(username=name, email=None, password_hash="-")
        return person.id


async def add_file(sessions: Sessions, store: FileStore, owner: int) -> str:
    key, picture, thumbnail = new_key(), secrets.token_bytes(3 * 1024 * 1024), secrets.token_bytes(100)
    await store.put(key, picture)
    await store.put(key + THUMBNAIL, thumbnail)
    row = """
        INSERT INTO files (owner_id, sha256, name, media_type, size, thumbnail_size, footprint, key)
        VALUES (:owner, sha256('x'), 'a.png', 'image/png', :size, :thumbnail, 1, :key)
    """
    async with sessions.begin() as session:
        await session.execute(
            text(row), {"owner": owner, "size": len(picture), "thumbnail": len(thumbnail), "key": key}
        )
    return key


@pytest.fixture
async def elsewhere(empty_database: str, settings_here: Settings, tmp_path: Path) -> AsyncIterator[Resources]:
    """Another installation, with the same keys, where nothing is yet."""
    update = {"database_url": empty_database, "files_directory": tmp_path / "other files"}
    async with open_resources(settings_here.model_copy(update=update)) as opened:
        yield opened
