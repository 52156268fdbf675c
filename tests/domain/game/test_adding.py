"""Adding a game is adding a file: here, to a copy of the package, from which a whole Parlour is then started."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from tests.clients import Player
from tests.domain.game.rounds_of_dice import close_by_the_clock

import app
from app import migrating
from app.embedded.stack import Stack
from app.embedded.temporary import temporary_stack

pytestmark = pytest.mark.anyio

COIN = '''
"""Heads or tails."""

from typing import Literal

from app.domain.game.definition import Game, Luck, LuckyMove, Outcome, Score

FACES: tuple[Literal["heads", "tails"], ...] = ("heads", "tails")


class CoinMove(LuckyMove, kw_only=True):
    face: Literal["heads", "tails"]


class CoinOutcome(Outcome):
    face: Literal["heads", "tails"]


def play(move: CoinMove, luck: Luck) -> Score:
    face = FACES[luck(2)]
    return Score(won=face == move.face, prize_cents=200 if face == move.face else 0, outcome=CoinOutcome(face))


game = Game(
    name="coin",
    title="Heads or tails",
    rules="Call the face. The right one wins 2.00.",
    odds="One in two.",
    move=CoinMove,
    play=play,
)
'''


@pytest.fixture(scope="module")
def with_coin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    house = tmp_path_factory.mktemp("house")
    shutil.copytree(Path(app.__file__ or "").parent, house / "src/app", ignore=shutil.ignore_patterns("__pycache__"))
    (house / "migrations").symlink_to(migrating.directory(), target_is_directory=True)
    (house / "src/app/domain/game/games/coin.py").write_text(COIN)
    with temporary_stack(migrating.upgrade_now, PYTHONPATH=str(house / "src")) as started:
        yield started


async def test_a_file_is_all_that_a_game_needs(with_coin: Stack) -> None:
    ann = await Player.register(with_coin.base_url, "ann")
    games = {game["name"]: game for game in (await ann.http.get("/api/game/games")).json()}
    assert games.keys() == {"coin", "dice", "number"}
    assert games["coin"]["odds"] == "One in two."
    document = (await ann.http.get("/docs/openapi.json")).json()
    assert document["components"]["schemas"]["CoinMove"]["required"] == ["face"]

    (await ann.http.put("/api/game/games/coin/epochs/1")).raise_for_status()
    played = (await ann.http.post("/api/game/games/coin/plays", json={"face": "heads"})).json()
    async with ann.socket("/ws") as socket:
        await socket.until("ready")
        await socket.send(type="play", game="coin", move={"face": "tails"})
        heard = await socket.until("result")

    assert (await ann.http.get("/api/game/history?game=coin")).json() == [heard, played]
    for result in (played, heard):
        assert result["game"] == "coin"
        assert (result["result"], result["prize"]) == (
            ("win", 2.0) if result["outcome"] == result["move"] else ("lose", 0.0)
        )
    assert [play["n"] for play in (await ann.http.get("/api/game/games/coin/epochs/1")).json()["plays"]] == [1, 2]
    await ann.http.aclose()


async def test_and_a_group_plays_it_together(with_coin: Stack) -> None:
    ann = await Player.register(with_coin.base_url, "ann")
    group = (await ann.http.post("/api/chat/groups", json={"name": "Coins"})).json()["id"]
    asked = {"conversation_id": group, "game": "coin", "closes_in": 600}
    async with ann.socket("/ws") as socket:
        await socket.send(type="subscribe", conversation_id=group)
        await socket.until("subscribed")
        held = (await ann.http.post("/api/game/rounds", json=asked)).json()["id"]
        await socket.until("message")
        (await ann.http.put(f"/api/game/rounds/{held}/pick", json={"face": "heads"})).raise_for_status()
        engine = create_async_engine(with_coin.database_url.replace("postgresql://", "postgresql+asyncpg://"))
        async with async_sessionmaker(engine).begin() as session:
            await close_by_the_clock(session, held)
        card = (await socket.until("message"))["card"]
    await engine.dispose()
    assert card["outcome"] in [{"face": "heads"}, {"face": "tails"}]
    assert bool(card.get("top")) == (card["outcome"] == {"face": "heads"})
    await ann.http.aclose()
