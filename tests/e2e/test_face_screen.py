"""The big screen: every scene with twelve and with fifty-six halls, at 1080p and 4K, and back from every cut."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import secrets
import signal
import threading
import urllib.parse
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, expect

from server.simulate.member import Member
from tests.e2e.conftest import open_page
from tests.e2e.look import axe, look
from tests.e2e.people import joined, open_session
from tests.e2e.product import Product, Simulation
from tests.e2e.steps import until

SIZES = ((1920, 1080), (3840, 2160))
PICTURES = 4  # halls that send a picture; the others are in the state alone
SIGNER = "kayuringin-jaya"
UP_S = 180  # a busy machine starts slowly
VOTERS = ("--seats", "40", "--skip-seats", "40", "--spread", "1")
OTHERS = """Bekasi Jaya,Margahayu,Duren Jaya,Bintara,Kranji,Kota Baru,Jakasampurna,Perwira,Harapan Baru,Teluk Pucung,
Marga Mulya,Harapan Jaya,Pekayon Jaya,Marga Jaya,Jaka Mulya,Jaka Setia,Bojong Rawalumbu,Pengasinan,Sepanjang Jaya,
Medan Satria,Harapan Mulya,Kali Baru,Cikiwul,Ciketing Udik,Sumur Batu,Jatibening,Jatimakmur,Jatibening Baru,Jaticempaka,
Jatimekar,Jatikramat,Jatirasa,Jatiluhur,Jatisari,Jatisampurna,Jatikarya,Jatirangga,Jatiraden,Padurenan,Cimuning,
Mustikasari,Jatiwarna,Jatimelati,Jatimurni"""

# Whatever a person could not read from the back, or not see at all: text below 28 px of 1920 (20 in the tiles of a wall
# of 56), something that is cut off or hangs out of its place, something over the interpreter's picture.
FLAWS = """() => {
  const found = [];
  const unit = innerWidth / 1920;
  const box = (one) => one.getBoundingClientRect();
  const words = document.createTreeWalker(document.querySelector('.screen'), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const [text, one] = [words.currentNode.data.trim(), words.currentNode.parentElement];
    if (!text || one.closest('.sr, .sctl') || !one.checkVisibility()) continue;
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (size < (one.closest('[data-density=tiny]') ? 20 : 28) * unit - 0.5) found.push(`${size} px: ${text}`);
    const { left, right, top, bottom } = box(one);
    const inside = left > -1 && right < innerWidth + 1 && top > -1 && bottom < innerHeight + 1;
    if (!inside) found.push(`outside: ${text}`);
  }
  const places = '.stop, .sbody, .srail, .sfoot, .sfocus, .sask, .sopts li, .rbars, .rbar, .sagenda ol, .sway__words';
  for (const one of document.querySelectorAll(`${places}, .sslides, .sclock, .sstrip`)) {
    const [high, wide] = [one.scrollHeight - one.clientHeight, one.scrollWidth - one.clientWidth];
    if (high > 3 * unit + 1) found.push(`too high by ${high}: ${one.className}`);
    if (wide > 1) found.push(`too wide by ${wide}: ${one.className}`);
  }
  const signer = document.querySelector('.signer__pic');
  if (!signer) return found;
  const { left, top, width, height } = box(signer);
  if (width < innerWidth / 6 || height < innerHeight / 4) found.push(`a small interpreter: ${width} × ${height}`);
  const spread = [0.02, 0.25, 0.5, 0.75, 0.98];
  for (const [x, y] of spread.flatMap((x) => spread.map((y) => [left + x * width, top + y * height]))) {
    const seen = document.elementFromPoint(x, y);
    if (seen?.closest('.signer__pic') !== signer) found.push(`over the interpreter: ${seen?.className}`);
  }
  return found;
}"""
STILL = """() => !document.documentElement.matches(':active-view-transition')
  && document.getAnimations().every((one) => one.playState === 'finished')"""
FRAMES = """async () => Object.values(await window.pleno.stats())
  .reduce((sum, hall) => sum + hall.framesDecoded, 0)"""
CAPTION = "Panjang turap yang rusak menurut survei kami 32 meter, bukan 28. Kami usulkan volumenya disesuaikan."


class People:
    """Those who act meanwhile, on a loop of their own: the browser's runs in the thread of the test."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._doors = AsyncExitStack()
        self._here: dict[str, Member] = {}

    def _wait(self, running: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(running, self._loop).result(90)

    async def _member(self, wanted: dict[str, str]) -> Member:
        name = json.dumps(wanted)
        if name not in self._here:
            self._here[name] = await self._doors.enter_async_context(joined(self._product, **wanted))
        await self._here[name].live.wait()
        return self._here[name]

    def does(self, what: str, /, *, wanted: dict[str, str] | None = None, **data: Any) -> Any:
        """What came of a command, by the moderator unless somebody else is wanted."""

        async def run() -> Any:
            member = await self._member(wanted or {"role": "moderator"})
            answer = await member.call("command", {"key": secrets.token_hex(8), "name": what, "data": data})
            assert answer["ok"], (what, answer)
            return answer["result"]

        return self._wait(run())

    def open(self) -> None:
        async def run() -> None:
            await open_session(await self._member({"role": "moderator"}))

        self._wait(run())

    def see(self, kind: str) -> dict[str, Any]:
        """The entities of a kind, as the moderator sees them."""

        async def run() -> dict[str, Any]:
            chair = await self._member({"role": "moderator"})
            return {id_: dict(fields) for (found, id_), fields in chair.entities.items() if found == kind}

        return self._wait(run())

    def close(self) -> None:
        self._wait(self._doors.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Plenary:
    """A product of this file's own (it is killed), a few halls with pictures, some voters, and whoever acts."""

    def __init__(self, folder: Path) -> None:
        self.product = Product(folder / "data folder", folder / "server.log")
        self.product.start(UP_S)
        self.halls = Simulation(self.product, folder / "halls.log", ("--halls", str(PICTURES), *VOTERS))
        self.halls.start()
        self.people = People(self.product)
        self.people.open()
        self.people.does("agenda.next")

    def close(self) -> None:
        self.people.close()
        self.halls.stop()
        self.product.stop()


@pytest.fixture(scope="module")
def plenary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plenary]:
    found = Plenary(tmp_path_factory.mktemp("screen"))
    yield found
    found.close()


def screen_of(plenary: Plenary, launch: Callable[..., Browser]) -> Page:
    return open_page(launch(), plenary.product.link("screen"), width=1920, height=1080)


def shown(page: Page, scene: str) -> None:
    """The scene stands, and nothing moves any more."""
    expect(page.locator(f".screen[data-scene={scene}]")).to_be_attached()
    until(page, STILL)


def all_flow(page: Page) -> None:
    """Every hall that sends a picture shows it, and it moves."""
    expect(page.locator(".wall video[data-hall]")).to_have_count(PICTURES)
    expect(page.locator(".wall [data-late]")).to_have_count(0)


def well_laid(page: Page, name: str) -> None:
    """Nothing is cut off, covered or too small: at both sizes, and once two lines of captions take their place."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(FLAWS) == [], f"{name} at {width}×{height}"
    strip = """(text) => {
      const strip = document.createElement('p');
      strip.className = 'scaptions';
      strip.textContent = text;
      document.querySelector('.screen').append(strip);
    }"""
    page.evaluate(strip, CAPTION)
    assert page.evaluate(FLAWS) == [], f"{name} with captions"
    page.evaluate("() => document.querySelector('.scaptions').remove()")
    page.set_viewport_size({"width": 1920, "height": 1080})


def enhanced_contrast(page: Page) -> None:
    """Every text has the contrast of WCAG AAA (1.4.6)."""
    page.evaluate(axe())
    found = page.evaluate("() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast-enhanced']}})")
    assert [(node["target"], node["any"][0]["message"]) for rule in found["violations"] for node in rule["nodes"]] == []


def judge(page: Page, scene: str, name: str, *, halls: int = 12) -> None:
    shown(page, scene)
    name = f"screen-{name}-{halls}"
    well_laid(page, name)
    enhanced_contrast(page)
    look(page, name)


def at_4k(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 3840, "height": 2160})
    look(page, name)
    page.set_viewport_size({"width": 1920, "height": 1080})


def deck_of(product: Product) -> str:
    """A deck of one page, sent in as the moderator's page does."""
    page = Image.new("RGB", (1600, 900), (251, 250, 246))
    ImageDraw.Draw(page).text((120, 120), "Rancangan Renja 2024", font=ImageFont.load_default(90), fill=(16, 32, 31))
    pdf = io.BytesIO()
    page.save(pdf, "PDF")
    token = {"token": product.link("moderator").split("#")[1]}
    asked = urllib.request.Request(
        f"{product.url}/api/passes/exchange", json.dumps(token).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked) as answer:
        bearer = f"Bearer {json.load(answer)['credential']}"
    title = urllib.parse.quote("Rancangan Renja 2024")
    sent = urllib.request.Request(
        f"{product.url}/api/sessions/bekasi-2018/decks?title={title}", pdf.getvalue(), {"Authorization": bearer}
    )
    with urllib.request.urlopen(sent) as answer:
        return str(json.load(answer)["deck"])


def speak(people: People) -> None:
    """Two delegates ask for the floor, the first of them gets it."""
    asked = [
        people.does("floor.request", wanted={"seat": seat})["request"] for seat in ("pejuang-rw-07", "pejuang-rw-01")
    ]
    people.does("floor.grant", request=asked[0], minutes=3)


def vote(people: People, proposals: list[str], choose: int, title: str) -> str:
    asked = {"title": title, "proposals": proposals, "choose_max": choose, "secrecy": "secret", "seconds": 600}
    return str(people.does("ballot.open", **asked)["ballot"])


def first_proposals(people: People, most: int) -> list[str]:
    return sorted(people.see("proposal"))[:most]


@pytest.mark.faces
@pytest.mark.timeout(240)
def test_every_scene_reads_from_the_back_row_with_twelve_halls(
    plenary: Plenary, launch: Callable[..., Browser]
) -> None:
    people, page = plenary.people, screen_of(plenary, launch)
    all_flow(page)
    judge(page, "wall", "wall")

    people.does("stage.interpreter", hall=SIGNER)
    signer = page.get_by_role("complementary", name="Juru bahasa isyarat")
    expect(signer.locator("video")).to_be_visible()
    page.evaluate("() => document.querySelector('.signer').setAttribute('data-kept', '')")
    speak(people)
    expect(page.locator("[data-tile=pejuang][data-state=speaking]")).to_be_visible()
    judge(page, "wall", "wall-interpreter")
    at_4k(page, "screen-wall-interpreter-12")

    people.does("stage.show", scene="stage")
    expect(page.locator("video[data-stage=pejuang]")).to_be_visible()
    judge(page, "stage", "stage-interpreter")
    people.does("panel.set", members=[{"hall": hall} for hall in ("bintara-jaya", "aren-jaya", SIGNER)])
    expect(page.locator(".talk video[data-stage]")).to_have_count(4)
    judge(page, "stage", "panel-interpreter")
    people.does("panel.end")

    proposals = first_proposals(people, 10)
    people.does("stage.focus", proposal=proposals[0])
    people.does("stage.show", scene="board")
    judge(page, "board", "board-interpreter")
    people.does("deck.show", deck=deck_of(plenary.product))
    expect(page.get_by_role("img", name="Rancangan Renja 2024, halaman 1 dari 1")).to_be_visible()
    judge(page, "slides", "slides-interpreter")
    people.does("stage.show", scene="agenda")
    judge(page, "agenda", "agenda-interpreter")
    people.does("stage.show", scene="join")
    judge(page, "join", "join-interpreter")

    ballot = vote(people, proposals[:5], 3, "Pilih paling banyak 3 prioritas lintas kelurahan")
    expect(page.locator(".sbig .clock")).to_have_text("40")
    judge(page, "ballot", "ballot-interpreter")
    people.does("ballot.close", ballot=ballot)
    judge(page, "result", "result-interpreter")
    assert page.locator(".signer[data-kept]").count() == 1, "the interpreter's picture was taken away between scenes"

    # the same without an interpreter: what stood beside the scene has the whole side
    people.does("stage.interpreter", hall=None)
    expect(signer).to_have_count(0)
    ballot = vote(people, proposals, 5, "Pilih lima usulan untuk dibawa ke Musrenbang kota")
    expect(page.locator(".sbig .clock")).to_have_text("40")
    judge(page, "ballot", "ballot")
    people.does("ballot.close", ballot=ballot)
    judge(page, "result", "result")
    for scene in ("stage", "board", "slides", "agenda", "join"):
        people.does("stage.show", scene=scene)
        shown(page, scene)
        well_laid(page, scene)
    people.does("floor.yield")
    people.does("stage.show", scene="wall")
    shown(page, "wall")


@pytest.mark.faces
@pytest.mark.timeout(240)
def test_a_screen_comes_back_by_itself_from_every_cut(plenary: Plenary, launch: Callable[..., Browser]) -> None:
    people, page = plenary.people, screen_of(plenary, launch)
    people.does("stage.show", scene="wall")
    all_flow(page)
    page.evaluate("() => { window.loaded = 'once'; }")

    page.context.set_offline(True)  # the network
    expect(page.locator(".sfoot")).to_contain_text("Layar menyambung kembali")
    expect(page.locator(".tile__name")).to_have_count(12)
    look(page, "screen-cut")
    page.context.set_offline(False)
    expect(page.locator(".screen[data-cut]")).to_have_count(0)
    all_flow(page)

    worker = int(re.findall(r"media worker (\d+) runs", plenary.product.log.read_text())[-1])
    before = page.evaluate(FRAMES)
    os.kill(worker, signal.SIGKILL)  # the media worker
    until(page, f"async (before) => await ({FRAMES})() < before", arg=before)  # another connection
    all_flow(page)

    plenary.product.kill()  # the server
    expect(page.locator(".screen[data-cut]")).to_be_attached()
    plenary.product.start(UP_S)
    expect(page.locator(".screen[data-cut]")).to_have_count(0)
    people.does("stage.show", scene="agenda")
    shown(page, "agenda")
    people.does("stage.show", scene="wall")
    all_flow(page)
    assert page.evaluate("() => window.loaded") == "once"

    # another version of the page: the server's answer names another script
    page.route(
        "**/screen",
        lambda route: route.fulfill(body='<script type="module" src="/assets/index-other.js"></script>'),
        times=1,
    )
    page.context.set_offline(True)
    expect(page.locator(".screen[data-cut]")).to_be_attached()
    page.context.set_offline(False)
    until(page, "() => window.loaded === undefined")
    all_flow(page)


@pytest.mark.faces
@pytest.mark.timeout(240)
def test_every_scene_reads_from_the_back_row_with_fifty_six_halls(
    plenary: Plenary, launch: Callable[..., Browser]
) -> None:
    people, page = plenary.people, screen_of(plenary, launch)
    people.does("stage.show", scene="wall")
    for order, name in enumerate(OTHERS.replace("\n", "").split(","), 13):
        hall = name.lower().replace(" ", "-")
        people.does("hall.add", wanted={"role": "admin"}, hall=hall, name=name, kecamatan="Bekasi", order=order)
    expect(page.locator(".tile__name")).to_have_count(56)
    all_flow(page)
    judge(page, "wall", "wall", halls=56)
    at_4k(page, "screen-wall-56")
    people.does("stage.interpreter", hall=SIGNER)
    expect(page.locator(".signer video")).to_be_visible()
    judge(page, "wall", "wall-interpreter", halls=56)
    for scene in ("stage", "board", "slides", "ballot", "result", "agenda", "join"):
        people.does("stage.show", scene=scene)
        shown(page, scene)
        well_laid(page, f"{scene} with 56 halls")
