"""The main job in real browsers: twelve halls on video, one shared board, one vote that survives kill -9."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import FAILED, open_page, shoot
from tests.e2e.pictures import write_mjpeg
from tests.e2e.product import Product, Simulation

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
SEATS = 200


def eventually(what: str, check: Callable[[], Any], timeout_s: float = 60) -> Any:
    """The first true answer of `check`; fails with the last one."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what} (last answer: {answer!r})")
        time.sleep(0.2)


@dataclass
class Stage:
    """Everybody who takes part."""

    product: Product
    receipts: Path
    moderator: Page
    screen: Page
    phones: list[Page]
    halls: dict[str, Page]


@pytest.fixture
def stage(
    request: pytest.FixtureRequest, product: Product, launch: Callable[..., Browser], tmp_path: Path
) -> Iterator[Stage]:
    receipts = tmp_path / "receipts.jsonl"
    arguments = ("--halls", "10", "--skip-halls", ",".join(REAL), "--seats", str(SEATS), "--skip-seats", "2")
    simulation = Simulation(product, tmp_path / "simulate.log", (*arguments, "--spread", "12", "--log", str(receipts)))
    simulation.start()
    desk = launch()
    halls = {}
    for hall, colour in REAL.items():
        camera = tmp_path / f"{hall}.mjpeg"
        write_mjpeg(camera, HALLS[hall], colour)
        halls[hall] = open_page(launch(camera=camera), product.link("hall", hall=hall), width=1366, height=768)
    phones = [
        open_page(desk, product.link("participant", number=n), width=360, height=740, phone=True) for n in range(2)
    ]
    moderator = open_page(desk, product.link("moderator"), width=1440, height=900)
    screen = open_page(desk, product.link("screen"), width=1920, height=1080)
    everybody = Stage(product, receipts, moderator, screen, phones, halls)
    yield everybody
    if request.node.stash.get(FAILED, True):
        pages = {"moderator": moderator, "screen": screen, "phone-1": phones[0], "phone-2": phones[1], **halls}
        for name, page in pages.items():
            shoot(page, f"failed-{name}")
        print(product.log.read_text()[-3000:], (tmp_path / "simulate.log").read_text()[-2000:])
    simulation.stop()


def decoded(screen: Page) -> dict[str, int]:
    stats = screen.evaluate("window.pleno ? window.pleno.stats() : {}")
    return {hall: int(entry["framesDecoded"]) for hall, entry in stats.items()}


def all_twelve_move(screen: Page) -> None:
    """Each hall's framesDecoded rises between two looks, and its name stands at its picture."""
    first = eventually("pictures of all twelve halls", lambda: (d := decoded(screen)).keys() >= HALLS.keys() and d)
    eventually(
        "frames of all twelve halls rise",
        lambda: (now := decoded(screen)).keys() >= HALLS.keys() and all(now[hall] > first[hall] for hall in HALLS),
    )
    for hall, name in HALLS.items():
        expect(screen.locator(f"[data-tile={hall}] video[data-hall={hall}]")).to_be_attached()
        expect(screen.locator(f"[data-tile={hall}] .tile__name")).to_have_text(name)


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
    for hall, page in stage.halls.items():
        shoot(page, f"hall-preflight-{hall}")
        page.get_by_role("button", name="Masuk ke sidang").click()
    all_twelve_move(stage.screen)
    for hall, colour in REAL.items():
        seen = colour_of(stage.screen, hall)
        assert all(abs(a - b) < 40 for a, b in zip(seen, colour, strict=True)), (hall, seen, colour)


def open_plenary(stage: Stage) -> None:
    page = stage.moderator
    page.get_by_role("button", name="Buka sidang").click()
    page.get_by_role("alertdialog").or_(page.get_by_role("dialog")).get_by_role("button", name="Buka sidang").click()
    page.get_by_role("button", name="Lanjut").first.click()


def give_the_floor(stage: Stage) -> None:
    """A hall raises its hand, gets the floor, and its picture fills the stage of the screen."""
    hall = stage.halls["aren-jaya"]
    hall.get_by_role("button", name="Angkat tangan").click()
    stage.moderator.get_by_role("button", name="Beri giliran").first.click()
    eventually(
        "the hall is told it is on air", lambda: hall.get_by_text("SEDANG TAMPIL", exact=False).first.is_visible()
    )
    shoot(hall, "hall-onair")
    stage.moderator.get_by_role("radio", name="Panggung").click(force=True)  # the label lies over it
    expect(stage.screen.locator('video[data-stage="aren-jaya"]')).to_be_attached()
    shoot(stage.moderator, "moderator-plenary")
    shoot(stage.screen, "screen-stage")


def move_a_proposal(stage: Stage) -> None:
    """The moderator moves a card; both phones show it without being loaded again."""
    for phone in stage.phones:
        phone.evaluate("window.sameDocument = true")
    page = stage.moderator
    page.get_by_role("tab", name="Papan").or_(page.get_by_role("link", name="Papan")).first.click()
    card = page.locator('[data-status="SUBMITTED"] [data-card]').first
    proposal = card.get_attribute("data-card")
    title = card.locator(".pcard__open").inner_text()
    card.get_by_role("button").last.click()
    page.get_by_role("menuitem", name="Terpilih").click()
    expect(page.locator(f'[data-status="PRIORITISED"] [data-card="{proposal}"]')).to_be_visible()
    shoot(page, "moderator-board")
    for number, phone in enumerate(stage.phones):
        phone.get_by_role("button", name="Terpilih").or_(phone.get_by_role("radio", name="Terpilih")).first.click()
        expect(phone.get_by_text(title).first).to_be_visible()
        assert phone.evaluate("window.sameDocument === true")
        shoot(phone, f"participant-board-{number + 1}")


