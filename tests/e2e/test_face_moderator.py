"""The moderator's face through its whole task: fifty-six halls on a small laptop, twelve on every size of window."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import open_page
from tests.e2e.crowd import Crowd, found_plenary, furnish
from tests.e2e.keyboard import enlarge
from tests.e2e.look import look
from tests.e2e.product import Product
from tests.e2e.steps import go_to, open_ballot, open_plenary, show

SMALL = {"width": 1366, "height": 768}
LARGE = {"width": 1920, "height": 1080}
PHONE = {"width": 390, "height": 844}
OPENING_MS = 180_000  # a page of fifty-six halls and a hundred cards, on a machine that has much else to do
# The other kelurahan of the city: with the twelve of the demonstration they are fifty-six.
MORE = (
    "Medan Satria, Harapan Mulya, Kali Baru, Bintara, Kranji, Kota Baru, Jakasampurna, Margahayu, Bekasi Jaya, "
    "Duren Jaya, Pekayon Jaya, Jakamulya, Jakasetia, Marga Jaya, Perwira, Harapan Baru, Teluk Pucung, Marga Mulya, "
    "Harapan Jaya, Jatimurni, Jatimelati, Jatiwarna, Jatibening, Jatibening Baru, Jatimakmur, Jaticempaka, Jatikramat, "
    "Jatimekar, Jatiluhur, Jatirasa, Jatisari, Jatikarya, Jatisampurna, Jatiraden, Jatirangga, Ciketing Udik, Cikiwul, "
    "Sumur Batu, Bojong Rawalumbu, Pengasinan, Sepanjang Jaya, Mustikasari, Padurenan, Cimuning"
).split(", ")
OVER = """() => {
    const page = document.documentElement;
    return [page.scrollWidth - innerWidth, page.scrollHeight - innerHeight];
}"""


@pytest.fixture
def plenary(standing: Product, tmp_path: Path) -> Iterator[Crowd]:
    with found_plenary(standing, tmp_path) as crowd:
        furnish(crowd)
        yield crowd


@pytest.fixture
def large_plenary(standing: Product, tmp_path: Path) -> Iterator[Crowd]:
    with found_plenary(standing, tmp_path, MORE) as crowd:
        furnish(crowd)
        yield crowd


def still(page: Page) -> None:
    """The page itself does not scroll, neither down nor to the side."""
    aside, down = page.evaluate(OVER)
    assert aside <= 0 and down <= 0, (aside, down)


def fits(page: Page) -> None:
    """The page may scroll down, but nothing stands out to the side."""
    aside, _ = page.evaluate(OVER)
    assert aside <= 0, aside


def opened(page: Page, halls: int) -> Page:
    """Once the session is on it."""
    expect(page.get_by_role("heading", name=f"{halls} aula")).to_be_visible(timeout=OPENING_MS)
    return page


def press(page: Page, key: str) -> None:
    """A key, once what was asked for before it is answered: until then a second press does nothing."""
    expect(page.locator('[aria-busy="true"]')).to_have_count(0)
    page.keyboard.press(key)


def asked(page: Page, name: str) -> Locator:
    dialog = page.get_by_role("dialog", name=name)
    expect(dialog).to_be_visible()
    return dialog


def in_sight(page: Page, what: str) -> None:
    """None of them is cut off by what it lies in: the whole of it is seen without scrolling."""
    expect(page.locator(what)).not_to_have_count(0)
    cut = page.evaluate(
        """(what) => [...document.querySelectorAll(what)].filter((one) => {
            const box = one.getBoundingClientRect();
            for (let around = one.parentElement; around; around = around.parentElement) {
                if (getComputedStyle(around).overflowY === 'visible') continue;
                const edge = around.getBoundingClientRect();
                if (box.bottom > edge.bottom + 1 || box.right > edge.right + 1 || box.top < edge.top - 1) return true;
            }
            return box.bottom > innerHeight || box.right > innerWidth;
        }).map((one) => one.innerText)""",
        what,
    )
    assert not cut, cut


def open_the_session(page: Page) -> None:
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
    in_sight(page, ".halls > li")
    in_sight(page, ".turn .btn")
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
    page.locator(".pcard__open").first.click()
    details = page.get_by_role("complementary")
    expect(details.get_by_role("heading", level=2)).to_be_focused()
    columns = page.locator(".column__scroll").first
    assert columns.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0, "cards are wider than their column"
    look(page, "moderator-board-details")
    page.keyboard.press("Escape")
    expect(details).to_be_hidden()
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
    still(page)
    look(page, "moderator-board-map")
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
    question = asked(page, "Buka pemungutan suara?")
    in_sight(page, ".dialog__facts dd .status")
    question.get_by_role("button", name="Buka suara").click()
    expect(page.get_by_text("dari 3 pemilih")).to_be_visible()
    ballot = plenary.open_ballot()
    plenary.votes("Ketua RW 07", ballot, "yes")
    plenary.votes("Wakil penyandang disabilitas", ballot, "yes")
    expect(page.locator(".bcount")).to_contain_text("2")
    still(page)
    look(page, "moderator-ballot-open")
    page.get_by_role("button", name="Tutup suara").click()
    asked(page, "Tutup suara dan tetapkan hasil?").get_by_role("button", name="Tutup dan tetapkan").click()
    expect(page.get_by_role("region", name=title, exact=True).get_by_role("table")).to_be_visible()
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
    page.keyboard.press("2")
    expect(page.locator(".pcard").first).to_be_visible()
    still(page)
    look(page, "moderator-dark-board")


def a_hall_is_cut(page: Page, plenary: Crowd) -> None:
    """It is named where the moderator looks, it is announced, and it is called back the same way."""
    halls = page.locator(".zone-halls")
    expect(halls.get_by_text(re.compile("^12 belum mengirim: mungkin masih memeriksa"))).to_be_visible()
    plenary.leaves("hall", hall="jatiasih")
    expect(halls.get_by_text("1 terputus: Jatiasih")).to_be_visible()
    expect(page.get_by_text("1 dari 12 aula terputus")).to_be_visible()
    expect(page.locator("p[aria-live]")).to_contain_text("Aula Jatiasih terputus.")


def declare_the_quorum(page: Page) -> None:
    """Too few are here: it is said, and the session waits as long as the rules let it."""
    page.get_by_role("button", name=re.compile("^Hadir")).click()
    people = asked(page, "Kehadiran dan kuorum")
    people.get_by_role("button", name="Nyatakan kuorum").click()
    expect(people.get_by_text("kuorum belum tercapai")).to_be_visible()
    look(page, "moderator-quorum")
    people.get_by_role("button", name="Tunggu", exact=True).click()
    asked(page, "Tunggu sampai kuorum?").get_by_role("button", name="Tunggu", exact=True).click()
    expect(people.get_by_text("menunggu kuorum")).to_be_visible()
    people.get_by_role("button", name="Tutup").click()
    expect(page.get_by_role("button", name=re.compile("menunggu kuorum"))).to_be_visible()


def choose_scenes(page: Page) -> None:
    screen = page.get_by_role("region", name="Layar besar")
    for scene, said in (
        ("Panggung", "Panggung"),
        ("Acara", "Susunan acara"),
        ("QR", "QR untuk ikut"),
        ("Aula", "Semua aula"),
    ):
        show(page, scene)
        expect(screen.locator(".status").first).to_have_text(said)
    signer = screen.get_by_role("combobox", name="Juru bahasa isyarat")
    signer.fill("bintara")
    look(page, "moderator-interpreter")
    page.get_by_role("option", name="Bintara Jaya").click()
    expect(signer).to_have_value("Bintara Jaya")


def show_slides(page: Page, folder: Path) -> None:
    """A file of two pages comes in, is shown, and is turned by key."""
    leaves = [Image.new("RGB", (640, 360), colour) for colour in ("white", "beige")]
    leaves[0].save(folder / "Paparan Bappeda.pdf", save_all=True, append_images=leaves[1:])
    page.get_by_role("button", name="Paparan", exact=True).click()
    slides = asked(page, "Paparan")
    slides.get_by_label(re.compile("^Berkas PDF")).set_input_files(folder / "Paparan Bappeda.pdf")
    slides.get_by_role("button", name="Unggah", exact=True).click()
    expect(slides.get_by_text("Paparan Bappeda masuk: 2 halaman.")).to_be_visible(timeout=OPENING_MS)
    slides.get_by_role("button", name=re.compile("^Tampilkan")).click()
    expect(slides.get_by_role("region", name=re.compile("^Halaman 1 dari 2"))).to_be_visible()
    look(page, "moderator-slides")
    slides.get_by_role("button", name="Tutup").click()
    pager = page.get_by_role("group", name="Paparan")
    expect(pager).to_contain_text("1/2")
    press(page, "PageDown")
    expect(pager).to_contain_text("2/2")


def close_with_nobody(page: Page) -> None:
    """A ballot in which nobody voted says so, and elects nobody."""
    expect(page.get_by_text("dari 3 pemilih")).to_be_visible()
    fits(page)
    look(page, "moderator-ballot-open")
    page.get_by_role("button", name="Tutup suara").click()
    asked(page, "Tutup suara dan tetapkan hasil?").get_by_role("button", name="Tutup dan tetapkan").click()
    expect(page.get_by_text(re.compile("^0 dari 3 pemilih memberikan suara"))).to_be_visible()
    fits(page)
    look(page, "moderator-ballot-nobody")


def every_part(page: Page, name: str) -> None:
    """The three parts one after the other, in the window as it is; nothing stands out to the side."""
    for part in ("Sidang", "Papan", "Pemungutan suara"):
        tab = page.get_by_role("tab", name=part)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        fits(page)
        look(page, f"moderator-{name}-{part.split()[-1].lower()}")


def turn_comes_first(page: Page) -> None:
    """Whose turn, its clock and the next step are in the window before anything is scrolled."""
    expect(page.locator(".turn .clock")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name=re.compile("^Lanjut"))).to_be_in_viewport(ratio=1)


def on_a_phone(page: Page) -> None:
    turn_comes_first(page)
    head = page.locator(".turn").bounding_box()
    assert head and head["y"] < 230, head  # of 844: the rest is for what is done
    page.get_by_role("button", name="Lainnya").click()
    page.get_by_role("menuitem", name="Berita Acara").click()
    asked(page, "Berita Acara").get_by_role("button", name="Tutup").click()
    every_part(page, "phone")
    page.get_by_role("tab", name="Papan").click()
    page.get_by_role("radio", name="Tabel").click(force=True)
    expect(page.locator("tr[data-card]").first).to_be_visible()
    fits(page)
    page.locator("tr[data-card] .pcard__open").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look(page, "moderator-phone-details")
    page.get_by_role("dialog").get_by_role("button", name="Tutup").click()


@pytest.mark.faces
@pytest.mark.timeout(900)
def test_a_plenary_of_fifty_six_halls_from_the_rundown_to_the_record(
    large_plenary: Crowd, launch: Callable[..., Browser]
) -> None:
    page = opened(open_page(launch(), large_plenary.link("moderator"), **SMALL), 56)
    open_the_session(page)
    run_the_rundown(page)
    give_the_floor(page, large_plenary)
    move_a_card(page)
    triage_the_board(page)
    vote_and_declare(page, large_plenary, "Saluran Gg. Mawar didahulukan?")
    read_the_record(page)
    in_the_dark(page)


@pytest.mark.faces
@pytest.mark.timeout(900)
def test_twelve_halls_one_of_them_cut_on_every_size_of_window(
    plenary: Crowd, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    browser = launch()
    for card in plenary.cards:
        if card["role"] == "hall":
            plenary.arrives("hall", hall=card["hall"])
    page = opened(open_page(browser, plenary.link("moderator"), **SMALL), 12)
    open_plenary(page)
    a_hall_is_cut(page, plenary)
    declare_the_quorum(page)
    choose_scenes(page)
    show_slides(page, tmp_path)
    plenary.does("hall", "floor.request", of={"hall": "pejuang"}, note="Genangan di Gg. Mawar")
    plenary.does("hall", "floor.request", of={"hall": "aren-jaya"})
    expect(page.locator(".queue__item")).to_have_count(2)
    press(page, "g")
    expect(page.get_by_role("region", name="Pejuang").get_by_role("timer")).to_be_visible()
    still(page)
    in_sight(page, ".turn .btn")
    in_sight(page, ".halls > li")
    every_part(page, "twelve")
    page.set_viewport_size(LARGE)
    every_part(page, "twelve")
    open_ballot(page, lambda at, name: look(at, name))
    close_with_nobody(page)
    page.set_viewport_size(SMALL)
    enlarge(page)
    page.reload()
    expect(page.get_by_role("tab", name="Pemungutan suara")).to_have_attribute("aria-selected", "true")
    go_to(page, "Sidang")
    turn_comes_first(opened(page, 12))
    every_part(page, "text-200")
    on_a_phone(opened(open_page(browser, plenary.link("moderator", label="Moderator 2"), phone=True, **PHONE), 12))
