"""Friendships and blocks are what a plain model says they are, after whatever three people do to each other."""

from dataclasses import dataclass, field
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession
from tests.conftest import EMPTY_ALL, Newcomer

from app.domain.social.rules import AlreadyFriends, NoSuchRequest, NotFriends, Relation
from app.domain.social.services import people
from app.domain.social.services.blocks import Blocks
from app.domain.social.services.friendships import Friendships
from app.errors import AppError, NoSuchUser
from app.resources import Sessions

pytestmark = pytest.mark.anyio

PEOPLE = (1, 2, 3)
VERBS = ("request", "accept", "drop", "remove", "block", "unblock")
Step = tuple[str, tuple[int, int]]
Refusal = type[AppError] | None


@dataclass
class Model:
    """Each verb answers what it is refused with."""

    asked: set[tuple[int, int]] = field(default_factory=set)
    friends: dict[frozenset[int], int] = field(default_factory=dict)
    """Each with who asked for it: the other one may accept again, and nothing happens."""
    blocks: set[tuple[int, int]] = field(default_factory=set)

    def request(self, me: int, them: int) -> Refusal:
        if {(me, them), (them, me)} & self.blocks:
            return NoSuchUser
        if frozenset({me, them}) in self.friends:
            return AlreadyFriends
        if (them, me) in self.asked:
            return self.accept(me, them)
        self.asked.add((me, them))
        return None

    def accept(self, me: int, them: int) -> Refusal:
        if self.friends.get(frozenset({me, them})) == them:
            return None
        if (them, me) not in self.asked:
            return NoSuchRequest
        self.asked.remove((them, me))
        self.friends[frozenset({me, them})] = them
        return None

    def drop(self, me: int, them: int) -> Refusal:
        dropped = {(me, them), (them, me)} & self.asked
        self.asked -= dropped
        return None if dropped else NoSuchRequest

    def remove(self, me: int, them: int) -> Refusal:
        return None if self.friends.pop(frozenset({me, them}), None) else NotFriends

    def block(self, me: int, them: int) -> Refusal:
        self.blocks.add((me, them))
        self.drop(me, them)
        self.remove(me, them)
        return None

    def unblock(self, me: int, them: int) -> Refusal:
        self.blocks.discard((me, them))
        return None

    def relation(self, me: int, them: int) -> Relation | None:
        """None for somebody who is not there for me."""
        if (them, me) in self.blocks:
            return None
        if (me, them) in self.blocks:
            return "blocked_by_me"
        if frozenset({me, them}) in self.friends:
            return "friend"
        if (me, them) in self.asked:
            return "requested_by_me"
        return "requested_by_them" if (them, me) in self.asked else "none"


async def carry_out(sessions: Sessions, verb: str, me: int, them: int) -> Refusal:
    try:
        async with sessions.begin() as session:
            friends, blocks = Friendships(session=session), Blocks(session=session)
            await {
                "request": friends.request,
                "accept": friends.accept,
                "drop": friends.drop_request,
                "remove": friends.remove,
                "block": blocks.block,
                "unblock": blocks.unblock,
            }[verb](me, them)
    except AppError as error:
        return type(error)
    return None


async def what_they_see(session: AsyncSession, me: int) -> dict[int, Relation]:
    """By their lists, as a client puts it together."""
    friends, blocks = Friendships(session=session), Blocks(session=session)
    seen: dict[int, Relation] = {}
    seen |= {one.other(me): "friend" for one in await friends.friends_of(me, 10, 0)}
    seen |= {one.other(me): "requested_by_me" for one in await friends.sent_by(me, 10, 0)}
    seen |= {one.other(me): "requested_by_them" for one in await friends.received_by(me, 10, 0)}
    seen |= {one.blocked_id: "blocked_by_me" for one in await blocks.list_of(me, 10, 0)}
    return seen


async def profile_of(session: AsyncSession, me: int, them: int) -> Relation | None:
    try:
        return (await people.profile(session, me, them)).relation
    except NoSuchUser:
        return None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.tuples(st.sampled_from(VERBS), st.permutations(PEOPLE).map(lambda p: (p[0], p[1]))), max_size=12)
)
async def test_whatever_people_do_to_each_other_they_are_what_the_model_says(
    newcomer: Newcomer, sessions: Sessions, steps: list[Step]
) -> None:
    async with sessions.begin() as session:
        await session.execute(EMPTY_ALL)
    for number in PEOPLE:
        assert await newcomer(f"user-{number}") == number
    model = Model()
    for verb, (me, them) in steps:
        assert await carry_out(sessions, verb, me, them) is getattr(model, verb)(me, them), (verb, me, them)
    async with sessions() as session:
        hidden = await Blocks(session=session).hidden_from(PEOPLE)
        for me in PEOPLE:
            assert hidden[me] == {b for a, b in model.blocks if a == me} | {a for a, b in model.blocks if b == me}
        for me, them in permutations(PEOPLE, 2):
            assert await profile_of(session, me, them) == model.relation(me, them)
            shown = model.relation(me, them)
            in_lists = "blocked_by_me" if (me, them) in model.blocks else shown
            assert (await what_they_see(session, me)).get(them) == (None if in_lists == "none" else in_lists)
