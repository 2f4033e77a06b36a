"""A look at a page in one of its states: axe finds nothing, no text is cut off, and a picture is left behind."""

from __future__ import annotations

from functools import cache
from typing import Any

from playwright.sync_api import Page

from tests.e2e.conftest import shoot
from tests.e2e.product import ROOT
from tests.e2e.spills import spills

AXE = ROOT / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
# Letters have their shapes, and what fades or slides has come to its end, but for what runs for ever; a hidden page's
# never does.
SETTLED = """() => Promise.race([
  Promise.allSettled([
    document.fonts.ready,
    ...document.getAnimations()
      .filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime))
      .map((one) => one.finished),
  ]),
  new Promise((resolve) => setTimeout(resolve, 3000)),
])"""
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is, one line a rule and place: "rule: what is wrong (selector)"."""
    page.evaluate(axe())  # not a script of the page: its policy lets none in
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", list(TAGS)
    )
    return [
        f"{rule['id']}: {rule['help']} ({' '.join(map(str, node['target']))})"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


def look(page: Page, name: str, *, whole: bool = False) -> None:
    """name: `face-state`; the window's size is added. whole: all of a page that scrolls. Fails on what axe finds,
    and on text that cannot be read where it stands."""
    page.evaluate(SETTLED)
    size = page.viewport_size or {"width": 0, "height": 0}
    shoot(page, f"{name}-{size['width']}x{size['height']}", whole=whole)
    found = violations(page) + spills(page)
    assert not found, f"{name} at {size['width']}×{size['height']}:\n" + "\n".join(found)
