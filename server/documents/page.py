"""A document as one accessible HTML page without scripts: semantic tables, print and large print in its style."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from server.documents.layout import Document

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "record.css").read_text(encoding="utf-8")
STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The page is whole in itself: nothing is loaded, nothing runs, and only this style counts.
CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def template() -> Template:
    """What people wrote is escaped everywhere; a name the template misspells is an error."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("record.html.j2")


def html(document: Document) -> bytes:
    """The page in UTF-8."""
    return template().render(document=document, style=Markup(STYLE)).encode()
