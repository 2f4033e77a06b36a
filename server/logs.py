"""What goes to standard error, and how: lines for people, or a JSON object a line for whoever collects them."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from signaling import trail
from signaling.quiet import ExcInfo, QuietFormatter, told

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
OURS = ("server", "signaling", "sessions", "pleno")


class Marked(logging.Filter):
    """Puts the trail of the request that is being answered on each record, and the name of the node, if it has one."""

    def __init__(self, node: str = "") -> None:
        super().__init__()
        self.node = node

    def filter(self, record: logging.LogRecord) -> bool:
        record.trail = {**({"node": self.node} if self.node else {}), **trail.read()}
        return True


class TextFormatter(QuietFormatter):
    def format(self, record: logging.LogRecord) -> str:
        whole = super().format(record)
        marks = " ".join(f"{name}={value}" for name, value in getattr(record, "trail", {}).items())
        first, newline, rest = whole.partition("\n")
        return f"{first} [{marks}]{newline}{rest}" if marks else whole


class LineFormatter(JsonFormatter):
    """{"time", "level", "logger", "message", …trail, "traceback"?}."""

    def __init__(self) -> None:
        super().__init__(json_ensure_ascii=False)

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        log_data |= {"time": when, "level": record.levelname.lower(), "logger": record.name}
        log_data |= {"message": record.getMessage(), **getattr(record, "trail", {})}
        if record.exc_info:
            log_data["traceback"] = self.formatException(record.exc_info)

    def formatException(self, ei: ExcInfo) -> str:
        return told(ei[1]) if ei[1] is not None else ""


def configure(level: str, form: str = "text", node: str = "") -> None:
    """Libraries speak from warning on; their debug output would show what people send."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Marked(node))
    handler.setFormatter(LineFormatter() if form == "json" else TextFormatter(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for ours in OURS:
        logging.getLogger(ours).setLevel(level.upper())
