"""Why a server does not start: a stable code, and what to do about it in two languages."""

from __future__ import annotations


class StartupError(Exception):
    """code: see docs/protocol.md §5. indonesian, english: what is wrong and what to do, one or two sentences each."""

    def __init__(self, code: str, indonesian: str, english: str) -> None:
        super().__init__(code)
        self.code = code
        self.indonesian = indonesian
        self.english = english

    def __str__(self) -> str:
        return f"{self.code}\n  {self.indonesian}\n  {self.english}"


def bad_setting(name: str, value: object, indonesian: str, english: str) -> StartupError:
    return StartupError(
        "bad_setting",
        f"Setelan {name} = {value!r} tidak dapat dipakai: {indonesian}",
        f"Setting {name} = {value!r} cannot be used: {english}",
    )
