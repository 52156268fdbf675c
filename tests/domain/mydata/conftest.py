"""What a worker does, done here and now, and archives to look into."""

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import text
from tests.clients import Player
from tests.domain.lottery.conftest import World

from app.domain.accounts.models import User
from app.domain.chat.schemas.entries import Draft
from app.domain.chat.services.messages import Messages
from app.domain.chat.services.sending import encode
from app.resources import Resources, Sessions

Archive = dict[str, Any]


def unzipped(content: bytes) -> Archive:
    """By name: text, an object, or a list of objects."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: read(name, archive.read(name)) for name in archive.namelist()}


def read(name: str, content: bytes) -> Any:  # noqa: ANN401  any JSON
    match name.rpartition(".")[2]:
        case "json":
            return json.loads(content)
        case "jsonl":
            return [json.loads(line) for line in content.splitlines()]
        case _:
            return content.decode()


class Diary:
    """Writes messages as the worker of the inbox stores them, many at once."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions

    async def write(self, conversation_id: int, sender_id: int, *contents: str) -> None:
        drafts = [
            encode(Draft(conversation_id, sender_id, f"{sender_id}-{place}-{content}"[:64], content))
            for place, content in enumerate(contents)
        ]
        async with self.sessions.begin() as session:
            outcomes = await Messages(session=session).record(drafts)
        assert all(outcome.fact for outcome in outcomes), outcomes

    async def make_due(self, table: str) -> None:
        """As if the lease of whoever was at it had run out."""
        async with self.sessions.begin() as session:
            await session.execute(text(f"UPDATE {table} SET next_attempt_at = now() - interval '1 second'"))


@pytest.fixture
def diary(sessions: Sessions, clean: None) -> Diary:
    return Diary(sessions)


async def export_of(player: Player) -> Archive:
    answer = await player.http.get("/api/users/me/export/download")
    answer.raise_for_status()
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    return unzipped(answer.content)


@pytest.fixture
async def world(resources: Resources, clean: None) -> World:
    """As the lottery's own tests have it."""
    world = World(resources, ann=User())
    world.ann = await world.join("ann")
    return world
