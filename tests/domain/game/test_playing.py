"""Games on a running server: over HTTP, and over both sockets."""

import asyncio
from typing import Any

import httpx
import pytest
from tests.clients import Player, Socket
from tests.conftest import Register
from tests.fairdraw.checked import check

pytestmark = pytest.mark.anyio

GAMES = "/api/game/games"
DICE = f"{GAMES}/dice"
NONCE = "ab" * 32
OVER = {"side": "over", "chance": 50}


async def begin(player: Player) -> str:
    """Begins the first epoch in dice; answers its genesis."""
    answer = await player.http.put(f"{DICE}/epochs/1")
    assert answer.status_code == 200
    return str(answer.json()["genesis"])


async def test_the_games_are_listed_for_everybody_with_odds_and_moves(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as anybody:
        games = {game["name"]: game for game in (await anybody.get(GAMES)).json()}
    assert {"number", "dice"} <= games.keys()
    assert all(game["title"] and game["rules"] for game in games.values())
    assert games["number"]["odds"] is None
    assert "no edge" in games["dice"]["odds"]
    move = games["dice"]["move"]["$defs"]["DiceMove"]
    assert move["required"] == ["side", "chance"]
    assert move["additionalProperties"] is False


async def test_every_move_is_on_the_api_page(base_url: str) -> None:
    async with httpx.AsyncClient(base_url=base_url) as anybody:
        document = (await anybody.get("/docs/openapi.json")).json()
    body = document["paths"]["/api/game/games/{game}/plays"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema == {"oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("DiceMove", "NumberMove")]}
    assert body["required"] is True


async def test_the_number_game_answers_the_same_by_its_name(player: Register) -> None:
    ann = await player("ann")
    old = (await ann.http.post("/api/game/play", json={"number": 842})).json()
    new = (await ann.http.post(f"{GAMES}/number/plays", json={"number": 842})).json()
    changing = {"id", "played_at", "idempotency_key"}
    assert {key: old[key] for key in old.keys() - changing} == {key: new[key] for key in new.keys() - changing}
    assert (new["game"], new["move"], new["outcome"], new["prize"]) == ("number", {"number": 842}, {"percent": 50}, 421)
    assert "proof" not in new


@pytest.mark.parametrize(
    ("game", "body", "status", "code"),
    [
        ("chess", b'{"number": 842}', 404, "no_such_game"),
        ("Dice!", b"{}", 400, "bad_request"),
        ("number", b'{"number": 0}', 400, "bad_request"),
        ("number", b'{"number": 842, "game": "number"}', 400, "bad_request"),
        ("number", b'{"side": "over", "chance": 50}', 400, "bad_request"),
        ("number", b"[842]", 400, "bad_request"),
        ("number", b"{", 400, "bad_request"),
        ("number", b"", 400, "bad_request"),
        ("number", b'{"number\xff": 1}', 400, "undecodable"),
        ("dice", b'{"side": "over", "chance": 51}', 400, "bad_request"),
        ("dice", b'{"side": "over", "chance": 50, "epoch": 1}', 400, "bad_request"),
        ("dice", b'{"side": "over", "chance": 50}', 409, "no_epoch"),
    ],
)
async def test_what_is_no_move_is_refused_with_a_reason(
    player: Register, game: str, body: bytes, status: int, code: str
) -> None:
    ann = await player("ann")
    answer = await ann.http.post(f"{GAMES}/{game}/plays", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_bad_move_says_where_it_is_bad(player: Register) -> None:
    ann = await player("ann")
    answer = await ann.http.post(f"{DICE}/plays", json={"side": "middle", "chance": 50})
    assert [error["field"] for error in answer.json()["errors"]] == ["side"]


async def test_the_same_key_is_one_play_over_all_games(player: Register) -> None:
    ann = await player("ann")
    await begin(ann)
    key = {"Idempotency-Key": "once"}
    first = await ann.http.post(f"{DICE}/plays", json=OVER, headers=key)
    again = await ann.http.post(f"{DICE}/plays", json=OVER, headers=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    for path, body in ((f"{DICE}/plays", OVER | {"chance": 80}), ("/api/game/play", {"number": 842})):
        other = await ann.http.post(path, json=body, headers=key)
        assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert (await ann.http.get("/api/game/plays/once")).json() == first.json()


async def test_history_is_of_all_games_or_of_one(player: Register) -> None:
    ann = await player("ann")
    await begin(ann)
    for path, body in ((DICE, OVER), (f"{GAMES}/number", {"number": 7}), (DICE, OVER)):
        (await ann.http.post(f"{path}/plays", json=body)).raise_for_status()
    history = "/api/game/history"
    assert [play["game"] for play in (await ann.http.get(history)).json()] == ["dice", "number", "dice"]
    dice = (await ann.http.get(f"{history}?game=dice&limit=1")).json()
    older = (await ann.http.get(f"{history}?game=dice&before={dice[0]['id']}")).json()
    assert [play["proof"]["n"] for play in [*dice, *older]] == [2, 1]
    assert (await ann.http.get(f"{history}?game=chess")).json() == []


async def test_a_player_checks_what_they_have_played(player: Register) -> None:
    """Note the commitment, play with a nonce of one's own, check: the three steps of the guide."""
    ann, ben = await player("ann"), await player("ben")
    genesis = await begin(ann)
    (epoch,) = (await ann.http.get(f"{DICE}/epochs")).json()
    assert epoch["next"] == {"epoch": 1, "n": 1, "commitment": genesis}
    for n in range(1, 4):
        result = (
            await ann.http.post(
                f"{DICE}/plays", json=OVER | {"epoch": 1, "nonce": NONCE}, headers={"Idempotency-Key": f"p-{n}"}
            )
        ).json()
        assert result["proof"]["n"] == n
    assert check((await ann.http.get(f"{DICE}/epochs/1")).json(), genesis)
    one = (await ann.http.get("/api/game/plays/p-2/proof")).json()
    assert [play["n"] for play in one["plays"]] == [2]
    assert not check(one, genesis), "a part of the epoch"
    for path in ("/api/game/plays/p-2/proof", f"{DICE}/epochs/1"):
        assert (await ben.http.get(path)).status_code == 404


async def test_a_game_without_luck_has_nothing_to_prove(player: Register) -> None:
    ann = await player("ann")
    await ann.http.post("/api/game/play", json={"number": 842}, headers={"Idempotency-Key": "k"})
    for method, path in (
        ("PUT", f"{GAMES}/number/epochs/1"),
        ("GET", f"{GAMES}/number/epochs/1"),
        ("GET", f"{GAMES}/number/epochs"),
        ("GET", "/api/game/plays/k/proof"),
    ):
        answer = await ann.http.request(method, path)
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_prove")


async def test_every_game_is_played_over_the_one_socket(player: Register) -> None:
    ann = await player("ann")
    await begin(ann)
    async with ann.socket("/ws") as socket, ann.socket("/ws/game/") as old:
        await socket.until("ready")
        await socket.send(type="play", game="dice", move=OVER, idempotency_key="d")
        dice = await socket.until("result")
        await socket.send(type="play", number=842, idempotency_key="n")
        await socket.send(type="play", game="number", move={"number": 842}, idempotency_key="n")
        number, again = await socket.until("result"), await socket.until("result")
        assert await old.receive() == dice
    assert (dice["game"], dice["move"], dice["idempotency_key"]) == ("dice", OVER, "d")
    assert number == again
    assert (number["number"], number["prize"]) == (842, 421.0)


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"game": "chess", "move": {}}, "no_such_game"),
        ({"game": "dice", "move": {"side": "over"}}, "unreadable_frame"),
        ({"game": "dice", "number": 842}, "unreadable_frame"),
        ({"game": "dice", "move": OVER}, "no_epoch"),
        ({"game": "dice"}, "unreadable_frame"),
        ({"number": 842, "move": {"number": 842}}, "unreadable_frame"),
        ({"number": 0}, "unreadable_frame"),
        ({"game": "x" * 33, "move": {}}, "unreadable_frame"),
    ],
)
async def test_a_frame_that_is_no_play_is_answered_with_an_error(
    player: Register, frame: dict[str, object], code: str
) -> None:
    ann = await player("ann")
    async with ann.socket("/ws") as socket:
        await socket.until("ready")
        await socket.send(type="play", idempotency_key="k", **frame)
        error = await socket.until("error")
    assert (error["code"], error["client_id"]) == (code, "k")


async def test_plays_on_two_sockets_at_once_have_each_a_seed_of_their_own(player: Register) -> None:
    ann = await player("ann")
    genesis = await begin(ann)
    each = 20
    async with ann.socket("/ws") as one, ann.socket("/ws") as other:
        for socket in (one, other):
            await socket.until("ready")

        async def play(name: str, socket: Socket) -> list[dict[str, Any]]:
            """Everything that comes over one socket, which is what was played on both."""
            for n in range(each):
                move = OVER | {"epoch": 1, "nonce": NONCE}
                await socket.send(type="play", game="dice", move=move, idempotency_key=f"{name}-{n}")
            return [await socket.until("result") for _ in range(2 * each)]

        heard, also = await asyncio.gather(play("one", one), play("other", other))
    assert heard == also
    by_key = {result["idempotency_key"]: result["proof"]["n"] for result in heard}
    assert sorted(by_key.values()) == list(range(1, 2 * each + 1))
    for name in ("one", "other"):
        sent = [by_key[f"{name}-{n}"] for n in range(each)]
        assert sent == sorted(sent), "what one socket sent is played in that order"
    file = (await ann.http.get(f"{DICE}/epochs/1")).json()
    assert check(file, genesis)
    assert len(file["plays"]) == 2 * each
