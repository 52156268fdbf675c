"""What is looked up for it, and left out, changes nothing about who may see whom."""

from datetime import UTC, datetime
from itertools import combinations, product
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import Newcomer

from app.domain.chat.services.conversations import Conversations
from app.domain.chat.services.members import Members
from app.domain.presence.rules import Audience, see_each_other
from app.domain.presence.services.sight import in_sight
from app.domain.social.models import Block, Friendship
from app.domain.social.schemas import PrivacyChange
from app.domain.social.services.privacy import Privacy
from app.resources import Sessions

pytestmark = pytest.mark.anyio

PEOPLE = (1, 2, 3, 4)
PAIRS = list(combinations(PEOPLE, 2))


@pytest.fixture
async def four(newcomer: Newcomer) -> None:
    for name in ("alice", "bob", "carol", "dora"):
        await newcomer(name)


audiences = st.fixed_dictionaries({person: st.sampled_from(get_args(Audience)) for person in PEOPLE})
some_pairs = st.sets(st.sampled_from(PAIRS))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(privacy=audiences, blocks=some_pairs, friends=some_pairs, asked=some_pairs, talks=some_pairs, left=some_pairs)
async def test_it_is_what_the_rule_says_of_every_two_people(
    sessions: Sessions,
    four: None,
    privacy: dict[int, Audience],
    blocks: set[tuple[int, int]],
    friends: set[tuple[int, int]],
    asked: set[tuple[int, int]],
    talks: set[tuple[int, int]],
    left: set[tuple[int, int]],
) -> None:
    """`asked` are requests that nobody has accepted, and of each pair in `left` the second has left their talk."""
    now = datetime.now(UTC)
    async with sessions() as session:
        for person, audience in privacy.items():
            await Privacy(session=session).change(person, PrivacyChange(presence=audience))
        for one, other in talks | left:
            talk = await Conversations(session=session).open_group(one, [other], None, joinable=False)
            if (one, other) not in talks:
                await Members(session=session).leave(talk.id, other)
        for one, other in friends | asked:
            accepted_at = now if (one, other) in friends else None
            session.add(Friendship(low_id=one, high_id=other, asked_by=one, accepted_at=accepted_at))
        session.add_all(Block(blocker_id=other, blocked_id=one) for one, other in blocks)
        await session.flush()
        everyone = list(product(PEOPLE, PEOPLE))
        for together in (False, True):
            assert await in_sight(session, everyone, together=together) == {
                (one, other)
                for one, other in everyone
                for pair in [(min(one, other), max(one, other))]
                if one == other
                or see_each_other(
                    privacy[one],
                    privacy[other],
                    blocked=pair in blocks,
                    friends=pair in friends,
                    together=together or pair in talks,
                )
            }
