"""A delegate's phone from the first visit to the receipt: with a network and without, every kind of ballot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import TimeoutError as NotInTime

from server.simulate.member import Member
from tests.e2e.conftest import open_page
from tests.e2e.line import Beside, Line
from tests.e2e.look import look
from tests.e2e.people import open_session
from tests.e2e.product import Product
from tests.e2e.steps import eventually, until

SIZE = {"width": 360, "height": 640}
THREE = [
    {"id": "a", "label": "Perbaikan turap kali", "detail": "Pejuang"},
    {"id": "b", "label": "Penerangan jalan umum", "detail": "Jatiasih"},
    {"id": "c", "label": "Sumur resapan", "detail": "Aren Jaya"},
]
COSTED = [{**option, "cost": cost} for option, cost in zip(THREE, (400_000_000, 300_000_000, 150_000_000), strict=True)]


@dataclass
class Room:
    """One chair, one line to the product that can be cut, and one browser."""

    product: Product
    beside: Beside
    chair: Member
    line: Line
    browser: Browser

    def phone(self, seat: str) -> Page:
        token = next(card["token"] for card in self.product.passes() if card["seat"] == seat)
        return open_page(self.browser, f"{self.line.url}/participant#{token}", phone=True, **SIZE)

    def chair_does(self, name: str, **data: Any) -> Any:
        return self.beside.does(self.chair, name, **data)

    def ask(self, method: str, **more: Any) -> str:
        """Opens a ballot."""
        costed = method in ("knapsack", "equal_shares")
        options = {} if method == "yes_no" else {"options": COSTED if costed else THREE}
        secrecy = "open" if method == "equal_shares" else "secret"
        data = {"title": f"Prioritas ({method})", "secrecy": secrecy, "method": method, **options, **more}
        return str(self.chair_does("ballot.open", **data)["ballot"])


@pytest.fixture
def room(standing: Product, launch: Callable[..., Browser]) -> Iterator[Room]:
    beside = Beside()
    line = Line(beside, standing)
    chair = beside.join(standing, role="moderator")
    beside.run(open_session(chair))
    yield Room(standing, beside, chair, line, launch())
    line.cut()
    beside.close()


def fits(page: Page) -> bool:
    """Nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def to_a_gap(phone: Page) -> None:
    """The bar's edge between two cards: half under it the second would be a small target."""
    phone.evaluate(
        """() => {
            const bar = document.querySelector('.pfoot').getBoundingClientRect().top;
            const ends = [...document.querySelectorAll('.bcard')].map((card) => card.getBoundingClientRect().bottom);
            scrollBy(0, ends.find((end) => end > bar - 60) + 4 - bar);
        }"""
    )


def at_once(phone: Page) -> None:
    """Asks for the line again; the button is gone where the phone came back by itself."""
    with suppress(NotInTime):
        phone.get_by_role("button", name="Coba sekarang").click(timeout=5_000)


def kept(page: Page, without: str = "\0") -> None:
    """Waits until the service worker has the page, and the page the board. without: words no longer on it."""
    until(page, "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)")
    until(
        page,
        """(without) => new Promise((done) => {
            const open = indexedDB.open('pleno-board');
            open.onsuccess = () => {
                const db = open.result;
                if (!db.objectStoreNames.contains('boards')) return done(db.close());
                const asked = db.transaction('boards').objectStore('boards').getAll();
                const has = (boards) => boards.length > 0 && !JSON.stringify(boards).includes(without);
                asked.onsuccess = () => done((db.close(), has(asked.result)));
            };
            open.onerror = () => done(false);
        })""",
        without,
    )


