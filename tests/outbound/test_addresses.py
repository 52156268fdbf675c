"""Which address is on the public internet, and which URL may be asked at all."""

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.outbound.addresses import is_public, why_refused


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
        "", "push.example", "ftp://push.example/", "file:///etc/passwd", "https://", "https://[::1", "https://a:b/",
        "https://push.example:0/", "https://user@push.example/", "https://push.example/#",
    ],
)  # fmt: skip
def test_what_is_no_address_for_a_request_is_refused_wherever_it_leads(url: str) -> None:
    assert why_refused(url, inside=False)
    assert why_refused(url, inside=True)


@pytest.mark.parametrize("url", ["http://push.example/", "https://10.0.0.1/", "https://[fc00::1]:8443/a?b"])
def test_what_leads_inside_is_refused_unless_that_is_wanted(url: str) -> None:
    assert why_refused(url, inside=False)
    assert why_refused(url, inside=True) is None
