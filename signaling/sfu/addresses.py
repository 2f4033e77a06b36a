"""The media port: its UDP socket, and the addresses that go into candidates."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

import ifaddr

SOCKET_BUFFER = 4 << 20  # octets; the kernel may give less


async def bind(host: str, port: int) -> socket.socket:
    """A UDP socket of the media port. Raises OSError when it is taken."""
    infos = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_DGRAM)
    family, _, _, _, address = infos[0]
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            udp.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER)
        if family == socket.AF_INET6:
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        udp.bind(address)
    except BaseException:
        udp.close()
        raise
    return udp


async def candidates(announce: Sequence[str], host: str, port: int) -> list[tuple[str, int]]:
    """What to put into candidates, in order; names are resolved."""
    loop = asyncio.get_running_loop()
    found: list[tuple[str, int]] = []
    for text in announce or own_addresses(host):
        name, chosen = split_address(text, port)
        for info in await loop.getaddrinfo(name, chosen, type=socket.SOCK_DGRAM):
            found.append((str(info[4][0]), chosen))
    return list(dict.fromkeys(found))


def split_address(text: str, port: int) -> tuple[str, int]:
    """(host, port) of `host`, `host:port`, `[v6]:port` or a bare IPv6 address. Raises ValueError."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, int(rest.removeprefix(":")) if rest else port
    if text.count(":") == 1:
        host, _, number = text.partition(":")
        return host, int(number)
    return text, port


def own_addresses(host: str) -> list[str]:
    """The addresses under which a socket bound to `host` is reached; the loopback one last."""
    bound = ipaddress.ip_address(host)
    if not bound.is_unspecified:
        return [host]
    own = [ip for adapter in ifaddr.get_adapters() for ip in adapter.ips]
    v4 = [str(ip.ip) for ip in own if ip.is_IPv4]
    v6 = [ip.ip[0] for ip in own if ip.is_IPv6 and bound.version == 6]
    usable = [text for text in v4 + v6 if not ipaddress.ip_address(text).is_link_local]
    return sorted(usable, key=lambda text: ipaddress.ip_address(text).is_loopback)
