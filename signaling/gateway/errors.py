"""What a client is told when its event fails, and what the log keeps."""

from __future__ import annotations

import logging
import secrets
import traceback
from dataclasses import dataclass
from typing import Any

from sessions.errors import ProtocolError, Refused
from signaling.engine import EngineError

log = logging.getLogger("pleno.gateway")


@dataclass(frozen=True, slots=True)
class Failure:
    """ack: the negative acknowledgement. close: the peer's program is wrong, its connection ends.

    outcome: for those who count: refused, held, broken (the peer's program) or failed (ours).
    """

    ack: dict[str, Any]
    close: bool
    outcome: str


def failure(error: BaseException, event: str) -> Failure:
    """By audience: the rules say no, the peer's program is wrong, or the bug is ours (the log has the incident)."""
    match error:
        case Refused() | EngineError():
            outcome = "held" if error.code == "held" else "refused"
            return Failure(refusal(error.code, error.data), close=False, outcome=outcome)
        case ProtocolError():
            return Failure(refusal(error.code, error.data), close=True, outcome="broken")
        case _:
            return Failure(refusal("internal", {"incident": incident(error, event)}), close=False, outcome="failed")


def refusal(code: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"ok": False, "code": code, "data": data}


def incident(error: BaseException, event: str) -> str:
    """Log where it happened under a short id. Neither the message of the error nor the input: they may hold a vote."""
    number = secrets.token_hex(4)
    where = "".join(traceback.format_tb(error.__traceback__))
    log.error("incident %s: %s while answering %s\n%s", number, type(error).__qualname__, event, where)
    return number