def open_ballot(stage: Stage) -> str:
    page = stage.moderator
    page.get_by_role("tab", name="Pemungutan suara").or_(
        page.get_by_role("link", name="Pemungutan suara")
    ).first.click()
    page.get_by_label("Pertanyaan").fill("Usulan mana yang didahulukan?")
    page.get_by_role("button", name="Ambil dari papan").click()
    picker = page.get_by_role("dialog").or_(page.get_by_role("alertdialog"))
    for box in range(4):
        picker.get_by_role("checkbox").nth(box).check(force=True)
    picker.get_by_role("button", name="Selesai").click()
    page.get_by_label("Paling banyak dipilih").fill("2")
    shoot(page, "moderator-ballot-compose")
    page.get_by_role("button", name="Buka suara").click()
    page.get_by_role("alertdialog").or_(page.get_by_role("dialog")).get_by_role("button", name="Buka suara").click()
    with stage.product.database() as look:
        return str(eventually("the ballot is open", lambda: look.execute("SELECT id FROM ballots").fetchone())[0])


def vote_by_phone(phone: Page, picture: str) -> None:
    boxes = phone.get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    boxes.nth(0).check(force=True)
    boxes.nth(2).check(force=True)
    shoot(phone, f"participant-ballot-{picture}")
    phone.get_by_role("button", name="Kirim 2 pilihan").click()
    phone.get_by_role("button", name="Kirim suara").click()
    expect(phone.get_by_text("Suara Anda sudah tercatat").first).to_be_visible(timeout=60_000)
    shoot(phone, f"participant-receipt-{picture}")


def receipts(stage: Stage) -> list[dict[str, Any]]:
    if not stage.receipts.exists():
        return []
    return [json.loads(line) for line in stage.receipts.read_text().splitlines() if line.endswith("}")]


def check_the_box(stage: Stage, ballot: str) -> Counter[str]:
    """Roll and box against the receipts, read by SQLite alone: nothing acknowledged is missing, nothing is double."""
    entries = receipts(stage)
    assert not [entry for entry in entries if "refused" in entry]
    acked = [entry["receipt"]["tracker"] for entry in entries]
    with stage.product.database() as look:
        box = look.execute("SELECT tracker, choices FROM box WHERE ballot = ?", (ballot,)).fetchall()
        roll = [row[0] for row in look.execute("SELECT seat FROM roll WHERE ballot = ?", (ballot,))]
    trackers = [row[0] for row in box]
    assert len(set(acked)) == len(acked) == SEATS
    assert set(acked) <= set(trackers)
    assert len(trackers) == len(set(trackers)) == len(roll) == len(set(roll)) == SEATS + len(stage.phones)
    return Counter(choice for _, choices in box for choice in json.loads(choices))


@pytest.mark.timeout(600)
def test_the_main_job(stage: Stage) -> None:
    enter_halls(stage)
    shoot(stage.screen, "screen-wall")
    open_plenary(stage)
    give_the_floor(stage)
    move_a_proposal(stage)

    ballot = open_ballot(stage)
    vote_by_phone(stage.phones[0], "1")
    eventually("some simulated votes are acknowledged", lambda: len(receipts(stage)) >= 30)
    shoot(stage.screen, "screen-ballot")
    stage.product.kill()
    before = len(receipts(stage))
    assert before < SEATS, "the kill came too late to hit the middle of the vote"
    shoot(stage.phones[1], "participant-reconnecting")
    stage.product.start()
    vote_by_phone(stage.phones[1], "2")
    eventually("every simulated seat has its receipt", lambda: len(receipts(stage)) == SEATS, timeout_s=90)
    all_twelve_move_on_wall(stage)

    close_ballot(stage)
    counts = check_the_box(stage, ballot)
    shown = {
        str(row.get_attribute("data-option")): int(row.locator(".rbar__v .num").inner_text().split()[0])
        for row in stage.screen.locator("[data-option]").all()
    }
    assert shown == {option: counts.get(option, 0) for option in shown}
    assert sum(shown.values()) == sum(counts.values())
    shoot(stage.screen, "screen-result")
    other_faces(stage)


def all_twelve_move_on_wall(stage: Stage) -> None:
    """After the restart the moderator shows the wall again, and all pictures are back."""
    page = stage.moderator
    page.get_by_role("tab", name="Sidang").or_(page.get_by_role("link", name="Sidang")).first.click()
    page.get_by_role("radio", name="Aula").click(force=True)
    all_twelve_move(stage.screen)


def close_ballot(stage: Stage) -> None:
    page = stage.moderator
    page.get_by_role("tab", name="Pemungutan suara").or_(
        page.get_by_role("link", name="Pemungutan suara")
    ).first.click()
    shoot(page, "moderator-ballot-running")
    page.get_by_role("button", name="Tutup suara").click()
    page.get_by_role("alertdialog").or_(page.get_by_role("dialog")).get_by_role(
        "button", name="Tutup dan tetapkan"
    ).click()
    expect(stage.screen.locator("[data-option]").first).to_be_visible()
    shoot(page, "moderator-result")
    for number, phone in enumerate(stage.phones):
        shoot(phone, f"participant-result-{number + 1}")


def other_faces(stage: Stage) -> None:
    browser = stage.moderator.context.browser
    assert browser is not None
    for face in ("public", "admin"):
        page = open_page(browser, stage.product.link(face), width=1280, height=800)
        expect(page.get_by_role("heading").first).to_be_visible()
        time.sleep(1)
        shoot(page, face)
