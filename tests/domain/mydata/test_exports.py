"""Everything of one's own as one archive."""

import asyncio
import signal
import sys
from typing import Any

import pytest
from sqlalchemy import text
from tests.clients import Player
from tests.conftest import Newcomer, Register
from tests.domain.mydata.conftest import Archive, Diary, export_of, unzipped

from app.domain.chat.services.conversations import Conversations
from app.domain.mydata.controllers import pieces
from app.domain.mydata.models import Export
from app.domain.mydata.rules import CHUNK_BYTES, EXPORT_ATTEMPTS, NoExport
from app.domain.mydata.services.exports import Exports, TakenOver, state_of
from app.domain.mydata.tasks.exports import export_due
from app.resources import Resources, Sessions
from app.settings import environment_with

pytestmark = pytest.mark.anyio

PATH = "/api/users/me/export"


async def ready(player: Player) -> dict[str, Any]:
    """The frame that says so, and all that came before it were in order."""
    async with player.socket("/ws") as socket:
        await socket.until("ready")
        (await player.http.post(PATH)).raise_for_status()
        progress = []
        async with asyncio.timeout(20):
            while (frame := await socket.until("export"))["state"] != "ready":
                progress.append(frame["progress"])
    assert progress == sorted(progress)
    return frame


async def test_an_export_equals_what_was_done_over_the_api(player: Register) -> None:
    ann, ben, cal = await player("ann"), await player("ben"), await player("cal")
    chat = await ann.talk_to(ben)
    messages = f"/api/chat/conversations/{chat}/messages"
    for n, who in enumerate((ann, ben, ann, ann)):
        await who.http.post(messages, json={"message": f"message {n + 1} by {who.username}", "client_id": f"c-{n}"})
    await ann.http.patch(f"{messages}/1", json={"message": "better"})
    await ann.http.delete(f"{messages}/3")
    await ann.http.put(f"{messages}/2/reactions/👍")
    group = (await cal.http.post("/api/chat/groups", json={"name": "Chess"})).json()["id"]
    await ann.http.post(f"/api/chat/groups/{group}/join")
    await ann.http.post(f"/api/chat/conversations/{group}/messages", json={"message": "bye"})
    await ann.http.post(f"/api/chat/groups/{group}/leave")
    await ann.http.post("/api/friends/requests", json={"username": ben.username})
    await ben.http.post("/api/friends/requests", json={"username": ann.username})
    await ann.http.put(f"/api/blocks/{cal.id}")
    for number in (842, 7):
        (await ann.http.post("/api/game/play", json={"number": number})).raise_for_status()
    (await ann.http.post("/api/lottery/ballots", json={"count": 2})).raise_for_status()

    frame = await ready(ann)
    archive = await export_of(ann)

    assert frame["size"] > 0
    assert (archive["account.json"]["username"], archive["account.json"]["id"]) == (ann.username, ann.id)
    assert len(archive["sessions.jsonl"]) == 1
    assert archive["friends.jsonl"][0]["username"] == ben.username
    assert [one["id"] for one in archive["blocks.jsonl"]] == [cal.id]
    assert [(one["conversation_id"], one["left_at"] is None) for one in archive["conversations.jsonl"]] == [
        (chat, True),
        (group, False),
    ]
    shown = (await ann.http.get(messages)).json()["messages"]
    own = [(one["id"], one["content"]) for one in shown if one["sender_id"] == ann.id]
    assert [(one["id"], one["content"]) for one in archive[f"messages/{chat}.jsonl"]] == own
    assert [one["content"] for one in archive[f"messages/{group}.jsonl"]] == ["bye"]
    assert [(one["kind"], one["content"]) for one in archive["changes.jsonl"]] == [
        ("edited", "better"),
        ("deleted", ""),
        ("reacted", "👍"),
    ]
    assert [one["number"] for one in archive["plays.jsonl"]] == [7, 842]
    sums = [(one["game"], one["games"], one["wins"], one["prize_cents"]) for one in archive["statistics.jsonl"]]
    assert sums == [("*", 2, 1, 42_100), ("number", 2, 1, 42_100)]
    assert [one["name"] for one in archive["achievements.jsonl"]] == ["first_play", "first_win"]
    assert archive["ballots.jsonl"] == (await ann.http.get("/api/lottery/ballots")).json()["ballots"]
    assert archive["privacy.json"] == (await ann.http.get("/api/users/privacy")).json()
    assert f"by {ben.username}" not in str(archive)


