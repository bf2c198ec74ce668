"""Which addresses may be asked: decided on the URL before a name is resolved, and on the address dialled."""

from __future__ import annotations

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import httpx

from ingest.errors import Failure, FetchError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS = frozenset({80, 443})

NO_ADDRESS = (httpx.InvalidURL, UnicodeError)
"""What httpx raises for a text that is no URL; the second where the host is asked for and is no punycode."""

# One message for all: what it is that answers on an inner address is nobody's business.
REFUSAL = "refused: only public http and https addresses are read"


def networks(*ranges: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(text) for text in ranges)


# What a laboratory or a test may ask for with FAULTLINE_ALLOW_PRIVATE_SOURCES.
PRIVATE = networks("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")

# `is_global` of Python 3.11 lets multicast, 192.0.0.8, NAT64, 6to4 and Azure's metadata service pass, so
# what is refused is written down. IPv6 is the other way round: only global unicast can be public at all.
NEVER = networks(
    "0.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT; Alibaba's metadata service
    "168.63.129.16/32",  # Azure's metadata service, a public address
    "169.254.0.0/16",  # link-local; metadata services
    "192.0.0.0/24",  # protocol assignments; Oracle's metadata service
    "192.0.2.0/24",
    "192.88.99.0/24",  # 6to4 relays
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",  # multicast
    "240.0.0.0/4",
    "2001::/23",  # Teredo, ORCHID and other protocol assignments
    "2001:db8::/32",
    "2002::/16",  # 6to4
    "3fff::/20",
    "fd00:ec2::/32",  # AWS's metadata service
)
GLOBAL_UNICAST = IPv6Network("2000::/3")


def within(address: Address, ranges: tuple[Network, ...]) -> bool:
    return any(address in network for network in ranges)


def may_dial(address: Address, *, allow_private: bool = False) -> bool:
    """Is this the address of a public host? A NAT64, mapped, 6to4 or Teredo address never is."""
    if within(address, NEVER):
        return False
    if within(address, PRIVATE):
        return allow_private
    if isinstance(address, IPv6Address):
        return address in GLOBAL_UNICAST
    return address.is_global


def checked_url(text: str, *, allow_private: bool = False, ports: frozenset[int] = PORTS) -> httpx.URL:
    """The URL, if it is one that we ask at all; raises FetchError before anything is resolved."""
    try:
        url = httpx.URL(text)
        host = url.host
    except NO_ADDRESS as error:
        raise FetchError(REFUSAL, Failure.REFUSED) from error
    if url.scheme not in {"http", "https"} or not host or url.userinfo:
        raise FetchError(REFUSAL, Failure.REFUSED)
    if not allow_private and url.port is not None and url.port not in ports:
        raise FetchError(REFUSAL, Failure.REFUSED)
    return url
