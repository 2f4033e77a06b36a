"""The two ways a peer can be wrong: refused by the rules, or speaking the protocol badly."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """The rules say no. An ordinary negative answer; the connection stays. code: see docs/protocol.md §5."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class ProtocolError(Exception):
    """The peer's program is wrong (size, rate, shape). It is told the code, then its connection closes."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
