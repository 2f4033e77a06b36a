"""The hall's page through a sitting: devices, hand, on air, a cut, door, hands, kiosk, its vote, tablet, projector."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as NotInTime

from server.simulate.member import Member
from tests.e2e.conftest import open_page
from tests.e2e.keyboard import cut_off, enlarge
from tests.e2e.look import look
from tests.e2e.people import command, does, joined, open_session
from tests.e2e.pictures import write_mjpeg
from tests.e2e.product import Product
from tests.e2e.steps import until

SPEAKS, WORKS, SHOWS, BESIDE = "mustikajaya", "bojong-menteng", "jatiranggon", "bantargebang"
SIGNS = "kayuringin-jaya"
TWO_DISPLAYS = "--screen-info={1366x768}{1366,0 1920x1080}"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
DEAF = """
const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = (wanted) =>
  wanted.audio ? Promise.reject(new DOMException('', 'NotFoundError')) : real(wanted);
"""
APART = """() => {
  const box = (name) => {
    const range = document.createRange();
    range.selectNodeContents(document.querySelector(name));
    return range.getBoundingClientRect();
  };
  const [word, clock] = [box('.air strong'), box('.air .clock')];
  const apart = word.right + 8 <= clock.left || word.bottom <= clock.top;
  return apart && Math.max(word.right, clock.right) <= innerWidth;
}"""
BESIDE_EACH_OTHER = """() => [...document.querySelectorAll('.check')].every((row) => {
  const range = document.createRange();
  range.selectNodeContents(row.querySelector('.status'));
  return range.getBoundingClientRect().right + 4 <= row.querySelector('p').getBoundingClientRect().left;
})"""
REFUSED = """
navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
"""


def chaired(product: Product, act: Callable[[Member], Awaitable[Any]]) -> Any:
    """What the chair does, in a thread of its own: the browser's loop runs in this one."""

    async def run() -> Any:
        async with joined(product, role="moderator") as chair:
            return await act(chair)

    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, run()).result(60)


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    path = tmp_path / "aula.mjpeg"
    write_mjpeg(path, "Aula", (11, 93, 91))
    return path


