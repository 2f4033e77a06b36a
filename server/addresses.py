"""Which addresses this machine has, for media candidates, certificates and links."""

from __future__ import annotations

import fcntl
import ipaddress
import socket
import struct
from pathlib import Path

IF_INET6 = Path("/proc/net/if_inet6")
SIOCGIFADDR = 0x8915  # linux/sockios.h
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def interface_ipv4(name: str) -> ipaddress.IPv4Address | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        request = struct.pack("256s", name.encode()[:15])
        try:
            return ipaddress.IPv4Address(fcntl.ioctl(probe.fileno(), SIOCGIFADDR, request)[20:24])
        except OSError:
            return None  # the interface has no IPv4 address


def all_ipv6(table: str) -> list[Address]:
    """table: the text of /proc/net/if_inet6, an address in hex first on each line."""
    return [ipaddress.IPv6Address(bytes.fromhex(line.split()[0])) for line in table.splitlines() if line.strip()]


def local_addresses(ipv6: bool) -> list[str]:
    """Addresses others can reach; loopback only when there is no other. Link-local ones would need a zone."""
    found: list[Address] = [address for _, name in socket.if_nameindex() if (address := interface_ipv4(name))]
    if ipv6 and IF_INET6.exists():
        found += all_ipv6(IF_INET6.read_text())
    outside = [address for address in found if not address.is_loopback and not address.is_link_local]
    return [str(address) for address in dict.fromkeys(outside)] or ["127.0.0.1"]


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach a server that listens on host."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def reachable(host: str) -> list[str]:
    """The addresses under which a server that listens on host is reached. Raises OSError for an unknown name."""
    if host in ("", "0.0.0.0", "::"):
        return local_addresses(ipv6=host == "::")
    found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return [str(address) for address in dict.fromkeys(item[4][0] for item in found)]
