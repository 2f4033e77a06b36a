"""What a check found, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.errors import StartupError

State = Literal["ok", "warning", "wrong"]
SIGNS: dict[State, str] = {"ok": "ok   ", "warning": "!    ", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True)
class Finding:
    """check: its stable name. warning: a plenary can be held with it, in part or for now. No secret is ever in it."""

    check: str
    state: State
    indonesian: str
    english: str

    def lines(self) -> list[str]:
        """As printed: one line where all is well, else one for each language."""
        if self.state == "ok":
            return [f"{SIGNS['ok']} {self.check}: {self.indonesian}"]
        return [f"{SIGNS[self.state]} {self.check}: {self.indonesian}", f"      {self.english}"]


def ok(check: str, indonesian: str, english: str) -> Finding:
    return Finding(check, "ok", indonesian, english)


def warning(check: str, indonesian: str, english: str) -> Finding:
    return Finding(check, "warning", indonesian, english)


def wrong(check: str, indonesian: str, english: str) -> Finding:
    return Finding(check, "wrong", indonesian, english)


def refused(check: str, error: StartupError) -> Finding:
    """What the server itself would say at its start."""
    return Finding(check, "wrong", error.indonesian, error.english)
