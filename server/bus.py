"""What nodes tell each other at once, by Redis: only words that may be lost, since the database knows better."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable, Hashable, Mapping
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from signaling.measures import Figure

log = logging.getLogger(__name__)

PATIENCE_S = 1.0  # for a connection or a word of Redis
AGAIN_S = 0.5  # between tries to reach it
ECHO_S = 0.5  # how often a node listens for its own voice
DEAF_AFTER_S = 2.0  # without having heard it
LARGEST = 1 << 20  # bytes of a message; a bulletin of 2,500 seats has some 60,000
MOST_WAITING = 1000  # messages not sent yet; beyond, the oldest are dropped
MOST_SENDERS = 1000  # lives of nodes whose count is remembered; beyond, the first are forgotten
MAC_BYTES = hashlib.sha256().digest_size
COMPLAIN_S = 60.0  # how often at most the log says that somebody else speaks

Hear = Callable[[str, Mapping[str, Any]], None]


class Bus:
    """Runs until closed. name: of this node, told with every message; channel: of the installation; key: its nodes'.

    Every message carries an HMAC-SHA256 by that key and a number that grows: what anybody else who can write to that
    Redis says, or says again, is dropped. hear(kind, message) is called with what other nodes said, perhaps of another
    version: it must check all of it. A message with the same key as one that still waits takes its place.
    """

    def __init__(self, url: str, channel: str, key: bytes, name: str, hear: Hear) -> None:
        self._channel = channel
        self._key = key
        self._name = name
        self._hear = hear
        self._waiting: dict[Hashable, dict[str, Any]] = {}
        self._count = 0  # of what this node said
        self._counts: dict[str, int] = {}  # the highest heard of each, by name
        self._news = asyncio.Event()
        self._heard_at = -DEAF_AFTER_S  # monotonic s: when this node last heard itself
        self._was_up: bool | None = None
        self._published = self._received = self._dropped = self._refused = self._forged = self._reconnects = 0
        self._complained_at = -COMPLAIN_S
        # Tries again by itself are switched off: what was to be sent is stale by then, and the loops below come back.
        self._redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 0),
            decode_responses=False,
        )
        self._tasks = [asyncio.create_task(self._keep(work)) for work in (self._speak, self._listen)]
        self._tasks.append(asyncio.create_task(self._call()))

    @property
    def up(self) -> bool:
        """Whether what this node says comes back to it."""
        return time.monotonic() - self._heard_at < DEAF_AFTER_S

    def publish(self, kind: str, key: Hashable = None, **message: Any) -> None:
        """Never waits, never raises; what cannot be sent now is dropped. key: None for one that stands for itself."""
        while len(self._waiting) >= MOST_WAITING:
            self._waiting.pop(next(iter(self._waiting)))
            self._dropped += 1
        self._waiting[object() if key is None else (kind, key)] = {"node": self._name, "kind": kind, **message}
        self._news.set()

    def figures(self) -> Mapping[str, Figure]:
        return {
            "up": float(self.up),
            "published_total": float(self._published),
            "received_total": float(self._received),
            "dropped_total": float(self._dropped),
            "refused_total": float(self._refused),
            "forged_total": float(self._forged),
            "reconnects_total": float(self._reconnects),
        }

    async def close(self) -> None:
        """Send what waits, if Redis is there."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._send()
        except (RedisError, OSError, TimeoutError) as error:
            log.debug("the last words were not sent: %s", type(error).__name__)
        await self._redis.aclose()

    async def _keep(self, work: Callable[[], Any]) -> None:
        """Do it again and again, with a pause after each failure."""
        while True:
            try:
                await work()
            except (RedisError, OSError, TimeoutError) as error:
                log.debug("redis: %s", type(error).__name__)
            except Exception:
                log.exception("the bus stumbled")
            self._reconnects += 1
            await asyncio.sleep(AGAIN_S)

    async def _speak(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._send()

    async def _send(self) -> None:
        waiting, self._waiting = self._waiting, {}
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for message in waiting.values():
                    self._count += 1
                    pipe.publish(self._channel, sealed(self._key, {**message, "count": self._count}))
                await pipe.execute()
        except (RedisError, OSError, TimeoutError):
            self._dropped += len(waiting)
            raise
        self._published += len(waiting)

    async def _listen(self) -> None:
        try:
            async with self._redis.pubsub() as ear:
                await ear.subscribe(self._channel)
                since = time.monotonic()
                while time.monotonic() - max(since, self._heard_at) < DEAF_AFTER_S:
                    message = await ear.get_message(ignore_subscribe_messages=True, timeout=PATIENCE_S)
                    if message is not None:
                        self._take(message["data"])
            raise TimeoutError("nothing comes back")
        finally:
            self._heard_at = -DEAF_AFTER_S

    def _take(self, body: Any) -> None:
        message = parsed(self._key, body)
        if message is None or not self._newer(message["node"], message["count"]):
            self._forged += 1
            self._complain()
            return
        if message["node"] == self._name:
            if message["kind"] == "echo":
                self._heard_at = time.monotonic()
                self._tell()
            return
        self._received += 1
        try:
            self._hear(message["kind"], message)
        except (ValueError, KeyError, TypeError):
            self._refused += 1
            log.warning("a message of kind %.20r on the bus is none of ours", message["kind"])

    def _newer(self, node: str, count: int) -> bool:
        """Whether nothing so late was heard of this node."""
        if count <= self._counts.get(node, 0):
            return False
        if node not in self._counts and len(self._counts) >= MOST_SENDERS:
            self._counts.pop(next(iter(self._counts)))
        self._counts[node] = count
        return True

    def _complain(self) -> None:
        now = time.monotonic()
        if now - self._complained_at >= COMPLAIN_S:
            self._complained_at = now
            log.warning("somebody who is no node of ours speaks on our channel of redis, or repeats what one said")

    async def _call(self) -> None:
        while True:
            self.publish("echo", "echo")
            self._tell()
            await asyncio.sleep(ECHO_S)

    def _tell(self) -> None:
        """The log, once a change."""
        up = self.up
        if up and not self._was_up:
            log.info("redis carries the words between nodes")
        elif not up and self._was_up:
            log.warning("redis is away: nodes hear of each other by the database, some 0.5 to 1.5 s later")
        self._was_up = up


def sealed(key: bytes, message: Mapping[str, Any]) -> bytes:
    """As it travels: 32 bytes of HMAC-SHA256, then the JSON they vouch for."""
    body = json.dumps(message, separators=(",", ":")).encode()
    return hmac.digest(key, body, "sha256") + body


def parsed(key: bytes, sealed: Any) -> dict[str, Any] | None:
    """A message that somebody with this key sent, or None."""
    if not isinstance(sealed, bytes) or len(sealed) > LARGEST:
        return None
    mac, body = sealed[:MAC_BYTES], sealed[MAC_BYTES:]
    if not hmac.compare_digest(mac, hmac.digest(key, body, "sha256")):
        return None
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict) or type(message.get("count")) is not int:
        return None
    return message if isinstance(message.get("node"), str) and isinstance(message.get("kind"), str) else None
