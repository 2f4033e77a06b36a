"""People who always come back: sockets of a real client, kept through kills, and asking again what was not answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import ssl
import zlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp

from bench.sockets import HANDSHAKES_AT_ONCE, Client, Crowd
from bench.votes import SESSION
from tests.gateway.served import Replica

# The patience of pages (client_web/src/link): the pause doubles from first to longest, spread by half of it either way.
ACK_S, FIRST_S, LONGEST_S = 8.0, 0.6, 9.6
HURRY_S = {True: 0.3, False: 1.5}  # by whether one reads: within this what was held goes again once storage is back
DEAF = 2  # answers missing on an open connection, until it is not believed to be open
FINAL = frozenset({"pass_revoked", "pass_moved", "replaced", "session_sealed"})  # coming back would not help
TRUSTING = ssl.create_default_context()
TRUSTING.check_hostname, TRUSTING.verify_mode = False, ssl.CERT_NONE  # the front's certificate is of its own making
REPEATED = frozenset({"held", "rate_limited", "internal"})  # not the rules' answer: the same again, with the same key


class Door:
    """One address people come in by, shared by all of them: the URL of the front or of a node, all on this machine."""

    def __init__(self, url: str) -> None:
        self.url = url
        scheme, _, host = url.partition("://")
        tls = TRUSTING if scheme == "https" else None
        self.crowd = Crowd(host, on_event=heard, tls=tls, address="127.0.0.1")
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
        self.turned_away = ""
        self._door = door
        self.credential = credential
        self._client: Client | None = None
        self._numbers = itertools.count(10)
        self._gap = False
        self._deaf = 0
        self._hurry = asyncio.Event()
        self._running = asyncio.ensure_future(self._stay())

    # -- staying

    async def _stay(self) -> None:
        failed = 0
        while self.bye is None:
            try:
                async with self._door.places:
                    self._client = await self._door.crowd.enter(self, {"credential": self.credential})
                    await self._sync(self._client)
                self.visits += 1
                self._deaf = failed = 0
                self.live.set()
                await asyncio.wait((self._client.closed,))
            except (OSError, aiohttp.ClientError, TimeoutError) as error:
                self.turned_away = repr(error)
                failed += 1
                if self._client is not None:
                    self._client.transport.abort()
            self.live.clear()
            await asyncio.sleep(pause_s(failed))

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
                self.replica.load(await snapshot(self._door.url, self.credential))
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
        if event == "bye" and payload["code"] in FINAL:
            self.bye = payload["code"]
        if event == "notice" and payload["storage"] == "back":
            within = random.uniform(0, HURRY_S[self.reads])
            asyncio.get_running_loop().call_later(within, self._wake)
        self.last[event] = payload
        self.all.append((event, payload))

    def _wake(self) -> None:
        """What kept the server from answering is over: whoever waits to ask again does it now."""
        self._hurry.set()
        self._hurry = asyncio.Event()

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
        number = next(self._numbers)
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        client.ask(number, event, payload, lambda raw: future.done() or future.set_result(raw))
        await asyncio.wait((future, client.closed), timeout=ACK_S, return_when=asyncio.FIRST_COMPLETED)
        if future.done():
            return json.loads(future.result())[0]
        client.acks.pop(number, None)
        return None

    async def ask(self, event: str, payload: Any) -> Any:
        """The rules' answer; asked again, word for word, until there is one."""
        tries = 0
        while self.bye is None:
            await self.live.wait()
            client = self._client
            assert client is not None
            answer = await self._once(client, event, payload)
            if answer is None:
                self.unanswered += 1
                self._deaf += 1
                if self._deaf >= DEAF:
                    client.transport.abort()
            elif answer["ok"] or answer["code"] not in REPEATED:
                return answer
            else:
                self._deaf = 0
                self.answers[answer["code"]] += 1
            with suppress(TimeoutError):
                async with asyncio.timeout(pause_s(tries)):
                    await self._hurry.wait()
            tries += 1
        return {"ok": False, "code": self.bye, "data": {}}

    async def command(self, name: str, data: Any, key: str) -> Any:
        return await self.ask("command", {"key": key, "name": name, "data": data})

    async def come_anew(self) -> None:
        """By the same door, perhaps to another node."""
        visits = self.visits
        if self._client is not None:
            self._client.transport.abort()
        await until(lambda: self.visits > visits)

    async def leave(self) -> None:
        self._running.cancel()
        if self._client is not None:
            self._client.transport.abort()
        await asyncio.gather(self._running, return_exceptions=True)


def pause_s(tries: int) -> float:
    return min(LONGEST_S, FIRST_S * 2 ** min(tries, 10)) * random.uniform(0.5, 1.5)


async def fetched(url: str, path: str, credential: str | None = None) -> Any:
    """GET of JSON. Raises aiohttp.ClientError, OSError."""
    headers = {"Authorization": f"Bearer {credential}"} if credential else {}
    async with aiohttp.ClientSession(raise_for_status=True, headers=headers) as http:
        async with http.get(f"{url}{path}", ssl=TRUSTING) as answer:
            return await answer.json(content_type=None)


async def snapshot(url: str, credential: str) -> Any:
    return await fetched(url, f"/api/sessions/{SESSION}/snapshot", credential)


async def figures(url: str) -> dict[str, float]:
    """What the node at this URL tells of itself: names of docs/operations.md without `pleno_`."""
    async with aiohttp.ClientSession(raise_for_status=True) as http, http.get(f"{url}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    told = (line.removeprefix("pleno_").rsplit(" ", 1) for line in lines if line.startswith("pleno_"))
    return {name: float(figure) for name, figure in told}


@asynccontextmanager
async def present(guests: Sequence[Guest], within_s: float = 300.0) -> AsyncIterator[None]:
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
