"""Every command has its file here, and refuses what docs/protocol.md says: no more, no less."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from sessions.dispatch import COMMANDS
from tests.sessions.refusals.case import OF_ALL

FOLDER = Path(__file__).parent
PROTOCOL = FOLDER.parents[2] / "docs" / "protocol.md"
NAME = r"`([a-z]+\.[a-z_]+)`"
# Said once for every command on a card, not in the row of each.
OF_CARDS = frozenset({"with_group", "sent_up", "over_quota", "over_ceiling", "share_broken"})


def documented() -> dict[str, frozenset[str]]:
    """Command → the codes in the last column of its row, or rows."""
    found: dict[str, frozenset[str]] = {}
    for line in PROTOCOL.read_text(encoding="utf-8").splitlines():
        if re.match(rf"\| {NAME}(, {NAME})* \|", line):
            cells = line.strip("| ").split(" | ")
            codes = frozenset(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", re.sub(r"\([^)]*\)", "", cells[-1])))
            for name in re.findall(NAME, cells[0]):
                found[name] = found.get(name, frozenset()) | codes
    return found


DOCUMENTED = documented()


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_command_refuses_in_its_file_what_the_protocol_says(command: str) -> None:
    name = f"test_{command.replace('.', '_')}"
    test = getattr(import_module(f"tests.sessions.refusals.{name}"), name)
    assert test.command == command
    said, tried = DOCUMENTED[command] - OF_ALL, test.codes - OF_ALL
    assert (said - tried, tried - said - OF_CARDS) == (set(), set())
