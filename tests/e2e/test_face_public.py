"""The public face: what anybody sees of a plenary, live and on pages without scripts, on a map and on paper."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import SCREENSHOTS, open_page
from tests.e2e.look import look
from tests.e2e.people import does, joined, open_session
from tests.e2e.product import Product

SESSION = "bekasi-2018"
SIZES = ((320, 640), (390, 844), (1366, 768))
TITLE = "Tiga usulan paling mendesak"
REASON = "Saluran melintasi tanah yang masih dalam gugatan."


@dataclass(frozen=True, slots=True)
class Told:
    """What happened before anybody looks. code: of the receipt of a vote that was counted."""

    agreed: str
    refused: str
    code: str


async def decide(product: Product) -> Told:
    """One proposal is agreed to, one turned down, one put back; a secret ballot ends, and a budget one begins."""
    board = product.get(f"/api/public/{SESSION}/snapshot")["changes"]
    cards = [change for change in board if change["kind"] == "proposal" and change["fields"]["hall"] == "aren-jaya"]
    agreed, refused, reserve, other = (card["id"] for card in cards[:4])
    versions = {card["id"]: card["fields"]["version"] for card in cards}
    code = secrets.token_hex(16)
    async with joined(product, role="moderator") as chair, joined(product, seat="pejuang-rw-02") as voter:
        await open_session(chair)
        no = {"decision": "REJECTED", "reason_code": "LAND_DISPUTE", "reason": REASON}
        await does(chair, "proposal.decide", proposal=refused, base=versions[refused], **no)
        await does(chair, "proposal.decide", proposal=agreed, base=versions[agreed], decision="ACCEPTED")
        move = {"base": versions[reserve], "status": "RESERVE", "before": None}
        await does(chair, "proposal.move", proposal=reserve, **move)
        ask = {"title": TITLE, "options": [{"id": agreed, "label": "Turap kali"}, {"id": other, "label": "Posyandu"}]}
        ballot = (await does(chair, "ballot.open", **ask, choose_max=2, secrecy="secret"))["ballot"]
        vote = {"ballot": ballot, "choices": [agreed], "key": secrets.token_hex(8), "tracker": code}
        assert (await voter.call("vote", vote))["ok"]
        await does(chair, "ballot.close", ballot=ballot)
    return Told(agreed, refused, code)


@pytest.fixture(scope="module")
def told(standing: Product) -> Told:
    return asyncio.run(decide(standing))


def without_scripts(browser: Browser, url: str, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=False, locale="id-ID"
    )
    page = context.new_page()
    page.goto(url)
    return page


def fits(page: Page) -> None:
    """Nothing has to be moved sideways. Asked of the browser itself, which runs no script of the page."""
    metrics = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")
    assert metrics["cssContentSize"]["width"] <= metrics["cssLayoutViewport"]["clientWidth"], page.url


def seen(page: Page, name: str) -> None:
    """A picture of the whole page, where axe cannot run for want of scripts."""
    size = page.viewport_size or {"width": 0, "height": 0}
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{size['width']}x{size['height']}.png", full_page=True)
    fits(page)


def test_results_fates_and_receipts_are_read_without_scripts(
    standing: Product, told: Told, launch: Callable[..., Browser]
) -> None:
    browser = launch()
    for width, height in SIZES:
        page = without_scripts(browser, f"{standing.url}/public/{SESSION}", width, height)
        expect(page).to_have_url(f"{standing.url}/public/{SESSION}/hasil")
        result = page.get_by_role("article").filter(has_text=TITLE)
        expect(result.get_by_text("1 suara dari 240 pemilih, 0 kosong")).to_be_visible()
        expect(page.get_by_role("heading", name="Tidak disepakati, dengan alasan")).to_be_visible()
        seen(page, "public-plain-results")

        page.get_by_role("link", name="Nasib usulan", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Nasib usulan")).to_be_visible()
        page.get_by_label("Nasib").select_option("Tidak disepakati")
        page.get_by_role("button", name="Tampilkan").click()
        card = page.get_by_role("listitem").filter(has_text=REASON)
        expect(card).to_contain_text("Alasan: Lahan sengketa")
        seen(page, "public-plain-fates")
        card.get_by_role("link").click()
        expect(page.get_by_role("heading", name="Nasib saat ini Tidak disepakati")).to_be_visible()
        expect(page.get_by_text(REASON).first).to_be_visible()
        seen(page, "public-plain-proposal-refused")
        page.goto(f"{standing.url}/public/{SESSION}/usulan/{told.agreed}")
        expect(page.get_by_role("heading", name="Nasib saat ini Disepakati")).to_be_visible()
        seen(page, "public-plain-proposal-agreed")

        page.get_by_role("link", name="Periksa tanda terima").click()
        page.get_by_label("Kode dari ponsel Anda").fill(told.code[:12].upper())
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_role("status")).to_contain_text("Suara itu ikut dihitung.")
        assert told.code[:12] not in page.url.lower()
        seen(page, "public-plain-receipt")
        page.context.close()


@pytest.mark.faces
def test_the_pages_are_accessible_speak_english_and_print(
    standing: Product, told: Told, launch: Callable[..., Browser]
) -> None:
    browser = launch()
    proposal = f"usulan/{told.refused}"
    pages = {"results": "hasil", "fates": "usulan", "proposal": proposal, "receipt": "periksa"}
    for width, height in (SIZES[0], SIZES[-1]):
        page = open_page(browser, f"{standing.url}/public/{SESSION}/hasil?lang=en", width=width, height=height)
        expect(page.get_by_role("heading", name="Results of ballots")).to_be_visible()
        if width == 320:
            pages |= {"error": "usulan/tidak-ada", "none": "usulan?q=tidak+ada"}
        for name, path in pages.items():
            page.goto(f"{standing.url}/public/{SESSION}/{path}{'&' if '?' in path else '?'}lang=en")
            expect(page.locator("html")).to_have_attribute("lang", "en")
            look(page, f"public-page-{name}", whole=True)
            fits(page)
    for name, path in (("agreed", f"usulan/{told.agreed}"), ("refused", proposal), ("results", "hasil")):
        page.goto(f"{standing.url}/public/{SESSION}/{path}?lang=id")
        for media in ("screen", "print"):
            page.emulate_media(media=media)  # type: ignore[arg-type]
        expect(page.get_by_role("navigation")).to_be_hidden()
        expect(page.get_by_role("button")).to_be_hidden()
        look(page, f"public-print-{name}", whole=True)


@pytest.mark.faces
def test_the_live_page_shows_what_runs_the_map_and_a_receipt(
    standing: Product, told: Told, launch: Callable[..., Browser]
) -> None:
    browser = launch()
    for width, height in SIZES:
        page = open_page(browser, f"{standing.url}/public/{SESSION}", width=width, height=height, phone=width < 400)
        expect(page.get_by_text("Sidang sedang berlangsung")).to_be_visible()
        expect(page.get_by_role("article").filter(has_text=TITLE).first).to_contain_text("Turap kali")
        look(page, "public-live", whole=True)

        page.get_by_role("button", name="Buka peta").click()
        expect(page.locator(".mapgroup").first).to_be_visible()
        page.locator("#peta").scroll_into_view_if_needed()
        look(page, "public-map")
        area = page.get_by_role("button", expanded=False).filter(has=page.locator(".pmap__tally")).first
        area.focus()
        page.keyboard.press("Enter")
        row = page.locator(".pmap__row").first
        row.focus()
        page.keyboard.press("Enter")
        expect(row).to_have_attribute("aria-pressed", "true")
        expect(page.locator(".mapmark[data-chosen]")).to_be_attached()
        expect(page.get_by_role("link", name="Halaman usulan ini")).to_be_visible()
        look(page, "public-map-chosen")

        page.get_by_label("Kode dari ponsel Anda").fill(told.code)
        page.get_by_role("button", name="Periksa").click()
        expect(page.get_by_text("Suara itu ikut dihitung.").last).to_be_visible()
        look(page, "public-live-receipt")
        fits(page)
        page.context.close()
