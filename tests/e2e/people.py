"""People at a running product, without a browser: joined by their passes, giving commands."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from server.simulate.member import Member
from tests.e2e.product import Product

JOIN_S = 60  # a busy machine lets in slowly


@asynccontextmanager
async def joined(product: Product, **wanted: str) -> AsyncIterator[Member]:
    """Whoever holds the first pass that fits, e.g. role="hall", hall="pejuang"."""
    holder = next(card for card in product.passes() if all(card[name] == value for name, value in wanted.items()))
    async with aiohttp.ClientSession() as http:
        member = Member(http, product.url, holder)
        running = asyncio.create_task(member.run())
        try:
            await asyncio.wait_for(member.live.wait(), JOIN_S)
            yield member
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def command(member: Member, name: str, **data: Any) -> Any:
    """The answer, whatever it is."""
    return await member.call("command", {"key": secrets.token_hex(8), "name": name, "data": data})


async def does(member: Member, name: str, **data: Any) -> Any:
    """The result of a command that must succeed."""
    answer = await command(member, name, **data)
    assert answer["ok"], answer
    return answer["result"]


async def open_session(chair: Member) -> None:
    """Open the session unless another test at the same product already did."""
    answer = await command(chair, "session.open")
    assert answer["ok"] or answer["code"] == "wrong_phase", answer
