"""The agency's desk through its whole task: answer, refusal, another's case, scores, and nothing left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from server.demo import bekasi
from tests.e2e.conftest import open_page
from tests.e2e.crowd import Crowd, found_plenary, furnish, operate
from tests.e2e.look import look
from tests.e2e.product import Product

OPENING_MS = 180_000
CHAIR = {"label": "Moderator 1"}


@pytest.fixture
def plenary(standing: Product, tmp_path: Path) -> Iterator[Crowd]:
    with found_plenary(standing, tmp_path) as crowd:
        furnish(crowd)
        crowd.does("moderator", "session.open", of=CHAIR)
        yield crowd


@pytest.fixture
def link(standing: Product, plenary: Crowd) -> str:
    """Of a card for one agency, as the secretariat issues it."""
    issued = operate(standing, "passes", "--session", plenary.session, "issue", "agency", "--agency", bekasi.AGENCY)
    return f"{plenary.url}/{issued.split()[1].rsplit('/', 1)[1]}"


def desk(browser: Browser, url: str, *, width: int, height: int, phone: bool = False) -> Page:
    page = open_page(browser, url, width=width, height=height, phone=phone)
    expect(titles(page).first).to_be_visible(timeout=OPENING_MS)
    fits(page)
    return page


def titles(page: Page) -> Locator:
    return page.locator(".desk__scroll .pcard__open")


def fits(page: Page) -> None:
    over = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, over


def open_case(page: Page, place: int) -> str:
    """The id of the proposal that is opened."""
    card = page.locator(".desk__scroll .pcard").nth(place)
    proposal = str(card.get_attribute("data-proposal"))
    title = card.locator(".pcard__open")
    wanted = title.inner_text()
    title.click()
    expect(page.get_by_role("heading", level=2, name=wanted)).to_be_visible()
    return proposal


def answer(page: Page) -> None:
    """What is not feasible needs its reason before it can be sent."""
    form = page.get_by_role("form", name="Jawaban Anda")
    form.get_by_label("Survei", exact=True).select_option("SUDAH")
    form.get_by_label("Tanggal survei").fill("2018-01-18")
    form.get_by_label("Perkiraan biaya (rupiah)").fill("98.000.000")
    form.get_by_role("radio", name="Tidak layak").check(force=True)
    expect(form.get_by_role("status").filter(has_text="alasan")).to_be_visible()
    form.get_by_label("Jenis alasan").select_option("LAND_DISPUTE")
    form.get_by_label("Mengapa tidak layak").fill("Batas lahan belum disepakati warga")
    look(page, "agency-answer")
    form.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Jawaban tersimpan dan terlihat di papan.")).to_be_visible()


def be_refused(page: Page, plenary: Crowd) -> None:
    """Somebody was faster: what was typed stays, and a second try on what is there now is taken."""
    proposal = open_case(page, 0)
    form = page.get_by_role("form", name="Jawaban Anda")
    form.get_by_label("Catatan untuk forum").fill("Perlu izin balai sungai")
    base = plenary.version(proposal)
    plenary.does("moderator", "proposal.move", of=CHAIR, proposal=proposal, base=base, status="DISCUSSED", before=None)
    expect(page.locator(".case").get_by_text(re.compile("Dibahas")).first).to_be_visible()
    form.get_by_role("button", name="Kirim jawaban").click()
    expect(form.get_by_role("alert")).to_contain_text("baru saja diubah orang lain")
    expect(form.get_by_label("Catatan untuk forum")).to_have_value("Perlu izin balai sungai")
    look(page, "agency-refused")
    form.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_text("Jawaban tersimpan dan terlihat di papan.")).to_be_visible()


def reroute(page: Page) -> None:
    open_case(page, 0)
    page.get_by_role("button", name="Alihkan…").click()
    dialog = page.get_by_role("dialog", name="Alihkan ke perangkat daerah lain?")
    dialog.get_by_label("Perangkat daerah tujuan").fill("Dinas Perumahan dan Permukiman")
    dialog.get_by_label("Alasan").fill("Aset perumahan, bukan jalan umum")
    look(page, "agency-reroute")
    dialog.get_by_role("button", name="Alihkan", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Usulan ini ada pada perangkat daerah lain")).to_be_visible()
    look(page, "agency-elsewhere")


def score(page: Page, plenary: Crowd) -> None:
    """A scoring opens while the desk is open: it is said at once, and one sheet is filled in."""
    cards = page.locator(".desk__scroll .pcard")
    proposals = [str(cards.nth(place).get_attribute("data-proposal")) for place in range(2)]
    wanted = {"proposals": proposals, "scorers": [], "title": "Penilaian usulan fisik", "seconds": 3600}
    plenary.does("moderator", "scoring.open", of=CHAIR, **wanted)
    page.get_by_role("button", name="Isi penilaian").click()
    expect(cards).to_have_count(2)
    open_case(page, 0)
    form = page.get_by_role("form", name="Penilaian Anda")
    for asked in form.get_by_role("group").all():
        if asked.get_by_role("radio").count() > 0:
            asked.get_by_role("radio").last.check(force=True)
        else:
            asked.get_by_role("spinbutton").fill("4")
    look(page, "agency-score")
    form.get_by_role("button", name="Simpan nilai").click()
    expect(form.get_by_text("Nilai tersimpan.")).to_be_visible()


def has_scored(page: Page) -> None:
    expect(page.get_by_role("radio", name=re.compile(r"^Dinilai \(1 dari 2\)"))).to_be_checked()


def find_nothing(page: Page) -> None:
    page.get_by_role("searchbox").fill("tidak ada yang begini")
    expect(page.get_by_text("Tidak ada yang cocok.")).to_be_visible()
    look(page, "agency-nothing")
    page.get_by_role("button", name="Hapus saringan").click()
    expect(titles(page).first).to_be_visible()


@pytest.mark.faces
@pytest.mark.timeout(600)
def test_an_agency_answers_passes_on_and_scores_what_waits_with_it(
    plenary: Crowd, link: str, launch: Callable[..., Browser]
) -> None:
    page = desk(launch(), link, width=1366, height=768)
    look(page, "agency-waiting")
    waiting = page.get_by_role("radio", name=re.compile("^Belum dijawab"))
    before = titles(page).first.inner_text()
    open_case(page, 0)
    answer(page)
    expect(titles(page).first).not_to_have_text(before)
    expect(waiting).to_be_checked()
    be_refused(page, plenary)
    reroute(page)
    find_nothing(page)
    score(page, plenary)
    has_scored(page)


@pytest.mark.faces
@pytest.mark.timeout(600)
def test_on_a_phone_the_list_gives_way_to_the_case_and_comes_back(
    plenary: Crowd, link: str, launch: Callable[..., Browser]
) -> None:
    page = desk(launch(), link, width=390, height=844, phone=True)
    look(page, "agency-waiting")
    opened = titles(page).nth(2)
    wanted = opened.inner_text()
    open_case(page, 2)
    expect(titles(page).first).to_be_hidden()
    fits(page)
    wide = "all => Math.max(...all.map(one => one.getBoundingClientRect().right)) - innerWidth"
    assert page.locator(".case .input, .case .filepick").evaluate_all(wide) < 0, "no field is cut off by the edge"
    look(page, "agency-case", whole=True)
    page.get_by_role("button", name="Kembali ke daftar").click()
    expect(page.locator(".pcard__open:focus")).to_have_text(wanted)
    score(page, plenary)
    fits(page)
    page.get_by_role("button", name="Kembali ke daftar").click()
    has_scored(page)
    find_nothing(page)
