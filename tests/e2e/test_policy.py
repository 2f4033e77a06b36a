"""The pages need nothing that their Content-Security-Policy forbids: no inline style, no script, no text as markup."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.conftest import open_page
from tests.e2e.product import Product

LISTEN = """
window.__refused = [];
document.addEventListener('securitypolicyviolation', (event) => window.__refused.push(
  `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`));
"""
FACES = ("moderator", "hall", "participant", "screen", "public", "agency", "admin", "masuk", "gallery")


def listening(browser: Browser, product: Product, url: str, **headers: str) -> Page:
    page = open_page(browser, f"{product.url}/healthz", width=1366, height=768)
    page.add_init_script(LISTEN)
    page.set_extra_http_headers(headers)
    page.goto(url)
    return page


def refused(page: Page) -> Any:
    return page.evaluate("window.__refused")


def test_no_face_asks_for_what_the_policy_forbids(standing: Product, launch: Callable[..., Browser]) -> None:
    browser = launch()
    for face in FACES:
        fitting = [card for card in standing.passes() if card["face"] == face]
        page = listening(browser, standing, standing.link(face) if fitting else f"{standing.url}/{face}")
        expect(page.locator("h1, h2").first).to_be_visible()
        menus = page.locator("button[aria-haspopup]:visible")
        if menus.count():
            menus.first.click()
        page.wait_for_timeout(300)
        assert refused(page) == [], face
        page.context.close()


def test_the_page_of_a_record_and_the_first_page_are_within_theirs(
    standing: Product, launch: Callable[..., Browser]
) -> None:
    browser = launch()
    first = listening(browser, standing, standing.url)
    expect(first.get_by_role("heading", level=1)).to_be_visible()
    assert refused(first) == []
    card = next(card for card in standing.passes() if card["face"] == "moderator")
    told = first.request.post(f"{standing.url}/api/passes/exchange", data={"token": card["token"]}).json()
    record = f"{standing.url}/api/sessions/bekasi-2018/record.html"
    page = listening(browser, standing, record, authorization=f"Bearer {told['credential']}")
    assert page.locator("h1").count() >= 1
    assert refused(page) == []


def test_the_listener_hears_a_violation(standing: Product, launch: Callable[..., Browser]) -> None:
    page = listening(launch(), standing, f"{standing.url}/healthz")

    def styled(route: Route) -> None:
        real = route.fetch()
        route.fulfill(response=real, body=real.text().replace("<body>", '<body style="color: red">'))

    page.route(f"{standing.url}/", styled)
    page.goto(standing.url)
    page.evaluate("try { document.body.innerHTML = '<p>teks</p>' } catch {}")
    for _ in range(200):
        if len(refused(page)) >= 2:
            break
        page.wait_for_timeout(50)
    assert sorted(line.split()[0] for line in refused(page)) == ["require-trusted-types-for", "style-src-attr"]
