"""The end of an account: nobody logs in to it, nothing says whose it was, and everybody else's things stay."""

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import select, text
from tests.clients import Player
from tests.conftest import Newcomer, Register
from tests.domain.lottery.conftest import World
from tests.domain.mydata.conftest import Diary
from tests.people import PASSWORD
from websockets.exceptions import ConnectionClosed

from app.domain.accounts.models import User
from app.domain.accounts.rules import WrongCredentials
from app.domain.bots.services.bots import Bots
from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Reaction
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.services import history
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.chat.services.messages import Messages
from app.domain.lottery.services.results import Results
from app.domain.mydata.models import Erasure
from app.domain.mydata.schemas import Fate
from app.domain.mydata.services.erasures import Erasures
from app.domain.mydata.tasks.erasures import erase_due
from app.resources import Resources, Sessions

pytestmark = pytest.mark.anyio

ALICE, BOB = 1, 2
GONE = f"deleted account {ALICE}"
FATES: tuple[Fate, ...] = ("keep_as_deleted_account", "delete")
encode = msgspec.msgpack.Encoder().encode


async def erase(player: Player, messages: str, password: str = PASSWORD) -> Any:  # noqa: ANN401  httpx's answer
    return await player.http.post("/api/users/me/erase", json={"password": password, "messages": messages})


async def until_gone(reader: Player, chat: int, name: str) -> list[dict[str, Any]]:
    """The messages of a chat, once none of them bears a name or is left of somebody."""
    async with asyncio.timeout(15):
        while True:
            shown = (await reader.http.get(f"/api/chat/conversations/{chat}/messages")).json()["messages"]
            if name not in str(shown):
                return shown  # type: ignore[no-any-return]  # any JSON
            await asyncio.sleep(0.05)


def said(answer: Any) -> list[dict[str, Any]]:  # noqa: ANN401  httpx's answer
    """What people wrote, without what the group says of them."""
    return [one for one in answer.json()["messages"] if "kind" not in one]


# Over the API


async def test_an_account_ends_at_once_with_all_its_sessions_and_sockets(player: Register) -> None:
    ann = await player("ann")
    again = await ann.http.post("/api/users/login", json={"username": ann.username, "password": PASSWORD})
    ann.http.cookies.clear()
    async with ann.socket("/ws") as socket:
        await socket.until("ready")
        assert (await erase(ann, "delete")).status_code == 204
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(10):
                await socket.until("nothing")
    assert closed.value.rcvd
    assert closed.value.rcvd.code == 4401
    assert (await ann.http.get("/api/users/profile")).status_code == 401
    other = {"Authorization": f"Bearer {again.json()['access']}"}
    assert (await ann.http.get("/api/users/profile", headers=other)).status_code == 401
    for name in (ann.username, f"{ann.username}@example.com", f"deleted account {ann.id}"):
        for password in (PASSWORD, "-"):
            refused = await ann.http.post("/api/users/login", json={"username": name, "password": password})
            assert (refused.status_code, refused.json()["code"]) == (401, "wrong_credentials")
    refused = await ann.http.post("/api/users/token/refresh", json={"refresh": ann.refresh})
    assert refused.status_code == 401


async def test_it_takes_the_password(player: Register) -> None:
    ann = await player("ann")
    refused = await erase(ann, "delete", "not mine")
    assert (refused.status_code, refused.json()["code"]) == (403, "wrong_password")
    assert (await ann.http.get("/api/users/profile")).status_code == 200


async def test_its_name_is_free_and_the_name_it_has_then_is_nobodys(player: Register) -> None:
    ann, ben = await player("ann"), await player("ben")
    await erase(ann, "delete")
    person = {"username": ann.username, "email": f"{ann.username}@example.com", "password": PASSWORD}
    assert (await ben.http.post("/api/users/register", json=person)).status_code == 201
    person = {"username": f"deleted account {ann.id}", "password": PASSWORD}
    assert (await ben.http.post("/api/users/register", json=person)).json()["code"] == "username_refused"


