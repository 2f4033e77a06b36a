"""People who always come back: sockets of a real client, kept through kills, and asking again what was not answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bench.sockets import HANDSHAKES_AT_ONCE, Client, Crowd
from bench.votes import SESSION
from tests.gateway.served import Replica

ACK_S = 10.0  # then the connection is given up, as pages do
PAUSE_S = (0.1, 0.6)
REPEATED = frozenset({"held", "rate_limited", "internal"})  # not the rules' answer: the same again, with the same key


class Door:
    """One address people come in by, shared by all of them: host:port of the front or of a node."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.crowd = Crowd(host, on_event=heard)
        self.places = asyncio.Semaphore(HANDSHAKES_AT_ONCE)


def heard(client: Client, data: bytes, start: int, end: int) -> None:
    guest: Guest = client.mark
    if guest.reads or data.startswith((b'42["bye"', b'42["notice"'), start):
        guest.take(client, *json.loads(data[start + 2 : end]))


class Guest:
    """One pass holder. reads: keeps a replica of its view class and the last of what is not journaled.

    answers: how often each refusal code was heard. visits: connections so far. frames: merged.
    """

    def __init__(self, door: Door, credential: str, *, view: str = "", name: str = "") -> None:
        self.name = name
        self.view = view
        self.reads = bool(view)
        self.replica = Replica()
        self.live = asyncio.Event()
        self.answers: Counter[str] = Counter()
        self.unanswered = 0
        self.visits = 0
        self.last: dict[str, Any] = {}
        self.all: list[tuple[str, Any]] = []
        self.bye: str | None = None
        self._door = door
        self.credential = credential
        self._client: Client | None = None
        self._numbers = itertools.count(10)
        self._gap = False
        self._running = asyncio.ensure_future(self._stay())

    # -- staying

    async def _stay(self) -> None:
        while self.bye is None:
            try:
                async with self._door.places:
                    self._client = await self._door.crowd.enter(self, {"credential": self.credential})
                    await self._sync(self._client)
                self.visits += 1
                self.live.set()
                await self._client.closed
            except (OSError, aiohttp.ClientError, TimeoutError):
                if self._client is not None:
                    self._client.transport.abort()
            self.live.clear()
            await asyncio.sleep(random.uniform(*PAUSE_S))

    async def _sync(self, client: Client) -> None:
        """As docs/protocol.md §3 says. Raises OSError when the connection does not bear it."""
        while True:
            after = self.replica.last
            answer = await self._once(client, "sync", {"after": after})
            if answer is None or not answer["ok"]:
                raise ConnectionResetError("sync")
            if not answer["resync"]:
                return
            if self.reads:
                self.replica.load(await snapshot(self._door.host, self.credential))
            else:
                self.replica.last = answer["upto"]

    def take(self, client: Client, event: str, payload: Any) -> None:
        if client is not self._client:
            return
        if event == "frame":
            if self.replica.last is not None:
                if payload["after"] > self.replica.last and not self._gap:
                    self._gap = True
                    asyncio.ensure_future(self._mend(client))  # noqa: RUF006 - ends with the client
                self.replica.merge(payload)
            return
        if event == "bye":
            self.bye = payload["code"]
        self.last[event] = payload
        self.all.append((event, payload))

    async def _mend(self, client: Client) -> None:
        try:
            await self._sync(client)
        except (OSError, aiohttp.ClientError, TimeoutError):
            client.transport.abort()
        finally:
            self._gap = False

    # -- asking

    async def _once(self, client: Client, event: str, payload: Any) -> Any:
        """The answer, or None when the connection went or nothing came in time."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        client.ask(next(self._numbers), event, payload, lambda raw: future.done() or future.set_result(raw))
        await asyncio.wait((future, client.closed), timeout=ACK_S, return_when=asyncio.FIRST_COMPLETED)
        if future.done():
            return json.loads(future.result())[0]
        client.transport.abort()
        return None

    async def ask(self, event: str, payload: Any) -> Any:
        """The rules' answer; asked again, word for word, until there is one."""
        while self.bye is None:
            await self.live.wait()
            assert self._client is not None
            answer = await self._once(self._client, event, payload)
            if answer is None:
                self.unanswered += 1
            elif answer["ok"] or answer["code"] not in REPEATED:
                return answer
            else:
                self.answers[answer["code"]] += 1
            await asyncio.sleep(random.uniform(*PAUSE_S))
        return {"ok": False, "code": self.bye, "data": {}}

    async def command(self, name: str, data: Any, key: str) -> Any:
        return await self.ask("command", {"key": key, "name": name, "data": data})

    async def leave(self) -> None:
        self._running.cancel()
        if self._client is not None:
            self._client.transport.abort()
        await asyncio.gather(self._running, return_exceptions=True)


async def fetched(host: str, path: str, credential: str | None = None) -> Any:
    """GET of JSON. Raises aiohttp.ClientError, OSError."""
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    async with aiohttp.ClientSession(raise_for_status=True, headers=headers) as http:
        async with http.get(f"http://{host}{path}") as answer:
            return await answer.json(content_type=None)


async def snapshot(host: str, credential: str) -> Any:
    return await fetched(host, f"/api/sessions/{SESSION}/snapshot", credential)


@asynccontextmanager
async def present(guests: Sequence[Guest], within_s: float = 120.0) -> AsyncIterator[None]:
    """All of them admitted and synced; gone at the end."""
    try:
        async with asyncio.timeout(within_s):
            for guest in guests:
                await guest.live.wait()
        yield
    finally:
        await asyncio.gather(*(guest.leave() for guest in guests))


async def until(condition: Any, within_s: float = 60.0) -> None:
    """Looks twenty times a second; a failure shows how the condition reads."""
    async with asyncio.timeout(within_s):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.05)


def digest(replica: Replica) -> int:
    """The same for replicas that hold the same."""
    told = sorted((kind, id_, json.dumps(fields, sort_keys=True)) for (kind, id_), fields in replica.entities.items())
    return zlib.crc32(repr((replica.last, told)).encode())
