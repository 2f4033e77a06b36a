"""The secretariat from logging in to cards on paper: a plenary founded, filled from lists, printed, accounts, trail."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pyotp
import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect

from server.interchange.sheets import read, xlsx_of
from tests.documents.test_cards import codes
from tests.documents.test_pdf import poppler
from tests.e2e.conftest import open_page
from tests.e2e.look import look
from tests.e2e.product import ROOT, Product

PASSWORD = "kucing tidur di pagar rumah"
TITLE = "Musrenbang Kota 2027"
HALLS = "Kode;Kelurahan;Kecamatan\n32.75.01;Pejuang;Medansatria\n32.75.02;Jatiasih;Jatiasih\n"
PEOPLE = "Aula;Jabatan;RW;Hak suara;Nama\nPejuang;Ketua RW 14;14;ya;\nPejuang;Forum Anak;;tidak;\n{hall};LPM;;ya;\n"
MANY = "Aula;Jabatan;RW;Hak suara;Nama\n" + "".join(f"Jatiasih;Ketua RW {n:03d};{n};ya;\n" for n in range(1, 121))
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
PARTS = (
    "Sidang",
    "Susunan acara",
    "Aula",
    "Kursi dan kartu",
    "Usulan",
    "Periksa dan buka",
    "Jejak audit",
    "Data orang",
)


def staff(product: Product, login: str) -> None:
    command = [sys.executable, "-m", "server", "accounts", "--data", str(product.data)]
    command += ["add", login, "--name", "Sekretariat", "--admin"]
    subprocess.run(command, input=PASSWORD.encode(), cwd=ROOT, env=dict(os.environ), check=True, capture_output=True)


def named(page: Page | Locator, verb: str, of: str) -> Locator:
    """A button whose last words are for the ear alone."""
    return page.get_by_role("button", name=re.compile(rf"^{verb}\s*: {of}"))


def log_in(page: Page, login: str) -> None:
    """The first time: an admin has to enrol a telephone."""
    page.get_by_label("Nama akun", exact=True).fill(login)
    page.get_by_label("Sandi", exact=True).fill("bukan sandi yang benar")
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "admin-log-in-refused")
    page.get_by_label("Sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    page.get_by_label("Sandi Anda sekarang").fill(PASSWORD)
    page.get_by_role("button", name="Lanjut").click()
    secret = page.locator(".masuk__key").inner_text().replace(" ", "")
    look(page, "admin-telephone", whole=True)
    page.get_by_label("2. Ketik kode enam angka").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Selesai").click()
    page.get_by_role("button", name="Sudah saya catat").click()


def bring(page: Page, part: str, text: str | bytes, name: str = "daftar.csv") -> None:
    body = text.encode() if isinstance(text, str) else text
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": body}
    page.get_by_label(re.compile(rf"^Berkas .*: {part}$")).set_input_files(file)


def step(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Langkah menyiapkan sidang").get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", level=2, name=name, exact=True)).to_be_focused()


def found(page: Page) -> None:
    page.get_by_role("button", name="Buat sidang dari templat").click()
    page.get_by_role("radio", name="Bekasi").check()
    page.get_by_label("Nama sidang", exact=True).fill(TITLE)
    page.get_by_label("Tempat", exact=True).fill("Balai Kota")
    page.get_by_label("Tanggal", exact=True).fill("2027-03-15")
    look(page, "admin-found", whole=True)
    page.get_by_role("button", name="Buat sidang", exact=True).click()
    expect(page.get_by_text(f"Sidang “{TITLE}” sudah dibuat")).to_be_visible()


def keep_accounts(page: Page) -> None:
    """Added, refused the second time, given a role, locked and let in again."""
    page.get_by_role("button", name="Kelola akun").click()
    for again in (False, True):
        page.get_by_role("button", name="Tambah akun").click()
        page.get_by_label("Nama akun", exact=True).fill("moderator.kota")
        page.get_by_label("Nama lengkap").fill("Moderator kota")
        page.get_by_label("Sandi hari pertama").fill("gunung hijau di utara")
        page.get_by_role("button", name="Tambah akun").click()
        if again:
            expect(page.get_by_role("alert")).to_be_visible()
            look(page, "admin-account-twice", whole=True)
            page.get_by_role("button", name="Batal", exact=True).click()
        else:
            expect(named(page, "Beri peran", "Moderator kota")).to_be_visible()
    named(page, "Beri peran", "Moderator kota").click()
    page.get_by_label("Sidang", exact=True).select_option(label=TITLE)
    look(page, "admin-account-role", whole=True)
    page.get_by_role("button", name="Beri peran", exact=True).click()
    expect(page.get_by_text(f"Moderator: {TITLE}").first).to_be_visible()
    named(page, "Sandi baru", "Moderator kota").click()
    page.get_by_label("Sandi hari pertama").fill("lekas")
    page.get_by_role("button", name="Sandi baru", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    look(page, "admin-account-password", whole=True)
    page.get_by_label("Sandi hari pertama").fill("sawah luas di selatan")
    page.get_by_role("button", name="Sandi baru", exact=True).click()
    expect(page.get_by_text("Tersimpan")).to_be_visible()
    named(page, "Kunci", "Moderator kota").click()
    look(page, "admin-account-lock")
    page.get_by_role("dialog").get_by_role("button", name="Kunci").click()
    named(page, "Buka kunci", "Moderator kota").click()
    expect(named(page, "Kunci", "Moderator kota")).to_be_visible()
    page.set_viewport_size(PHONE)
    look(page, "admin-accounts", whole=True)
    page.set_viewport_size(LAPTOP)
    look(page, "admin-accounts", whole=True)


def fill(page: Page) -> None:
    """Halls and seats from lists, with what people get wrong."""
    step(page, "Aula")
    look(page, "admin-empty")
    bring(page, "Impor aula", "Apa;Warna\nPejuang;hijau\n")
    expect(page.get_by_role("alert").or_(page.get_by_text("perlu diperbaiki"))).to_be_visible()
    look(page, "admin-wrong-columns", whole=True)
    bring(page, "Impor aula", HALLS)
    page.get_by_role("button", name="Simpan 2 baris").click()
    expect(page.get_by_role("row", name="Jatiasih")).to_be_visible()
    look(page, "admin-halls")
    step(page, "Kursi dan kartu")
    bring(page, "Impor kursi dan orang", PEOPLE.format(hall="Jatiasi"))
    expect(page.get_by_text("1 baris perlu diperbaiki. Belum ada yang disimpan.")).to_be_visible()
    expect(page.get_by_text("Sel A4")).to_be_visible()
    look(page, "admin-wrong-row", whole=True)
    with page.expect_download() as marked:
        page.get_by_role("button", name="Unduh daftar bertanda").click()
    corrected = marked.value.path().read_text(encoding="utf-8-sig").replace("Jatiasi;", "Jatiasih;")
    bring(page, "Impor kursi dan orang", corrected)
    page.get_by_role("button", name="Simpan 3 baris").click()
    expect(page.get_by_text("Tersimpan: 3 baru")).to_be_visible()


def correct(page: Page) -> None:
    """What is there is downloaded and brought again with a formula that went wrong, and then without it."""
    with page.expect_download() as there:
        page.get_by_role("button", name="Unduh daftar 3 kursi (XLSX)").click()
    (sheet,) = read(there.value.path().read_bytes())
    (row,) = (one for one in sheet.rows if one[2] == "Forum Anak")
    wrong, right = (
        ("wrong", "#REF!", "1 baris perlu diperbaiki."),
        ("right", "Ketua forum", "Semua baris baik: 0 baru, 3 sudah"),
    )
    for which, name, verdict in (wrong, right):
        row[4], row[6] = "ya", name
        bring(page, "Impor kursi dan orang", xlsx_of(sheet.name, sheet.rows), "orang.xlsx")
        expect(page.get_by_text(verdict)).to_be_visible()
        look(page, f"admin-corrected-{which}", whole=True)
    expect(page.get_by_text("Di antaranya 1 kursi yang sudah ada diubah")).to_be_visible()
    page.get_by_role("button", name="Simpan 3 baris").click()
    expect(page.get_by_text("Tersimpan: 0 baru, 3 sudah ada.")).to_be_visible()


def print_cards(page: Page, url: str) -> None:
    expect(page.get_by_text("5 kartu belum dicetak, 0 sudah")).to_be_visible()
    look(page, "admin-cards")
    page.get_by_role("button", name="Perbesar").click()
    look(page, "admin-sheet")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Cetak 5 kartu").click()
    expect(page.get_by_text("5 kartu siap dicetak")).to_be_visible()
    expect(page.get_by_text("0 kartu belum dicetak, 5 sudah")).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("button", name="Pejuang (3 kartu)").click()
    words = poppler("pdftotext", paper.value.path().read_bytes(), "-raw")
    assert all(one in words for one in ("Ketua RW 14", "Forum Anak", "Aula Pejuang", "15 Maret 2027"))
    hall, seat, _ = codes(paper.value.path().read_bytes(), 3)
    assert hall.startswith(f"{url}/hall#") and seat.startswith(f"{url}/participant#")
    look(page, "admin-printed")
    page.get_by_role("button", name="Cetak ulang 5 kartu").click()
    look(page, "admin-print-again")
    page.get_by_role("dialog").get_by_role("button", name="Kembali").click()


def stop_a_print(page: Page) -> None:
    """A large one: its progress is seen, and what was issued when it was stopped is there to be fetched."""
    bring(page, "Impor kursi dan orang", MANY)
    page.get_by_role("button", name="Simpan 120 baris").click()
    expect(page.get_by_text("120 kartu belum dicetak, 5 sudah")).to_be_visible()
    page.get_by_role("button", name="Cetak 120 kartu").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    look(page, "admin-printing")
    expect(page.get_by_text("120 kartu siap dicetak")).to_be_visible()
    page.get_by_role("button", name="Cetak ulang 125 kartu").click()
    page.get_by_role("dialog").get_by_role("button", name="Cetak ulang").click()
    page.get_by_role("button", name="Hentikan").click()
    stopped = page.get_by_text(re.compile(r"^Dihentikan: \d+ dari 125 kartu"))
    expect(stopped.or_(page.get_by_text("125 kartu siap dicetak"))).to_be_visible()  # a quick machine is done by then
    look(page, "admin-stopped")
    page.reload()
    expect(page.get_by_text("sebelum halaman dimuat ulang")).to_be_visible()
    expect(stopped.or_(page.get_by_text("125 kartu siap dicetak"))).to_be_visible()
    with page.expect_download() as paper:
        page.get_by_role("button", name=re.compile(r"^Pejuang \(\d+ kartu\)")).click()
    assert codes(paper.value.path().read_bytes(), 1)[0].startswith(page.url.split("/admin")[0])


def search_the_trail(page: Page) -> None:
    step(page, "Jejak audit")
    page.get_by_label("Cari dalam jejak").fill("pass.issue")
    page.get_by_role("button", name="Cari", exact=True).click()
    expect(page.get_by_text(re.compile(r"^\d+ catatan memuat “pass\.issue”\."))).to_be_visible()
    rows = page.get_by_role("table").get_by_role("row", name="pass.issue").count()
    told = re.compile(r"Kartu diterbitkan.*Ketua RW \d+ · (Pejuang|Jatiasih)")
    expect(page.get_by_role("row", name=told).first).to_be_visible()
    look(page, "admin-trail")
    with page.expect_download() as trail:
        page.get_by_role("button", name="Unduh CSV").click()
    assert trail.value.path().read_text(encoding="utf-8-sig").count("pass.issue") == rows > 0
    page.get_by_label("Cari dalam jejak").fill("tidak.pernah")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tidak ada catatan yang memuat “tidak.pernah”.")).to_be_visible()


@pytest.mark.faces
@pytest.mark.timeout(420)
def test_a_secretariat_prepares_a_plenary_from_a_template_to_its_cards(
    standing: Product, launch: Callable[..., Browser]
) -> None:
    staff(standing, "sekretariat")
    page = open_page(launch(), f"{standing.url}/masuk", **LAPTOP)
    look(page, "admin-log-in")
    log_in(page, "sekretariat")
    found(page)
    keep_accounts(page)
    named(page, "Buka sebagai sekretariat", TITLE).click()
    expect(page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    fill(page)
    correct(page)
    print_cards(page, standing.url)
    stop_a_print(page)
    search_the_trail(page)
    for size in (LAPTOP, PHONE):
        page.set_viewport_size(size)
        for number, part in enumerate(PARTS, 1):
            step(page, part)
            wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{part} hangs {wide} px over the edge at {size['width']} px"
            look(page, f"admin-part-{number}", whole=True)
    page.reload()
    fold = page.get_by_role("button", name="Tutup pratinjau kartu")  # open: a print was found again
    expect(fold).to_have_attribute("aria-expanded", "true")
    step_now = page.locator(".asteps [aria-current]")
    assert step_now.evaluate("one => one.getBoundingClientRect().right <= innerWidth"), "where one is stands in sight"
    fold.click()
    page.get_by_role("button", name="Lihat dan cetak kartu").click()
    expect(page.get_by_role("button", name=re.compile("^Cetak"))).not_to_have_count(0)
    look(page, "admin-preview", whole=True)