@pytest.mark.parametrize("fate", FATES)
async def test_others_find_nothing_of_it_anywhere(player: Register, fate: Fate) -> None:
    ann, ben = await player("ann"), await player("ben")
    chat = await ann.talk_to(ben)
    group = (await ann.http.post("/api/chat/groups", json={"name": "Chess"})).json()["id"]
    await ben.http.post(f"/api/chat/groups/{group}/join")
    for place in (chat, group):
        for who, words in ((ann, "hers"), (ben, "his")):
            answer = await who.http.post(f"/api/chat/conversations/{place}/messages", json={"message": words})
            answer.raise_for_status()
        await ann.http.put(f"/api/chat/conversations/{place}/messages/2/reactions/👍")
        assert len(said(await ben.http.get(f"/api/chat/conversations/{place}/messages"))) == 2, "it is cached now"
    await ann.http.post("/api/friends/requests", json={"username": ben.username})
    await ben.http.post("/api/friends/requests", json={"username": ann.username})
    statistics = (await ben.http.post("/api/game/play", json={"number": 842})).json()

    async with ben.socket("/ws") as socket:
        await socket.send(type="resume", positions={str(chat): 3})
        await socket.until("subscribed")
        (await erase(ann, fate)).raise_for_status()
        async with asyncio.timeout(10):
            assert (await socket.until("friend_removed"))["friend"]["username"] == f"deleted account {ann.id}"
            if fate == "delete":
                heard = await socket.until("deleted")
                assert (heard["seq"], heard["message_id"], heard["actor_id"]) == (4, 1, ann.id)

    for place in (chat, group):
        shown = await until_gone(ben, place, "hers" if fate == "delete" else ann.username)
        assert [(one["sender"], one["content"]) for one in shown if "kind" not in one] == [
            (f"deleted account {ann.id}", "" if fate == "delete" else "hers"),
            (ben.username, "his"),
        ]
        events = (await ben.http.get(f"/api/chat/conversations/{place}/events?after=0")).json()["events"]
        assert ann.username not in str(events)
    async with asyncio.timeout(10):
        while (await ben.http.get(f"/api/chat/conversations/{group}")).json()["member_count"] > 1:
            await asyncio.sleep(0.05)
    everything = [
        (await ben.http.get(path)).text
        for path in (
            "/api/chat/conversations",
            "/api/friends",
            f"/api/users/search?q={ann.username[:6]}",
            f"/api/chat/conversations/{group}",
        )
    ]
    assert ann.username not in str(everything)
    assert (await ben.http.get(f"/api/users/{ann.id}")).status_code == 404
    assert (await ben.http.get("/api/friends")).json() == []
    assert (await ben.http.get("/api/game/statistics")).json()["total_games"] == 1
    assert statistics["number"] == 842


# Workers and clocks


async def close(sessions: Sessions, user_id: int, messages: Fate) -> None:
    async with sessions.begin() as session:
        user = (await session.scalars(select(User).where(User.id == user_id))).one()
        session.expunge(user)
        await Erasures(session=session).close_account(user, messages)


async def finish(resources: Resources, user_id: int) -> Erasure:
    """The first pass, and the last one, half a minute later."""
    await erase_due(resources)
    async with resources.sessions.begin() as session:
        late = "UPDATE erasures SET requested_at = requested_at - interval '1 minute', next_attempt_at = now()"
        await session.execute(text(late))
    await erase_due(resources)
    async with resources.sessions() as session:
        return await session.get_one(Erasure, user_id)


async def fold(sessions: Sessions, conversation: int) -> dict[int, MessageFrame]:
    """All events of a conversation on nothing, as a client folds them; they have no gap."""
    async with sessions() as session:
        events = await Messages(session=session).events_after(conversation, 0, 10_000)
    numbers = [one.message_id if isinstance(one, MessageFrame) else one.seq for one in events]
    assert numbers == list(range(1, len(numbers) + 1))
    return {one.message_id: one for one in events if isinstance(one, MessageFrame)}