async def test_asking_again_answers_the_export_that_is_there(player: Register) -> None:
    ann = await player("ann")
    assert (await ann.http.get(PATH)).json()["code"] == "no_export"
    answers = await asyncio.gather(*(ann.http.post(PATH) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 202]
    assert len({answer.json()["requested_at"] for answer in answers}) == 1


async def test_only_their_owner_has_the_archive(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    frame = await ready(ann)
    assert (await ben.http.get(frame["download"])).status_code == 404
    assert (await ben.http.get(PATH)).status_code == 404
    anonymous = ann.http.headers.pop("Authorization")
    assert (await ann.http.get(frame["download"])).status_code == 401
    ann.http.headers["Authorization"] = anonymous
    answer = await ann.http.get(frame["download"])
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")


# Workers that die, and time that passes


async def begin(sessions: Sessions, user_id: int) -> Export:
    async with sessions.begin() as session:
        return (await Exports(session=session).start(user_id))[0]


async def content_of(sessions: Sessions, user_id: int) -> Archive:
    async with sessions() as session:
        export = await Exports(session=session).ready(user_id)
    found = [piece async for piece in pieces(sessions, export.id)]
    assert [len(piece) for piece in found[:-1]] == [CHUNK_BYTES] * (len(found) - 1)
    assert sum(map(len, found)) == export.size
    return unzipped(b"".join(found))


async def run(resources: Resources, statement: str) -> None:
    async with resources.sessions.begin() as session:
        await session.execute(text(statement))


async def test_an_archive_of_many_pages_holds_each_message_once(
    resources: Resources, conversation: int, diary: Diary
) -> None:
    contents = [f"message {n}" for n in range(250)]
    await diary.write(conversation, 1, *contents)
    await diary.write(conversation, 2, "an answer")
    await begin(resources.sessions, 1)
    assert await export_due(resources) == 1
    archive = await content_of(resources.sessions, 1)
    assert [one["content"] for one in archive[f"messages/{conversation}.jsonl"]] == contents


async def test_a_killed_workers_export_is_taken_over(resources: Resources, conversation: int, diary: Diary) -> None:
    await diary.write(conversation, 1, *(f"message {n}" for n in range(250)))
    await begin(resources.sessions, 1)
    given = resources.settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.domain.mydata.struck_exporter", "8"),
        env=environment_with(
            DATABASE_URL=given.database_url,
            REDIS_URL=given.redis_url,
            SECRET_KEY=given.secret_key.get_secret_value(),
        ),
    )
    assert await process.wait() == -signal.SIGKILL

    assert await export_due(resources) == 0, "it may still be at it"
    await diary.make_due("exports")
    assert await export_due(resources) == 1
    archive = await content_of(resources.sessions, 1)
    assert len(archive[f"messages/{conversation}.jsonl"]) == 250


async def test_who_comes_back_after_losing_an_export_writes_nothing(
    resources: Resources, newcomer: Newcomer, diary: Diary
) -> None:
    await begin(resources.sessions, await newcomer("alice"))
    async with resources.sessions.begin() as session:
        stalled = await Exports(session=session).take()
    assert stalled
    await diary.make_due("exports")
    await export_due(resources)
    with pytest.raises(TakenOver):
        async with resources.sessions.begin() as session:
            await Exports(session=session).fill(stalled, 0, [b"late"], 50)
    assert await content_of(resources.sessions, 1)


async def test_an_export_that_kills_every_worker_is_given_up_and_may_be_asked_for_again(
    resources: Resources, newcomer: Newcomer, diary: Diary
) -> None:
    first = await begin(resources.sessions, await newcomer("alice"))
    for _ in range(EXPORT_ATTEMPTS + 1):
        async with resources.sessions.begin() as session:
            taken = await Exports(session=session).take()
        await diary.make_due("exports")
    assert taken
    assert state_of(taken) == "failed"
    assert await export_due(resources) == 0
    assert (await begin(resources.sessions, 1)).id != first.id


async def test_an_export_stands_for_a_day_and_is_kept_for_a_week(resources: Resources, newcomer: Newcomer) -> None:
    first = await begin(resources.sessions, await newcomer("alice"))
    await export_due(resources)
    assert (await begin(resources.sessions, 1)).id == first.id
    await run(resources, "UPDATE exports SET requested_at = now() - interval '25 hours'")
    second = await begin(resources.sessions, 1)
    assert second.id != first.id
    await export_due(resources)
    await run(resources, "UPDATE exports SET ready_at = now() - interval '8 days'")
    async with resources.sessions() as session:
        with pytest.raises(NoExport):
            await Exports(session=session).of(1)
    await export_due(resources)
    async with resources.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM export_chunks")) == 0


async def test_two_workers_share_what_is_due(resources: Resources, conversation: int) -> None:
    for user_id in (1, 2):
        await begin(resources.sessions, user_id)
    assert sum(await asyncio.gather(export_due(resources), export_due(resources))) == 2


async def test_a_conversation_in_which_one_wrote_nothing_makes_no_file(resources: Resources, conversation: int) -> None:
    async with resources.sessions.begin() as session:
        await Conversations(session=session).open_group(1, [2], "Silent", joinable=False)
    await begin(resources.sessions, 1)
    await export_due(resources)
    assert not [name for name in await content_of(resources.sessions, 1) if name.startswith("messages/")]


async def test_the_archive_holds_the_files_themselves(player: Register) -> None:
    alice = await player("alice")
    content = b"The analytical engine weaves algebraic patterns.\n" * 5000
    uploaded = await alice.http.post("/api/files", params={"name": "notes.txt"}, content=content)
    await alice.http.post("/api/users/me/export")
    await ready(alice)
    archive = unzipped((await alice.http.get("/api/users/me/export/download")).content)
    assert archive[f"files/{uploaded.json()['id']}-notes.txt"] == content.decode()
