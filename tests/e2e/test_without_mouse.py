"""Join, ask for the floor, vote: by keys alone, and with the text twice as large, as a delegate and in a hall.

In every state axe finds nothing, the focus is in sight wherever it goes, and no text is cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import open_page
from tests.e2e.keyboard import cut_off, enlarge, press, reach
from tests.e2e.look import look
from tests.e2e.people import does, joined, open_session
from tests.e2e.pictures import write_mjpeg
from tests.e2e.product import Product

OPTIONS = ["Turap Kali Bekasi", "Posyandu Melati", "Penerangan jalan lingkungan", "Rehabilitasi ruang kelas"]
ASK = {"title": "Dua usulan yang didahulukan", "options": [{"label": label} for label in OPTIONS], "choose_max": 2}
SIZES = pytest.mark.parametrize(
    "large", [pytest.param(False, id="keys"), pytest.param(True, id="large", marks=pytest.mark.faces)]
)
HALLS = {False: "Jatirahayu", True: "Jatiwaringin"}  # another one for each run at the same product


class Chair:
    """What the moderator does meanwhile; the browser's own loop runs in this thread, so it is done in another one."""

    def __init__(self, product: Product, beside: ThreadPoolExecutor) -> None:
        self._product = product
        self._beside = beside

    def _run(self, work: Callable[[Any], Coroutine[Any, Any, Any]]) -> Any:
        async def run() -> Any:
            async with joined(self._product, role="moderator") as chair:
                return await work(chair)

        return self._beside.submit(asyncio.run, run()).result(60)

    def open_session(self) -> None:
        self._run(open_session)

    def give(self, name: str, **data: Any) -> Any:
        return self._run(lambda chair: does(chair, name, **data))

    def grant_first(self) -> None:
        async def grant(chair: Any) -> None:
            queue = chair.entities["floor", "floor"]["queue"]
            await does(chair, "floor.grant", request=queue[0]["request"])

        self._run(grant)


@pytest.fixture
def chair(standing: Product) -> Any:
    with ThreadPoolExecutor(1) as beside:
        found = Chair(standing, beside)
        found.open_session()
        yield found


def see(page: Page, name: str, large: bool) -> None:
    look(page, f"{name}-{'large-text' if large else 'keys'}")
    assert not (cut := cut_off(page)), f"{name}:\n" + "\n".join(cut)


