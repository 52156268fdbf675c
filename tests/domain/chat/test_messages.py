"""What is stored of an edit, a deletion, a reaction, a reply; and that events fold to what a fresh read gives."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.conftest import Newcomer
from tests.domain.chat.played import play_card

from app.domain.chat.rules import NoSuchMessage, NotAMember, NotYourMessage
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry, Reaction, Share
from app.domain.chat.schemas.events import Deleted, Edited, EventFrame, MessageFrame
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.ledger import number_of
from app.domain.chat.services.messages import Messages
from app.errors import AppError, IdempotencyConflict
from app.resources import Sessions
from parlour_client.fold import fold
from parlour_client.frames import hear
from parlour_client.happenings import Message

pytestmark = pytest.mark.anyio
ALICE, BOB, STRANGER = 1, 2, 3


@pytest.fixture
async def group(newcomer: Newcomer, sessions: Sessions) -> int:
    """Alice's, with Bob in it; a third person is not."""
    for name in ("alice", "bob", "stranger"):
        await newcomer(name)
    async with sessions.begin() as session:
        return (await Conversations(session=session).open_group(ALICE, [BOB], "Chess", joinable=False)).id


async def record(sessions: Sessions, *entries: Entry) -> list[EventFrame | AppError]:
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
    return [outcome.refusal or outcome.fact for outcome in outcomes]  # type: ignore[misc]  # One of the two is there.


async def read(sessions: Sessions, conversation: int) -> list[MessageFrame]:
    async with sessions() as session:
        return await Messages(session=session).after(conversation, 0, 1000)


async def events_of(sessions: Sessions, conversation: int, after: int = 0) -> list[EventFrame]:
    async with sessions() as session:
        return await Messages(session=session).events_after(conversation, after, 1000)


async def test_an_edit_is_an_event_of_its_own_and_leaves_the_number_of_its_message(
    group: int, sessions: Sessions
) -> None:
    await record(sessions, Draft(group, ALICE, "a", "helo"), Draft(group, BOB, "b", "hi"))
    (edited,) = await record(sessions, Edit(group, ALICE, "e", 1, "hello @bob"))
    assert isinstance(edited, Edited)
    assert (edited.seq, edited.message_id, edited.message, edited.mentions) == (3, 1, "hello @bob", [BOB])
    first, second = await read(sessions, group)
    assert (first.message, first.edited_at, first.mentions) == ("hello @bob", edited.timestamp, [BOB])
    assert (second.message_id, second.edited_at) == (2, None)


async def test_a_deletion_leaves_no_text_anywhere(group: int, sessions: Sessions) -> None:
    await record(sessions, Draft(group, BOB, "a", "secret one"), Edit(group, BOB, "e", 1, "secret two"))
    await record(sessions, Deletion(group, BOB, "d", 1))
    (message,) = await read(sessions, group)
    assert (message.deleted, message.message) == (True, "")
    async with sessions() as session:
        for table in ("messages", "changes"):
            rows = (await session.execute(text(f"SELECT t::text FROM {table} t"))).scalars()
            assert not any("secret" in row for row in rows)


async def test_everything_sent_again_gives_the_same_event_and_creates_nothing(group: int, sessions: Sessions) -> None:
    entries: list[Entry] = [
        Draft(group, ALICE, "a", "one"),
        Edit(group, ALICE, "e", 1, "two"),
        Reaction(group, BOB, "r", 1, "👍", on=True),
        Draft(group, BOB, "b", "three", reply_to=1),
    ]
    first = await record(sessions, *entries, *entries)
    again = await record(sessions, *reversed(entries))
    assert first[:4] == first[4:]
    assert again[::-1][1:] == first[1:4]
    assert isinstance(again[-1], MessageFrame)
    assert (again[-1].message_id, again[-1].message) == (1, "two"), "a message comes as it is now"
    assert [number_of(event) for event in await events_of(sessions, group)] == [1, 2, 3, 4]


async def test_another_body_under_a_used_client_id_is_a_conflict_also_after_an_edit(
    group: int, sessions: Sessions
) -> None:
    await record(sessions, Draft(group, ALICE, "a", "one"), Edit(group, ALICE, "e", 1, "two"))
    refused = await record(
        sessions,
        Draft(group, ALICE, "a", "two"),
        Draft(group, ALICE, "a", "one", reply_to=1),
        Edit(group, ALICE, "e", 1, "three"),
        Deletion(group, ALICE, "e", 1),
    )
    assert [type(one) for one in refused] == [IdempotencyConflict] * 4


@pytest.mark.parametrize(
    ("entry", "error"),
    [
        (Edit(1, BOB, "x", 1, "mine now"), NotYourMessage),
        (Deletion(1, BOB, "x", 1), NotYourMessage),
        (Edit(1, STRANGER, "x", 1, "hi"), NotAMember),
        (Reaction(1, STRANGER, "x", 1, "👍", on=True), NotAMember),
        (Reaction(1, BOB, "x", 9, "👍", on=True), NoSuchMessage),
        (Edit(1, ALICE, "x", 2, "back again"), NoSuchMessage),
        (Reaction(1, ALICE, "x", 2, "👍", on=True), NoSuchMessage),
        (Draft(1, ALICE, "x", "to nothing", 9), NoSuchMessage),
    ],
    ids=repr,
)
async def test_what_one_may_not_do_is_refused_and_takes_no_number(
    group: int, sessions: Sessions, entry: Entry, error: type[AppError]
) -> None:
    await record(sessions, Draft(group, ALICE, "a", "one"), Draft(group, ALICE, "b", "two"))
    await record(sessions, Deletion(group, ALICE, "d", 2))
    (refused,) = await record(sessions, entry)
    assert isinstance(refused, error)
    (next_one,) = await record(sessions, Draft(group, ALICE, "c", "three"))
    assert isinstance(next_one, MessageFrame)
    assert next_one.message_id == 4


