"""What failed tries of an address cost it, and which address a request counts for."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable

from server.config import Network


class FailedTries:
    """A sliding window of failures for each address: generous, because a whole hall shares one.

    allowed: failures within window_s before further tries are turned away. clock: seconds, monotonic.
    most: addresses remembered; the one longest untouched is forgotten first. told(address) is called with each failure,
    for what other nodes should know of it; theirs come by heard().
    """

    told: Callable[[str], None] | None = None

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
        self.heard(address)
        if self.told is not None:
            self.told(address)

    def heard(self, address: str) -> None:
        """It failed at another node."""
        failures = self._failures.setdefault(address, deque(maxlen=self._allowed))
        failures.append(self._clock())
        self._failures.move_to_end(address)
        while len(self._failures) > self._most:
            self._failures.popitem(last=False)


class Delays:
    """A wait that grows with each failure under one name and is forgotten with a success: nobody is locked out.

    free: failures that cost nothing; then first_s, doubled each time up to most_s. forget_s: after which a failure is
    forgotten. clock, most: as of FailedTries.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        free: int = 4,
        first_s: float = 2.0,
        most_s: float = 60.0,
        forget_s: float = 900.0,
        most: int = 10_000,
    ) -> None:
        self._clock = clock
        self._free = free
        self._first_s = first_s
        self._most_s = most_s
        self._forget_s = forget_s
        self._most = most
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()  # name → how many, the last when

    def wait_s(self, name: str) -> float:
        count, last = self._failures.get(name, (0, 0.0))
        if count <= self._free:
            return 0.0
        pause = min(self._most_s, self._first_s * 2.0 ** min(count - self._free - 1, 30))
        return max(0.0, last + pause - self._clock())

    def failed(self, name: str) -> None:
        count, last = self._failures.get(name, (0, 0.0))
        now = self._clock()
        self._failures[name] = (count + 1 if now - last < self._forget_s else 1, now)
        self._failures.move_to_end(name)
        while len(self._failures) > self._most:
            self._failures.popitem(last=False)

    def passed(self, name: str) -> None:
        self._failures.pop(name, None)


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
