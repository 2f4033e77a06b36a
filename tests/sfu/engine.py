"""An EmbeddedEngine under test with its events sorted by peer."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from signaling.engine import MediaEvent, PeerRef
from signaling.engine_embedded import CoreName, EmbeddedEngine

ROOM = "bekasi-2018"


class Events:
    """What the engine told, waited for by kind and peer."""

    def __init__(self) -> None:
        self.all: list[MediaEvent] = []
        self._listeners: dict[str | None, list[Callable[[MediaEvent], None]]] = defaultdict(list)
        self._changed = asyncio.Event()

    def __call__(self, event: MediaEvent) -> None:
        self.all.append(event)
        for listener in self._listeners[event.peer]:
            listener(event)
        self._changed.set()
        self._changed = asyncio.Event()

    def listen(self, peer: str, listener: Callable[[MediaEvent], None]) -> None:
        self._listeners[peer].append(listener)

    def of(self, kind: str, peer: str | None) -> list[MediaEvent]:
        return [event for event in self.all if event.kind == kind and event.peer == peer]

    async def wait(
        self, kind: str, peer: str | None, fits: Callable[[Any], bool] = lambda data: True, timeout: float = 30
    ) -> MediaEvent:
        """The first event of this kind and peer that fits, past or future."""
        async with asyncio.timeout(timeout):
            while True:
                changed = self._changed
                for event in self.of(kind, peer):
                    if fits(event.data):
                        return event
                await changed.wait()


def ref(name: str, hall: str | None = "") -> PeerRef:
    """A peer that stands for the hall of the same name unless told otherwise."""
    return PeerRef(ROOM, f"peer-{name}", name if hall == "" else hall)


@asynccontextmanager
async def running(
    core: CoreName = "auto", announce: Sequence[str] = (), **limits: int
) -> AsyncIterator[tuple[EmbeddedEngine, Events]]:
    """A started engine on a free port of 127.0.0.1, closed at the end."""
    events = Events()
    engine = EmbeddedEngine(
        host="127.0.0.1",
        port=0,
        announce=announce,
        core=core,
        listener=events,
        log=logging.getLogger("test.media"),
        **limits,
    )
    await engine.start()
    try:
        yield engine, events
    finally:
        await engine.close()


async def eventually(check: Callable[[], Any], timeout: float = 30, every: float = 0.05) -> Any:
    """The first true value of check. Raises TimeoutError."""
    async with asyncio.timeout(timeout):
        while not (value := check()):  # noqa: ASYNC110 — what is looked at cannot notify
            await asyncio.sleep(every)
        return value