async def test_the_owner_of_a_group_may_delete_what_others_wrote(group: int, sessions: Sessions) -> None:
    await record(sessions, Draft(group, BOB, "a", "spam"))
    (deleted,) = await record(sessions, Deletion(group, ALICE, "d", 1))
    assert isinstance(deleted, Deleted)
    assert deleted.actor_id == ALICE


async def test_a_moderator_of_the_server_removes_what_is_said_where_they_are_not(
    group: int, sessions: Sessions
) -> None:
    await record(sessions, Draft(group, BOB, "a", "spam"), Draft(group, ALICE, "b", "stop it"))
    for _ in range(2):
        async with sessions.begin() as session:
            deleted = await Messages(session=session).remove(group, 1, STRANGER)
        assert isinstance(deleted, Deleted)
        assert (deleted.seq, deleted.actor_id, deleted.message_id) == (3, STRANGER, 1)
    async with sessions.begin() as session:
        assert await Messages(session=session).remove(group, 9, STRANGER) is None
    (refused,) = await record(sessions, Deletion(group, STRANGER, "d", 2))
    assert isinstance(refused, NotAMember)
    assert [message.deleted for message in await read(sessions, group)] == [True, False]


async def test_a_removal_and_what_is_said_meanwhile_are_numbered_one_after_the_other(
    group: int, sessions: Sessions
) -> None:
    """It is a writer beside the inbox, so the row that numbers come from has to make them take turns."""
    await record(sessions, *(Draft(group, BOB, f"a{n}", "spam") for n in range(5)))

    async def remove(message: int) -> EventFrame | None:
        async with sessions.begin() as session:
            return await Messages(session=session).remove(group, message, STRANGER)

    await asyncio.gather(
        *(remove(message) for message in range(1, 6)),
        *(record(sessions, Draft(group, ALICE, f"b{n}", "stop it")) for n in range(5)),
    )
    assert [number_of(event) for event in await events_of(sessions, group)] == list(range(1, 16))


texts = st.sampled_from(["one", "two", "@alice", "@bob and @alice"])
people = st.sampled_from([ALICE, BOB])
numbers = st.integers(1, 6)
emoji = st.sampled_from(["👍", "🎉"])


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    makers: list[Any] = [
        st.builds(lambda who, what, to: ("send", who, what, to), people, texts, st.none() | numbers),
        st.builds(lambda who, what, to: ("share", who, what, to), people, texts, st.integers(1, 3)),
        st.builds(lambda who, what, to: ("edit", who, what, to), people, texts, numbers),
        st.builds(lambda who, to: ("delete", who, "", to), people, numbers),
        st.builds(lambda who, what, to: ("react", who, what, to), people, emoji, numbers),
        st.builds(lambda who, what, to: ("unreact", who, what, to), people, emoji, numbers),
    ]
    steps = draw(st.lists(st.one_of(makers), min_size=3, max_size=25))
    made: list[Entry] = []
    for place, (kind, who, what, to) in enumerate(steps):
        name = f"c{place}"
        match kind:
            case "send":
                made.append(Draft(1, who, name, what, to))
            case "share":
                made.append(Share(1, who, name, what, card=play_card(to)))
            case "edit":
                made.append(Edit(1, who, name, to, what))
            case "delete":
                made.append(Deletion(1, who, name, to))
            case _:
                made.append(Reaction(1, who, name, to, what, kind == "react"))
    return made


def on_the_wire(messages: Sequence[EventFrame]) -> list[Any]:
    return [hear(msgspec.json.encode(one)) for one in messages]


def seen(snapshot: Sequence[MessageFrame], events: Sequence[EventFrame]) -> dict[int, Message]:
    """What a client makes of a snapshot and the events that follow, as docs/protocol.md tells it to."""
    state = {one.message_id: one for one in on_the_wire(snapshot)}
    for event in on_the_wire(events):
        fold(state, event)
    return state


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=entries(), batch=st.integers(1, 9), cut=st.integers(0, 25))
async def test_events_folded_over_a_snapshot_are_what_a_fresh_read_gives(
    group: int, sessions: Sessions, said: list[Entry], batch: int, cut: int
) -> None:
    """I9 of the guarantee. The snapshot is taken anywhere; the events come live, or later by a resume."""
    async with sessions.begin() as session:
        await session.execute(text("TRUNCATE messages, changes"))
        await session.execute(text("UPDATE conversations SET last_seq = 0"))
    heard: list[EventFrame] = []
    snapshot: list[MessageFrame] = []
    position = 0
    for start in range(0, len(said), batch):
        if start <= cut:
            snapshot, position = await read(sessions, group), len(heard)
        results = await record(sessions, *said[start : start + batch])
        heard += [one for one in results if not isinstance(one, AppError)]
    assert [number_of(event) for event in heard] == list(range(1, len(heard) + 1))
    truth = seen(await read(sessions, group), [])
    assert seen(snapshot, heard[position:]) == truth
    assert seen(snapshot, await events_of(sessions, group, position)) == truth
    assert seen([], await events_of(sessions, group)) == truth
