"""What a delegate's first visit costs in bytes, as Chromium received them, and that the next ones cost little."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import open_page
from tests.e2e.full_board import PROPOSALS, fill
from tests.e2e.line import Beside
from tests.e2e.product import Product
from tests.e2e.steps import until

MOST_BYTES = 60_000
SECOND_PART = "/assets/phone-later-"
MOST_SHIFT = 0.1  # "good" by Lighthouse and Web Vitals
# What Lighthouse looks at that needs no clock; `python -m bench.lighthouse` is the long form.
SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) window.moved += one.value;
}).observe({ type: 'layout-shift', buffered: true });
"""
HEAD = """() => ({
  lang: document.documentElement.lang,
  title: document.title.length > 0,
  description: (document.querySelector('meta[name=description]')?.content ?? '').length > 0,
  viewport: document.querySelector('meta[name=viewport]')?.content.includes('width=device-width'),
  doctype: document.compatMode,
  unsized: [...document.images].filter((one) => !one.width || !one.height).length,
})"""


@dataclass
class Meter:
    """Bytes that came over the network for a page, headers included, in the order in which they were asked for."""

    asked: list[str] = field(default_factory=list)
    bytes: dict[str, int] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)

    def watch(self, page: Page) -> None:
        devtools = page.context.new_cdp_session(page)
        devtools.on("Network.requestWillBeSent", self._asked)
        devtools.on("Network.loadingFinished", self._came)
        devtools.on("Network.webSocketHandshakeResponseReceived", lambda event: self._heard("handshake", event))
        devtools.on("Network.webSocketFrameReceived", lambda event: self._heard("frames", event))
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": False})

    def _asked(self, event: dict[str, Any]) -> None:
        self.asked.append(event["requestId"])
        self.paths[event["requestId"]] = event["request"]["url"].split("/", 3)[3].partition("#")[0]

    def _came(self, event: dict[str, Any]) -> None:
        self.bytes[event["requestId"]] = int(event["encodedDataLength"])

    def _heard(self, what: str, event: dict[str, Any]) -> None:
        answer = event["response"]
        size = len(answer.get("payloadData", "").encode()) or len(answer.get("headersText", ""))
        self.paths.setdefault(what, f"WebSocket {what}")
        if what not in self.asked:
            self.asked.append(what)
        self.bytes[what] = self.bytes.get(what, 0) + size

    def table(self) -> dict[str, int]:
        """Path → bytes of what came, in the order it was asked for."""
        found: dict[str, int] = {}
        for one in self.asked:
            path = self.paths[one]
            found[path] = found.get(path, 0) + self.bytes.get(one, 0)
        return found


def until_second_part(table: dict[str, int]) -> int:
    """All that was asked for before the board stood, and the live connection; the second part is asked for then."""
    paths = list(table)
    after = next(n for n, path in enumerate(paths) if f"/{path}".startswith(SECOND_PART))
    return sum(bytes_ for n, (path, bytes_) in enumerate(table.items()) if n < after or path.startswith("WebSocket"))


def test_the_first_visit_to_a_board_of_1451_proposals_stays_small(
    product: Product, launch: Callable[..., Browser]
) -> None:
    beside = Beside()
    try:
        beside.run(fill(product, beside.join(product, role="admin")))
    finally:
        beside.close()
    page = open_page(launch(), f"{product.url}/healthz", width=360, height=640, phone=True, first=SHIFTS)
    faults: list[str] = []
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    first = Meter()
    first.watch(page)
    page.goto(product.link("participant"))
    expect(page.get_by_text("Tersambung", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"Semua {PROPOSALS:,}".replace(",", "."))).to_be_visible()
    until(page, "navigator.serviceWorker.ready.then(Boolean)")
    table = first.table()
    usable = until_second_part(table)

    until(page, "caches.has && caches.keys().then((names) => names.length > 0)")
    page.wait_for_timeout(1500)  # nothing is waited for: what may still come is to be counted
    table = first.table()
    moved = page.evaluate("window.moved")
    head = page.evaluate(HEAD)
    again = Meter()
    again.watch(page)
    page.reload()
    expect(page.get_by_text("Tersambung", exact=True)).to_be_visible()
    back = again.table()
    print(json.dumps({"first_visit_bytes": usable, "with_second_part": sum(table.values()), "files": table}, indent=1))
    print(json.dumps({"second_visit_bytes": sum(back.values()), "files": back}, indent=1))
    assert usable <= MOST_BYTES
    assert moved <= MOST_SHIFT, "what stood on the screen moved under the reader"
    assert faults == []
    assert head == {
        "lang": "id", "title": True, "description": True, "viewport": True, "doctype": "CSS1Compat", "unsized": 0
    }  # fmt: skip
    assert [path for path, size in back.items() if size and (path.startswith("assets/") or path == "participant")] == []
