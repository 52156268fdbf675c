"""Who comes, who goes, and as what: against a model of it, and many at once."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from tests.conftest import Newcomer
from tests.domain.chat.group_model import Model

from app.domain.accounts.bot_accounts import BotAccounts
from app.domain.chat.roles import MutedHere, NotAllowedHere, Role
from app.domain.chat.rules import NotAGroup, NotAMember
from app.domain.chat.schemas.entries import Deletion, Draft, Edit, Entry, Reaction
from app.domain.chat.schemas.events import EventFrame
from app.domain.chat.services import members as service
from app.domain.chat.services import standing
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.bans import Bans
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.ledger import number_of
from app.domain.chat.services.members import Members
from app.domain.chat.services.messages import Messages
from app.domain.social.services.blocks import Blocks
from app.errors import AppError, NoSuchUser
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB, CAROL, DAVE = PEOPLE = (1, 2, 3, 4)
LATER = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
async def people(newcomer: Newcomer) -> None:
    for name in ("alice", "bob", "carol", "dave"):
        await newcomer(name)


@pytest.fixture
async def group(people: None, sessions: Sessions) -> int:
    """Alice's, with bob in it; anybody may join."""
    return await open_group(sessions, BOB)


async def open_group(sessions: Sessions, *others: int) -> int:
    async with sessions.begin() as session:
        opened = await Conversations(session=session).open_group(ALICE, others, "chess", joinable=True)
        return opened.id


Verb = Callable[[AsyncSession, int, int, int], Awaitable[Happening | None]]
VERBS: dict[str, Verb] = {
    "join": lambda session, group, actor, _: Members(session=session).join(group, actor),
    "leave": lambda session, group, actor, _: Members(session=session).leave(group, actor),
    "add": lambda session, *who: Members(session=session).add(*who),
    "remove": lambda session, *who: Members(session=session).remove(*who),
    "promote": lambda session, group, actor, who: standing.appoint(session, group, actor, who, Role.ADMIN),
    "demote": lambda session, group, actor, who: standing.appoint(session, group, actor, who, Role.MEMBER),
    "transfer": standing.transfer,
    "mute": lambda session, group, actor, who: standing.mute(session, group, actor, who, LATER),
    "unmute": standing.unmute,
    "ban": lambda session, *who: Bans(session=session).ban(*who),
    "lift": lambda session, *who: Bans(session=session).lift(*who),
    "end": lambda session, group, actor, _: Groups(session=session).end(group, actor),
}


async def do(sessions: Sessions, verb: str, group: int, actor: int, target: int = 0) -> Happening | None:
    async with sessions.begin() as session:
        return await VERBS[verb](session, group, actor, target)


async def record(sessions: Sessions, *entries: Entry) -> list[EventFrame | AppError]:
    async with sessions.begin() as session:
        outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
    return [outcome.fact or outcome.refusal or AppError() for outcome in outcomes]


steps = st.tuples(st.sampled_from(list(VERBS)), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(steps, min_size=5, max_size=25))
async def test_whatever_is_done_a_group_is_what_the_guide_says(
    people: None, sessions: Sessions, acts: list[tuple[str, int, int]]
) -> None:
    group, model = await open_group(sessions, BOB), Model({ALICE: "owner", BOB: "member"}, {ALICE, BOB})
    for verb, actor, target in acts:
        before = len(model.told)
        wanted, refused, kinds = model.apply(verb, actor, target), None, list[str | None]()
        try:
            if happening := await do(sessions, verb, group, actor, target):
                kinds = [message.kind for message in happening.messages]
        except AppError as error:
            refused = type(error)
        assert (refused, kinds) == (wanted, model.told[before:]), (verb, actor, target)
        await compare(sessions, group, model)


async def compare(sessions: Sessions, group: int, model: Model) -> None:
    async with sessions() as session:

        async def rows(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in await session.execute(text(sql), {"group": group})]

        members = "FROM members WHERE conversation_id = :group"
        roles = await rows(f"SELECT user_id, role {members} AND left_at IS NULL ORDER BY joined_at, user_id")
        muted = await rows(f"SELECT user_id {members} AND muted_until > now()")
        banned = await rows("SELECT user_id FROM bans WHERE conversation_id = :group")
        told = await rows("SELECT seq, kind FROM messages WHERE conversation_id = :group ORDER BY seq")
        state = await rows("SELECT last_seq, ended_at IS NOT NULL FROM conversations WHERE id = :group")
    assert roles == list(model.roles.items())
    assert ({one for (one,) in banned}, {one for (one,) in muted}) == (model.banned, model.muted)
    assert told == list(enumerate(model.told, start=1))
    assert state == [(len(model.told), not model.roles)]
    assert [role for _, role in roles].count("owner") == (1 if roles else 0)


