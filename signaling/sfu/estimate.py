"""What a subscriber's link bears, from what its receiver says: retransmission budget and a word for the moderator."""

from __future__ import annotations

from typing import Literal

Link = Literal["good", "fair", "weak", "audio", "cut", "absent"]

RTX_SHARE = 0.2
RTX_LEAST_BPS = 100_000  # measured: below that a lossy 4G link never recovers its key frames
UNKNOWN_BPS = 1_500_000  # before the first REMB
CUT_S = 6.0  # browsers check every 2.5 s; others every 4 to 6 (RFC 7675 §5.1), so that their media counts as well


def rtx_budget(estimate_bps: int | None) -> int:
    """Bits per second that may go into retransmissions; a naive SFU sent 64 Mbit/s into 400 kbit."""
    return max(RTX_LEAST_BPS, int((estimate_bps or UNKNOWN_BPS) * RTX_SHARE))


def classify(silent_s: float, loss: float, rtt_ms: float | None, starved: bool) -> Link:
    """The state of a hall's link. silent_s: since media or a check came; loss: 0–1; starved: no video flows."""
    if silent_s > CUT_S:
        return "cut"
    if starved:
        return "audio"
    rtt = rtt_ms or 0.0
    if loss > 0.08 or rtt > 400:
        return "weak"
    return "fair" if loss > 0.02 or rtt > 200 else "good"
