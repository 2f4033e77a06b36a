"""What people do on the faces in the main job, step by step, whatever browser they have."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Error, Locator, Page, expect


def eventually(what: str, check: Callable[[], Any], timeout_s: float = 60) -> Any:
    """The first true answer of `check`; fails with the last one."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout_s} s: {what} (last answer: {answer!r})")
        time.sleep(0.1)


def until(page: Page, condition: str, arg: Any = None) -> None:
    """Asks the page again and again, by the debugger: a wait inside the page is refused by its policy."""

    def asked() -> Any:
        try:
            return page.evaluate(condition, arg)
        except Error as fault:
            if "context was destroyed" not in fault.message:  # the page is being opened anew
                raise
            return None

    eventually(condition, asked)


def nothing_seen(page: Page, name: str) -> None:
    """What a step leaves behind of the states it passes, when nobody wants pictures."""


See = Callable[[Page, str], None]


def dialog(page: Page) -> Locator:
    return page.get_by_role("alertdialog").or_(page.get_by_role("dialog"))


def go_to(moderator: Page, part: str) -> None:
    moderator.get_by_role("tab", name=part).or_(moderator.get_by_role("link", name=part)).first.click()


def decoded(screen: Page) -> dict[str, int]:
    """Frames of each hall that the screen has decoded so far."""
    stats = screen.evaluate("window.pleno ? window.pleno.stats() : {}")
    return {hall: int(entry["framesDecoded"]) for hall, entry in stats.items()}


def pictures_move(screen: Page, halls: dict[str, str]) -> None:
    """Each hall's framesDecoded rises between two looks, and its name stands at its picture. halls: name by id."""
    first = eventually("pictures of all halls", lambda: (d := decoded(screen)).keys() >= halls.keys() and d)
    eventually(
        "frames of all halls rise",
        lambda: (now := decoded(screen)).keys() >= halls.keys() and all(now[hall] > first[hall] for hall in halls),
    )
    for hall, name in halls.items():
        expect(screen.locator(f"[data-tile={hall}] video[data-hall={hall}]")).to_be_attached()
        expect(screen.locator(f"[data-tile={hall}] .tile__name")).to_have_text(name)


def enter(hall: Page) -> None:
    hall.get_by_role("button", name="Masuk ke sidang").click()


def open_plenary(moderator: Page) -> None:
    moderator.get_by_role("button", name="Buka sidang").click()
    dialog(moderator).get_by_role("button", name="Buka sidang").click()
    moderator.get_by_role("button", name="Lanjut").first.click()


def give_the_floor(hall: Page, moderator: Page) -> None:
    """The hall raises its hand and gets the floor."""
    hall.get_by_role("button", name="Angkat tangan").click()
    moderator.get_by_role("button", name="Beri giliran").first.click()
    expect(hall.get_by_text("SEDANG TAMPIL", exact=False).first).to_be_visible()


def show(moderator: Page, scene: str) -> None:
    """On the screen; scene: its name as the moderator reads it."""
    moderator.get_by_role("radio", name=scene).click(force=True)  # the label lies over it


def open_ballot(moderator: Page, see: See = nothing_seen) -> None:
    """On the first four of the board, two at most."""
    go_to(moderator, "Pemungutan suara")
    moderator.get_by_label("Pertanyaan").fill("Usulan mana yang didahulukan?")
    moderator.get_by_role("button", name="Ambil dari papan").click()
    picker = dialog(moderator)
    for box in range(4):
        picker.get_by_role("checkbox").nth(box).check(force=True)
    picker.get_by_role("button", name="Selesai").click()
    moderator.get_by_label("Paling banyak dipilih").press("ControlOrMeta+a")  # in Firefox, fill() only adds to a number
    moderator.keyboard.type("2")
    see(moderator, "moderator-ballot-compose")
    moderator.get_by_role("button", name="Buka suara").click()
    dialog(moderator).get_by_role("button", name="Buka suara").click()


def vote(phone: Page, see: See = nothing_seen) -> None:
    """Up to the receipt."""
    send_vote(phone, see)
    get_receipt(phone, see)


def send_vote(phone: Page, see: See = nothing_seen) -> None:
    """The first and the third option."""
    boxes = phone.get_by_role("checkbox")
    expect(boxes.first).to_be_visible()
    boxes.nth(0).check(force=True)
    boxes.nth(2).check(force=True)
    see(phone, "participant-ballot")
    phone.get_by_role("button", name="Kirim 2 pilihan").click()
    phone.get_by_role("button", name="Kirim suara").click()


def get_receipt(phone: Page, see: See = nothing_seen) -> None:
    expect(phone.get_by_text("Suara Anda sudah tercatat").first).to_be_visible(timeout=60_000)
    see(phone, "participant-receipt")


def close_ballot(moderator: Page, screen: Page, see: See = nothing_seen) -> None:
    go_to(moderator, "Pemungutan suara")
    see(moderator, "moderator-ballot-running")
    moderator.get_by_role("button", name="Tutup suara").click()
    dialog(moderator).get_by_role("button", name="Tutup dan tetapkan").click()
    expect(screen.locator("[data-option]").first).to_be_visible()
    see(moderator, "moderator-result")


def shown_result(screen: Page) -> dict[str, int]:
    """Votes by option, as the screen shows them."""
    return {
        str(row.get_attribute("data-option")): int(row.locator(".rbar__v .num").inner_text().split()[0])
        for row in screen.locator("[data-option]").all()
    }
