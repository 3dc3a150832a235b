"""Connections to public addresses only.

A name is resolved once for each connection, every address that it has is checked, and the connection goes to a checked
one: a name that has another address a moment later changes nothing.
"""

import socket
from collections.abc import Awaitable, Callable, Collection, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import anyio
import httpcore2

from assistant.errors import AddressRefused

MAX_ADDRESSES = 4  # of a host that are tried
Resolve = Callable[[str, int], Awaitable[list[str]]]  # a host and a port → its addresses
_NAT64 = IPv6Network("64:ff9b::/96")  # addresses that hold one of IPv4


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, as the system's resolver gives them.

    Raises:
        OSError, UnicodeError: it has none.
    """
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class PublicNetwork(httpcore2.AsyncNetworkBackend):
    """Opens connections to public hosts, and to private ones that are allowed by name."""

    def __init__(self, private_hosts: Collection[str] = (), resolve: Resolve = resolve) -> None:
        """Create the backend.

        Args:
            private_hosts: names or addresses, in lower case, that may be private.
            resolve: returns the addresses of a host.
        """
        self._private_hosts = private_hosts
        self._resolve = resolve
        self._backend = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Return a connection to one of the host's addresses.

        Raises:
            AddressRefused: one of them is not public.
            httpcore2.ConnectError: none can be reached.
        """
        failure = httpcore2.ConnectError(f"{host} has no address")
        for address in (await self._addresses(host, port))[:MAX_ADDRESSES]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError as error:
                failure = error
        raise failure

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            addresses = list(dict.fromkeys(await self._resolve(host, port)))
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(str(error)) from None
        private = next((one for one in addresses if not is_public(one)), None)
        if private and host.lower() not in self._private_hosts:
            raise AddressRefused(
                f"{host} is not on the public internet.",
                expected="a host all of whose addresses are public",
                got=f"the address {private}",
                hint="If it may be read, name it in ASSISTANT_PRIVATE_HOSTS.",
            )
        return addresses


def is_public(address: str) -> bool:
    """True if an IP address, and the IPv4 address inside it, is of the public internet."""
    ip = ip_address(address.partition("%")[0])
    if ip.is_multicast or not ip.is_global:
        return False
    if isinstance(ip, IPv4Address):
        return True
    if ip.is_site_local or (ip.is_reserved and ip not in _NAT64):  # of which Python takes some for global
        return False
    inner = _inner(ip)
    return inner is None or is_public(str(inner))


def _inner(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for or leads to."""
    nat64 = IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None) or nat64
