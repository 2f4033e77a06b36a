"""coturn with our settings: credentials of the product open it while they last, and nothing but media is behind it."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from collections.abc import Iterator

import pytest
from aioice import stun

from server.turn import Turn
from tests.deploy.relay import (
    FORBIDDEN,
    NAME,
    PATIENCE_S,
    Relay,
    certify,
    client,
    echoing,
    is_open,
    own_address,
    relaying,
    said_through,
)
from tests.e2e.product import ROOT


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    with relaying(f"{own_address()}, 192.0.2.200") as running:
        yield running


def context(relay: Relay) -> ssl.SSLContext:
    """Trusts the relay's certificate and no other."""
    (certificate,) = relay.certificates.glob("*/*/*.crt")
    trusting = ssl.create_default_context(cafile=certificate)
    trusting.check_hostname = False  # aioice names the address; the certificate names the relay
    return trusting


@pytest.mark.parametrize("way", ["udp", "tcp", "tls"])
async def test_the_products_credentials_reach_an_announced_address(relay: Relay, way: str) -> None:
    access, address = relay.turn().access("p1"), own_address()
    at = (relay.host, relay.tls_port if way == "tls" else relay.port)
    secured = context(relay) if way == "tls" else None
    async with echoing(address) as port:
        answer = await said_through(
            access, at, (address, port), b"media", ssl=secured, transport="udp" if way == "udp" else "tcp"
        )
    assert answer == b"back: media"


async def refusal(relay: Relay, username: str, password: str) -> int:
    async with client(relay, username, password) as stranger:
        with pytest.raises(stun.TransactionFailed) as refused:
            await stranger.allocate()
    return int(refused.value.response.error_code)


async def test_expired_and_forged_credentials_are_refused(relay: Relay) -> None:
    good, late = relay.turn().access("p1"), relay.turn(lasts_ms=-60_000).access("p1")
    forged = Turn((), "another secret", lambda: int(time.time() * 1000)).access("p1")
    longer = f"{int(good.username.split(':')[0]) + 3600}:p1"
    assert await refusal(relay, late.username, late.credential) == 401
    assert await refusal(relay, forged.username, forged.credential) == 401
    assert await refusal(relay, longer, good.credential) == 401
    assert await refusal(relay, good.username.replace("p1", "p2"), good.credential) == 401


async def test_nothing_but_what_the_media_workers_announce_can_be_reached(relay: Relay) -> None:
    access = relay.turn().access("p1")
    async with client(relay, access.username, access.credential) as hall:
        await hall.allocate()
        for address in (own_address(), "192.0.2.200"):
            await hall.bind(address, 8080)
        for address in FORBIDDEN:
            with pytest.raises(stun.TransactionFailed) as refused:
                await hall.bind(address, 8080)
            assert refused.value.response.error_code == 403, address


async def test_who_is_connected_stays_so_when_the_credentials_end(relay: Relay) -> None:
    access = relay.turn(lasts_ms=2_000).access("p1")
    ends = int(access.username.split(":")[0])
    async with client(relay, access.username, access.credential) as hall:
        await hall.allocate()
        await asyncio.sleep(max(0, ends + 3 - time.time()))  # the relay looks at its clock now and then
        await hall.refresh()
    assert await refusal(relay, access.username, access.credential) == 401


def presented(relay: Relay) -> str:
    return ssl.get_server_certificate((relay.host, relay.tls_port), timeout=5)


def test_a_renewed_certificate_is_taken_up_while_it_runs(relay: Relay) -> None:
    before, pid = presented(relay), relay.process.pid
    renewed = certify(relay.certificates).read_text()
    deadline = time.monotonic() + PATIENCE_S
    while presented(relay).strip() != renewed.strip():
        assert time.monotonic() < deadline, relay.said()
        time.sleep(0.1)
    assert before.strip() != renewed.strip()
    assert (relay.process.pid, relay.process.poll()) == (pid, None)


def test_without_a_certificate_it_serves_and_opens_tls_when_there_is_one() -> None:
    with relaying("192.0.2.200", certified=False) as relay:
        assert not is_open(relay.host, relay.tls_port)
        certify(relay.certificates)
        deadline = time.monotonic() + PATIENCE_S
        while not is_open(relay.host, relay.tls_port):
            assert time.monotonic() < deadline, relay.said()
            time.sleep(0.1)


def ranges(kind: str) -> list[tuple[int, int, int]]:
    """(version, first, last) of each line of that kind in the settings."""
    found = []
    for line in (ROOT / "deploy" / "turnserver.conf").read_text().splitlines():
        name, _, value = line.partition("=")
        if name == kind:
            first, _, last = value.partition("-")
            low, high = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
            found.append((low.version, int(low), int(high)))
    return found


@pytest.mark.parametrize(
    "network",
    ["0.0.0.0/0", "::/0", "fc00::/7", "fe80::/10", "ff00::/8", "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "2002::/16"],
)
def test_the_settings_deny_every_address_of_both_families(network: str) -> None:
    whole = ipaddress.ip_network(network)
    first, last = int(whole.network_address), int(whole.broadcast_address)
    assert any(v == whole.version and low <= first and last <= high for v, low, high in ranges("denied-peer-ip"))
    assert ranges("allowed-peer-ip") == []  # only the announced ones, which relay.sh adds


@pytest.mark.parametrize(
    "line", ["use-auth-secret", "no-cli", "no-tcp-relay", "no-multicast-peers", "no-tlsv1", "no-tlsv1_1"]
)
def test_the_settings_leave_nothing_else_open(line: str) -> None:
    lines = (ROOT / "deploy" / "turnserver.conf").read_text().splitlines()
    assert line in lines
    assert not any("allow-loopback" in other or other.startswith(("user=", "static-auth-secret")) for other in lines)


def test_the_secret_and_the_key_are_for_the_relay_alone(relay: Relay) -> None:
    run = relay.folder / "run"
    assert (run / "turnserver.conf").stat().st_mode & 0o077 == 0
    assert (run / "relay.key").stat().st_mode & 0o007 == 0
    assert NAME in (run / "turnserver.conf").read_text()