async def test_more_messages_than_fit_into_one_batch_are_each_deleted_once(
    resources: Resources, conversation: int, diary: Diary, redis: "Redis"
) -> None:
    await diary.write(conversation, ALICE, *(f"message {n}" for n in range(450)))
    await diary.write(conversation, BOB, "an answer")
    await close(resources.sessions, ALICE, "delete")
    assert (await finish(resources, ALICE)).finished_at
    shown = await fold(resources.sessions, conversation)
    assert [one.deleted for one in shown.values()] == [True] * 450 + [False]
    page = await history.latest(resources.sessions, redis, conversation, BOB, 10)
    assert [one.message for one in page.messages] == [""] * 9 + ["an answer"]
    async with resources.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM changes")) == 450


async def test_several_workers_at_once_come_to_the_same(resources: Resources, conversation: int, diary: Diary) -> None:
    await diary.write(conversation, ALICE, *(f"message {n}" for n in range(300)))
    await close(resources.sessions, ALICE, "delete")
    await asyncio.gather(erase_due(resources), erase_due(resources))
    await diary.make_due("erasures")
    await asyncio.gather(*(erase_due(resources) for _ in range(3)))
    async with resources.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM changes")) == 300
    await fold(resources.sessions, conversation)


async def test_it_is_done_only_when_nothing_that_was_under_way_can_be_stored_any_more(
    resources: Resources, conversation: int
) -> None:
    await close(resources.sessions, ALICE, "delete")
    await erase_due(resources)
    async with resources.sessions() as session:
        erasure = await session.get_one(Erasure, ALICE)
    assert erasure.finished_at is None
    assert await erase_due(resources) == 0, "not before"
    assert (await finish(resources, ALICE)).finished_at


async def test_the_inbox_takes_nothing_from_a_closed_account(resources: Resources, conversation: int) -> None:
    await close(resources.sessions, ALICE, "keep_as_deleted_account")
    async with resources.sessions.begin() as session:
        [outcome] = await Messages(session=session).record([encode(Draft(conversation, ALICE, "late", "late"))])
    assert isinstance(outcome.refusal, NotAMember)


async def test_what_was_written_in_a_group_that_was_left_goes_too(
    resources: Resources, conversation: int, diary: Diary
) -> None:
    async with resources.sessions.begin() as session:
        group = await Conversations(session=session).open_group(BOB, [ALICE], "Chess", joinable=True)
    await diary.write(group.id, ALICE, "left behind")
    async with resources.sessions.begin() as session:
        await Members(session=session).leave(group.id, ALICE)
    await close(resources.sessions, ALICE, "delete")
    await finish(resources, ALICE)
    shown = await fold(resources.sessions, group.id)
    assert [one.deleted for one in shown.values() if one.kind is None] == [True]


async def test_a_group_of_an_erased_owner_has_another_one_and_its_bots_end(
    resources: Resources, conversation: int
) -> None:
    async with resources.sessions.begin() as session:
        group = await Conversations(session=session).open_group(ALICE, [BOB], "Chess", joinable=True)
        bot = await Bots(session, ALICE).create(username="robot", name="Robot")
    async with resources.sessions.begin() as session:
        await Bots(session, ALICE).put_into(bot.id, group.id)
    await close(resources.sessions, ALICE, "keep_as_deleted_account")
    await finish(resources, ALICE)
    async with resources.sessions() as session:
        inside = await Members(session=session).page(group.id, 0, 0, 10)
        ended = await session.get_one(User, bot.id)
    assert [(one.id, one.role) for one in inside] == [(BOB, "owner")]
    assert ended.deactivated_at


async def test_a_password_changed_meanwhile_closes_nothing(resources: Resources, newcomer: Newcomer) -> None:
    await newcomer("alice")
    async with resources.sessions() as session:
        user = await session.get_one(User, ALICE)
    async with resources.sessions.begin() as session:
        await session.execute(text("UPDATE users SET password_hash = 'new'"))
    with pytest.raises(WrongCredentials):
        async with resources.sessions.begin() as session:
            await Erasures(session=session).close_account(user, "delete")
    async with resources.sessions() as session:
        assert (await session.get_one(User, ALICE)).deactivated_at is None


