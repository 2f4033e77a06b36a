"""A network between a browser and the product that can be cut and mended, and people who act meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

from server.simulate.member import Member
from tests.e2e.people import does, joined
from tests.e2e.product import Product

PATIENCE_S = 60
Answer = TypeVar("Answer")


class Beside:
    """An event loop in a thread: the browser's own runs in the test's."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def join(self, product: Product, **wanted: str) -> Member:
        """Somebody who stays until `close`; see tests.e2e.people.joined."""
        return self.run(self._stack.enter_async_context(joined(product, **wanted)))

    def does(self, member: Member, name: str, **data: Any) -> Any:
        return self.run(does(member, name, **data))

    def close(self) -> None:
        self.run(self._stack.aclose())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


class Line:
    """Passes TCP on to the product's port. Cut, nobody answers at its address."""

    def __init__(self, beside: Beside, product: Product) -> None:
        self._beside = beside
        self._to = product.port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.port = 0
        self.mend()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def mend(self) -> None:
        self._beside.run(self._listen())

    def cut(self) -> None:
        self._beside.run(self._close())

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        await asyncio.gather(pass_on(reader, back), pass_on(there, writer))
        self._open -= {writer, back}


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.close()
