"""Read positions only rise, and what is unread always equals a recount."""

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import Newcomer, Register

from app.domain.chat.rules import NotAMember
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry
from app.domain.chat.schemas.events import MessageFrame
from app.domain.chat.schemas.reading import Unread
from app.domain.chat.services import reading
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.chat.services.messages import Messages
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB, CARA = 1, 2, 3
steps = st.lists(
    st.tuples(
        st.sampled_from(["say", "say @bob", "edit", "delete", "read on the phone", "read on the desk"]),
        st.sampled_from([ALICE, BOB]),
        st.integers(0, 12),
    ),
    max_size=20,
)


def recount(messages: list[MessageFrame], reader: int, position: int) -> Unread:
    left = [one for one in messages if one.message_id > position and one.sender_id != reader and not one.deleted]
    return Unread(position, len(left), sum(reader in one.mentions for one in left))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
async def test_what_is_unread_equals_a_recount_whatever_the_devices_say(
    conversation: int, sessions: Sessions, steps: list[tuple[str, int, int]]
) -> None:
    async with sessions.begin() as session:
        await session.execute(text("DELETE FROM messages"))
        await session.execute(text("DELETE FROM changes"))
        await session.execute(text("UPDATE conversations SET last_seq = 0"))
        await session.execute(text("UPDATE members SET last_read_seq = 0"))
    expected = {ALICE: 0, BOB: 0}
    total = 0
    for place, (step, who, number) in enumerate(steps):
        async with sessions.begin() as session:
            if step.startswith("read"):
                advance = await reading.mark_read(session, conversation, who, number)
                before, expected[who] = expected[who], max(expected[who], min(number, total))
                assert (advance.position, advance.moved) == (expected[who], expected[who] > before)
            else:
                entry: Entry = Draft(conversation, who, f"c{place}", step)
                if step == "edit":
                    entry = Edit(conversation, who, f"c{place}", number, "@bob @alice")
                elif step == "delete":
                    entry = Deletion(conversation, who, f"c{place}", number)
                (outcome,) = await Messages(session=session).record([msgspec.msgpack.encode(entry)])
                total += outcome.refusal is None
    async with sessions() as session:
        messages = await Messages(session=session).after(conversation, 0, 100)
        for reader, position in expected.items():
            found = await reading.unread_in(session, reader, [conversation])
            assert found[conversation] == recount(messages, reader, position)


async def test_what_was_said_before_somebody_joined_is_not_unread(
    newcomer: Newcomer, sessions: Sessions, conversation: int
) -> None:
    await newcomer("cara")
    async with sessions.begin() as session:
        group = (await Conversations(session=session).open_group(ALICE, [BOB], "Chess", joinable=True)).id
        await Messages(session=session).record([msgspec.msgpack.encode(Draft(group, ALICE, "a", "@cara look"))])
        await Members(session=session).join(group, CARA)
        await Messages(session=session).record([msgspec.msgpack.encode(Draft(group, ALICE, "b", "welcome @cara"))])
        assert await reading.unread_in(session, CARA, [group]) == {group: Unread(1, 1, 1)}
        with pytest.raises(NotAMember):
            await reading.mark_read(session, conversation, CARA, 1)


async def test_other_devices_and_the_other_person_hear_how_far_one_has_read(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    for n in range(3):
        await alice.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": f"@{bob.username} {n}"})
    totals = (await bob.http.get("/api/chat/unread")).json()
    assert totals == {"conversations": 1, "mentions": 3}
    async with alice.socket("/ws") as hers, bob.socket("/ws") as desk, bob.socket("/ws") as phone:
        for socket in (hers, desk, phone):
            await socket.until("ready")
        await phone.send(type="read", conversation_id=chat, message_id=2)
        assert await desk.until("read") == {
            "type": "read",
            "conversation_id": chat,
            "position": 2,
            "messages": 1,
            "mentions": 1,
        }
        receipt = await hers.until("receipt")
        assert (receipt["user_id"], receipt["position"]) == (bob.id, 2)
    receipts = (await alice.http.get(f"/api/chat/conversations/{chat}/receipts")).json()["receipts"]
    assert [(one["user_id"], one["position"]) for one in receipts] == [(bob.id, 2)]
    shown = (await bob.http.get(f"/api/chat/conversations/{chat}")).json()
    assert shown["unread"] == {"position": 2, "messages": 1, "mentions": 1}
    back = await bob.http.put(f"/api/chat/conversations/{chat}/read", json={"message_id": 1})
    assert (back.status_code, back.json()["position"]) == (200, 2)


async def test_who_keeps_receipts_to_themselves_neither_gives_nor_gets_any(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    chat = await alice.talk_to(bob)
    await alice.http.post(f"/api/chat/conversations/{chat}/messages", json={"message": "hello"})
    for someone in (alice, bob):
        await someone.http.put(f"/api/chat/conversations/{chat}/read", json={"message_id": 1})
    await bob.http.patch("/api/users/privacy", json={"receipts": False})
    for someone in (alice, bob):
        answer = await someone.http.get(f"/api/chat/conversations/{chat}/receipts")
        assert answer.json() == {"receipts": []}
