"""coturn as deploy/relay.sh runs it, on spare ports, and a TURN client that nobody here wrote (aioice)."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aioice import stun
from aioice.turn import TurnClientUdpProtocol, create_turn_endpoint
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from server import addresses
from server.turn import Turn
from signaling.gateway.ports import RelayAccess
from tests.deploy.compose import services
from tests.e2e.product import ROOT, spare_port
from tests.fixtures.prerequisites import require

NAME = "relay.test"
SECRET = "secret of the tests"
PATIENCE_S = 20
FORBIDDEN = [
    "10.0.0.1",  # private (RFC 1918)
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # carrier-grade translation
    "127.0.0.1",  # the machine itself, where database and nodes listen
    "169.254.169.254",  # link-local: what clouds tell their machines
    "0.0.0.1",
    "224.0.0.1",  # multicast
    "203.0.113.7",  # anybody else
]


def own_address() -> str:
    """An IPv4 address of this machine that is not loopback: coturn lets nobody reach that."""
    for found in addresses.reachable("0.0.0.0"):
        if "." in found and not ipaddress.ip_address(found).is_loopback:
            return found
    require("a network", "this machine has no address but loopback")


def certify(folder: Path, name: str = NAME) -> Path:
    """A new self-signed certificate of the name, where Caddy would put it below folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    place = folder / "some-authority" / name
    place.mkdir(parents=True, exist_ok=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (place / f"{name}.key").write_bytes(private)
    (place / f"{name}.crt").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return place / f"{name}.crt"


@dataclass
class Relay:
    """A running one. host: what it listens on; allowed: the only addresses it may reach."""

    folder: Path
    host: str
    port: int
    tls_port: int
    process: subprocess.Popen[bytes]

    @property
    def certificates(self) -> Path:
        return self.folder / "certificates"

    def said(self) -> str:
        return (self.folder / "log").read_text()

    def turn(self, *urls: str, lasts_ms: int = 3_600_000) -> Turn:
        """What the product would make credentials with."""
        return Turn(urls, SECRET, lambda: int(time.time() * 1000), lasts_ms)


def confined() -> list[str]:
    """As root it may do what docker-compose.yml lets it do, and no more."""
    if os.geteuid() != 0:
        return []
    may = ",".join(f"+{name.lower()}" for name in services()["relay"]["cap_add"])
    return ["setpriv", "--no-new-privs", "--inh-caps=-all", f"--bounding-set=-all,{may}"]


def is_open(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


@contextmanager
def relaying(announce: str, host: str = "127.0.0.1", certified: bool = True) -> Iterator[Relay]:
    """announce: as in PLENO_ANNOUNCE. certified: a certificate is there from the start."""
    if shutil.which("turnserver") is None:
        require("coturn", "apt-get install coturn")
    folder = Path(tempfile.mkdtemp(prefix="pleno-relay-"))
    folder.chmod(0o711)  # coturn goes through it when it is no longer root
    (folder / "secret").write_text(SECRET + "\n")
    if certified:
        certify(folder / "certificates")
    port, tls_port = spare_port(), spare_port()
    environ = os.environ | {
        "PLENO_TURN_ADDRESS": host,
        "PLENO_TURN_DOMAIN": NAME,
        "PLENO_ANNOUNCE": announce,
        "PLENO_TURN_SECRET_FILE": str(folder / "secret"),
        "PLENO_TURN_PORT": str(port),
        "PLENO_TURN_TLS_PORT": str(tls_port),
        "CERTIFICATES": str(folder / "certificates"),
        "RUN": str(folder / "run"),
        "LOOK_S": "0.2",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*confined(), ROOT / "deploy" / "relay.sh"], env=environ, stdout=log, stderr=log)
    relay = Relay(folder, host, port, tls_port, process)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not is_open(host, tls_port if certified else port):
            assert process.poll() is None and time.monotonic() < deadline, relay.said()
            time.sleep(0.05)
        yield relay
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(folder)


class Client:
    """One TURN client over UDP. Every verb raises aioice.stun.TransactionFailed with the relay's error code."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._channel = 0x4000

    async def allocate(self) -> tuple[str, int]:
        return tuple(await self._inner.connect())

    async def bind(self, address: str, port: int) -> None:
        self._channel += 1
        await self._inner.channel_bind(self._channel, (address, port))

    async def refresh(self) -> None:
        ask = stun.Message(message_method=stun.Method.REFRESH, message_class=stun.Class.REQUEST)
        ask.attributes["LIFETIME"] = 600
        await self._inner.request_with_retry(ask)


@asynccontextmanager
async def client(relay: Relay, username: str, password: str) -> AsyncIterator[Client]:
    at = (relay.host, relay.port)
    transport, inner = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: TurnClientUdpProtocol(at, username=username, password=password, lifetime=600, channel_refresh_time=500),
        remote_addr=at,
    )
    try:
        yield Client(inner)
    finally:
        if inner.refresh_task is not None:
            inner.refresh_task.cancel()
            await asyncio.gather(inner.refresh_task, return_exceptions=True)
        transport.close()


@asynccontextmanager
async def echoing(address: str) -> AsyncIterator[int]:
    """A peer on this address that says everything back; yields its port."""
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Echo, local_addr=(address, 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def said_through(
    access: RelayAccess, at: tuple[str, int], peer: tuple[str, int], text: bytes, **how: Any
) -> bytes:
    """What the peer answers when text is sent to it through the relay. how: as aioice's create_turn_endpoint."""
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    class Ear(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            heard.put_nowait(data)

    transport, _ = await create_turn_endpoint(Ear, at, access.username, access.credential, **how)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                transport.sendto(text, peer)
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        return await heard.get()
    finally:
        transport.close()
        await asyncio.sleep(0.1)  # it tells the relay that it goes


class Echo(asyncio.DatagramProtocol):
    """A peer that says everything back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(b"back: " + data, addr)