@SIZES
def test_a_delegate_joins_asks_for_the_floor_and_votes(
    large: bool, standing: Product, chair: Chair, launch: Callable[..., Browser]
) -> None:
    link = standing.link("participant", hall=HALLS[large].lower(), number=1)
    page = open_page(launch(), link, width=360, height=640, phone=True)
    if large:
        enlarge(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(HALLS[large])
    expect(page.locator(".bcard").first).to_be_visible()
    see(page, "participant-board", large)

    press(page, page.get_by_role("link", name="Bicara"))
    note = page.get_by_label("Yang ingin disampaikan")
    expect(note).to_be_visible()
    reach(page, note)
    page.keyboard.type("Saluran di RW kami meluap tiap hujan")
    reach(page, page.get_by_role("radio", checked=True))
    page.keyboard.press("ArrowRight")
    see(page, "participant-ask", large)
    press(page, page.get_by_role("button", name="Minta bicara"))
    expect(page.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    see(page, "participant-queued", large)
    chair.grant_first()
    expect(page.get_by_role("heading", name="Giliran Anda")).to_be_visible()
    see(page, "participant-turn", large)
    press(page, page.get_by_role("button", name="Selesai bicara"))
    press(page, page.get_by_role("button", name="Selesai bicara"))
    expect(page.get_by_role("heading", name="Giliran Anda")).to_be_hidden()

    ballot = chair.give("ballot.open", **ASK, secrecy="secret")["ballot"]
    expect(page.get_by_role("heading", level=1, name=str(ASK["title"]))).to_be_visible()
    see(page, "participant-paper", large)
    press(page, page.get_by_role("checkbox", name=OPTIONS[0]), "Space")
    press(page, page.get_by_role("checkbox", name=OPTIONS[2]), "Space")
    see(page, "participant-paper-filled", large)
    press(page, page.get_by_role("button", name="Kirim 2 pilihan"))
    expect(page.get_by_role("heading", level=1, name="Kirim suara ini?")).to_be_focused()
    see(page, "participant-confirm", large)
    press(page, page.get_by_role("button", name="Kirim suara"))
    expect(page.get_by_role("heading", name="Suara Anda sudah tercatat")).to_be_visible()
    see(page, "participant-receipt", large)
    chair.give("ballot.close", ballot=ballot)
    expect(page.get_by_role("heading", name="Hasil")).to_be_visible()
    see(page, "participant-result", large)


@SIZES
def test_an_operator_brings_the_hall_in_asks_for_the_floor_and_lets_a_card_vote(
    large: bool, standing: Product, chair: Chair, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    hall = HALLS[large].lower()
    camera = tmp_path / "camera.mjpeg"
    write_mjpeg(camera, HALLS[large], (30, 90, 60), frames=2)
    page = open_page(launch(camera=camera), standing.link("hall", hall=hall), width=1366, height=768)
    if large:
        enlarge(page)
    enter = page.get_by_role("button", name="Masuk ke sidang")
    expect(enter).to_be_visible()
    press(page, page.get_by_role("button", name="Putar"))
    press(page, page.get_by_role("button", name="Terdengar", exact=True))
    see(page, "hall-check", large)
    press(page, enter)
    see(page, "hall-inside", large)

    press(page, page.get_by_role("button", name="Angkat tangan"))
    expect(page.get_by_role("button", name="Turunkan tangan")).to_be_visible()
    see(page, "hall-queued", large)
    chair.grant_first()
    expect(page.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()
    see(page, "hall-on-air", large)
    press(page, page.get_by_role("button", name="Selesai bicara"))
    press(page, page.get_by_role("dialog").get_by_role("button", name="Selesai bicara"))
    expect(page.get_by_role("button", name="Angkat tangan")).to_be_visible()

    card = next(one for one in standing.passes() if one["face"] == "participant" and one["hall"] == hall)
    chair.give("channel.set", channel="kiosk", seats=[card["seat"]])
    ballot = chair.give("ballot.open", **ASK, secrecy="secret")["ballot"]
    press(page, page.get_by_role("button", name="Kios suara"))
    kiosk = page.get_by_role("dialog", name="Kios suara")
    reach(page, page.get_by_label("Kode petugas"))
    page.keyboard.type("2468")
    press(page, page.get_by_role("button", name="Buka kios"))
    code = kiosk.get_by_label("Kode kartu")
    expect(code).to_be_visible()
    see(page, "hall-kiosk", large)
    reach(page, code)
    page.keyboard.type(str(card["token"]))
    page.keyboard.press("Enter")
    expect(kiosk.get_by_role("heading", name=str(ASK["title"]))).to_be_visible()
    press(page, kiosk.get_by_role("checkbox", name=OPTIONS[1]), "Space")
    see(page, "hall-kiosk-paper", large)
    press(page, kiosk.get_by_role("button", name="Lanjut"))
    see(page, "hall-kiosk-confirm", large)
    press(page, kiosk.get_by_role("button", name="Kirim suara"))
    expect(kiosk.get_by_role("heading", name="Terima kasih, suara Anda tersimpan")).to_be_visible()
    see(page, "hall-kiosk-thanks", large)
    press(page, kiosk.get_by_role("button", name="Selesai"))
    press(page, kiosk.get_by_role("button", name="Petugas"))
    reach(page, kiosk.get_by_label("Kode petugas"))
    page.keyboard.type("2468")
    press(page, kiosk.get_by_role("button", name="Tutup kios"))
    expect(kiosk).to_be_hidden()
    chair.give("ballot.close", ballot=ballot)
