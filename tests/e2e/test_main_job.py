"""The main job in real browsers: twelve halls on video, one shared board, one vote that survives kill -9."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import steps
from tests.e2e.conftest import FAILED, open_page, shoot
from tests.e2e.look import look
from tests.e2e.pictures import write_mjpeg
from tests.e2e.product import Product, Simulation
from tests.e2e.steps import eventually

HALLS = {
    "pejuang": "Pejuang",
    "bintara-jaya": "Bintara Jaya",
    "aren-jaya": "Aren Jaya",
    "kayuringin-jaya": "Kayuringin Jaya",
    "kaliabang-tengah": "Kaliabang Tengah",
    "jatirahayu": "Jatirahayu",
    "jatiwaringin": "Jatiwaringin",
    "jatiranggon": "Jatiranggon",
    "bantargebang": "Bantargebang",
    "bojong-menteng": "Bojong Menteng",
    "mustikajaya": "Mustikajaya",
    "jatiasih": "Jatiasih",
}
REAL = {"pejuang": (140, 30, 30), "aren-jaya": (30, 60, 140)}  # halls that are browser pages, and their camera's colour
SEATS = 80
SPREAD_S = 10  # the kill comes when some of the votes are in


@contextmanager
def told(what: str) -> Iterator[None]:
    """Where the time goes, printed for whoever looks (pytest -s, or a failure)."""
    begun = time.monotonic()
    try:
        yield
    finally:
        print(f"{time.monotonic() - begun:6.1f} s  {what}")


@dataclass
class Stage:
    """Everybody who takes part."""

    product: Product
    receipts: Path
    desk: Browser
    screen: Page
    phones: list[Page]
    halls: dict[str, Page]

    @cached_property
    def moderator(self) -> Page:
        """Comes in when first asked for: its twelve moving pictures too are decoded and drawn by this machine."""
        return open_page(self.desk, self.product.link("moderator"), width=1366, height=768)

    def pages(self) -> dict[str, Page]:
        """Those that are open, by a word of their own."""
        seats = {f"phone-{number}": phone for number, phone in enumerate(self.phones, 1)}
        desk = {"moderator": self.moderator} if "moderator" in vars(self) else {}
        return {"screen": self.screen, **desk, **seats, **self.halls}


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, product: Product, launch: Callable[..., Browser], tmp_path: Path
) -> Iterator[Stage]:
    receipts = tmp_path / "receipts.jsonl"
    arguments = ("--halls", "10", "--skip-halls", ",".join(REAL), "--seats", str(SEATS), "--skip-seats", "2")
    simulation = Simulation(
        product, tmp_path / "simulate.log", (*arguments, "--spread", str(SPREAD_S), "--log", str(receipts))
    )
    with told("everybody is started"):
        simulation.start()
        halls = {}
        for hall, colour in REAL.items():
            camera = tmp_path / f"{hall}.mjpeg"
            write_mjpeg(camera, HALLS[hall], colour)
            halls[hall] = open_page(launch(camera=camera), product.link("hall", hall=hall), width=1366, height=768)
        desk = launch()
        phones = [
            open_page(desk, product.link("participant", number=n), width=360, height=740, phone=True) for n in range(2)
        ]
        # Twelve moving pictures are drawn without a graphics card here: each pixel costs.
        screen = open_page(desk, product.link("screen"), width=1280, height=720)
    everybody = Stage(product, receipts, desk, screen, phones, halls)
    yield everybody
    if request.node.stash.get(FAILED, True):
        for name, page in everybody.pages().items():
            shoot(page, f"failed-{name}")
        print(product.log.read_text()[-3000:], (tmp_path / "simulate.log").read_text()[-2000:])
    simulation.stop()


def colour_of(screen: Page, hall: str) -> tuple[int, int, int]:
    """The colour near the upper left corner of a hall's picture on the wall, as the screen decoded it."""
    red, green, blue = screen.evaluate(
        """(hall) => {
            const video = document.querySelector(`video[data-hall="${hall}"]`);
            const canvas = document.createElement('canvas');
            canvas.width = canvas.height = 8;
            const context = canvas.getContext('2d');
            context.drawImage(video, 8, 8, 8, 8, 0, 0, 8, 8);
            return [...context.getImageData(4, 4, 1, 1).data.slice(0, 3)];
        }""",
        hall,
    )
    return red, green, blue


def enter_halls(stage: Stage) -> None:
    for page in stage.halls.values():
        steps.enter(page)
    steps.pictures_move(stage.screen, HALLS)
    for hall, colour in REAL.items():
        seen = colour_of(stage.screen, hall)
        assert all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True)), (hall, seen, colour)


