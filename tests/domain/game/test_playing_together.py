"""Rounds on the running server: what members do, what they hear, what they are shown, and what outsiders find."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.clients import Player, Socket
from tests.conftest import Register
from tests.domain.game.rounds_of_dice import close_by_the_clock

from app.fairdraw.draws import user_tag
from app.fairdraw.verifier import check_round, read_file
from app.resources import Resources

pytestmark = pytest.mark.anyio
ROUNDS = "/api/game/rounds"
OVER, UNDER = {"side": "over", "chance": 50}, {"side": "under", "chance": 50}
Close = Callable[[int], Awaitable[None]]


@pytest.fixture
async def let_close(resources_of_stack: Resources) -> Close:
    """Moves the end of a round to now: what follows is the workers' own doing."""

    async def close(round_id: int) -> None:
        async with resources_of_stack.sessions.begin() as session:
            await close_by_the_clock(session, round_id)

    return close


async def group_of(owner: Player, *others: Player) -> int:
    people = {"participants": [one.id for one in others], "name": "Dice", "joinable": False}
    return int((await owner.http.post("/api/chat/groups", json=people)).json()["id"])


async def open_round(player: Player, group: int, key: str = "r", **asked: Any) -> dict[str, Any]:  # noqa: ANN401  any JSON
    body = {"conversation_id": group, "game": "dice", "closes_in": 600} | asked
    answer = await player.http.post(ROUNDS, json=body, headers={"Idempotency-Key": key})
    shown: dict[str, Any] = answer.json()
    return shown | {"answered": answer.status_code}


async def hear(socket: Socket, group: int, after: int = 0) -> None:
    await socket.send(type="subscribe", conversation_id=group, after=after)
    await socket.until("subscribed")


