"""The files of a conversation's messages, on the running server."""

from uuid import UUID

import pytest
from tests.conftest import Register, settings_for
from tests.domain.files.samples import PDF, photo

from app.domain.files.services.files import Claim, Files
from app.embedded.stack import Stack
from app.resources import open_resources

pytestmark = pytest.mark.anyio


async def test_a_message_s_files_are_for_those_who_are_in_its_conversation(player: Register, stack: Stack) -> None:
    alice, bob, eve = await player("alice"), await player("bob"), await player("eve")
    room, elsewhere = await alice.talk_to(bob), await alice.talk_to(eve)
    image = (await alice.http.post("/api/files", content=photo(), params={"name": "cat.jpg"})).json()["id"]
    unsent = (await alice.http.post("/api/files", content=PDF)).json()["id"]
    settings = settings_for(stack.database_url, stack.redis_url)
    async with open_resources(settings) as resources, resources.sessions.begin() as session:
        await Files(session=session).claim([Claim(alice.id, room, 1, [UUID(image)])])

    path = f"/api/chat/conversations/{room}/files"
    for member in (alice, bob):
        full = await member.http.get(f"{path}/{image}")
        assert (full.status_code, full.headers["content-type"]) == (200, "image/jpeg")
        assert (await member.http.get(f"{path}/{image}/thumbnail")).headers["content-type"] == "image/webp"
        assert (await member.http.get(f"{path}/{unsent}")).json()["code"] == "no_such_file"
        part = await member.http.get(f"{path}/{image}", headers={"Range": "bytes=0-1"})
        assert (part.status_code, part.content) == (206, b"\xff\xd8")
    for asked in (image, f"{image}/thumbnail"):
        assert (await eve.http.get(f"{path}/{asked}")).json()["code"] == "no_such_conversation"
        other = await eve.http.get(f"/api/chat/conversations/{elsewhere}/files/{asked}")
        assert (other.status_code, other.json()["code"]) == (404, "no_such_file")
    assert (await bob.http.get(f"/api/files/{image}")).status_code == 404

    async with open_resources(settings) as resources, resources.sessions.begin() as session:
        await Files(session=session).release(room, [1])
    assert (await bob.http.get(f"{path}/{image}")).json()["code"] == "no_such_file"
