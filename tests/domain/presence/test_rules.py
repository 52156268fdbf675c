"""What several devices make of their owner, and who sees whom."""

from datetime import UTC, datetime
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.presence.rules import Audience, State, best, minute, see_each_other

audiences = st.sampled_from(get_args(Audience))


@pytest.mark.parametrize(
    ("devices", "owner"),
    [
        ([], "offline"),
        (["away"], "away"),
        (["away", "online", "away"], "online"),
        (["offline", "away"], "away"),
    ],
)
def test_the_most_present_device_speaks_for_its_owner(devices: list[State], owner: State) -> None:
    assert best(devices) == owner


@given(one=audiences, other=audiences, blocked=st.booleans(), friends=st.booleans(), together=st.booleans())
def test_sight_is_mutual(one: Audience, other: Audience, blocked: bool, friends: bool, together: bool) -> None:
    circumstances = {"blocked": blocked, "friends": friends, "together": together}
    assert see_each_other(one, other, **circumstances) == see_each_other(other, one, **circumstances)


def test_a_block_hides_whatever_else_is_true() -> None:
    for one, other, friends, together in product(get_args(Audience), get_args(Audience), (True, False), (True, False)):
        assert not see_each_other(one, other, blocked=True, friends=friends, together=together)


@pytest.mark.parametrize(
    ("one", "other", "friends", "together", "seen"),
    [
        ("everyone", "everyone", False, False, False),
        ("everyone", "everyone", False, True, True),
        ("everyone", "everyone", True, False, True),
        ("friends", "everyone", False, True, False),
        ("friends", "everyone", True, False, True),
        ("nobody", "everyone", True, True, False),
        ("everyone", "nobody", True, True, False),
    ],
)
def test_friends_and_those_in_a_conversation_see_each_other_as_far_as_both_let_them(
    one: Audience, other: Audience, friends: bool, together: bool, seen: bool
) -> None:
    assert see_each_other(one, other, blocked=False, friends=friends, together=together) is seen


def test_last_seen_is_a_whole_minute() -> None:
    assert minute(datetime(2026, 11, 21, 12, 30, 59, tzinfo=UTC).timestamp()) == datetime(
        2026, 11, 21, 12, 30, tzinfo=UTC
    )
