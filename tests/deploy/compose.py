"""docker-compose.yml as an engine reads it: merged, with the variables of an .env filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML

from tests.e2e.product import ROOT

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / "deploy" / "pleno.env.example"
_START = re.compile(r"\$(\$|\{|[A-Za-z_]\w*)")
_NAME = re.compile(r"([A-Za-z_]\w*)(:?[-?])?")


def example() -> dict[str, str]:
    """What the example .env sets."""
    lines = [line.strip() for line in EXAMPLE.read_text().splitlines()]
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(text: str, environ: Mapping[str, str]) -> str:
    """${NAME}, ${NAME:-default}, ${NAME:?words} and $$, nested. Raises KeyError for what must be given and is not."""
    out, rest = "", text
    while found := _START.search(rest):
        out, rest = out + rest[: found.start()], rest[found.end() :]
        if found[1] == "$":
            out += "$"
        elif found[1] != "{":
            out += environ.get(found[1], "")
        else:
            inside, rest = _braces(rest)
            out += _variable(inside, environ)
    return out + rest


def _braces(text: str) -> tuple[str, str]:
    """What stands before the brace that closes, and what after it."""
    depth = 1
    for at, letter in enumerate(text):
        depth += (letter == "{") - (letter == "}")
        if depth == 0:
            return text[:at], text[at + 1 :]
    raise ValueError(f"no closing brace: {text}")


def _variable(inside: str, environ: Mapping[str, str]) -> str:
    found = _NAME.match(inside)
    assert found, inside
    value = environ.get(found[1], "")
    if value or found[2] is None:
        return value
    if found[2] == ":?":
        raise KeyError(f"{found[1]}: {inside[found.end() :]}")
    return filled(inside[found.end() :], environ)


def _deep(value: Any, environ: Mapping[str, str]) -> Any:
    match value:
        case str():
            return filled(value, environ)
        case list():
            return [_deep(item, environ) for item in value]
        case dict():
            return {name: _deep(item, environ) for name, item in value.items()}
        case _:
            return value


def read(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """environ: None = the example's."""
    plain = YAML(typ="safe").load(FILE)
    filled_in: dict[str, Any] = _deep(plain, example() if environ is None else environ)
    return filled_in


def services(environ: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = read(environ)["services"]
    return found
