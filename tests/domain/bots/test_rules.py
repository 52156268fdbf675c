from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.accounts.rules import USERNAME
from app.domain.bots.rules import (
    EVENTS,
    LONGEST_PAUSE,
    PATIENCE,
    UrlRefused,
    check_url,
    is_hopeless,
    pause_after,
    username_stem,
)
from app.domain.bots.schemas import EventName
from app.domain.chat.schemas.events import EventFrame

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_every_event_of_a_conversation_has_a_name_that_one_can_ask_for() -> None:
    assert EVENTS.keys() == {str(frame.__struct_config__.tag) for frame in get_args(EventFrame)}
    assert set(EVENTS.values()) == set(get_args(EventName))


@pytest.mark.parametrize(
    "url",
    [
        "http://bot.example.com/", "https://10.0.0.1/", "https://[::1]:8443/", "https://user:secret@bot.example.com/",
        "https://bot.example.com/#part", "https:///path", "https://", "ftp://bot.example.com/",
        "https://bot.example.com:0/", "https://bot.example.com:99999/", "https://[::1", "https://169.254.169.254/latest",
    ],
)  # fmt: skip
def test_a_url_that_could_reach_inside_or_means_nothing_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        check_url(url, inside=False)


def test_an_operator_may_let_webhooks_stay_inside() -> None:
    assert check_url("http://10.0.0.1:9000/in", inside=True) == "http://10.0.0.1:9000/in"
    assert check_url("https://bot.example.com:8443/in?x=1", inside=False) == "https://bot.example.com:8443/in?x=1"
    with pytest.raises(UrlRefused):
        check_url("file:///etc/passwd", inside=True)


@given(st.integers(min_value=1, max_value=10**9), st.floats(min_value=0, max_value=1))
def test_pauses_grow_to_an_hour_and_chance_takes_off_half_at_most(failures: int, chance: float) -> None:
    pause = pause_after(failures, chance)
    assert pause_after(failures, 0) / 2 <= pause <= pause_after(failures, 0) <= LONGEST_PAUSE
    assert pause_after(failures, chance) <= pause_after(failures + 1, chance)


def test_the_first_pauses_are_seconds() -> None:
    assert [pause_after(failures, 0).total_seconds() for failures in (1, 2, 3, 13)] == [1, 2, 4, 3600]


def test_a_receiver_that_is_gone_is_given_up_at_once_and_another_after_three_days() -> None:
    assert is_hopeless(410, NOW, NOW)
    for status in (None, 404, 500):
        assert not is_hopeless(status, NOW, NOW + PATIENCE - timedelta(seconds=1))
        assert is_hopeless(status, NOW, NOW + PATIENCE)


@given(st.text(max_size=100))
def test_whatever_a_webhook_is_called_its_bot_gets_a_username(name: str) -> None:
    assert USERNAME.fullmatch(f"{username_stem(name)}-0a1b2c3d")
