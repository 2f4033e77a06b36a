"""Browsers and the product for the end-to-end tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from playwright.sync_api import TimeoutError as NotInTime

from tests.e2e.firefox import stand_in
from tests.e2e.product import ROOT, Product
from tests.fixtures.prerequisites import require

QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
# Firefox: a camera and a microphone of its own, no question whether they may be used, and nothing that asks the network
# on its own account.
FIREFOX = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "media.gmp-manager.url": "",
    "app.normandy.enabled": False,
    "browser.region.update.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#nowhere",
    "toolkit.telemetry.enabled": False,
}
PATIENCE_MS = 30_000  # five browsers and two hundred clients share two cores
FAILED = pytest.StashKey[bool]()
SCREENSHOTS = ROOT / "artifacts" / "screenshots"


def _chromium() -> str:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    return path or require("chromium", "apt-get install chromium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remembers on the test whether it failed, so that fixtures can leave pictures of the failure."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    """Ends with its test: while it lives, its event loop runs in this thread and no asynchronous test can."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as running:
        yield running


@pytest.fixture
def launch(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """launch(camera=path.mjpeg | None, flags=()): a browser process of its own, with that as its fake camera."""
    opened: list[Browser] = []

    def start(camera: Path | None = None, flags: Sequence[str] = ()) -> Browser:
        flags = [*QUIET, *flags]
        if camera is not None:
            flags += [
                "--use-fake-ui-for-media-stream",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-video-capture={camera}",
            ]
        browser = playwright.chromium.launch(executable_path=_chromium(), headless=True, args=flags)
        opened.append(browser)
        return browser

    yield start
    for browser in opened:
        browser.close()


@pytest.fixture
def firefox(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    """Debian's own Firefox, driven by WebDriver BiDi, with a fake camera and microphone."""
    path = shutil.which("firefox-esr") or require("firefox-esr", "apt-get install firefox-esr")
    program = stand_in(tmp_path / "firefox", path)
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path=program, headless=True, firefox_user_prefs=FIREFOX
    )
    yield browser
    browser.close()


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    running = Product(tmp_path / "data folder", tmp_path / "server.log")
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """A product for all tests that neither end it nor mind what others left in it; each has passes of its own there."""
    folder = tmp_path_factory.mktemp("standing")
    running = Product(folder / "data folder", folder / "server.log")
    running.start()
    yield running
    running.stop()


def open_page(
    browser: Browser, url: str, *, width: int, height: int, phone: bool = False, first: str | None = None
) -> Page:
    """A fresh profile (own storage) with one page. first: a script that runs before those of the page."""
    chromium = browser.browser_type.name == "chromium"  # Firefox pretends no telephones; it asks nobody here
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height},
        is_mobile=phone and chromium,
        has_touch=phone and chromium,
        locale="id-ID",
        timezone_id="Asia/Jakarta",
    )
    if chromium:
        context.grant_permissions(["camera", "microphone"], origin=url.split("#")[0].rsplit("/", 1)[0])
    if first is not None:
        context.add_init_script(first)
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    return page


def shoot(page: Page, name: str, *, whole: bool = False) -> None:
    """A picture; a browser that comes to no frame on a busy machine leaves none, and fails nothing by that."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)
    except NotInTime as late:
        print(f"no picture of {name}: {late.message.splitlines()[0]}")
