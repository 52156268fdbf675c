from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, ip_address
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
    is_public,
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
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
        "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_addresses_on_the_internet_are(address: str) -> None:
    assert is_public(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_address_wrapped_into_another_kind_is_as_public_as_it_was(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(ip_address(wrapped)) == is_public(address)


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