def give_the_floor(stage: Stage) -> None:
    """A hall gets the floor, and its picture fills the stage of the screen."""
    steps.give_the_floor(stage.halls["aren-jaya"], stage.moderator)
    steps.show(stage.moderator, "Panggung")
    expect(stage.screen.locator('video[data-stage="aren-jaya"]')).to_be_attached()


def move_a_proposal(stage: Stage) -> None:
    """The moderator moves a card; both phones show it without being loaded again."""
    for phone in stage.phones:
        phone.evaluate("window.sameDocument = true")
    page = stage.moderator
    steps.go_to(page, "Papan")
    card = page.locator('[data-status="SUBMITTED"] [data-card]').first
    proposal = card.get_attribute("data-card")
    title = card.locator(".pcard__open").inner_text()
    card.get_by_role("button").last.click()
    page.get_by_role("menuitem", name="Terpilih").click()
    expect(page.locator(f'[data-status="PRIORITISED"] [data-card="{proposal}"]')).to_be_visible()
    for phone in stage.phones:
        phone.get_by_role("button", name="Terpilih").or_(phone.get_by_role("radio", name="Terpilih")).first.click()
        expect(phone.get_by_text(title).first).to_be_visible()
        assert phone.evaluate("window.sameDocument === true")


def open_ballot(stage: Stage) -> str:
    steps.open_ballot(stage.moderator, look)
    with stage.product.database() as box:
        return str(eventually("the ballot is open", lambda: box.execute("SELECT id FROM ballots").fetchone())[0])


def receipts(stage: Stage) -> list[dict[str, Any]]:
    if not stage.receipts.exists():
        return []
    return [json.loads(line) for line in stage.receipts.read_text().splitlines() if line.endswith("}")]


def check_the_box(stage: Stage, ballot: str) -> Counter[str]:
    """Roll and box against the receipts, read by SQLite alone: nothing acknowledged is missing, nothing is double."""
    entries = receipts(stage)
    assert not [entry for entry in entries if "refused" in entry]
    acked = [entry["receipt"]["tracker"] for entry in entries]
    with stage.product.database() as database:
        box = database.execute("SELECT tracker, choices FROM box WHERE ballot = ?", (ballot,)).fetchall()
        roll = [row[0] for row in database.execute("SELECT seat FROM roll WHERE ballot = ?", (ballot,))]
    trackers = [row[0] for row in box]
    assert len(set(acked)) == len(acked) == SEATS
    assert set(acked) <= set(trackers)
    assert len(trackers) == len(set(trackers)) == len(roll) == len(set(roll)) == SEATS + len(stage.phones)
    return Counter(choice for _, choices in box for choice in json.loads(choices))


@pytest.mark.timeout(600)
def test_the_main_job(stage: Stage) -> None:
    with told("twelve halls are on the wall"):
        enter_halls(stage)
    look(stage.screen, "screen-wall")
    with told("the floor is given"):
        steps.open_plenary(stage.moderator)
        give_the_floor(stage)
    look(stage.halls["aren-jaya"], "hall-onair")
    look(stage.moderator, "moderator-plenary")
    look(stage.screen, "screen-stage")
    with told("a card is moved"):
        move_a_proposal(stage)
    look(stage.moderator, "moderator-board")
    look(stage.phones[0], "participant-board")

    with told("a ballot is open"):
        ballot = open_ballot(stage)
    with told("some have voted"):
        eventually("some simulated votes are acknowledged", lambda: len(receipts(stage)) >= SEATS // 8)
    stage.product.kill()
    before = len(receipts(stage))
    assert before < SEATS, "the kill came too late to hit the middle of the vote"
    with told("one votes while the server is away"):
        steps.send_vote(stage.phones[0])
        expect(stage.phones[0].get_by_role("region", name="Menunggu dikirim (1)")).to_be_visible()
    look(stage.phones[0], "participant-vote-waits")
    with told("the server is back"):
        stage.product.start()
    with told("everybody has voted"):
        steps.get_receipt(stage.phones[0])
        steps.vote(stage.phones[1])
        eventually("every simulated seat has its receipt", lambda: len(receipts(stage)) == SEATS, timeout_s=90)
    look(stage.phones[1], "participant-receipt")
    look(stage.screen, "screen-ballot")
    with told("all pictures are back"):
        steps.go_to(stage.moderator, "Sidang")
        steps.show(stage.moderator, "Aula")
        steps.pictures_move(stage.screen, HALLS)

    with told("the ballot is closed"):
        steps.close_ballot(stage.moderator, stage.screen, look)
    counts = check_the_box(stage, ballot)
    shown = steps.shown_result(stage.screen)
    assert shown == {option: counts.get(option, 0) for option in shown}
    assert sum(shown.values()) == sum(counts.values())
    look(stage.screen, "screen-result")
    look(stage.phones[0], "participant-result")
