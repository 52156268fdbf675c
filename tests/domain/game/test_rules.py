"""When a round may close, and who stands where when it is drawn."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.game.rules import LONGEST_ROUND, SECOND, SHORTEST_ROUND, RoundEndRefused, closing_time, places

NOW = datetime(2026, 11, 20, 12, 0, 0, 250_000, tzinfo=UTC)
NOON = NOW.replace(microsecond=0)
seconds = st.integers(10, 7 * 24 * 3600)


@given(seconds)
def test_so_many_seconds_from_now_is_a_whole_second_and_not_earlier(after: int) -> None:
    end = closing_time(NOW, None, after)
    assert end.tzinfo is UTC
    assert end.microsecond == 0
    assert timedelta(seconds=after) <= end - NOW < timedelta(seconds=after) + SECOND


@given(seconds, st.integers(-14, 14), st.integers(0, 999_999))
def test_a_time_is_taken_in_any_zone_and_never_brought_forward(after: int, hours: int, fraction: int) -> None:
    at = (NOW + timedelta(seconds=after, microseconds=fraction)).astimezone(timezone(timedelta(hours=hours)))
    if at - NOW > LONGEST_ROUND:
        return
    end = closing_time(NOW, at, None)
    assert end.tzinfo is UTC
    assert timedelta() <= end - at < SECOND


@pytest.mark.parametrize("after", [SHORTEST_ROUND, timedelta(hours=1), LONGEST_ROUND])
def test_a_whole_second_is_taken_as_it_is_from_the_shortest_round_to_the_longest(after: timedelta) -> None:
    assert closing_time(NOON, NOON + after, None) == NOON + after
    assert closing_time(NOON, None, int(after.total_seconds())) == NOON + after


def test_a_second_more_than_the_longest_round_is_refused() -> None:
    with pytest.raises(RoundEndRefused):
        closing_time(NOON, NOON + LONGEST_ROUND + SECOND, None)


@pytest.mark.parametrize(
    ("at", "after"),
    [
        (None, None),
        (NOW + timedelta(minutes=1), 60),
        (NOW + SHORTEST_ROUND - SECOND, None),
        (NOW - SECOND, None),
        (NOW + LONGEST_ROUND + 2 * SECOND, None),
        (datetime.max.replace(tzinfo=UTC), None),
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), None),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), None),
        (None, 9),
        (None, 10**15),
    ],
)
def test_too_soon_too_late_both_or_neither_is_refused(at: datetime | None, after: int | None) -> None:
    with pytest.raises(RoundEndRefused):
        closing_time(NOW, at, after)


@given(st.lists(st.integers(0, 5)))
def test_a_place_is_one_more_than_how_many_won_more(prizes: list[int]) -> None:
    assert places(prizes) == [1 + sum(other > prize for other in prizes) for prize in prizes]