def test_a_phone_keeps_the_page_and_works_without_a_network(room: Room) -> None:
    phone = room.phone("pejuang-rw-02")
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    expect(phone.get_by_role("heading", name="RW 2", exact=True)).to_be_visible()
    expect(phone.locator(".bcard").first).to_contain_text("RW 02")
    phone.get_by_role("searchbox").scroll_into_view_if_needed()
    for chip in phone.locator(".chips .chipbtn").all():
        expect(chip).to_be_in_viewport(ratio=1)
    assert phone.evaluate("document.querySelector('.ptop').offsetHeight") < 72, "one line above the page"
    to_a_gap(phone)
    look(phone, "participant-board")
    assert fits(phone)
    kept(phone)
    devtools = phone.context.new_cdp_session(phone)
    wanting = {error["errorId"] for error in devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert wanting <= {"in-incognito"}, "as each page of these tests is"
    assert devtools.send("Page.getAppManifest")["errors"] == []
    stored = phone.evaluate(
        """async () => (await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys())))
            .flat().map(({url}) => new URL(url).pathname)"""
    )
    assert "/participant" in stored
    assert [path for path in stored if path != "/participant" and not path.startswith("/assets/phone-")] == []

    room.line.cut()
    phone.reload()
    expect(phone.get_by_text("Menyambung kembali… suara Anda aman")).to_be_visible()
    expect(phone.get_by_text("Papan terakhir diperbarui")).to_be_visible()
    expect(phone.locator(".bcard").first).to_contain_text("RW 02")
    phone.get_by_role("searchbox").scroll_into_view_if_needed()  # half under the bar it would be a small target
    look(phone, "participant-offline")
    phone.get_by_role("searchbox", name="Cari usulan").fill("turap aren")
    expect(phone.get_by_role("status").filter(has_text="usulan cocok")).to_be_visible()
    expect(phone.locator(".bcard").first).to_contain_text("turap")
    to_a_gap(phone)
    look(phone, "participant-search")
    phone.get_by_role("searchbox").fill("tidak ada yang begini")
    expect(phone.get_by_text("Tidak ada usulan yang cocok")).to_be_visible()
    phone.get_by_role("button", name="Hapus pencarian").evaluate("(button) => button.scrollIntoView({block: 'center'})")
    look(phone, "participant-search-none")

    phone.get_by_role("link", name="Bicara").click()
    phone.get_by_label("Yang ingin disampaikan").fill("Turap di RT 02 retak.")
    phone.get_by_role("button", name="Minta bicara").click()
    expect(phone.get_by_role("heading", name="Menunggu dikirim (1)")).to_be_visible()
    look(phone, "participant-queued", whole=True)
    room.line.mend()
    at_once(phone)
    expect(phone.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    look(phone, "participant-floor")
    phone.get_by_role("button", name="Batalkan permintaan").click()
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()


def test_a_request_that_waits_outlives_two_reloads_without_a_network_and_arrives_once(room: Room) -> None:
    note = "Turap di RT 02 retak sejak hujan kemarin."

    def asked() -> list[Any]:
        return [one for one in room.chair.entities["floor", "floor"]["queue"] if one["note"] == note]

    phone = room.phone("pejuang-rw-06")
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    kept(phone)
    room.line.cut()
    phone.get_by_role("link", name="Bicara").tap()
    phone.get_by_label("Yang ingin disampaikan").fill(note)
    phone.get_by_role("button", name="Minta bicara").tap()
    waits = phone.get_by_role("heading", name="Menunggu dikirim (1)")
    for opened in range(3):
        if opened:
            phone.reload()
        expect(waits).to_be_visible()
        expect(phone.get_by_text(note)).to_be_visible()
        expect(phone.get_by_role("button", name="Batalkan")).to_be_visible()
        expect(phone.get_by_text("Belum masuk antrean")).to_be_visible()
        expect(phone.get_by_role("button", name="Minta bicara")).to_have_count(0)
        assert fits(phone)
        look(phone, f"participant-queued-reloaded-{opened}", whole=True)
    assert not asked()

    room.line.mend()
    at_once(phone)
    expect(phone.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    expect(waits).to_have_count(0)
    eventually("the moderator sees it", asked)
    phone.reload()  # nothing is left that would be sent again
    expect(phone.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    assert len(asked()) == 1
    look(phone, "participant-queued-arrived")

    phone.get_by_role("button", name="Batalkan permintaan").tap()
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()
    eventually("the moderator sees it go", lambda: not asked())
    phone.reload()  # the board is put away again soon after, without it
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    kept(phone, without=note)
    room.line.cut()
    phone.get_by_label("Yang ingin disampaikan").fill(note)
    phone.get_by_role("button", name="Minta bicara").tap()
    expect(waits).to_be_visible()
    phone.reload()
    phone.get_by_role("button", name="Batalkan", exact=True).tap()
    expect(waits).to_have_count(0)
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()
    look(phone, "participant-queued-cancelled", whole=True)
    phone.reload()
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()
    expect(waits).to_have_count(0)
    room.line.mend()
    at_once(phone)
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    phone.get_by_label("Yang ingin disampaikan").fill("Yang kedua.")
    phone.get_by_role("button", name="Minta bicara").tap()  # what comes after it has come, and it has not
    expect(phone.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    eventually("the moderator sees the second", lambda: "Yang kedua." in str(room.chair.entities["floor", "floor"]))
    assert not asked()
    phone.get_by_role("button", name="Batalkan permintaan").tap()
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()


def choose(phone: Page, *names: str) -> None:
    for name in names:
        phone.get_by_label(name).tap()


def fill(phone: Page, method: str) -> None:
    match method:
        case "yes_no":
            phone.get_by_role("radio").first.tap()
        case "single":  # by keyboard alone
            phone.get_by_role("radio").first.focus()
            phone.keyboard.press("Space")
            phone.keyboard.press("ArrowDown")
            expect(phone.get_by_role("radio", name="Penerangan jalan umum")).to_be_checked()
        case "approval" | "knapsack" | "equal_shares":
            choose(phone, "Perbaikan turap kali", "Sumur resapan")
        case "score":
            phone.get_by_role("group", name="Perbaikan turap kali").get_by_text("5", exact=True).tap()
            phone.get_by_role("group", name="Sumur resapan").get_by_text("3", exact=True).tap()
        case "points":
            phone.get_by_role("button", name="Tambah satu untuk Perbaikan turap kali").tap()
            phone.get_by_role("spinbutton", name="Poin untuk Sumur resapan").fill("4")
            phone.keyboard.press("Tab")
        case "borda" | "schulze":
            phone.get_by_role("button", name="Sumur resapan").tap()
            phone.get_by_role("button", name="Perbaikan turap kali").press("Enter")
            phone.get_by_role("button", name="Naikkan Perbaikan turap kali").press("Enter")


MORE: dict[str, dict[str, Any]] = {
    "approval": {"choose_max": 2},
    "score": {"scale": [1, 5]},
    "points": {"points": 10},
    "knapsack": {"budget": 600_000_000},
    "equal_shares": {"budget": 600_000_000},
}


METHODS = ("yes_no", "single", "approval", "score", "points", "borda", "schulze", "knapsack", "equal_shares")


@pytest.mark.parametrize(
    ("seat", "methods"),
    [("pejuang-rw-04", ("borda", "knapsack")), pytest.param("pejuang-rw-07", METHODS, marks=pytest.mark.faces)],
)
def test_every_kind_of_ballot_is_filled_in_and_answered_by_a_receipt(
    room: Room, seat: str, methods: tuple[str, ...]
) -> None:
    phone = room.phone(seat)
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    for method in methods:
        ballot = room.ask(method, **MORE.get(method, {}))
        expect(phone.get_by_role("heading", level=1, name=f"Prioritas ({method})")).to_be_visible()
        expect(phone.get_by_role("navigation")).to_have_count(0)
        fill(phone, method)
        look(phone, f"participant-ballot-{method}", whole=True)
        phone.locator("footer").get_by_role("button", name="Periksa").or_(
            phone.locator("footer").get_by_role("button", name="Kirim")
        ).first.tap()
        expect(phone.get_by_role("heading", name="Kirim suara ini?")).to_be_visible()
        if method == "borda":
            look(phone, "participant-ballot-confirm")
        phone.get_by_role("button", name="Kirim suara").tap()
        expect(phone.get_by_role("heading", name="Suara Anda sudah tercatat")).to_be_visible()
        if method == "equal_shares":  # never secret: the receipt says what was voted
            expect(phone.locator(".receipt").get_by_text("Sumur resapan")).to_be_visible()
        else:
            expect(phone.get_by_role("img", name="Kode QR")).to_be_visible()
        if method == "yes_no":
            look(phone, "participant-receipt", whole=True)
        room.chair_does("ballot.close", ballot=ballot)
        expect(phone.get_by_text("1 suara dari").first).to_be_visible()
    look(phone, "participant-result")
    assert fits(phone)


UNBROKEN = """() => [...document.querySelectorAll('.tabs a')].every((tab) => {
  const range = document.createRange();
  range.selectNode([...tab.childNodes].find((one) => one.nodeType === Node.TEXT_NODE && one.data.trim()));
  return range.getClientRects().length === 1;
})"""


def tab_to(phone: Page, name: str) -> None:
    """By the keyboard alone, as far as it takes."""
    for _ in range(60):
        phone.keyboard.press("Tab")
        if phone.evaluate(
            "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? ''"
        ).startswith(name):
            return
    raise AssertionError(f"no {name} on the way")


def test_at_twice_the_text_and_by_keyboard_one_asks_for_the_floor_and_votes(room: Room) -> None:
    phone = room.phone("pejuang-rw-05")
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    tab_to(phone, "Ukuran huruf")
    phone.keyboard.press("Enter")
    sheet = phone.get_by_role("dialog", name="Ukuran huruf")
    sheet.get_by_role("radio", name="Biasa").focus()
    for _ in range(3):
        phone.keyboard.press("ArrowDown")
    expect(sheet.get_by_role("radio", name="Paling besar")).to_be_checked()
    assert phone.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    look(phone, "participant-text-200-sheet")
    phone.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    look(phone, "participant-text-200-board")
    assert fits(phone)
    assert phone.evaluate(UNBROKEN), "a word of the tabs"
    phone.reload()
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    assert phone.evaluate("document.documentElement.style.fontSize") == "200%"

    tab_to(phone, "Bicara")
    phone.keyboard.press("Enter")
    tab_to(phone, "Minta bicara")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Nomor Anda di antrean")).to_be_visible()
    look(phone, "participant-text-200-floor", whole=True)
    assert fits(phone)
    tab_to(phone, "Batalkan permintaan")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()

    ballot = room.ask("single")
    expect(phone.get_by_role("heading", level=1, name="Prioritas (single)")).to_be_visible()
    phone.get_by_role("radio").first.focus()
    phone.keyboard.press("Space")
    look(phone, "participant-text-200-ballot", whole=True)
    assert fits(phone)
    tab_to(phone, "Kirim 1 pilihan")
    phone.keyboard.press("Enter")
    tab_to(phone, "Kirim suara")
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="Suara Anda sudah tercatat")).to_be_visible()
    look(phone, "participant-text-200-receipt", whole=True)
    assert fits(phone)
    room.chair_does("ballot.close", ballot=ballot)


def test_a_vote_that_waits_too_long_is_refused_with_the_reason_and_a_way_on(room: Room) -> None:
    phone = room.phone("pejuang-rw-08")
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    kept(phone)
    ballot = room.ask("single")
    expect(phone.get_by_role("heading", level=1, name="Prioritas (single)")).to_be_visible()
    room.line.cut()
    choose(phone, "Sumur resapan")
    phone.get_by_role("button", name="Kirim 1 pilihan").tap()
    phone.get_by_role("button", name="Kirim suara").tap()
    expect(phone.get_by_role("heading", name="Menunggu dikirim (1)")).to_be_visible()
    expect(phone.get_by_text("Belum masuk hitungan")).to_be_visible()
    look(phone, "participant-vote-queued", whole=True)
    room.chair_does("ballot.close", ballot=ballot)
    room.line.mend()
    at_once(phone)
    expect(phone.get_by_role("alert")).to_contain_text("Suara Anda tidak dapat diterima")
    look(phone, "participant-vote-refused", whole=True)
    phone.get_by_role("button", name="Sampaikan keberatan").click()
    expect(phone.get_by_role("button", name="Minta bicara")).to_be_visible()


def test_who_may_not_come_in_is_told_why_and_who_comes_late_where_the_results_are(room: Room) -> None:
    stranger = open_page(room.browser, f"{room.line.url}/participant", phone=True, **SIZE)
    expect(stranger.get_by_text("Pindai kartu Anda dulu")).to_be_visible()
    look(stranger, "participant-no-card")
    stranger.goto(f"{room.line.url}/participant?again#{'x' * 32}")
    expect(stranger.get_by_role("alert")).to_be_visible()
    look(stranger, "participant-refused")
    stranger.context.close()

    sealed: list[Any] = []
    phone = open_page(room.browser, f"{room.line.url}/healthz", phone=True, **SIZE)
    phone.route_web_socket("**/socket.io/**", lambda socket: sealed.append((socket, socket.connect_to_server())))
    token = next(card["token"] for card in room.product.passes() if card["seat"] == "pejuang-rw-09")
    phone.goto(f"{room.line.url}/participant#{token}")
    expect(phone.get_by_text("Tersambung", exact=True)).to_be_visible()
    sealed[0][0].send('42["bye",{"code":"session_sealed"}]')
    expect(phone.get_by_role("heading", name="Sidang sudah selesai")).to_be_visible()
    look(phone, "participant-ended")
