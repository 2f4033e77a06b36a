"""A crowd of Socket.IO clients in one process: raw protocols with frames by hand, so that the crowd costs little."""

from __future__ import annotations

import asyncio
import json
import resource
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

UPGRADE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
HANDSHAKES_AT_ONCE = 200
HTTP, ENGINE, OPEN, GONE = range(4)
PONG = b"\x81\x81\0\0\0\x003"


def raise_descriptor_limit(wanted: int) -> None:
    """Let this process and its children open that many sockets. Raises OSError where the system forbids it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise OSError(f"this needs {wanted} open files and the system allows {hard} (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def masked(text: str) -> bytes:
    """A client frame; a zero mask leaves the payload as it is."""
    payload = text.encode()
    size = len(payload)
    if size < 126:
        return bytes((0x81, 0x80 | size)) + b"\0\0\0\0" + payload
    if size < 65536:
        return b"\x81\xfe" + size.to_bytes(2, "big") + b"\0\0\0\0" + payload
    return b"\x81\xff" + size.to_bytes(8, "big") + b"\0\0\0\0" + payload


class Client(asyncio.Protocol):
    """One connection. mark: whatever the caller wants to know it by. closed: done once it is gone."""

    __slots__ = ("_buffer", "_crowd", "_stage", "acks", "auth", "closed", "mark", "opened", "transport")

    def __init__(self, crowd: Crowd, auth: str, mark: Any) -> None:
        self.auth = auth
        self.mark = mark
        self.acks: dict[int, Callable[[bytes], None]] = {}
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._crowd = crowd
        self._stage = HTTP
        self._buffer = b""

    @property
    def live(self) -> bool:
        return self._stage == OPEN

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(UPGRADE.format(host=self._crowd.host).encode())

    def connection_lost(self, exc: Exception | None) -> None:
        self._stage = GONE
        self._crowd.lost += 1
        self._admitted(ConnectionResetError("closed before it was admitted"))
        if not self.closed.done():
            self.closed.set_result(None)

    def send(self, text: str) -> None:
        self.transport.write(masked(text))

    def ask(self, number: int, event: str, payload: Any, answered: Callable[[bytes], None]) -> None:
        """Emit an event; answered gets the JSON array of the acknowledgement."""
        self.acks[number] = answered
        self.send(f"42{number}" + json.dumps([event, payload], separators=(",", ":")))

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        at = 0
        if self._stage == HTTP:
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = data
                return
            if not data.startswith(b"HTTP/1.1 101"):
                self._admitted(ConnectionRefusedError(data[:200].decode(errors="replace")))
                self.transport.abort()
                return
            at, self._stage = end + 4, ENGINE
        size = len(data)
        while size - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                if size - start < 2:
                    break
                length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif length == 127:
                if size - start < 8:
                    break
                length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if size - start < length:
                break
            self._frame(data[at] & 15, data, start, start + length)
            at = start + length
        self._buffer = data[at:] if at < size else b""

    def _frame(self, opcode: int, data: bytes, start: int, end: int) -> None:
        if opcode != 1:
            if opcode == 8:
                self.transport.close()
            return
        head = data[start : min(start + 2, end)]  # a ping is one byte, and another frame may follow
        if head == b"42":
            self._crowd.heard(self, data, start, end)
        elif head == b"43":
            bracket = data.index(b"[", start)
            answered = self.acks.pop(int(data[start + 2 : bracket]), None)
            if answered is not None:
                answered(data[bracket:end])
        elif head == b"2":
            self.transport.write(PONG)
        elif head[:1] == b"0":
            self.send("40" + self.auth)
        elif head == b"40":
            self._stage = OPEN
            self._admitted(None)
        elif head == b"44":
            self._admitted(ConnectionRefusedError(data[start:end].decode()))

    def _admitted(self, error: Exception | None) -> None:
        if self.opened.done():
            return
        if error is None:
            self.opened.set_result(None)
        else:
            self.opened.set_exception(error)


@dataclass
class Crowd:
    """Clients of one server. on_event(client, data, start, end): every event, as bytes of the packet `42[…]`.

    host: name:port. tls: how to speak HTTPS, None = plain HTTP. address: where that name is, "" = look it up.
    """

    host: str
    on_event: Callable[[Client, bytes, int, int], None] | None = None
    clients: list[Client] = field(default_factory=list)
    lost: int = 0
    tls: ssl.SSLContext | None = None
    address: str = ""

    def heard(self, client: Client, data: bytes, start: int, end: int) -> None:
        if self.on_event is not None:
            self.on_event(client, data, start, end)

    async def enter(self, mark: Any, auth: Any) -> Client:
        """One more client, admitted. Raises OSError when it is not."""
        name, port = self.host.split(":")
        said = "" if auth is None else json.dumps(auth)
        loop = asyncio.get_running_loop()
        secure = {} if self.tls is None else {"ssl": self.tls, "server_hostname": name}
        where = self.address or name
        _, client = await loop.create_connection(lambda: Client(self, said, mark), where, int(port), **secure)
        self.clients.append(client)
        await client.opened
        return client

    async def join(self, people: Sequence[tuple[Any, Any]]) -> float:
        """Connect one client for each (mark, auth); returns the seconds until the last was admitted."""
        places = asyncio.Semaphore(HANDSHAKES_AT_ONCE)
        begun = time.perf_counter()

        async def enter(mark: Any, auth: Any) -> None:
            async with places:
                await self.enter(mark, auth)

        await asyncio.gather(*(enter(mark, auth) for mark, auth in people))
        return time.perf_counter() - begun

    async def ask_all(self, event: str, payload: Callable[[Client], Any], number: int, within_s: float) -> list[Any]:
        """Every client asks at once; the answers, in the order of `clients`."""
        loop = asyncio.get_running_loop()
        answers: list[asyncio.Future[bytes]] = []
        for client in self.clients:
            future: asyncio.Future[bytes] = loop.create_future()
            answers.append(future)
            client.ask(number, event, payload(client), future.set_result)
        found = await asyncio.wait_for(asyncio.gather(*answers), within_s)
        return [json.loads(answer)[0] for answer in found]

    def close(self) -> None:
        for client in self.clients:
            client.transport.abort()
        self.clients.clear()


async def http_json(host: str, path: str, body: Any = None) -> Any:
    """GET, or POST when there is a body, from a server of the bench; the decoded JSON of the answer."""
    name, port = host.split(":")
    reader, writer = await asyncio.open_connection(name, int(port))
    content = b"" if body is None else json.dumps(body).encode()
    verb = "GET" if body is None else "POST"
    head = f"{verb} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {len(content)}\r\n\r\n"
    writer.write(head.encode() + content)
    answer = await reader.read()
    writer.close()
    header, _, payload = answer.partition(b"\r\n\r\n")
    if not header.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
        raise RuntimeError(header.decode(errors="replace").splitlines()[0])
    return json.loads(payload)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
