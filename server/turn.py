"""Short-lived credentials for the relays (TURN) that browsers behind closed firewalls send their media through.

Made as coturn's `use-auth-secret` checks them (draft-uberti-behave-turn-rest-00): the name is the second it ends and
whose it is, the password an HMAC over the name with a secret that server and relay share.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from server.config import Settings
from server.errors import bad_setting
from signaling.gateway.ports import RelayAccess

LASTS_MS = 4 * 3_600_000  # longer than most sittings; a page asks again long before, with its next connection


@dataclass(frozen=True, slots=True)
class Turn:
    """urls: RFC 7065, most wanted first. clock: milliseconds since 1970 UTC."""

    urls: tuple[str, ...]
    secret: str = field(repr=False)
    clock: Callable[[], int]
    lasts_ms: int = LASTS_MS

    def access(self, holder: str) -> RelayAccess:
        """Good from now on. holder: what the relay bounds allocations by, without a colon; no secret, no name."""
        username = f"{(self.clock() + self.lasts_ms) // 1000}:{holder}"
        # RFC 8489 §9.2.3 and the draft fix SHA-1 here; as an HMAC it is not weakened by collisions.
        password = hmac.digest(self.secret.encode(), username.encode(), hashlib.sha1)
        return RelayAccess(self.urls, username, base64.b64encode(password).decode(), self.lasts_ms)


def from_settings(settings: Settings, clock: Callable[[], int]) -> Turn | None:
    """None when no relay is named. Raises StartupError("bad_setting"): relays are named, but not their secret."""
    if not settings.turn:
        return None
    if not settings.turn_secret:
        raise bad_setting(
            "PLENO_TURN_SECRET",
            "",
            "isi dengan rahasia yang sama seperti static-auth-secret di coturn.",
            "give the same secret as coturn's static-auth-secret.",
        )
    return Turn(settings.turn, settings.turn_secret, clock)
