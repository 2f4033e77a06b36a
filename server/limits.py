"""Limits on what strangers and single passes may do: by address, by name, bounded in memory."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from server.config import Network

Name = TypeVar("Name", bound=Hashable)


class FailedTries:
    """A sliding window of failures for each address: generous, because a whole hall shares one.

    allowed: failures within window_s before further tries are turned away. clock: seconds, monotonic.
    most: addresses remembered; the one longest untouched is forgotten first.
    """

    def __init__(
        self, clock: Callable[[], float], allowed: int = 30, window_s: float = 60.0, most: int = 10_000
    ) -> None:
        self._clock = clock
        self._allowed = allowed
        self._window_s = window_s
        self._most = most
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def wait_s(self, address: str) -> float:
        """How long this address has to wait before its next try; 0 when it may try now."""
        failures = self._failures.get(address)
        if failures is None:
            return 0.0
        now = self._clock()
        while failures and failures[0] <= now - self._window_s:
            failures.popleft()
        if not failures:
            del self._failures[address]
        return 0.0 if len(failures) < self._allowed else failures[0] + self._window_s - now

    def failed(self, address: str) -> None:
        failures = self._failures.setdefault(address, deque(maxlen=self._allowed))
        failures.append(self._clock())
        self._failures.move_to_end(address)
        while len(self._failures) > self._most:
            self._failures.popitem(last=False)


class Allowance(Generic[Name]):
    """A token bucket for each name: `burst` at once, then one every `every_s`.

    clock: seconds, monotonic. most: names remembered; the one longest untouched is forgotten first.
    """

    def __init__(self, clock: Callable[[], float], burst: int, every_s: float, most: int = 10_000) -> None:
        self._clock = clock
        self._burst = burst
        self._every_s = every_s
        self._most = most
        self._full_at: OrderedDict[Name, float] = OrderedDict()  # when the bucket will be full again

    def wait_s(self, name: Name) -> float:
        """Spends one and returns 0, or spends nothing and returns how long there will be none."""
        now = self._clock()
        full_at = max(now, self._full_at.get(name, now)) + self._every_s
        if (wait_s := full_at - now - self._burst * self._every_s) > 0:
            return wait_s
        self._full_at[name] = full_at
        self._full_at.move_to_end(name)
        while len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
        return 0.0


def counted_as(address: str) -> str:
    """What a limit counts by: an IPv4 address, or the /64 that one IPv6 subscriber has to himself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((parsed, 64), strict=False).network_address)
    return address


def client_address(peer: str, forwarded: Iterable[str], proxies: Iterable[Network]) -> str:
    """The address a request came from.

    peer: of the TCP connection. forwarded: X-Forwarded-For, believed only as far as each hop is one of our own proxies.
    """
    ours = tuple(proxies)
    hops = [*(hop.strip() for line in forwarded for hop in line.split(",")), peer]
    for hop in reversed(hops):
        try:
            address = ipaddress.ip_address(hop)
        except ValueError:
            return peer
        address = getattr(address, "ipv4_mapped", None) or address  # as a dual-stack socket shows IPv4
        if not any(address in network for network in ours):
            return str(address)
    return peer