def enter(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Masuk")).first.click()
    expect(page.get_by_text("MENDENGARKAN")).to_be_visible()


async def grant(chair: Member) -> None:
    """The floor to the hall, whoever waits before it."""

    def waits() -> list[str]:
        queue = chair.entities["floor", "floor"]["queue"]
        return [str(one["request"]) for one in queue if one["hall"] == SPEAKS]

    await does(chair, "floor.grant", request=waits()[0], reason="Gilirannya.")


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_a_hall_checks_its_devices_speaks_and_keeps_its_turn_through_a_cut(
    standing: Product, launch: Callable[..., Browser], camera: Path
) -> None:
    chaired(standing, open_session)
    page = open_page(launch(camera=camera), standing.link("hall", hall=SPEAKS), **LAPTOP)
    page.get_by_role("button", name="Putar").click()
    page.get_by_role("button", name="Terdengar", exact=True).click()
    expect(page.get_by_text("Ruangan mendengar.")).to_be_visible()
    expect(page.get_by_text(re.compile("Laju kirim"))).to_be_visible()
    look(page, "hall-preflight")
    enter(page)
    look(page, "hall-listening")

    page.get_by_label("Pokok bicara").fill("Pengaspalan Gg. Mushola")
    page.get_by_role("button", name="Angkat tangan").click()
    expect(page.get_by_text(re.compile(r"Nomor \d+ di antrean\. Mikrofon"))).to_be_visible()
    look(page, "hall-hand")
    chaired(standing, grant)
    expect(page.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Matikan mikrofon")).to_be_visible()
    until(page, "window.pleno.sending === 'live'")
    look(page, "hall-onair")

    page.context.set_offline(True)
    expect(page.get_by_text("MENYAMBUNG KEMBALI")).to_be_visible()
    expect(page.get_by_text("Periksa kabel atau lampu router.")).to_be_visible()
    look(page, "hall-cut")
    page.context.set_offline(False)
    expect(page.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()

    chaired(standing, lambda chair: does(chair, "rollcall.start"))
    page.get_by_role("button", name="Ya, jelas").click()
    expect(page.get_by_text("Jawaban aula: Ya, jelas")).to_be_visible()
    look(page, "hall-rollcall")
    chaired(standing, lambda chair: does(chair, "rollcall.end"))
    page.get_by_role("button", name="Selesai bicara").click()
    page.get_by_role("dialog").get_by_role("button", name="Selesai bicara").click()
    expect(page.get_by_text("MENDENGARKAN")).to_be_visible()


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    ("state", "first", "words", "way_in"),
    [
        ("refused", REFUSED, "tekan ikon gembok atau kamera", "Masuk tanpa kamera dan mikrofon"),
        ("nomic", DEAF, "Pasang mikrofon atau mixer USB", "Masuk ke sidang"),
    ],
)
def test_without_devices_a_hall_is_told_the_remedy_and_comes_in_all_the_same(
    standing: Product, launch: Callable[..., Browser], camera: Path, state: str, first: str, words: str, way_in: str
) -> None:
    link = standing.link("hall", hall=SPEAKS)
    page = open_page(launch(camera=camera), link, **PHONE, phone=True, first=first)
    page.get_by_role("button", name="Layar utama aula").click()
    expect(page.get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("heading", name="Aula lain belum dapat mendengar Anda")).to_be_visible()
    look(page, f"hall-{state}", whole=True)
    page.set_viewport_size(LAPTOP)
    assert page.evaluate(BESIDE_EACH_OTHER), "a finding and what to do about it"
    look(page, f"hall-{state}")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name=way_in).click()
    expect(page.get_by_text("MENDENGARKAN")).to_be_visible()
    page.get_by_role("button", name="Nyalakan mikrofon").click()  # says what to do, and lets one ask again
    expect(page.get_by_role("dialog").get_by_text(words).first).to_be_visible()
    expect(page.get_by_role("button", name="Minta izin lagi")).to_be_in_viewport()
    look(page, f"hall-{state}-devices")
    page.get_by_role("button", name="Selesai").click()
    look(page, f"hall-{state}-inside", whole=True)
    assert page.evaluate(APART), "the word and the clock"
    enlarge(page)
    look(page, f"hall-{state}-inside-200")
    assert page.evaluate(APART), "the word and the clock, at twice the text"
    assert cut_off(page) == []


@contextmanager
def ballot(product: Product, **fields: Any) -> Iterator[str]:
    """Open meanwhile; void afterwards, for others at the same product."""
    ask = {
        "title": "Mana yang didahulukan?",
        "options": [{"label": "Turap kali"}, {"label": "Posyandu"}],
        "choose_max": 1,
        **fields,
    }

    async def opened(chair: Member) -> str:
        await open_session(chair)
        return str((await does(chair, "ballot.open", **ask))["ballot"])

    mine = chaired(product, opened)
    try:
        yield mine
    finally:
        chaired(product, lambda chair: command(chair, "ballot.void", ballot=mine, reason="Uji coba."))


def vote_how(page: Page, way: str) -> None:
    """How all seats of the hall vote, set at the door."""
    door = page.get_by_role("dialog")
    door.get_by_role("button", name="Atur cara memilih").click()
    door.get_by_label("Semua kursi aula ini").select_option(label=way)
    door.get_by_role("button", name="Pakai untuk semua kursi").click()


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_the_door_checks_people_in_and_their_hands_are_counted_before_a_witness(
    standing: Product, launch: Callable[..., Browser]
) -> None:
    page = open_page(launch(), standing.link("hall", hall=WORKS), **LAPTOP)
    enter(page)
    page.get_by_role("button", name="Catat hadir").click()
    door = page.get_by_role("dialog")
    for office in ("Ketua RW 01", "Ketua RW 02"):
        door.get_by_role("searchbox").fill(office)
        door.get_by_role("button", name=f"Hadir {office}").click()
        expect(door.get_by_role("button", name=f"Hadir {office}")).to_have_count(0)
        expect(door.get_by_text("Hadir sejak").first).to_be_visible()
    door.get_by_role("searchbox").fill("RW 0")
    expect(door.get_by_role("button", name="Hadir Ketua RW 03")).to_be_visible()
    look(page, "hall-door")
    page.set_viewport_size(PHONE)
    look(page, "hall-door")
    page.set_viewport_size(LAPTOP)
    vote_how(page, "angkat tangan")
    expect(door.get_by_text("angkat tangan 20")).to_be_visible()
    door.get_by_role("button", name="Selesai").click()

    with ballot(standing, secrecy="open"):
        page.get_by_role("button", name="Hitung tangan").click()
        hands = page.get_by_role("dialog")
        hands.get_by_label("Siapa yang menjadi saksi?").select_option(label="Ketua RW 02")
        hands.get_by_role("button", name="Jadikan saksi").click()
        hands.get_by_role("textbox", name="Turap kali").fill("2")
        hands.get_by_role("textbox", name="Orang yang ikut hitung tangan").fill("2")
        page.keyboard.press("Tab")
        expect(hands.get_by_text("Cocok, 2 tangan")).to_be_visible()
        look(page, "hall-hands")
        hands.get_by_role("button", name="Kirim dengan saksi").click()
        expect(hands.get_by_text("Terkirim: 2 orang, saksi Ketua RW 02")).to_be_visible()
        page.set_viewport_size(PHONE)
        look(page, "hall-hands-sent")
        page.set_viewport_size(LAPTOP)
        hands.get_by_role("button", name="Selesai").click()

    page.get_by_role("button", name="Catat hadir").click()
    vote_how(page, "lewat kios")
    expect(door.get_by_text("Kios 20")).to_be_visible()
    door.get_by_role("button", name="Selesai").click()
    vote_at_the_kiosk(standing, page)


def vote_at_the_kiosk(product: Product, page: Page) -> None:
    """One person votes on the hall's device, which shows nothing but the ballot until its operator's code is typed."""
    page.get_by_role("button", name="Kios suara").click()
    page.get_by_label("Kode petugas").fill("2468")
    look(page, "hall-kiosk-start")
    page.get_by_role("button", name="Buka kios").click()
    kiosk = page.get_by_role("dialog", name="Kios suara")
    expect(kiosk.get_by_text("Belum ada pemungutan suara")).to_be_visible()
    with ballot(product, secrecy="secret", proof="inclusion"):
        page.reload()
        card = next(card for card in product.passes() if card["seat"] == f"{WORKS}-rw-05")
        kiosk.get_by_label("Kode kartu").fill(str(card["token"]))
        page.set_viewport_size(PHONE)
        look(page, "hall-kiosk-card")
        kiosk.get_by_role("button", name="Pakai").click()
        kiosk.get_by_label("Posyandu").check(force=True)
        look(page, "hall-kiosk-paper")
        page.set_viewport_size(LAPTOP)
        kiosk.get_by_role("button", name="Lanjut").click()
        look(page, "hall-kiosk-sure")
        kiosk.get_by_role("button", name="Kirim suara").click()
        expect(kiosk.get_by_text("Terima kasih, suara Anda tersimpan")).to_be_visible()
        look(page, "hall-kiosk-thanks")
        kiosk.get_by_role("button", name="Selesai").click()
        kiosk.get_by_role("button", name="Petugas").click()
        kiosk.get_by_label("Kode petugas").fill("1357")
        kiosk.get_by_role("button", name="Tutup kios").click()
        expect(kiosk.get_by_text("Kodenya tidak cocok.")).to_be_visible()
        look(page, "hall-kiosk-exit")
        kiosk.get_by_label("Kode petugas").fill("2468")
        kiosk.get_by_role("button", name="Tutup kios").click()
        expect(kiosk).to_have_count(0)
        expect(page.get_by_text("MENDENGARKAN")).to_be_visible()


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_a_tablet_takes_votes_and_checks_people_in_while_the_laptop_stays_on_air(
    standing: Product, launch: Callable[..., Browser], camera: Path
) -> None:
    async def begin(chair: Member) -> None:
        await open_session(chair)
        await does(chair, "channel.set", hall=BESIDE, channel="kiosk")
        await does(chair, "stage.spotlight", hall=BESIDE)

    chaired(standing, begin)
    browser, link = launch(camera=camera), standing.link("hall", hall=BESIDE)
    laptop = open_page(browser, link, **LAPTOP)
    laptop.get_by_role("button", name=re.compile("^Masuk")).first.click()
    expect(laptop.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()

    tablet = open_page(browser, link, **PHONE, phone=True)
    expect(tablet.get_by_role("heading", name="Perangkat ini untuk apa?")).to_be_visible()
    look(tablet, "hall-which", whole=True)
    tablet.get_by_role("button", name="Kios suara atau meja pintu").click()
    expect(tablet.get_by_text("Belum ada pemungutan suara lewat kios.")).to_be_visible()
    look(tablet, "hall-tablet", whole=True)
    tablet.get_by_role("button", name="Catat hadir").click()
    door = tablet.get_by_role("dialog")
    door.get_by_role("searchbox").fill("Ketua RW 04")
    door.get_by_role("button", name="Hadir Ketua RW 04").click()
    expect(door.get_by_text("Hadir sejak")).to_be_visible()
    look(tablet, "hall-tablet-door")
    door.get_by_role("button", name="Selesai").click()
    tablet.set_viewport_size({"width": 1024, "height": 768})
    with ballot(standing, secrecy="secret", proof="inclusion"):
        expect(tablet.get_by_text("Pemungutan suara dibuka")).to_be_visible()
        look(tablet, "hall-tablet")
        tablet.get_by_role("button", name="Buka kios").click()
        tablet.get_by_label("Kode petugas").fill("2468")
        tablet.get_by_role("dialog").get_by_role("button", name="Buka kios").click()
        kiosk = tablet.get_by_role("dialog", name="Kios suara")
        kiosk.get_by_role("button", name="Pindai dengan kamera").click()
        until(tablet, "() => document.querySelector('.reader__view video')?.videoWidth > 0")
        look(tablet, "hall-tablet-card")
        for office in ("rw-05", "rw-06"):
            card = next(card for card in standing.passes() if card["seat"] == f"{BESIDE}-{office}")
            kiosk.get_by_label("Kode kartu").fill(str(card["token"]))
            kiosk.get_by_role("button", name="Pakai").click()
            kiosk.get_by_label("Posyandu").check(force=True)
            kiosk.get_by_role("button", name="Lanjut").click()
            kiosk.get_by_role("button", name="Kirim suara").click()
            expect(kiosk.get_by_text("Terima kasih, suara Anda tersimpan")).to_be_visible()
            kiosk.get_by_role("button", name="Selesai").click()
        expect(laptop.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()
        until(laptop, "window.pleno.sending === 'live'")
        expect(laptop.locator(".matter").get_by_text(re.compile(r"^2 dari"))).to_be_visible()
        look(laptop, "hall-onair-tablet")
    chaired(standing, lambda chair: does(chair, "stage.spotlight", hall=None))
    tablet.reload()
    expect(tablet.get_by_role("dialog", name="Kios suara")).to_be_visible()


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_where_each_hall_has_one_vote_the_hall_fills_in_its_paper(
    standing: Product, launch: Callable[..., Browser], camera: Path
) -> None:
    page = open_page(launch(camera=camera), standing.link("hall", hall=BESIDE), **LAPTOP)
    enter(page)
    halls = {"electorate": {"kind": "each_hall"}, "secrecy": "open"}
    with ballot(standing, method="single", **halls) as asked:
        expect(page.get_by_role("alert").get_by_text("Aula ini punya satu suara")).to_be_visible()
        look(page, "hall-vote")
        page.get_by_role("button", name="Isi surat suara aula").click()
        paper = page.get_by_role("dialog")
        paper.get_by_label("Turap kali").check(force=True)
        look(page, "hall-vote-paper")
        paper.get_by_role("button", name="Lanjut").click()
        look(page, "hall-vote-sure")
        paper.get_by_role("button", name="Kirim suara").click()
        expect(page.get_by_text("Suara aula tersimpan")).to_be_visible()
        page.get_by_role("button", name="Tanda terima").click()
        expect(paper.get_by_text("Pilihan aula")).to_be_visible()
        look(page, "hall-vote-receipt")
        paper.get_by_role("button", name="Selesai").click()
        chaired(standing, lambda chair: does(chair, "ballot.close", ballot=asked))
        expect(page.get_by_text("Suara aula ikut dihitung")).to_be_visible()
        look(page, "hall-vote-closed")
    page.set_viewport_size(PHONE)
    options = [{"label": name} for name in ("Turap kali", "Posyandu", "Jalan lingkungan")]
    with ballot(standing, method="points", points=10, choose_max=3, options=options, **halls):
        page.get_by_role("button", name="Isi surat suara aula").click()
        paper.get_by_role("spinbutton").first.fill("7")
        page.keyboard.press("Tab")
        expect(paper.get_by_text("Sisa 3 dari 10 poin")).to_be_visible()
        look(page, "hall-vote-points")
        paper.get_by_role("button", name="Tutup dulu").click()
    expect(page.get_by_text("Pemungutan dibatalkan")).to_be_visible()
    look(page, "hall-vote-void", whole=True)


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_with_a_projector_the_window_goes_there_by_itself(standing: Product, launch: Callable[..., Browser]) -> None:
    browser = launch(flags=(TWO_DISPLAYS,))
    page = open_page(browser, standing.link("hall", hall=BESIDE), **LAPTOP)
    enter(page)
    page.get_by_role("button", name="Layar aula").click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_text("Peramban tidak boleh memindahkan jendela")).to_be_visible()
    look(page, "hall-second-denied")
    devtools = browser.new_browser_cdp_session()
    allow_windows(devtools, standing.url, "prompt")
    expect(panel.get_by_role("button", name="Izinkan dan cari proyektor")).to_be_visible()
    look(page, "hall-second-ask")
    allow_windows(devtools, standing.url, "granted")
    with suppress(NotInTime):  # gone where the page heard of it by itself
        panel.get_by_role("button", name="Izinkan dan cari proyektor").click(timeout=5_000)
    expect(panel.get_by_text("Jendela langsung tampil di sana: 1920 × 1080.")).to_be_visible()
    look(page, "hall-second-found")
    # A browser whose windows are driven from here puts them all at 0, 0: what it was asked for is what counts.
    page.evaluate(
        "() => { const open = window.open; window.open = (...to) => open.apply(window, (window.asked = to)); }"
    )
    with page.expect_popup() as opened:
        panel.get_by_role("button", name="Buka jendela layar").click()
    expect(opened.value.get_by_role("button", name="Layar penuh")).to_be_visible()
    assert page.evaluate("window.asked[2]") == "popup,left=1366,top=0,width=1920,height=1080"
    panel.get_by_role("button", name="Tutup jendela layar").click()


def allow_windows(devtools: CDPSession, origin: str, setting: str) -> None:
    """What somebody answers when the browser asks whether the page may know the displays; as long as devtools live."""
    for context in devtools.send("Target.getBrowserContexts")["browserContextIds"]:
        permission = {"permission": {"name": "window-management"}, "setting": setting, "origin": origin}
        devtools.send("Browser.setPermission", {**permission, "browserContextId": context})


@pytest.mark.faces
@pytest.mark.timeout(120)
def test_a_second_window_shows_the_room_what_it_should_see(
    product: Product, launch: Callable[..., Browser], camera: Path
) -> None:
    browser = launch(camera=camera)
    page = open_page(browser, product.link("hall", hall=SHOWS), **LAPTOP)
    enter(page)
    page.get_by_role("button", name="Layar aula").click()
    panel = page.get_by_role("dialog")
    look(page, "hall-second-panel")
    with page.expect_popup() as opened:
        panel.get_by_role("button", name="Buka jendela layar").click()
    room = opened.value
    room.set_viewport_size({"width": 1920, "height": 1080})
    expect(room.get_by_role("heading", name="Ikuti dari ponsel")).to_be_visible()
    expect(panel.get_by_text("Jendela layar terbuka")).to_be_visible()
    look(room, "hall-second-join")

    signs = open_page(browser, product.link("hall", hall=SIGNS), **LAPTOP)
    enter(signs)
    chaired(product, lambda chair: does(chair, "stage.interpreter", hall=SIGNS))
    for shown in (page, room, signs):
        until(shown, "() => document.querySelector('.signer video')?.videoWidth > 0")
    look(room, "hall-second-join-signer")
    panel.get_by_role("button", name="Selesai").click()
    look(page, "hall-signer")
    page.set_viewport_size(PHONE)
    look(page, "hall-signer", whole=True)
    page.set_viewport_size(LAPTOP)
    signs.context.close()
    expect(page.locator(".signer").get_by_text("terputus")).to_be_visible()
    page.get_by_role("button", name="Layar aula").click()

    chaired(product, lambda chair: does(chair, "stage.spotlight", hall=SHOWS))
    picture = room.locator(f'video[data-stage="{SHOWS}"]')
    expect(picture).to_be_visible()
    until(room, "document.querySelector('video[data-stage]').videoWidth > 0")
    look(room, "hall-second-stage")
    panel.get_by_label("Papan").check(force=True)
    expect(room.locator(".sboard")).to_be_visible()
    page.set_viewport_size(PHONE)
    look(page, "hall-second-panel-open")
    look(room, "hall-second-board")

    room.reload()
    expect(room.locator(".sboard")).to_be_visible()
    page.reload()
    expect(page.get_by_text("SEDANG TAMPIL", exact=True)).to_be_visible()
    expect(room.locator(".sboard")).to_be_visible()
    page.get_by_role("button", name="Layar aula").click()
    panel.get_by_role("button", name="Tutup jendela layar").click()
    expect(panel.get_by_role("button", name="Buka jendela layar")).to_be_visible()
    assert room.is_closed()
    chaired(product, lambda chair: does(chair, "stage.spotlight", hall=None))
