"""A delegate's phone: its own proposals first, and a proxy given by office that counts once another one votes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from playwright.sync_api import Browser, expect

from server.simulate.member import Member
from tests.e2e.conftest import open_page
from tests.e2e.product import Product

SEAT, OTHER = "pejuang-rw-07", "jatiasih-rw-01"
ASK = {"title": "Satu prioritas", "options": [{"label": "Turap"}, {"label": "Posyandu"}], "choose_max": 1}


@asynccontextmanager
async def joined(product: Product, **wanted: str) -> AsyncIterator[Member]:
    holder = next(card for card in product.passes() if all(card[name] == value for name, value in wanted.items()))
    async with aiohttp.ClientSession() as http:
        member = Member(http, product.url, holder)
        running = asyncio.create_task(member.run())
        try:
            await asyncio.wait_for(member.live.wait(), 20)
            yield member
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def does(member: Member, name: str, **data: Any) -> Any:
    answer = await member.call("command", {"key": secrets.token_hex(8), "name": name, "data": data})
    assert answer["ok"], answer
    return answer["result"]


async def prepare(product: Product) -> str:
    async with joined(product, role="moderator") as chair, joined(product, role="hall", hall="pejuang") as hall:
        await does(chair, "rules.set", changes={"voting": {"delegations_most": 2}})
        await does(chair, "session.open")
        added = await does(hall, "proposal.add", title="Balai warga RW 07", hall="pejuang", owner=SEAT)
        reason = "Tanahnya masih sengketa."
        move = {"base": added["version"], "status": "NOT_AGREED", "before": None, "reason": reason}
        await does(chair, "proposal.move", proposal=added["proposal"], **move)
        return str((await does(chair, "ballot.open", **ASK, secrecy="open"))["ballot"])


async def conclude(product: Product, ballot: str) -> dict[str, Any]:
    """The one with the proxy votes; what came out."""
    async with joined(product, role="moderator") as chair, joined(product, seat=OTHER) as voter:
        vote = {"ballot": ballot, "choices": ["2"], "key": secrets.token_hex(8)}
        assert (await voter.call("vote", vote))["ok"]
        await does(chair, "ballot.close", ballot=ballot)
    found: dict[str, Any] = product.get(f"/api/sessions/bekasi-2018/ballots/{ballot}/transcript")
    return found


def test_own_proposals_come_first_and_a_proxy_given_by_office_counts(
    product: Product, launch: Callable[..., Browser]
) -> None:
    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
        ballot = beside.submit(asyncio.run, prepare(product)).result(60)
        link = f"{product.url}/participant#{next(p for p in product.passes() if p['seat'] == SEAT)['token']}"
        phone = open_page(launch(), link, width=360, height=640, phone=True)
        expect(phone.get_by_role("heading", level=1)).to_have_text(str(ASK["title"]))
        phone.get_by_role("button", name="Lihat papan").click()
        expect(phone.get_by_role("heading", name="Usulan saya")).to_be_visible()
        first = phone.locator(".bcard").first
        expect(first.get_by_role("heading")).to_have_text("Balai warga RW 07")
        expect(first).to_contain_text("Alasan: Tanahnya masih sengketa.")

        phone.get_by_role("link", name="Suara").click()
        phone.get_by_role("button", name="Beri kuasa").click()
        dialog = phone.get_by_role("dialog")
        expect(dialog.get_by_label("Pejuang · Ketua RW 01")).to_be_visible()
        dialog.get_by_label("Cari aula atau jabatan").fill("jatiasih rw 01")
        dialog.get_by_label("Jatiasih · Ketua RW 01").check()
        dialog.get_by_role("button", name="Beri kuasa kepada Jatiasih · Ketua RW 01").click()
        expect(phone.get_by_role("button", name="Cabut kuasa ini")).to_be_visible()

        transcript = beside.submit(asyncio.run, conclude(product, ballot)).result(60)
        assert transcript["delegations"] == [{"seat": SEAT, "to": OTHER}]
        assert transcript["result"]["counts"][1] == {"option": "2", "votes": 2}
        expect(phone.get_by_text("1 lewat kuasa")).to_be_visible()
