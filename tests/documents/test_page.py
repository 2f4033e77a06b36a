"""The record as a page: escaped, semantic, without scripts, and clean under axe."""

from __future__ import annotations

import base64
import hashlib
import shutil
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import sync_playwright

from server.documents.page import CONTENT_SECURITY_POLICY, html
from tests.documents.sample import printed
from tests.documents.test_pdf import changed
from tests.fixtures.prerequisites import require

AXE = Path(__file__).parents[2] / "client_web" / "node_modules" / "axe-core" / "axe.min.js"
NASTY = "<script>alert(1)</script> & \"kutip\" 'tunggal' {{ 7*7 }} {% raw %}"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(body: bytes) -> Tags:
    tags = Tags()
    tags.feed(body.decode())
    return tags


def test_whatever_people_write_is_text() -> None:
    tags = read(html(changed(printed(), NASTY)))
    assert "script" not in {tag for tag, _ in tags.found}
    assert tags.text.count("<script>alert(1)</script>") > 60 and "{{ 7*7 }}" in tags.text
    plain = read(html(printed()))
    assert [tag for tag, _ in tags.found if tag not in ("li", "br", "p")] == [
        tag for tag, _ in plain.found if tag not in ("li", "br", "p")
    ]


def test_tables_have_a_caption_and_head_cells_with_a_scope() -> None:
    found = read(html(printed())).found
    tags = [tag for tag, _ in found]
    assert tags.count("table") == tags.count("caption") == tags.count("thead") > 10
    assert {attributes.get("scope") for tag, attributes in found if tag == "th"} == {"col", "row"}


def test_the_page_has_a_language_a_title_and_nothing_that_runs_or_loads() -> None:
    found = read(html(printed())).found
    assert dict(found)["html"] == {"lang": "id"}
    assert not {"script", "img", "link", "iframe"} & {tag for tag, _ in found}
    assert not any(name.startswith("on") or name in ("src", "style") for _, attributes in found for name in attributes)
    targets = {attributes["id"] for _, attributes in found if "id" in attributes}
    links = [str(attributes["href"]) for tag, attributes in found if tag == "a"]
    assert len(links) == 10 and all(link.startswith("#") and link[1:] in targets for link in links)


def test_the_policy_lets_exactly_this_style_through() -> None:
    style = html(printed()).decode().split("<style>")[1].split("</style>")[0]
    known = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{known}'" in CONTENT_SECURITY_POLICY and "script-src" not in CONTENT_SECURITY_POLICY


@pytest.mark.parametrize("archive", [True, False])
def test_axe_finds_nothing(archive: bool, tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or require("chromium", "apt-get install chromium")
    if not AXE.exists():
        require("axe-core", "npm ci in client_web")
    path = tmp_path / "record.html"
    path.write_bytes(html(printed(archive=archive)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        page.goto(path.as_uri())
        page.add_script_tag(path=AXE)
        found: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        browser.close()
    assert [(one["id"], one["help"]) for one in found["violations"]] == []
    assert wide <= 390, "only the tables scroll sideways"
