"""The moderator's face through its whole task: a plenary of fifty-six halls on a small laptop."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.demo import bekasi
from server.simulate.member import Member
from tests.e2e.conftest import open_page
from tests.e2e.look import look
from tests.e2e.product import ROOT, Product

SMALL = {"width": 1366, "height": 768}
JOIN_S = 120
# The other kelurahan of the city: with the twelve of the demonstration they are fifty-six.
MORE = (
    "Medan Satria, Harapan Mulya, Kali Baru, Bintara, Kranji, Kota Baru, Jakasampurna, Margahayu, Bekasi Jaya, "
    "Duren Jaya, Pekayon Jaya, Jakamulya, Jakasetia, Marga Jaya, Perwira, Harapan Baru, Teluk Pucung, Marga Mulya, "
    "Harapan Jaya, Jatimurni, Jatimelati, Jatiwarna, Jatibening, Jatibening Baru, Jatimakmur, Jaticempaka, Jatikramat, "
    "Jatimekar, Jatiluhur, Jatirasa, Jatisari, Jatikarya, Jatisampurna, Jatiraden, Jatirangga, Ciketing Udik, Cikiwul, "
    "Sumur Batu, Bojong Rawalumbu, Pengasinan, Sepanjang Jaya, Mustikasari, Padurenan, Cimuning"
).split(", ")
SEATS = (
    ("pejuang", "Ketua RW 07", "RW"),
    ("pejuang", "Ketua TP PKK", "WOMEN"),
    ("jatiasih", "Wakil penyandang disabilitas", "DISABILITY"),
)
AGENDA = (
    ("Pembukaan", "OPENING", 10),
    ("Pembahasan papan usulan", "PROPOSAL_REVIEW", 30),
    ("Pemungutan suara", "VOTE", 10),
)
FOUNDED = {
    "session": "bekasi-56",
    "title": "Musrenbang Kota Bekasi 2019",
    "place": "Bappeda Kota Bekasi",
    "date": "2018-03-21",
    "moderators": 1,
}
OVER = """() => {
    const page = document.documentElement;
    return [page.scrollWidth - innerWidth, page.scrollHeight - innerHeight];
}"""


@dataclass
class Crowd:
    """Holders of cards at a running product, in a thread of their own: the browser's driver owns the test's."""

    url: str
    cards: list[dict[str, Any]]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    members: dict[str, Member] = field(default_factory=dict)
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    http: aiohttp.ClientSession | None = None

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._leave())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def card(self, role: str, **wanted: str) -> dict[str, Any]:
        fits = {"role": role, **wanted}
        return next(card for card in self.cards if all(card[name] == value for name, value in fits.items()))

    def link(self, role: str, **wanted: str) -> str:
        card = self.card(role, **wanted)
        return f"{self.url}/{card['face']}#{card['token']}"

    def does(self, role: str, name: str, *, of: dict[str, str] | None = None, **data: Any) -> Any:
        """The result of a command that must succeed, given by the first holder of such a card."""
        return self._wait(self._does(self.card(role, **(of or {})), "command", {"name": name, "data": data}))["result"]

    def votes(self, office: str, ballot: str, choice: str) -> None:
        tracker = secrets.token_hex(16)
        said = {"ballot": ballot, "choices": [choice], "tracker": tracker}
        self._wait(self._does(self.card("delegate", label=office), "vote", said))

    def open_ballot(self) -> str:
        """The id of the ballot that is open, as whoever came first sees it."""
        return str(self._wait(self._open_ballot()))

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(JOIN_S)

    async def _does(self, card: dict[str, Any], event: str, said: dict[str, Any]) -> Any:
        member = self.members.get(card["token"])
        if member is None:
            self.http = self.http or aiohttp.ClientSession()
            member = self.members[card["token"]] = Member(self.http, self.url, card)
            self.tasks.append(asyncio.create_task(member.run()))
        await asyncio.wait_for(member.live.wait(), JOIN_S)
        answer = await member.call(event, {"key": said.get("tracker") or secrets.token_hex(8), **said})
        assert answer["ok"], answer
        return answer

    async def _open_ballot(self) -> str:
        seen = next(iter(self.members.values())).entities
        async with asyncio.timeout(JOIN_S):
            while True:
                for (kind, one), fields in seen.items():
                    if kind == "ballot" and fields["state"] == "open":
                        return one
                await asyncio.sleep(0.05)

    async def _leave(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.http is not None:
            await self.http.close()


@pytest.fixture
def plenary(standing: Product, tmp_path: Path) -> Iterator[Crowd]:
    """A session of its own beside the demonstration, founded as an office founds its first."""
    plan, cards = tmp_path / "plan.json", tmp_path / "cards.json"
    halls = [{"hall": hall.id, "name": hall.name, "kecamatan": hall.kecamatan} for hall in bekasi.halls()]
    halls += [{"hall": bekasi.slug(name), "name": name, "kecamatan": "Kota Bekasi"} for name in MORE]
    assert len(halls) == 56
    seats = [{"hall": hall, "office": office, "constituency": group} for hall, office, group in SEATS]
    plan.write_text(json.dumps({**FOUNDED, "halls": halls, "seats": seats}))
    found = ["sessions", "--data", str(standing.data), "found", str(plan), "--out", str(cards)]
    subprocess.run([sys.executable, "-m", "server", *found], cwd=ROOT, check=True, capture_output=True, timeout=JOIN_S)
    with Crowd(standing.url, json.loads(cards.read_text())["passes"]) as crowd:
        items = [{"title": title, "kind": kind, "minutes": minutes} for title, kind, minutes in AGENDA]
        crowd.does("admin", "agenda.plan", items=items)
        proposals = list(bekasi.proposals())
        for start in range(0, len(proposals), 60):
            crowd.does("admin", "proposals.import", proposals=proposals[start : start + 60])
        yield crowd


def still(page: Page) -> None:
    """The page itself does not scroll, neither down nor to the side."""
    aside, down = page.evaluate(OVER)
    assert aside <= 0 and down <= 0, (aside, down)


def press(page: Page, key: str) -> None:
    """A key, once what was asked for before it is answered: until then a second press does nothing."""
    expect(page.locator('[aria-busy="true"]')).to_have_count(0)
    page.keyboard.press(key)


def asked(page: Page, name: str) -> Locator:
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    return dialog


def open_the_session(page: Page) -> None:
    expect(page.get_by_role("heading", name="56 aula")).to_be_visible()
    still(page)
    look(page, "moderator-before")
    press(page, "n")
    asked(page, "Buka sidang sekarang?").get_by_role("button", name="Buka sidang").click()
    expect(page.get_by_role("button", name=re.compile("^Lanjut"))).to_be_visible()


def run_the_rundown(page: Page) -> None:
    now = page.locator('.agenda__item[aria-current="step"]')
    press(page, "n")
    expect(now).to_contain_text("Pembukaan")
    press(page, "n")
    expect(now).to_contain_text("Pembahasan papan usulan")
    page.get_by_role("button", name="Kembali ke: Pembukaan").click()
    asked(page, "Pindah acara?").get_by_role("button", name="Pindah acara").click()
    expect(now).to_contain_text("Pembukaan")
    expect(page.locator(".drift")).to_contain_text(re.compile("Tepat waktu|Lebih cepat|Terlambat"))


def give_the_floor(page: Page, plenary: Crowd) -> None:
    """Those who ask wait with what their hall was heard for; the clock of a turn stands, grows, and ends."""
    plenary.does("hall", "floor.request", of={"hall": "pejuang"}, note="Genangan di Gg. Mawar")
    queue = page.locator(".queue__item")
    expect(queue).to_have_count(1)
    press(page, "g")
    turn = page.get_by_role("region", name="Pejuang")
    expect(turn.get_by_role("timer")).to_be_visible()
    press(page, "+")
    expect(turn.get_by_text("diperpanjang 1×")).to_be_visible()
    press(page, "p")
    expect(turn.get_by_text("Waktu dijeda moderator")).to_be_visible()
    plenary.does("delegate", "floor.request", of={"label": "Wakil penyandang disabilitas"}, note="Jalur pemandu")
    plenary.does("delegate", "floor.request", of={"label": "Ketua TP PKK"}, note="Posyandu")
    expect(queue).to_have_count(2)
    expect(queue.first.get_by_text(re.compile("sudah 0"))).to_be_visible()
    page.get_by_role("radio", name="Panggung").click(force=True)  # its label lies over it
    still(page)
    look(page, "moderator-floor")
    press(page, "e")
    expect(page.get_by_text("Belum ada yang bicara")).to_be_visible()
    expect(page.get_by_text(re.compile("1 giliran selesai"))).to_be_visible()


def move_a_card(page: Page) -> None:
    """Whoever changed phones is found by office, and the card may move after one question."""
    page.get_by_role("button", name=re.compile("^Hadir")).click()
    asked(page, "Kehadiran dan kuorum").get_by_role("button", name="Pindahkan kartu peserta…").click()
    cards = asked(page, "Pindahkan kartu ke perangkat baru")
    cards.get_by_label("Cari nama atau jabatan").fill("pkk")
    expect(cards.get_by_role("listitem")).to_have_count(1)
    look(page, "moderator-cards")
    cards.get_by_role("button", name=re.compile("Pindahkan… ?: Ketua TP PKK")).click()
    asked(page, "Pindahkan kartu Ketua TP PKK?").get_by_role("button", name="Pindahkan kartu").click()
    expect(cards.get_by_text(re.compile("dapat dibuka di perangkat baru sampai pukul"))).to_be_visible()
    cards.get_by_role("button", name="Tutup").click()
    page.get_by_role("dialog").get_by_role("button", name="Tutup").click()


def triage_the_board(page: Page) -> None:
    """By keyboard: cards, rows and the map; a move and its undoing; one proposal is put to a vote."""
    page.keyboard.press("2")
    expect(page.get_by_text("114 usulan")).to_be_visible()
    still(page)
    look(page, "moderator-board-cards")
    page.get_by_role("radio", name="Tabel").click(force=True)
    rows = page.locator("tr[data-card]")
    page.get_by_role("button", name="Biaya").click()
    expect(page.get_by_role("columnheader", name="Biaya")).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("/")
    page.keyboard.type("saluran")
    expect(rows.first).to_contain_text(re.compile("saluran", re.IGNORECASE))
    page.keyboard.press("Enter")
    first, second = (str(rows.nth(place).get_attribute("data-card")) for place in range(2))
    expect(rows.nth(0).locator(".pcard__open")).to_be_focused()
    page.keyboard.press("Enter")
    details = page.get_by_role("complementary")
    expect(details).to_contain_text(first)
    expect(details.get_by_role("heading", level=2)).to_be_focused()
    still(page)
    look(page, "moderator-board-table")
    page.keyboard.press("p")
    expect(page.get_by_text(re.compile("dipindah ke Terpilih"))).to_be_visible()
    expect(details.get_by_text("Terpilih").first).to_be_visible()
    page.keyboard.press("z")
    expect(page.get_by_text(re.compile("dipindah ke Terpilih"))).to_have_count(0)
    expect(details.get_by_text("Diajukan").first).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text(re.compile("dipindah ke Terpilih"))).to_be_visible()
    page.keyboard.press("j")
    expect(details).to_contain_text(second)
    page.keyboard.press("t")
    asked(page, "Putuskan usulan").get_by_role("button", name="Kembali").click()
    page.get_by_role("button", name="Hapus saringan").click()
    page.get_by_role("button", name="Saringan lain").click()
    page.get_by_label("Sumber").select_option("COUNCIL")
    expect(page.get_by_text("0 dari 114 usulan cocok")).to_be_visible()
    look(page, "moderator-board-nothing")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Hapus saringan").first.click()
    page.get_by_role("radio", name="Peta").click(force=True)
    expect(page.locator(".mapmark, .mapgroup").first).to_be_visible()
    page.get_by_role("radio", name="Kartu").click(force=True)
    page.locator(f'[data-card="{first}"] .pcard__open').focus()
    page.keyboard.press("v")


def vote_and_declare(page: Page, plenary: Crowd, title: str) -> None:
    """Turnout while it runs and nothing else; closed once, asked once, and the result is there."""
    page.get_by_role("button", name="Lanjutkan menyusun").click()
    page.get_by_label("Pertanyaan").fill(title)
    page.get_by_label("Cara memilih", exact=True).select_option("yes_no")
    still(page)
    look(page, "moderator-ballot-compose")
    page.get_by_role("button", name=re.compile("^Buka suara")).click()
    asked(page, "Buka pemungutan suara?").get_by_role("button", name="Buka suara").click()
    expect(page.get_by_text("dari 3 pemilih")).to_be_visible()
    ballot = plenary.open_ballot()
    plenary.votes("Ketua RW 07", ballot, "yes")
    plenary.votes("Wakil penyandang disabilitas", ballot, "yes")
    expect(page.locator(".bcount")).to_contain_text("2")
    still(page)
    look(page, "moderator-ballot-open")
    page.get_by_role("button", name="Tutup suara").click()
    asked(page, "Tutup suara dan tetapkan hasil?").get_by_role("button", name="Tutup dan tetapkan").click()
    expect(page.get_by_role("region", name=title).get_by_role("table")).to_be_visible()
    still(page)
    look(page, "moderator-ballot-declared")


def read_the_record(page: Page) -> None:
    """The draft is opened, and what was opened is approved."""
    page.keyboard.press("1")
    page.get_by_role("button", name="Berita Acara").click()
    record = asked(page, "Berita Acara")
    with page.expect_popup() as opened:
        record.get_by_role("button", name="Buka draf").click()
    expect(opened.value.get_by_role("heading", level=1).first).to_be_visible()
    opened.value.close()
    record.get_by_role("button", name="Setujui draf yang dibaca").click()
    asked(page, "Setujui Berita Acara?").get_by_role("button", name="Setujui draf yang dibaca").click()
    expect(record.get_by_text(re.compile("^Disetujui pukul"))).to_be_visible()
    look(page, "moderator-record")
    record.get_by_role("button", name="Tutup").click()


def in_the_dark(page: Page) -> None:
    page.get_by_role("button", name="Tampilan gelap").click()
    still(page)
    look(page, "moderator-dark")


@pytest.mark.faces
@pytest.mark.timeout(300)
def test_a_plenary_of_fifty_six_halls_from_the_rundown_to_the_record(
    plenary: Crowd, launch: Callable[..., Browser]
) -> None:
    page = open_page(launch(), plenary.link("moderator"), **SMALL)
    open_the_session(page)
    run_the_rundown(page)
    give_the_floor(page, plenary)
    move_a_card(page)
    triage_the_board(page)
    vote_and_declare(page, plenary, "Saluran Gg. Mawar didahulukan?")
    read_the_record(page)
    in_the_dark(page)
