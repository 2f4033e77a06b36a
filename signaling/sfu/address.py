"""Socket addresses in the one form both cores compare: IPv6, with IPv4 mapped into it (RFC 4291 §2.5.5.2)."""

from __future__ import annotations

import socket
from typing import Any

_MAPPED = b"\0" * 10 + b"\xff\xff"


def pack_host(host: str) -> tuple[bytes, int]:
    """16 octets and the scope of a link-local address (`fe80::1%2`, `fe80::1%eth0`), else 0. Raises ValueError."""
    bare, _, zone = host.partition("%")
    try:
        if ":" not in bare:
            return _MAPPED + socket.inet_pton(socket.AF_INET, bare), 0
        return socket.inet_pton(socket.AF_INET6, bare), _scope(zone)
    except OSError:
        raise ValueError(f"not an address: {host!r}") from None


def _scope(zone: str) -> int:
    if not zone:
        return 0
    return int(zone) if zone.isdecimal() else socket.if_nametoindex(zone)


def unpack_host(ip: bytes, scope: int) -> str:
    """The inverse; a mapped address comes back as IPv4."""
    if ip.startswith(_MAPPED):
        return socket.inet_ntop(socket.AF_INET, ip[12:])
    host = socket.inet_ntop(socket.AF_INET6, ip)
    return f"{host}%{scope}" if scope else host


def to_socket(family: int, host: str, port: int) -> tuple[Any, ...]:
    """The address as recvfrom of a socket of this family would name it. Raises ValueError when it cannot."""
    ip, scope = pack_host(host)
    if family == socket.AF_INET6:
        return socket.inet_ntop(socket.AF_INET6, ip), port, 0, scope
    if not ip.startswith(_MAPPED):
        raise ValueError(f"{host} is not reachable from an IPv4 socket")
    return socket.inet_ntop(socket.AF_INET, ip[12:]), port


def from_socket(address: tuple[Any, ...]) -> tuple[str, int]:
    """Host and port of what recvfrom returned."""
    if len(address) == 2:
        return address[0], address[1]
    return unpack_host(socket.inet_pton(socket.AF_INET6, address[0]), address[3]), address[1]
