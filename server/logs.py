"""What goes to standard error, and how."""

from __future__ import annotations

import logging

FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"


def configure(level: str) -> None:
    """Libraries speak from warning on; their debug output would show what people send."""
    logging.basicConfig(format=FORMAT, level=logging.WARNING)
    for ours in ("server", "signaling", "sessions", "pleno"):
        logging.getLogger(ours).setLevel(level.upper())
