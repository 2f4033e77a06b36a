"""What failed tries of an address cost it, and which address a request counts for."""

from __future__ import annotations

import contextlib
import ipaddress
import math
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator

from server.config import Network
from sessions.errors import Refused

NONE: deque[float] = deque(maxlen=0)
UNDER_WAY_S = 1.0  # after which a try is worth another when those before it are not decided yet


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
        self._under_way: Counter[str] = Counter()

    def wait_s(self, address: str) -> float:
        """How long this address has to wait before its next try; 0 when it may try now."""
        under_way = self._under_way.get(address, 0)
        failures = self._failures.get(address, NONE)
        now = self._clock()
        while failures and failures[0] <= now - self._window_s:
            failures.popleft()
        if not failures:
            self._failures.pop(address, None)
        if len(failures) + under_way < self._allowed:
            return 0.0
        return failures[0] + self._window_s - now if len(failures) >= self._allowed else UNDER_WAY_S

    @contextlib.contextmanager
    def trying(self, address: str, *failures: str) -> Iterator[None]:
        """Around one try, which counts while it is under way: guesses that come together do not slip past each other.

        It failed if it raises Refused with one of the codes in failures. Raises Refused("too_many_attempts").
        """
        if (wait_s := self.wait_s(address)) > 0:
            raise Refused("too_many_attempts", retry_after_ms=math.ceil(wait_s * 1000))
        self._under_way[address] += 1
        try:
            yield
        except Refused as refused:
            if refused.code in failures:
                self.failed(address)
            raise
        finally:
            self._under_way[address] -= 1
            if not self._under_way[address]:
                del self._under_way[address]

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
