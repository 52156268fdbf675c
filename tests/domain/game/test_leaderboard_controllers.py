"""Leaderboards, streaks and achievements on the running server, and on its socket."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from redis.asyncio import Redis
from tests.clients import Player
from tests.conftest import Register

from app.domain.game.services import building
from app.embedded.stack import Stack

pytestmark = pytest.mark.anyio

BOARD = "/api/game/leaderboard"


async def read(player: Player, path: str, **query: Any) -> Any:  # noqa: ANN401  any JSON
    answer = await player.http.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def play(player: Player, *numbers: int) -> None:
    for number in numbers:
        answer = await player.http.post("/api/game/play", json={"number": number})
        assert answer.status_code == 201, answer.text


async def test_a_play_is_on_every_board_as_soon_as_it_is_answered(player: Register) -> None:
    alice = await player("alice")
    await play(alice, 842, 841, 20)
    for period in ("day", "week", "all"):
        for game in ({}, {"game": "number"}):
            found = await read(alice, BOARD, period=period, **game)
            assert found["board"]["period"] == period
            assert found["board"]["game"] == game.get("game")
            me = found["me"]
            assert (me["user_id"], me["total_prize"], me["games"], me["wins"]) == (alice.id, 423.0, 3, 2)
            around = await read(alice, f"{BOARD}/around-me", period=period, **game)
            assert around["me"] == me
            assert me in around["places"]


async def test_days_and_weeks_say_when_they_begin_and_end(player: Register) -> None:
    alice = await player("alice")
    now = datetime.now(UTC)
    board = (await read(alice, BOARD, period="week"))["board"]
    begins, ends = date.fromisoformat(board["starts_on"]), datetime.fromisoformat(board["ends_at"])
    assert begins.weekday() == 0
    assert ends - timedelta(days=7) <= now < ends
    past = await read(alice, BOARD, period="week", on="2026-01-01")
    assert past["board"] == {
        "game": None,
        "period": "week",
        "starts_on": "2025-12-29",
        "ends_at": "2026-01-05T00:00:00Z",
    }
    assert (past["players"], past["me"], past["places"]) == (0, None, [])
    for edge in ("0001-01-01", "9999-12-31"):
        assert (await read(alice, f"{BOARD}/around-me", period="week", on=edge))["places"] == []


async def test_friends_are_among_themselves(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    await play(alice, 20)
    await play(bob, 842)
    assert (await alice.http.post("/api/friends/requests", json={"username": bob.username})).is_success
    assert (await bob.http.post("/api/friends/requests", json={"username": alice.username})).is_success
    found = await read(alice, f"{BOARD}/friends")
    assert [(place["rank"], place["user_id"]) for place in found["places"]] == [(1, bob.id), (2, alice.id)]
    assert (found["players"], found["me"]["rank"]) == (2, 2)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?game=chess", 404),
        ("?game=*", 400),
        ("?period=year", 400),
        ("?offset=1001", 400),
        ("?limit=101", 400),
        ("?on=yesterday", 400),
        ("?limit=100&offset=1000", 200),
    ],
)
async def test_what_is_no_leaderboard_is_refused(player: Register, query: str, status: int) -> None:
    alice = await player("alice")
    assert (await alice.http.get(f"{BOARD}{query}")).status_code == status


async def test_statistics_are_of_all_games_or_of_one(player: Register) -> None:
    alice = await player("alice")
    await play(alice, 842, 842, 1)
    of_all, of_one = await read(alice, "/api/game/statistics"), await read(alice, "/api/game/statistics", game="number")
    assert of_all == of_one
    streaks = {name: of_all[name] for name in ("win_streak", "best_win_streak", "day_streak", "best_day_streak")}
    assert streaks == {"win_streak": 0, "best_win_streak": 2, "day_streak": 1, "best_day_streak": 1}
    assert (await alice.http.get("/api/game/statistics?game=chess")).json()["code"] == "no_such_game"


async def test_statistics_are_told_day_by_day(player: Register) -> None:
    alice = await player("alice")
    await play(alice, 842, 841)
    before, today = await read(alice, "/api/game/statistics/days", days=2)
    assert date.fromisoformat(today["day"]) - date.fromisoformat(before["day"]) == timedelta(days=1)
    assert {name: today[name] for name in ("games", "wins", "prize")} == {"games": 2, "wins": 1, "prize": 421.0}
    assert (before["games"], before["wins"], before["prize"]) == (0, 0, 0.0)
    assert [day["games"] for day in await read(alice, "/api/game/statistics/days", game="dice")] == [0] * 30
    for days in (0, 367):
        assert (await alice.http.get(f"/api/game/statistics/days?days={days}")).status_code == 400


async def test_an_achievement_is_told_on_the_socket_and_is_in_the_list(player: Register) -> None:
    alice = await player("alice")
    async with alice.socket("/ws") as socket:
        await socket.send(type="play", number=842, idempotency_key="a")
        told = [(await socket.until("notification"))["body"] for _ in range(2)]
    assert told == [
        {"achievement": "first_play", "title": "Beginner"},
        {"achievement": "first_win", "title": "First win"},
    ]
    earned = {one["name"] for one in await read(alice, "/api/game/achievements") if one["earned_at"]}
    assert earned == {"first_play", "first_win"}


async def test_who_watches_a_board_hears_of_it_when_somebody_plays(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    async with alice.socket("/ws") as socket:
        await socket.send(type="watch_leaderboards", boards=[{"period": "day", "game": "number"}])
        assert (await socket.until("leaderboard"))["board"]["game"] == "number"
        assert (await socket.until("leaderboard_place"))["me"] is None
        await play(alice, 842)
        own = await socket.until("leaderboard_place")
        assert (own["me"]["user_id"], own["me"]["total_prize"]) == (alice.id, 421.0)
        await play(bob, *[9998] * 20)
        while bob.username not in [place["username"] for place in (await socket.until("leaderboard"))["places"]]:
            pass
        await socket.send(type="watch_leaderboards", boards=[{"period": "day", "game": "chess"}])
        assert (await socket.until("error"))["code"] == "no_such_game"


async def test_a_wiped_redis_changes_no_answer_and_the_ladders_come_back(player: Register, stack: Stack) -> None:
    alice = await player("alice")
    await play(alice, 842)
    before = await read(alice, f"{BOARD}/around-me", limit=5)
    async with Redis.from_url(stack.redis_url, protocol=2) as redis:
        await redis.flushall()
        wiped = await read(alice, f"{BOARD}/around-me", limit=5)
        while len(await building.known(redis)) < 16:
            await asyncio.sleep(0.05)
    healed = await read(alice, f"{BOARD}/around-me", limit=5)
    assert before == wiped == healed