async def test_a_mail_to_it_is_not_sent_any_more(resources: Resources, newcomer: Newcomer) -> None:
    await newcomer("alice")
    async with resources.sessions.begin() as session:
        await session.execute(text("UPDATE users SET email = 'Alice@example.com'"))
        await session.execute(
            text("INSERT INTO outgoing_mail (recipient, subject, body) VALUES ('alice@example.com', 's', 'b')")
        )
    await close(resources.sessions, ALICE, "delete")
    async with resources.sessions() as session:
        assert await session.scalar(text("SELECT count(*) FROM outgoing_mail")) == 0
        user = await session.get_one(User, ALICE)
    assert (user.username, user.email, user.first_name) == (GONE, None, "")


async def test_a_past_draw_stays_what_it_was_without_a_name(world: World) -> None:
    submitted = await world.submit()
    world.now = world.midnight
    [held] = await world.reconcile()
    await close(world.resources.sessions, world.ann.id, "delete")
    await finish(world.resources, world.ann.id)
    async with world.resources.sessions() as session:
        draw = await Results(session=session).one("daily", held.period, world.now)
    assert [(one.ballot_id, one.username) for one in draw.winners] == [(submitted.ballots[0].id, None)]
    assert (draw.ballots, draw.drawn_at) == (held.ballots, held.drawn_at)


acts = st.lists(
    st.tuples(st.sampled_from([ALICE, BOB]), st.sampled_from(["say", "edit", "delete", "👍", "❤️"]), st.integers(1, 8)),
    max_size=25,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts, fate=st.sampled_from(FATES))
async def test_whatever_was_said_and_done_of_one_person_nothing_and_of_the_other_all_is_left(
    resources: Resources, acts: list[tuple[int, str, int]], fate: Fate
) -> None:
    """A fold of the events has no gap, and shows of the erased neither words nor reactions if those were to go."""
    sessions = resources.sessions
    async with sessions.begin() as session:
        people = [User(username=f"p-{await number(sessions)}-{name}", password_hash="-") for name in "ab"]
        session.add_all(people)
        await session.flush()
        chat, _ = await Conversations(session=session).open_direct(people[0].id, people[1].id)
    ids = {ALICE: people[0].id, BOB: people[1].id}
    entries = [entry_of(chat.id, ids[who], f"{place}", act, at) for place, (who, act, at) in enumerate(acts)]
    async with sessions.begin() as session:
        await Messages(session=session).record([encode(entry) for entry in entries])
    before = await fold(sessions, chat.id)

    await close(sessions, ids[ALICE], fate)
    await finish(resources, ids[ALICE])

    after = await fold(sessions, chat.id)
    assert after.keys() == before.keys()
    for message_id, message in after.items():
        then = before[message_id]
        if message.sender_id == ids[ALICE]:
            assert message.sender == f"deleted account {ids[ALICE]}"
            assert (message.message, message.deleted) == (
                ("", True) if fate == "delete" else (then.message, then.deleted)
            )
        else:
            assert (message.message, message.sender, message.deleted) == (then.message, then.sender, then.deleted)
            reactions = {
                emoji: [one for one in users if fate != "delete" or one != ids[ALICE]]
                for emoji, users in then.reactions.items()
            }
            assert message.reactions == {emoji: users for emoji, users in reactions.items() if users}


async def number(sessions: Sessions) -> int:
    async with sessions() as session:
        return await session.scalar(text("SELECT coalesce(max(id), 0) FROM users")) or 0


def entry_of(chat: int, who: int, client_id: str, act: str, at: int) -> Draft | Edit | Deletion | Reaction:
    match act:
        case "say":
            return Draft(chat, who, client_id, f"message {client_id}")
        case "edit":
            return Edit(chat, who, client_id, at, f"edit {client_id}")
        case "delete":
            return Deletion(chat, who, client_id, at)
        case emoji:
            return Reaction(chat, who, client_id, at, emoji, on=True)
