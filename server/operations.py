"""The commands of whoever keeps an installation: its sessions, backup, restore, doctor, retention."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any

from server.config import Settings

NAMES = ("backup", "restore", "doctor", "retention", "sessions")
OF_A_SERVER = ("host", "port", "data", "database", "tls", "media-host", "media-port", "announce", "redis", "turn")


def add(commands: Any, add_settings: Callable[[argparse.ArgumentParser, Sequence[str]], None]) -> None:
    """commands: the sub-parsers of the command line."""
    sessions = commands.add_parser("sessions", help="list sessions, or found one with halls, seats and cards")
    add_settings(sessions, ["data", "database"])
    actions = sessions.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every session with its phase")
    found = actions.add_parser("found", help="a new session from a file")
    found.add_argument("file", metavar="PLAN.json", help="docs/operations.md says what stands in it")
    found.add_argument("--out", metavar="CARDS.json", required=True, help="a new file for tokens and PINs of all cards")
    found.add_argument("--days", type=int, default=30, help="how long the cards are good (30)")
    backup = commands.add_parser("backup", help="copy everything into one file, also while the server runs")
    add_settings(backup, ["data", "database"])
    backup.add_argument("file", metavar="FILE", help="a new file, readable by its owner alone")
    backup.add_argument("--even-during-a-secret-ballot", action="store_true", help="although it could link votes")
    restore = commands.add_parser("restore", help="put a backup into a new data folder or an empty database")
    add_settings(restore, ["data", "database"])
    restore.add_argument("file", metavar="FILE")
    retention = commands.add_parser("retention", help="what is held of people, since when, and until when")
    add_settings(retention, ["data", "database", "retention-days"])
    retention.add_argument("--erase", metavar="SESSION", help="now, of a session that has ended; there is no way back")
    doctor = commands.add_parser("doctor", help="look at everything a plenary needs, and say what to do")
    add_settings(doctor, OF_A_SERVER)
    doctor.add_argument("--url", metavar="https://NAME", help="how people reach the pages: tries it as a browser would")
    doctor.add_argument("--json", action="store_true", help="for programs")


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0 or 1. Raises StartupError."""
    match options.command:
        case "backup":
            from server.backup_desk import backup

            return await backup(settings, options)
        case "sessions":
            from server.session_desk import run as sessions

            return await sessions(settings, options)
        case "doctor":
            from server.doctor.main import run as doctor

            return await doctor(settings, options)
        case "retention":
            from server.retention_desk import run as retention

            return await retention(settings, options)
        case _:
            from server.backup_desk import restore

            return await restore(settings, options)
