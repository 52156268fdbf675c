"""Links by which one comes into a group."""

import asyncio

import pytest
from sqlalchemy import text
from tests.conftest import Newcomer

from app.domain.chat.roles import NotAllowedHere
from app.domain.chat.rules import NoSuchInvite, NotAMember, TooManyInvites
from app.domain.chat.schemas.groups import GroupChange, InviteLink, NewInvite
from app.domain.chat.services import invites as service
from app.domain.chat.services.acts import Happening
from app.domain.chat.services.bans import Bans
from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.groups import Groups
from app.domain.chat.services.invites import Invites
from app.domain.chat.services.members import Members
from app.resources import Sessions

pytestmark = pytest.mark.anyio
ALICE, BOB, CAROL, DAVE, ERIN = range(1, 6)


@pytest.fixture
async def group(newcomer: Newcomer, sessions: Sessions) -> int:
    """Alice's, with bob in it; one comes in by invitation only."""
    for name in ("alice", "bob", "carol", "dave", "erin"):
        await newcomer(name)
    async with sessions.begin() as session:
        opened = await Conversations(session=session).open_group(ALICE, {BOB}, "chess", joinable=False)
        return opened.id


async def make(
    sessions: Sessions, group: int, by: int = ALICE, *, seconds: int | None = None, uses: int | None = None
) -> InviteLink:
    wanted = NewInvite(expires_in_seconds=seconds, max_uses=uses)
    async with sessions.begin() as session:
        return await Invites(session=session).make(group, by, wanted, "https://parlour.example/")


async def accept(sessions: Sessions, link: InviteLink, who: int) -> Happening:
    async with sessions.begin() as session:
        return await Invites(session=session).accept(link.token, who)


async def test_who_has_the_link_sees_what_it_leads_to_and_comes_in_once(group: int, sessions: Sessions) -> None:
    link = await make(sessions, group, BOB)
    assert link.url == f"https://parlour.example/invite/{link.token}"
    async with sessions() as session:
        seen = await Invites(session=session).preview(link.token, CAROL)
    assert (seen.id, seen.name, seen.members, seen.joined) == (group, "chess", 2, False)
    came = await accept(sessions, link, CAROL)
    assert [(one.kind, one.sender_id) for one in came.messages] == [("joined", CAROL)]
    for who in (CAROL, ALICE):
        assert await accept(sessions, link, who) == Happening(group)
    async with sessions() as session:
        (listed,) = await Invites(session=session).page(group, ALICE, 10, 0)
    assert listed.uses == 1


async def test_the_token_is_kept_nowhere(group: int, sessions: Sessions) -> None:
    link = await make(sessions, group)
    async with sessions() as session:
        assert link.token not in str((await session.execute(text("SELECT invites::text FROM invites"))).all())


async def test_the_last_use_is_taken_once_and_stays_with_who_took_it(group: int, sessions: Sessions) -> None:
    link = await make(sessions, group, uses=1)
    people = (CAROL, DAVE, ERIN)
    results = await asyncio.gather(*(accept(sessions, link, who) for who in people), return_exceptions=True)
    assert sorted(type(one).__name__ for one in results) == ["Happening", "NoSuchInvite", "NoSuchInvite"]
    (winner,) = [who for who, result in zip(people, results, strict=True) if isinstance(result, Happening)]
    assert await accept(sessions, link, winner) == Happening(group), "asked again, it is the same answer"
    async with sessions() as session:
        with pytest.raises(NoSuchInvite):
            await Invites(session=session).preview(link.token, ERIN)
        assert await Invites(session=session).page(group, ALICE, 10, 0) == []


async def test_a_link_ends_with_its_time_or_when_it_is_revoked(group: int, sessions: Sessions) -> None:
    expired, revoked = await make(sessions, group, seconds=60), await make(sessions, group)
    async with sessions.begin() as session:
        await session.execute(text("UPDATE invites SET expires_at = now() WHERE id = :id"), {"id": expired.id})
        for _ in range(2):
            await Invites(session=session).revoke(group, ALICE, revoked.id)
    for link in (expired, revoked):
        with pytest.raises(NoSuchInvite):
            await accept(sessions, link, CAROL)
    with pytest.raises(NoSuchInvite):
        await accept(sessions, InviteLink(1, 1, link.created_at, None, None, 0, "made-up", ""), CAROL)


async def test_members_see_and_revoke_their_own_links_and_admins_all(group: int, sessions: Sessions) -> None:
    hers, his = await make(sessions, group), await make(sessions, group, BOB)
    async with sessions.begin() as session:
        invites = Invites(session=session)
        assert [one.id for one in await invites.page(group, ALICE, 10, 0)] == [his.id, hers.id]
        assert [one.id for one in await invites.page(group, BOB, 10, 0)] == [his.id]
        with pytest.raises(NoSuchInvite):
            await invites.revoke(group, BOB, hers.id)
        with pytest.raises(NotAMember):
            await invites.page(group, CAROL, 10, 0)
        await invites.revoke(group, ALICE, his.id)


async def test_a_group_may_leave_inviting_to_its_admins(group: int, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await Groups(session=session).change(group, ALICE, GroupChange(members_may_invite=False))
    await make(sessions, group)
    with pytest.raises(NotAllowedHere):
        await make(sessions, group, BOB)
    async with sessions.begin() as session:
        with pytest.raises(NotAllowedHere):
            await Members(session=session).add(group, BOB, CAROL)


async def test_who_is_banned_finds_nothing_behind_a_link(group: int, sessions: Sessions) -> None:
    link = await make(sessions, group)
    async with sessions.begin() as session:
        await Bans(session=session).ban(group, ALICE, CAROL)
    async with sessions() as session:
        with pytest.raises(NoSuchInvite):
            await Invites(session=session).preview(link.token, CAROL)
    with pytest.raises(NoSuchInvite):
        await accept(sessions, link, CAROL)
    async with sessions.begin() as session:
        await Bans(session=session).lift(group, ALICE, CAROL)
    assert (await accept(sessions, link, CAROL)).added == [CAROL]


async def test_who_is_put_out_does_not_come_back_by_a_link_of_their_own(group: int, sessions: Sessions) -> None:
    his, hers = await make(sessions, group, BOB), await make(sessions, group)
    async with sessions.begin() as session:
        await Members(session=session).remove(group, ALICE, BOB)
    with pytest.raises(NoSuchInvite):
        await accept(sessions, his, BOB)
    assert (await accept(sessions, hers, BOB)).added == [BOB]


async def test_no_link_leads_into_a_group_that_has_ended(group: int, sessions: Sessions) -> None:
    link = await make(sessions, group)
    async with sessions.begin() as session:
        await Groups(session=session).end(group, ALICE)
    async with sessions() as session:
        with pytest.raises(NoSuchInvite):
            await Invites(session=session).preview(link.token, CAROL)
    with pytest.raises(NoSuchInvite):
        await accept(sessions, link, CAROL)


async def test_a_group_has_so_many_links_that_are_good(
    group: int, sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "INVITES_PER_GROUP", 2)
    first = await make(sessions, group)
    await make(sessions, group)
    with pytest.raises(TooManyInvites):
        await make(sessions, group)
    async with sessions.begin() as session:
        await Invites(session=session).revoke(group, ALICE, first.id)
    await make(sessions, group)
