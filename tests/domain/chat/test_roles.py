"""Who may do what in a group."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.chat.roles import (
    MUTE_SECONDS,
    NEEDED,
    Act,
    MutedHere,
    MuteRefused,
    NotAllowedHere,
    Role,
    check,
    check_voice,
    may,
    mute_end,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
roles, acts = st.sampled_from(Role), st.sampled_from(Act)

TABLE = {
    "invite": {"admin", "owner"},
    "change": {"admin", "owner"},
    "mute": {"admin", "owner"},
    "remove": {"admin", "owner"},
    "ban": {"admin", "owner"},
    "revoke": {"admin", "owner"},
    "automate": {"admin", "owner"},
    "hold rounds": {"admin", "owner"},
    "delete messages": {"admin", "owner"},
    "appoint": {"owner"},
    "transfer": {"owner"},
    "retain": {"owner"},
    "end": {"owner"},
}


def test_the_table_is_the_one_that_the_guide_shows() -> None:
    assert {act.value: {role.value for role in Role if may(role, act)} for act in Act} == TABLE
    assert NEEDED.keys() == set(Act)


@given(roles, acts, st.none() | roles)
def test_a_higher_role_may_do_all_that_a_lower_one_may(role: Role, act: Act, target: Role | None) -> None:
    if may(role, act, target):
        assert all(may(higher, act, target) for higher in Role if higher.rank > role.rank)


@given(roles, acts, roles)
def test_nobody_acts_on_their_equals_or_on_who_stands_above_them(role: Role, act: Act, target: Role) -> None:
    assert not (may(role, act, target) and target.rank >= role.rank)


@given(roles, acts, st.booleans())
def test_members_may_do_nothing_but_invite_where_the_group_lets_them(role: Role, act: Act, open_to: bool) -> None:
    allowed = may(role, act, members_may_invite=open_to)
    assert allowed == (may(role, act) or (act is Act.INVITE and open_to))


@given(roles, acts, st.none() | roles)
def test_a_refusal_names_the_role_that_it_takes(role: Role, act: Act, target: Role | None) -> None:
    if may(role, act, target):
        check(role, act, target)
        return
    with pytest.raises(NotAllowedHere) as refused:
        check(role, act, target)
    assert str(target if role.rank >= NEEDED[act].rank else NEEDED[act]) in refused.value.detail


@given(st.none() | st.integers(-10, 2 * MUTE_SECONDS), st.none() | st.integers(1, MUTE_SECONDS))
def test_a_mute_ends_in_the_future_and_within_a_year(until: int | None, seconds: int | None) -> None:
    moment = None if until is None else NOW.astimezone(timezone(timedelta(hours=3))) + timedelta(seconds=until)
    try:
        end = mute_end(NOW, moment, seconds)
    except MuteRefused:
        assert (until is None) == (seconds is None) or (until is not None and not 0 < until <= MUTE_SECONDS)
        return
    assert end - NOW == timedelta(seconds=until or seconds or 0)
    assert end.tzinfo is UTC


def test_who_is_muted_is_told_until_when() -> None:
    check_voice(NOW, None)
    check_voice(NOW, NOW)
    with pytest.raises(MutedHere) as refused:
        check_voice(NOW, NOW + timedelta(minutes=5))
    assert "2026-11-21T12:05:00Z" in refused.value.detail
