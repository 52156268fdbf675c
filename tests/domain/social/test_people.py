"""Finding people, and what they are to whoever looks."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update
from tests.clients import Player
from tests.conftest import Newcomer, Register

from app.domain.accounts.models import User
from app.domain.social.services import people
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.errors import NoSuchUser
from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def names(sessions: Sessions, reader: int, prefix: str, limit: int = 10, offset: int = 0) -> list[str]:
    async with sessions() as session:
        return [one.username for one in await people.search(session, reader, prefix, limit, offset)]


async def test_people_are_found_by_how_their_username_begins(newcomer: Newcomer, sessions: Sessions) -> None:
    reader = await newcomer("reader")
    for username in ("anna", "Ann", "hanna", "ann_b", "annxb", "an.na"):
        await newcomer(username)
    assert await names(sessions, reader, "ANN") == ["Ann", "ann_b", "anna", "annxb"]
    assert await names(sessions, reader, "ann_") == ["ann_b"], "An underscore is one"
    assert await names(sessions, reader, "an.") == ["an.na"]
    for nothing in ("%", "\\", "nn", "ann ", "é"):
        assert await names(sessions, reader, nothing) == []
    assert await names(sessions, reader, "ann", 2) + await names(sessions, reader, "ann", 2, 2) == await names(
        sessions, reader, "ann"
    )


async def test_nobody_finds_themselves_nor_who_has_left_nor_across_a_block(
    newcomer: Newcomer, sessions: Sessions
) -> None:
    anna, annika, annette, gone, anne = [
        await newcomer(name) for name in ("anna", "annika", "annette", "anngone", "anne")
    ]
    async with sessions.begin() as session:
        await Blocks(session=session).block(anna, annika)
        await Blocks(session=session).block(annette, anna)
        await session.execute(update(User).where(User.id == gone).values(deactivated_at=datetime.now(UTC)))
    assert await names(sessions, anna, "ann") == ["anne"]
    assert await names(sessions, annika, "ann") == ["anne", "annette"]
    assert await names(sessions, anne, "ann") == ["anna", "annette", "annika"]


async def test_a_profile_says_what_they_are_to_me(newcomer: Newcomer, sessions: Sessions) -> None:
    me, friend, asker, asked, blocked, stranger = [
        await newcomer(name) for name in ("me-myself", "friend", "asker", "asked", "blocked", "stranger")
    ]
    async with sessions.begin() as session:
        friends = Friendships(session=session)
        await friends.request(friend, me)
        await friends.accept(me, friend)
        await friends.request(asker, me)
        await friends.request(me, asked)
        await Blocks(session=session).block(me, blocked)
        seen = {one: (await people.profile(session, me, one)).relation for one in range(me, stranger + 1)}
        assert seen == {
            me: "self",
            friend: "friend",
            asker: "requested_by_them",
            asked: "requested_by_me",
            blocked: "blocked_by_me",
            stranger: "none",
        }
        found = await people.search(session, me, "ask", 10, 0)
        assert [one.relation for one in found] == ["requested_by_me", "requested_by_them"]


async def test_who_has_blocked_me_or_has_left_is_not_there(newcomer: Newcomer, sessions: Sessions) -> None:
    me, blocker, gone = [await newcomer(name) for name in ("me-myself", "blocker", "gone")]
    async with sessions.begin() as session:
        await Blocks(session=session).block(blocker, me)
        await session.execute(update(User).where(User.id == gone).values(deactivated_at=datetime.now(UTC)))
        for nobody in (blocker, gone, 99):
            with pytest.raises(NoSuchUser):
                await people.profile(session, me, nobody)


async def test_searching_over_http(player: Register) -> None:
    alice, bob = await player("alice"), await player("bob")
    [found] = (await alice.http.get("/api/users/search", params={"q": bob.username.upper()})).json()
    assert found == {"id": bob.id, "username": bob.username, "first_name": "", "last_name": "", "relation": "none"}
    assert (await alice.http.get(f"/api/users/{bob.id}")).json() == found
    assert (await alice.http.get(f"/api/users/{alice.id}/")).json()["relation"] == "self"


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=" + "x" * 31, "q=a&limit=0", "q=a&limit=101", "q=a&offset=-1"])
async def test_a_question_that_cannot_be_asked(somebody: Player, query: str) -> None:
    assert (await somebody.http.get(f"/api/users/search?{query}")).status_code == 400


@pytest.mark.parametrize("query", ["q=%ff", "q=%ED%A0%80", "q=%F0%9F%91%8B", "q=%25", "q=%5C", "q=K%E2%84%AA"])
async def test_a_question_that_nobody_answers_to(somebody: Player, query: str) -> None:
    answer = await somebody.http.get(f"/api/users/search?{query}")
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(("user_id", "code"), [("0", 400), (str(2**63), 400), (str(2**62), 404), ("nobody", 404)])
async def test_a_person_who_is_not_there(somebody: Player, user_id: str, code: int) -> None:
    answer = await somebody.http.get(f"/api/users/{user_id}")
    assert (answer.status_code, answer.headers["content-type"]) == (code, "application/problem+json")
