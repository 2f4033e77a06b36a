"""Receiver reports to publishers: our own loss, and for audio the worst loss of those who listen (RFC 3550 §6.4.1).

Opus spends bits on in-band FEC only when its sender hears of loss: its own link is often clean, a listener's is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signaling.sfu.core_api import ProducerStats
from signaling.sfu.rtcp import ReportBlock
from signaling.sfu.sr import Mapping

FRESH_S = 6.0  # a listener's report counts this long
WORST = 77  # 30 %: beyond that FEC cannot help, and one dying link must not halve everybody's audio


@dataclass(slots=True)
class LossMeter:
    """What was expected and received up to the last report."""

    expected: int = 0
    received: int = 0

    def fraction(self, stats: ProducerStats) -> tuple[int, int]:
        """(fraction lost since the last call in 1/256, packets lost in all), before repair (`packets` has no RTX)."""
        if not stats.packets:
            return 0, 0
        expected = stats.extended_seq - stats.base_seq + 1
        expected_now, received_now = expected - self.expected, stats.packets - self.received
        self.expected, self.received = expected, stats.packets
        lost_now = expected_now - received_now
        share = lost_now * 256 // expected_now if expected_now > 0 and lost_now > 0 else 0
        return min(255, share), expected - stats.packets


def combine(upstream: int, listeners: Iterable[int]) -> int:
    """Loss a listener suffers end to end: ours after the worst of theirs, all in 1/256."""
    worst = min(max(listeners, default=0), WORST)
    return min(255, 256 - (256 - upstream) * (256 - worst) // 256) if worst else upstream


def block(ssrc: int, stats: ProducerStats, fraction: int, lost: int, last: Mapping | None, now_s: float) -> ReportBlock:
    """The report block for one producer; last: its latest SR."""
    lsr, delay = (last.lsr, int((now_s - last.arrived_s) * 65536)) if last else (0, 0)
    return ReportBlock(ssrc, fraction, lost, stats.extended_seq & 0xFFFFFFFF, stats.jitter, lsr, min(delay, 0xFFFFFFFF))