async def until_told(socket: Socket, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while (message := await socket.until("message")).get("kind") != kind:
            pass
    return message


async def test_a_group_picks_and_hears_the_one_result_from_a_worker(player: Register, let_close: Close) -> None:
    ann, ben, eve = [await player(name) for name in ("ann", "ben", "eve")]
    group = await group_of(ann, ben)
    async with ann.socket("/ws") as hers, ben.socket("/ws") as his:
        await hear(hers, group)
        await hear(his, group)
        opened = await open_round(ann, group)
        assert (opened["answered"], opened["state"], opened["seed"]) == (201, "open", None)
        told = await until_told(his, "round_opened")
        assert told["card"]["commitment"] == opened["commitment"]
        path = f"{ROUNDS}/{opened['id']}"

        picked = await ann.http.put(f"{path}/pick", json=OVER, headers={"Idempotency-Key": "mine"})
        assert (picked.status_code, picked.json()["move"]) == (200, OVER)
        assert await his.until("picks") == {
            "type": "picks",
            "conversation_id": group,
            "round_id": opened["id"],
            "picks": 1,
        }
        await his.send(type="pick", round_id=opened["id"], move=UNDER, idempotency_key="his")
        acknowledged = await his.until("picked")
        assert (acknowledged["move"], acknowledged["idempotency_key"]) == (UNDER, "his")
        assert (await hers.until("picks"))["picks"] == 1
        assert (await hers.until("picks"))["picks"] == 2

        before = (await ben.http.get(path)).json()
        assert (before["leaderboard"], before["my_pick"]["move"], before["picks"]) == ([], UNDER, 2)
        assert (await ben.http.get(f"{path}/proof")).json()["code"] == "round_not_drawn"

        await let_close(opened["id"])
        drawn, same = await until_told(his, "round_drawn"), await until_told(hers, "round_drawn")
    assert drawn == same
    after = (await ben.http.get(path)).json()
    roll = drawn["card"]["outcome"]["roll"]
    winner, loser = (ann, ben) if roll >= 50 else (ben, ann)
    assert after["state"] == "drawn"
    assert [(one["place"], one["username"], one["result"], one["prize"]) for one in after["leaderboard"]] == [
        (1, winner.username, "win", 2.0),
        (2, loser.username, "lose", 0.0),
    ]
    assert drawn["card"]["top"] == [{"place": 1, "user_id": winner.id, "prize": 2.0}]
    given = await ann.http.get(f"{path}/proof")
    check_round(read_file("proof", given.content).content)
    proof = given.json()
    mine = (await ann.http.get(path)).json()["my_pick"]
    tag = user_tag(bytes.fromhex(mine["salt"]), ann.id).hex()
    assert tag == mine["player"]
    assert {"player": tag, "move": OVER} in proof["picks"]
    for refused in (path, f"{path}/proof", f"{path}/leaderboard"):
        assert (await eve.http.get(refused)).json()["code"] == "no_such_round"


async def test_what_is_told_of_a_round_is_there_for_who_was_away(player: Register, let_close: Close) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await group_of(ann, ben)
    async with ann.socket("/ws") as hers:
        await hear(hers, group)
        first = await open_round(ann, group)
        await let_close(first["id"])
        await until_told(hers, "round_drawn")
    second = await open_round(ann, group, "second")
    await ann.http.delete(f"{ROUNDS}/{second['id']}")
    async with ben.socket("/ws") as his:
        await his.send(type="resume", positions={str(group): 0})
        heard = [await his.until("message") for _ in range(4)]
    assert [one["kind"] for one in heard] == ["round_opened", "round_drawn", "round_opened", "round_cancelled"]
    history = (await ben.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"]
    assert [one["card"] for one in history] == [one["card"] for one in heard]
    assert heard[2]["card"]["commitment"] == heard[1]["card"]["seed"], "the next round commits by the seed before"
    listed = (await ben.http.get(ROUNDS, params={"conversation_id": group})).json()
    assert [(one["id"], one["state"]) for one in listed] == [(second["id"], "cancelled"), (first["id"], "drawn")]
    older = (await ben.http.get(ROUNDS, params={"conversation_id": group, "before": second["id"]})).json()
    assert [one["id"] for one in older] == [first["id"]]


async def test_everything_sent_again_under_its_key_changes_nothing(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await group_of(ann, ben)
    first, again = await open_round(ann, group), await open_round(ann, group)
    assert first == again
    assert (await open_round(ann, group, closes_in=700))["code"] == "idempotency_conflict"
    pick = f"{ROUNDS}/{first['id']}/pick"
    key = {"Idempotency-Key": "k"}
    answers = [(await ben.http.put(pick, json=OVER, headers=key)).json() for _ in range(2)]
    assert answers[0] == answers[1]
    changed = await ben.http.put(pick, json=UNDER, headers=key)
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency_conflict")
    replaced = await ben.http.put(pick, json=UNDER)
    assert replaced.status_code == 200
    assert (await ben.http.put(pick, json=OVER, headers=key)).json() == answers[0]
    shown = (await ben.http.get(f"{ROUNDS}/{first['id']}")).json()
    assert (shown["my_pick"]["move"], shown["picks"]) == (UNDER, 1)
    cancelled = [await ann.http.delete(f"{ROUNDS}/{first['id']}") for _ in range(2)]
    assert [one.status_code for one in cancelled] == [200, 200]
    assert cancelled[0].json() == cancelled[1].json()
    assert (await open_round(ann, group))["state"] == "cancelled"


async def test_what_cannot_be_picked_is_refused_and_says_why(player: Register, let_close: Close) -> None:
    ann, ben, eve = [await player(name) for name in ("ann", "ben", "eve")]
    group = await group_of(ann, ben)
    held = (await open_round(ann, group))["id"]
    nonce = {**OVER, "nonce": "00" * 32, "epoch": 1}
    for who, round_id, move, status, code in (
        (ben, held, {"side": "over"}, 400, "bad_request"),
        (ben, held, {**OVER, "chance": 51}, 400, "bad_request"),
        (ben, held, {"number": 842}, 400, "bad_request"),
        (ben, held, nonce, 422, "no_nonce_in_rounds"),
        (eve, held, OVER, 404, "no_such_round"),
        (ben, 2**62, OVER, 404, "no_such_round"),
    ):
        answer = await who.http.put(f"{ROUNDS}/{round_id}/pick", json=move)
        assert (answer.status_code, answer.json()["code"]) == (status, code), move
        async with who.socket("/ws") as socket:
            await socket.send(type="pick", round_id=round_id, move=move, idempotency_key="k")
            error = await socket.until("error")
        assert error["code"] == ("unreadable_frame" if code == "bad_request" else code)
        assert error["client_id"] == "k"
    await let_close(held)
    late = await ben.http.put(f"{ROUNDS}/{held}/pick", json=OVER)
    assert (late.status_code, late.json()["code"]) == (409, "round_closed")


async def test_a_game_without_luck_a_bad_end_and_a_member_s_wish_make_no_round(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    group = await group_of(ann, ben)
    for who, asked, code in (
        (ann, {"game": "number"}, "nothing_left_to_luck"),
        (ann, {"game": "chess"}, "no_such_game"),
        (ann, {"closes_in": 9}, "bad_request"),
        (ann, {"closes_in": None}, "round_end_refused"),
        (ann, {"closes_at": "2020-01-01T00:00:00Z", "closes_in": None}, "round_end_refused"),
        (ben, {}, "not_allowed_here"),
    ):
        assert (await open_round(who, group, **asked))["code"] == code
    messages = (await ann.http.get(f"/api/chat/conversations/{group}/messages")).json()["messages"]
    assert messages == []
