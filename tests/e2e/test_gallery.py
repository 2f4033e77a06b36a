"""The design system as a person meets it: each shared component in all its states, and what the keyboard does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import open_page
from tests.e2e.look import look
from tests.e2e.product import Product

PARTS = ("basics", "controls", "news", "figures", "room", "dialogs")
DESK, PHONE = (1366, 768), (390, 844)
OUTSIDE = "!document.activeElement.closest('dialog') && document.activeElement !== document.body"


def gallery(browser: Browser, product: Product, part: str, size: tuple[int, int] = DESK, language: str = "id") -> Page:
    page = open_page(browser, f"{product.url}/gallery?lang={language}#{part}", width=size[0], height=size[1])
    expect(page.locator(".gpiece").first).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("size", "theme", "language"),
    [
        (DESK, "light", "id"),
        pytest.param(DESK, "dark", "en", marks=pytest.mark.faces),
        pytest.param(PHONE, "light", "en", marks=pytest.mark.faces),
        (PHONE, "dark", "id"),
    ],
)
def test_every_component_in_every_state(
    standing: Product, launch: Callable[..., Browser], size: tuple[int, int], theme: str, language: str
) -> None:
    page = gallery(launch(), standing, PARTS[0], size, language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator(f".seg label:has(input[value={theme}])").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    tabs = page.get_by_role("tablist").first.get_by_role("tab")
    for place, part in enumerate(PARTS):
        tabs.nth(place).click()
        expect(tabs.nth(place)).to_have_attribute("aria-selected", "true")
        expect(page.locator(".gpiece").first).to_be_visible()
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide == 0, f"{part} is {too_wide} pixels wider than {size[0]}"
        look(page, f"gallery-{part}-{theme}-{language}", whole=True)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement?.textContent?.trim() || document.activeElement?.tagName"))


def spoken(page: Page) -> set[str]:
    """The roles a screen reader meets on the page as it is."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    return {node["role"]["value"] for node in tree["nodes"] if not node["ignored"]}


def test_a_dialog_holds_the_focus_and_gives_it_back(standing: Product, launch: Callable[..., Browser]) -> None:
    """What the platform's own dialog promises, and we lean on (docs/adr/0013)."""
    page = gallery(launch(), standing, "dialogs")
    openers = page.locator(".gstate .btn")
    dialog = page.locator("dialog[open]")
    for place in range(openers.count()):
        opener = openers.nth(place)
        opener.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_be_visible()
        look(page, f"gallery-dialog-{place}")
        for _ in range(8):
            page.keyboard.press("Tab")
            outside = page.evaluate(OUTSIDE)
            assert not outside, f"dialog {place} let the focus out to {focused(page)}"
        assert "dialog" in spoken(page) and "tablist" not in spoken(page), "a screen reader hears what lies behind"
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()


def highlighted(page: Page) -> Locator:
    return page.locator(".menu [data-highlighted]")


def test_a_list_to_type_into_works_by_keyboard_alone(standing: Product, launch: Callable[..., Browser]) -> None:
    page = gallery(launch(), standing, "controls")
    box = page.get_by_role("combobox", name="Aula").nth(1)
    expect(box).to_have_value("Pejuang")
    box.focus()
    page.keyboard.type("jati r")  # both words, in whatever order
    look(page, "gallery-combobox")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_value("Jatirahayu")
    page.keyboard.type("tidak ada aula ini")
    expect(page.get_by_text("Tidak ada yang cocok")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).to_have_value("Jatirahayu")


def test_a_file_is_chosen_by_the_button_and_by_the_words_beside_it(
    standing: Product, launch: Callable[..., Browser]
) -> None:
    field = gallery(launch(), standing, "controls").locator(".filepick").first
    for part in (".btn", ".filepick__name"):
        with field.page.expect_file_chooser():
            field.locator(part).click(force=True)  # the mouse at its middle, whatever lies above it there


def test_a_list_in_a_dialog_opens_in_front_of_it(standing: Product, launch: Callable[..., Browser]) -> None:
    page = gallery(launch(), standing, "dialogs")
    page.get_by_role("button", name="Buka: dengan isian").click()
    page.get_by_role("button", name="Buka daftar").click()
    page.get_by_role("option", name="Mustikajaya").click()
    box = page.get_by_role("combobox")
    expect(box).to_have_value("Mustikajaya")
    box.press("ArrowDown")
    expect(page.get_by_role("listbox")).to_be_visible()
    page.keyboard.press("Escape")  # closes the list, not the dialog
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(page.locator("dialog[open]")).to_be_visible()


def test_a_menu_and_tabs_go_by_arrow_keys(standing: Product, launch: Callable[..., Browser]) -> None:
    page = gallery(launch(), standing, "controls")
    page.get_by_role("button", name="Tindakan").focus()
    page.keyboard.press("Enter")
    expect(highlighted(page)).to_contain_text("Tampilkan di layar")
    look(page, "gallery-menu")
    page.keyboard.press("ArrowDown")  # past the one that cannot be done yet
    expect(highlighted(page)).to_contain_text("Tarik usulan")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Tindakan")).to_be_focused()
    tabs = page.get_by_role("tablist", name="Tab").get_by_role("tab")
    tabs.first.focus()
    page.keyboard.press("ArrowRight")
    expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_text('Isi bagian "Suara".')).to_be_visible()


def test_a_toast_says_its_word_and_stays_while_it_is_held(standing: Product, launch: Callable[..., Browser]) -> None:
    page = gallery(launch(), standing, "news")
    page.clock.install()
    page.get_by_role("button", name="Tunjukkan").click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("Usulan ditambahkan")
    look(page, "gallery-toast")
    toast.get_by_role("button", name="Urungkan").focus()
    page.clock.fast_forward(60_000)
    expect(toast).to_be_visible()
    toast.get_by_role("button", name="Tutup").press("Enter")
    expect(toast).to_have_count(0)
    page.get_by_role("button", name="Tunjukkan").click()
    page.mouse.move(0, 0)
    page.clock.fast_forward(11_000)
    expect(toast).to_have_count(0)
