"""Search over HTTP, on the running server, whose worker does the indexing."""

import asyncio
from datetime import datetime
from typing import Any

import httpx
import pytest
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio
LAG_SECONDS = 10
"""Far more than it takes, for a machine that is busy with other tests."""


async def look(who: Player, **asked: Any) -> httpx.Response:  # noqa: ANN401  any parameter
    return await who.http.get("/api/chat/search", params=asked)


async def found(who: Player, count: int, **asked: Any) -> list[dict[str, Any]]:  # noqa: ANN401  any parameter
    """The hits, once there are so many."""
    async with asyncio.timeout(LAG_SECONDS):
        while True:
            hits: list[dict[str, Any]] = (await look(who, **asked)).raise_for_status().json()["hits"]
            if len(hits) == count:
                return hits
            await asyncio.sleep(0.05)


async def test_what_was_said_is_found_within_seconds_in_every_script(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    talk = await alice.talk_to(bob)
    messages = f"/api/chat/conversations/{talk}/messages"
    said = ["See you at the Straße", "Побачимося о п’ятій", "明天在北京见", "明日、東京で会いましょう", "เจอกันที่กรุงเทพ"]
    for one in said:
        (await alice.http.post(messages, json={"message": one})).raise_for_status()
    await found(bob, 1, q="กรุงเทพ")
    for typed, content, shown in [
        ("STRASSE", said[0], "Straße"),
        ("п'ят", said[1], "п’ят"),
        ("京见", said[2], "京见"),
        ("東", said[3], "東"),
        ("งเท", said[4], "งเท"),
    ]:
        (hit,) = (await look(bob, q=typed)).json()["hits"]
        ((start, end),) = hit["highlights"]
        assert (hit["conversation_id"], hit["message"]["content"]) == (talk, content)
        assert content[start:end] == shown
        assert hit["message"]["sender"] == alice.username
    assert [hit["message"]["id"] for hit in await found(bob, 2, q="京")] == [4, 3]


async def test_a_search_is_narrowed_and_read_page_by_page(player: Register) -> None:
    alice, bob, cara = [await player(name) for name in ("alice", "bob", "cara")]
    with_bob, with_cara = await alice.talk_to(bob), await alice.talk_to(cara)
    for who, talk in ((alice, with_bob), (bob, with_bob), (alice, with_cara), (cara, with_cara)):
        for n in range(2):
            await who.http.post(f"/api/chat/conversations/{talk}/messages", json={"message": f"Kartoffelsuppe {n}"})
    everything = await found(alice, 8, q="toffel", limit=100)
    times = [hit["message"]["timestamp"] for hit in everything]
    assert times == sorted(times, reverse=True)
    for asked, count in [
        ({"conversation_id": with_bob}, 4),
        ({"sender_id": alice.id}, 4),
        ({"sender_id": alice.id, "conversation_id": with_cara}, 2),
        ({"sender_id": 10**12}, 0),
        ({"from": times[3]}, 4),
        ({"until": times[3]}, 4),
        ({"from": times[5], "until": times[1]}, 4),
        ({"from": "2030-01-01T00:00:00Z"}, 0),
    ]:
        assert len((await look(alice, q="toffel", **asked)).json()["hits"]) == count, asked
    pages: list[list[dict[str, Any]]] = []
    before: dict[str, str] = {}
    while True:
        page = (await look(alice, q="toffel", limit=3, **before)).json()
        pages.append(page["hits"])
        if page["next"] is None:
            break
        before = {"before": page["next"]}
    assert [len(page) for page in pages] == [3, 3, 2]
    assert [hit for page in pages for hit in page] == everything


async def test_an_edit_and_a_deletion_are_found_as_they_are(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    messages = f"/api/chat/conversations/{await alice.talk_to(bob)}/messages"
    await alice.http.post(messages, json={"message": "rhubarb crumble"})
    await found(bob, 1, q="rhubarb")
    await alice.http.patch(f"{messages}/1", json={"message": "apple crumble"})
    assert (await look(bob, q="rhubarb")).json()["hits"] == []
    await found(bob, 1, q="apple crum")
    await alice.http.delete(f"{messages}/1")
    assert (await look(bob, q="crumble")).json()["hits"] == []


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ({}, 400, "bad_request"),
        ({"q": ""}, 400, "bad_request"),
        ({"q": "x" * 101}, 400, "bad_request"),
        ({"q": "x"}, 400, "query_too_short"),
        ({"q": "\u200b\u200b"}, 400, "query_too_short"),
        ({"q": "words", "before": "1"}, 400, "unknown_cursor"),
        ({"q": "words", "before": "9" * 60}, 400, "unknown_cursor"),
        ({"q": "words", "conversation_id": 10**12}, 404, "no_such_conversation"),
        ({"q": "words", "conversation_id": 0}, 400, "bad_request"),
        ({"q": "words", "sender_id": 10**30}, 400, "bad_request"),
        ({"q": "words", "from": "yesterday"}, 400, "bad_request"),
        ({"q": "words", "until": "2026-11-20T12:00:00"}, 400, "bad_request"),
        ({"q": "words", "limit": 101}, 400, "bad_request"),
    ],
)
async def test_a_search_that_means_nothing_is_refused_by_name(
    player: Register, asked: dict[str, Any], status: int, code: str
) -> None:
    answer = await look(await player("alice"), **asked)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "a\x00b"},
        {"q": "%00ab"},
        {"q": "'); DROP TABLE users; --"},
        {"q": "ﷺ" * 100},
        {"q": "\\%_ ab"},
        {"q": "words", "before": "9" * 16 + "-" + "9" * 18 + "-" + "9" * 18},
        {"q": "words", "before": "0-0-0"},
        {"q": "words", "from": "0001-01-01T00:00:00Z", "until": "9999-12-31T23:59:59.999999Z"},
        {"q": "words", "from": "9999-12-31T23:59:59Z", "until": "0001-01-01T00:00:00+14:00"},
        {"q": "words", "sender_id": 2**63 - 1},
    ],
)
async def test_a_search_for_something_odd_finds_nothing(player: Register, asked: dict[str, Any]) -> None:
    alice, bob = await player("alice"), await player("bob")
    await alice.talk_to(bob)
    answer = await look(alice, **asked)
    assert (answer.status_code, answer.json()) == (200, {"hits": [], "next": None})


async def test_times_are_answered_as_they_were_asked_for(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await alice.http.post(
        f"/api/chat/conversations/{await alice.talk_to(bob)}/messages", json={"message": "pomegranate"}
    )
    (hit,) = await found(alice, 1, q="pomegranate")
    sent_at = datetime.fromisoformat(hit["message"]["timestamp"])
    assert len((await look(alice, q="pomegranate", **{"from": sent_at.isoformat()})).json()["hits"]) == 1
    assert len((await look(alice, q="pomegranate", until=sent_at.isoformat())).json()["hits"]) == 0
