"""The main job in Debian's Firefox alone: a hall on video, the floor, a card on the board, a vote with its receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.deploy.relay import own_address
from tests.e2e import steps
from tests.e2e.conftest import FAILED, open_page, shoot
from tests.e2e.product import Product

HALL = {"pejuang": "Pejuang"}


@dataclass
class Stage:
    """Everybody, each in a profile of one Firefox."""

    moderator: Page
    hall: Page
    screen: Page
    phone: Page


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """Its media on an address of the network: Firefox sends none to the machine itself."""
    address = own_address()
    reached = ("--media-host", address, "--announce", address)
    running = Product(tmp_path / "data", tmp_path / "server.log", extra=reached)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def stage(request: pytest.FixtureRequest, product: Product, firefox: Browser) -> Iterator[Stage]:
    everybody = Stage(
        hall=open_page(firefox, product.link("hall", hall="pejuang"), width=1366, height=768),
        moderator=open_page(firefox, product.link("moderator"), width=1366, height=768),
        screen=open_page(firefox, product.link("screen"), width=1280, height=720),
        phone=open_page(firefox, product.link("participant", hall="aren-jaya"), width=360, height=640, phone=True),
    )
    yield everybody
    if request.node.stash.get(FAILED, True):
        for name, page in vars(everybody).items():
            shoot(page, f"failed-firefox-{name}")


@pytest.mark.faces
@pytest.mark.timeout(240)
def test_the_main_job_in_firefox(stage: Stage) -> None:
    moderator, hall, screen, phone = stage.moderator, stage.hall, stage.screen, stage.phone
    shoot(hall, "firefox-hall-preflight")
    steps.enter(hall)
    steps.pictures_move(screen, HALL)
    shoot(screen, "firefox-screen-wall")
    steps.open_plenary(moderator)
    steps.give_the_floor(hall, moderator)
    steps.show(moderator, "Panggung")
    expect(screen.locator('video[data-stage="pejuang"]')).to_be_attached()
    shoot(hall, "firefox-hall-onair")
    shoot(moderator, "firefox-moderator-plenary")

    steps.open_ballot(moderator)
    steps.vote(phone, lambda page, name: shoot(page, f"firefox-{name}"))
    steps.close_ballot(moderator, screen)
    counts = steps.shown_result(screen)
    assert sorted(counts.values()) == [0, 0, 1, 1]
    shoot(screen, "firefox-screen-result")
    expect(phone.get_by_role("heading", name="Hasil")).to_be_visible()
    shoot(phone, "firefox-participant-result")
