"""A delegate's phone: its own proposals first, and a proxy given by office that counts once another one votes."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import open_page
from tests.e2e.people import does, joined, open_session
from tests.e2e.product import Product

SEAT, OTHER = "pejuang-rw-07", "jatiasih-rw-01"
ASK = {"title": "Satu prioritas", "options": [{"label": "Turap"}, {"label": "Posyandu"}], "choose_max": 1}


async def prepare(product: Product) -> str:
    async with joined(product, role="moderator") as chair, joined(product, role="hall", hall="pejuang") as hall:
        await does(chair, "rules.set", changes={"voting": {"delegations_most": 2}}, reason="Kuasa.")
        await open_session(chair)
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
    standing: Product, launch: Callable[..., Browser]
) -> None:
    with ThreadPoolExecutor(1) as beside:  # the browser's own loop runs in this thread
        ballot = beside.submit(asyncio.run, prepare(standing)).result(60)
        link = f"{standing.url}/participant#{next(p for p in standing.passes() if p['seat'] == SEAT)['token']}"
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

        transcript = beside.submit(asyncio.run, conclude(standing, ballot)).result(60)
        assert transcript["delegations"] == [{"seat": SEAT, "to": OTHER}]
        assert transcript["result"]["counts"][1] == {"option": "2", "votes": 2}
        expect(phone.get_by_text("1 lewat kuasa")).to_be_visible()