async def at_once(*doing: Awaitable[Happening | None]) -> list[Happening | AppError | None]:
    """What each came to. Anything but an AppError is a defect, and raised."""
    results = await asyncio.gather(*doing, return_exceptions=True)
    for one in results:
        if isinstance(one, BaseException) and not isinstance(one, AppError):
            raise one
    return results  # type: ignore[return-value]  # What is left are results and AppErrors.


async def test_the_last_place_is_taken_once(group: int, sessions: Sessions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "GROUP_MEMBERS", 3)
    results = await at_once(do(sessions, "join", group, CAROL), do(sessions, "add", group, BOB, DAVE))
    assert sorted(type(one).__name__ for one in results) == ["GroupFull", "Happening"]
    assert (await do(sessions, "join", group, BOB)) == Happening(group), "who is in it needs no place"


async def test_a_group_never_has_two_owners_nor_none(group: int, sessions: Sessions) -> None:
    """The owner hands over to two people, and leaves, all at once."""
    for _ in range(5):
        await do(sessions, "add", group, BOB, CAROL)
        await at_once(
            do(sessions, "transfer", group, ALICE, BOB),
            do(sessions, "transfer", group, ALICE, CAROL),
            do(sessions, "leave", group, ALICE),
        )
        async with sessions() as session:
            owners = text("SELECT user_id FROM members WHERE role = 'owner' AND conversation_id = :group")
            (owner,) = (await session.scalars(owners, {"group": group})).all()
        assert owner in {BOB, CAROL}
        await do(sessions, "join", group, ALICE)
        await do(sessions, "transfer", group, owner, ALICE)
        await do(sessions, "remove", group, ALICE, CAROL)


async def test_two_admins_who_remove_each_other_are_not_both_gone(group: int, sessions: Sessions) -> None:
    """An act waits for the one before it, and is judged by what that has left."""
    await do(sessions, "transfer", group, ALICE, BOB)
    results = await at_once(do(sessions, "leave", group, BOB), do(sessions, "remove", group, BOB, ALICE))
    async with sessions() as session:
        assert (await session.scalar(text("SELECT count(*) FROM members WHERE left_at IS NULL"))) in {0, 1}
    assert any(isinstance(one, Happening) for one in results)


async def test_acts_and_messages_at_once_have_one_order_without_gaps(group: int, sessions: Sessions) -> None:
    async def talk() -> None:
        for n in range(15):
            await record(sessions, Draft(group, ALICE, f"a{n}", "hello"), Draft(group, BOB, f"b{n}", "hello"))

    async def come_and_go() -> None:
        for _ in range(10):
            await do(sessions, "join", group, CAROL)
            await do(sessions, "leave", group, CAROL)

    await asyncio.gather(talk(), come_and_go())
    async with sessions() as session:
        numbers = (await session.scalars(text("SELECT seq FROM messages ORDER BY seq"))).all()
    assert numbers == list(range(1, 51))


SAID: list[tuple[Entry, type[AppError] | None]] = [
    (Draft(1, BOB, "b", "let me speak"), MutedHere),
    (Draft(1, BOB, "a", "hello"), None),
    (Edit(1, BOB, "e", 1, "hello!"), MutedHere),
    (Reaction(1, BOB, "r", 1, "👍", on=True), MutedHere),
    (Reaction(1, BOB, "u", 1, "🎉", on=False), None),
    (Deletion(1, BOB, "d", 1), None),
]


@pytest.mark.parametrize(("entry", "error"), SAID, ids=repr)
async def test_who_is_muted_takes_back_what_they_said_and_says_nothing_new(
    group: int, sessions: Sessions, entry: Entry, error: type[AppError] | None
) -> None:
    await record(sessions, Draft(group, BOB, "a", "hello"), Reaction(group, BOB, "p", 1, "🎉", on=True))
    await do(sessions, "mute", group, ALICE, BOB)
    (outcome,) = await record(sessions, entry)
    assert isinstance(outcome, error or EventFrame)
    await do(sessions, "unmute", group, ALICE, BOB)
    (spoken,) = await record(sessions, Draft(group, BOB, "c", "thank you"))
    assert not isinstance(spoken, AppError)


@pytest.mark.parametrize(("verb", "error"), [("remove", NotAMember), ("mute", MutedHere)])
async def test_what_waits_for_an_act_is_judged_by_what_the_act_has_left(
    group: int, sessions: Sessions, verb: str, error: type[AppError]
) -> None:
    """A worker that is about to store waits for the row. PostgreSQL alone would let it go on with what it saw."""
    async with sessions.begin() as session:
        if verb == "remove":
            await Members(session=session).remove(group, ALICE, BOB)
        else:
            await standing.mute(session, group, ALICE, BOB, LATER)
        storing = asyncio.create_task(
            record(sessions, Draft(group, BOB, "b", "too late"), Draft(group, ALICE, "a", "hi"))
        )
        while not (await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))):
            await asyncio.sleep(0.01)
    refused, stored = await storing
    assert isinstance(refused, error)
    assert isinstance(stored, EventFrame)
    assert number_of(stored) == 2


