"""Which address is on the public internet, and which URL may be asked at all."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

TRANSLATED_IPV4 = IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address, which a gateway of our network might well reach."""


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Is it on the internet, and not on a network of ours, also where it only wraps an address of another kind?"""
    if isinstance(address, IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in TRANSLATED_IPV4:
            wrapped = IPv4Address(int(address) & 0xFFFF_FFFF)
        if address.teredo:
            wrapped = address.teredo[1]
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def why_refused(url: str, *, inside: bool) -> str | None:
    """What is wrong with a URL, if anything. With `inside`, plain http and hosts of our own network are fine, too.

    A name is looked at when a connection is made, since it may mean another address by then.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return "The address cannot be read."
    if parts.scheme not in ({"https", "http"} if inside else {"https"}):
        return "The address must begin with https://."
    if not host or "@" in parts.netloc or "#" in url or port == 0:
        return "The address must name a host, and neither a user nor a fragment."
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return None if inside or is_public(address) else "The address must be on the public internet."
