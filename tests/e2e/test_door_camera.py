"""A participant's card held before the hall's camera: the browser reads it, and the person is checked in."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import open_page, shoot
from tests.e2e.product import Product


def write_card(path: Path, text: str, size: tuple[int, int] = (640, 480)) -> None:
    """A fake camera's picture: the card at arm's length, neither straight nor in the middle."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=6, border=4)
    card = Image.open(drawn).convert("RGB").resize((300, 300)).rotate(7, expand=True, fillcolor=(90, 90, 90))
    picture = Image.new("RGB", size, (90, 90, 90))
    picture.paste(card, (210, 80))
    frame = io.BytesIO()
    picture.save(frame, "JPEG", quality=70)
    path.write_bytes(frame.getvalue() * 10)


@pytest.mark.timeout(120)
def test_a_card_before_the_camera_checks_its_person_in(
    standing: Product, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    camera = tmp_path / "card.mjpeg"
    write_card(camera, standing.link("participant", hall="pejuang"))
    page = open_page(launch(camera=camera), standing.link("hall", hall="pejuang"), width=1366, height=768)
    page.get_by_role("button", name="Masuk ke sidang").click()
    page.get_by_role("button", name="Catat hadir").click()
    door = page.get_by_role("dialog")
    door.get_by_role("button", name="Pindai dengan kamera").click()
    expect(door.get_by_text("Ketua RW 01 dicatat hadir")).to_be_visible()
    shoot(page, "hall-door-camera")
    expect(page.locator(".room__n")).to_have_text("1")
    with standing.database() as look:
        (kept,) = look.execute("SELECT data FROM journal WHERE type = 'seat_checked_in'").fetchall()
    assert '"qr"' in str(kept[0])


@pytest.mark.timeout(120)
def test_on_a_phone_at_the_door_the_answer_to_a_card_is_in_sight(
    standing: Product, launch: Callable[..., Browser], tmp_path: Path
) -> None:
    camera = tmp_path / "card.mjpeg"
    write_card(camera, standing.link("participant", hall="jatiasih"))
    link = standing.link("hall", hall="jatiasih")
    page = open_page(launch(camera=camera), link, width=390, height=844, phone=True)
    page.get_by_role("button", name="Kios suara atau meja pintu").tap()
    page.get_by_role("button", name="Catat hadir").tap()
    door = page.get_by_role("dialog")
    scan = door.get_by_role("button", name="Pindai dengan kamera")
    expect(scan).to_be_in_viewport(ratio=1)
    scan.tap()
    expect(door.get_by_text("Ketua RW 01 dicatat hadir")).to_be_in_viewport(ratio=1)
    door.get_by_role("button", name="Tutup kamera").tap()
    door.get_by_role("listitem").last.scroll_into_view_if_needed()
    expect(door.get_by_text("Ketua RW 01 dicatat hadir")).to_be_in_viewport(ratio=1)
    shoot(page, "hall-door-phone")