async def test_who_is_put_out_may_come_back_and_is_a_member_then(group: int, sessions: Sessions) -> None:
    await do(sessions, "promote", group, ALICE, BOB)
    await do(sessions, "remove", group, ALICE, BOB)
    await do(sessions, "join", group, BOB)
    async with sessions() as session:
        assert (await Members(session=session).show(group, BOB, BOB)).role is Role.MEMBER


async def test_nobody_is_added_who_is_not_there(group: int, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET deactivated_at = now() WHERE id = 4"))
    for nobody in (DAVE, 99):
        with pytest.raises(NoSuchUser):
            await do(sessions, "add", group, ALICE, nobody)
    with pytest.raises(NoSuchUser):
        await do(sessions, "ban", group, ALICE, 99)


@pytest.mark.parametrize("blocker", [ALICE, CAROL])
async def test_nobody_is_added_by_somebody_with_whom_they_have_a_block(
    group: int, sessions: Sessions, blocker: int
) -> None:
    async with sessions.begin() as session:
        await Blocks(session=session).block(blocker, ALICE if blocker == CAROL else CAROL)
    with pytest.raises(NoSuchUser):
        await do(sessions, "add", group, ALICE, CAROL)
    assert await do(sessions, "add", group, BOB, CAROL)


async def test_a_bot_is_brought_in_by_whose_it_is_if_they_are_an_admin(group: int, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        bot = (await BotAccounts(session=session).register(BOB, username="clock", name="Clock")).id
    with pytest.raises(NotAllowedHere):
        await do(sessions, "add", group, BOB, bot)
    with pytest.raises(NoSuchUser):
        await do(sessions, "add", group, ALICE, bot)
    await do(sessions, "promote", group, ALICE, BOB)
    assert await do(sessions, "add", group, BOB, bot)


async def test_an_account_that_ends_leaves_all_its_groups_and_somebody_follows(group: int, sessions: Sessions) -> None:
    other = await open_group(sessions)
    async with sessions.begin() as session:
        left = await Members(session=session).leave_all(ALICE)
    told = {one.conversation_id: [message.kind for message in one.messages] for one in left}
    assert told == {group: ["left", "owner_changed"], other: ["left", "ended"]}


async def test_somebody_who_can_log_in_follows_an_owner_who_leaves(group: int, sessions: Sessions) -> None:
    await do(sessions, "join", group, CAROL)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET deactivated_at = now() WHERE id = 2"))
    await do(sessions, "leave", group, ALICE)
    async with sessions() as session:
        assert (await Members(session=session).show(group, CAROL, CAROL)).role is Role.OWNER


@pytest.mark.parametrize("verb", VERBS)
async def test_a_chat_of_two_is_no_group(people: None, sessions: Sessions, verb: str) -> None:
    async with sessions.begin() as session:
        chat, _ = await Conversations(session=session).open_direct(ALICE, BOB)
    with pytest.raises(NotAGroup):
        await do(sessions, verb, chat.id, ALICE, BOB)
    with pytest.raises(NotAMember):
        await do(sessions, verb, chat.id, CAROL, BOB)


async def test_a_group_by_invitation_is_joined_by_nobody(people: None, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        group = await Conversations(session=session).open_group(ALICE, (), None, joinable=False)
    with pytest.raises(NotAMember):
        await do(sessions, "join", group.id, BOB)
    await do(sessions, "add", group.id, ALICE, BOB)
    assert await do(sessions, "join", group.id, BOB) == Happening(group.id)


async def test_pages_of_members_hold_everybody_once_also_when_some_leave_meanwhile(
    people: None, sessions: Sessions
) -> None:
    group = await open_group(sessions, BOB, CAROL)
    await do(sessions, "join", group, DAVE)
    async with sessions() as session:
        members = Members(session=session)
        first = await members.page(group, ALICE, 0, 2)
        assert [(one.id, one.role) for one in first] == [(ALICE, Role.OWNER), (BOB, Role.MEMBER)]
    await do(sessions, "leave", group, BOB)
    async with sessions() as session:
        members = Members(session=session)
        assert [one.id for one in await members.page(group, ALICE, BOB, 2)] == [CAROL, DAVE]
        assert [one.id for one in await members.page(group, ALICE, 0, 9, role=Role.OWNER)] == [ALICE]
        assert [one.id for one in await members.page(group, ALICE, 0, 9, q="AR")] == [CAROL]
