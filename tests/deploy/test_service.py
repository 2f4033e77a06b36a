"""deploy/pleno.service starts and stops the server in a way that fits it."""

from __future__ import annotations

import shlex
from configparser import ConfigParser
from pathlib import Path

from server.cli import parser
from server.config import Settings

FILE = Path(__file__).resolve().parent.parent.parent / "deploy" / "pleno.service"


def service() -> dict[str, str]:
    found = ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(FILE.read_text())
    return dict(found["Service"])


def test_its_commands_are_ours() -> None:
    for name in ("ExecStart", "ExecStartPre"):
        program, *arguments = shlex.split(service()[name].lstrip("-"))
        assert program == "/opt/pleno/bin/pleno"
        assert parser().parse_args(arguments).command == arguments[0]


def test_what_the_doctor_finds_keeps_nobody_from_starting() -> None:
    assert service()["ExecStartPre"].startswith("-")


def test_it_is_given_time_to_drain_and_is_not_root() -> None:
    found = service()
    assert int(found["TimeoutStopSec"]) > Settings().drain_s + 20
    assert found["User"] == "pleno"
    assert (found["StateDirectory"], found["StateDirectoryMode"]) == ("pleno", "0700")
    assert int(found["LimitNOFILE"]) > Settings().max_clients
    assert found["KillMode"] == "mixed", "the media worker ends by its server's word"
