"""Who is counted as one, and how long a guesser waits."""

from __future__ import annotations

import asyncio
import ipaddress

import pytest

from server.limits import FailedTries, client_address, counted_as
from sessions.errors import Refused

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1/128"))


class Hands:
    """A clock one sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_waits_after_its_last_free_try_until_the_oldest_is_forgotten() -> None:
    clock = Hands()
    tries = FailedTries(clock, allowed=3, window_s=60)
    for _ in range(3):
        assert tries.wait_s("a") == 0
        tries.failed("a")
        clock.now += 10
    assert tries.wait_s("a") == pytest.approx(30)
    assert tries.wait_s("b") == 0
    clock.now += 30.1
    assert tries.wait_s("a") == 0
    tries.failed("a")
    assert tries.wait_s("a") == pytest.approx(9.9)


def test_memory_is_bounded_and_the_oldest_address_is_forgotten_first() -> None:
    clock = Hands()
    tries = FailedTries(clock, allowed=1, most=100)
    for number in range(1000):
        tries.failed(str(number))
    assert tries.wait_s("899") == 0
    assert tries.wait_s("900") > 0
    assert len(tries._failures) == 100


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_an_ipv6_subscriber_is_his_whole_network(address: str, counted: str) -> None:
    assert counted_as(address) == counted


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.7", ["1.2.3.4"], "203.0.113.7"),  # not our proxy: whatever it says is not believed
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        ("10.0.0.1", ["6.6.6.6, 203.0.113.9"], "203.0.113.9"),  # the client may write the left part itself
        ("10.0.0.1", ["203.0.113.9", "10.2.3.4"], "203.0.113.9"),
        ("10.0.0.1", ["203.0.113.9, nonsense"], "10.0.0.1"),
        ("::1", ["2001:db8::5"], "2001:db8::5"),
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: list[str], found: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == found


def test_a_proxy_is_known_behind_a_dual_stack_socket_too() -> None:
    """There it shows as ::ffff:10.0.0.1; taken for a stranger, all its clients would share one count."""
    assert client_address("::ffff:10.0.0.1", ["203.0.113.9"], PROXIES) == "203.0.113.9"
    assert client_address("::ffff:203.0.113.9", ["198.51.100.1"], PROXIES) == "203.0.113.9"


async def test_tries_that_are_under_way_count() -> None:
    tries = FailedTries(lambda: 0.0, allowed=3)
    asked = asyncio.Event()

    async def guess(code: str) -> str:
        try:
            with tries.trying("a", "pin_wrong"):
                await asked.wait()
                if code:
                    raise Refused(code)
        except Refused as refused:
            return refused.code
        return ""

    under_way = [asyncio.create_task(guess(code)) for code in ("pin_wrong", "held", "", "pin_wrong")]
    await asyncio.sleep(0)
    assert tries.wait_s("a") > 0 and tries.wait_s("b") == 0
    asked.set()
    assert await asyncio.gather(*under_way) == ["pin_wrong", "held", "", "too_many_attempts"]
    assert [await guess("pin_wrong") for _ in range(3)] == ["pin_wrong", "pin_wrong", "too_many_attempts"]
    assert await guess("") == "too_many_attempts"
