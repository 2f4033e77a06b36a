"""Every code the program can answer with stands in docs/protocol.md; the client's tests demand its texts from there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAID_BY = {"Refused", "ProtocolError", "EngineError", "StartupError", "Cast", "problem", "retry_later", "refusal"}
SAID_BY |= {"refused", "refuse_all", "dismiss", "violate"}
CODE = re.compile(r"[a-z]+(_[a-z]+)*")


def said() -> Iterator[tuple[str, str]]:
    """(code, where): the literal first text of each call that carries a code to somebody."""
    for package in ("sessions", "signaling", "server"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and name_of(node.func) in SAID_BY:
                    values = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "code")]
                    texts = [v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)]
                    if texts and CODE.fullmatch(texts[0]):
                        yield texts[0], f"{path.relative_to(ROOT)}:{node.lineno}"


def name_of(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""


def test_no_code_is_said_that_the_protocol_does_not_name() -> None:
    page = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")
    named = {code for pair in re.findall(r"`([a-z_]+)`|\"([a-z_]+)\"", page) for code in pair}
    found = dict(said())
    assert len(found) > 45, "the codes are not found any more"
    assert {code: where for code, where in found.items() if code not in named} == {}
