"""One stream that a peer publishes: its key-frame requests, its clock, its level, whether it flows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from signaling.engine import Source
from signaling.sfu import rr, rtcp
from signaling.sfu.audiolevel import SILENCE, level_of
from signaling.sfu.core_api import Kind, ProducerStats
from signaling.sfu.sr import Mapping, PublisherClock, ntp

if TYPE_CHECKING:
    from signaling.sfu.consumer import Consumer
    from signaling.sfu.plane import Plane
    from signaling.sfu.transport import Transport

STALLED_S = {"slides": 12.0}  # a still screen sends about one frame a second, and pauses
STALLED_DEFAULT_S = 1.5


@dataclass(slots=True)
class KeyFrameGate:
    """Lets through one key-frame request a second, two in a row at most; a held one is remembered and leaves later."""

    tokens: float = 2.0
    filled: float = 0.0
    sent: float = float("-inf")
    pending: bool = False

    def ask(self, now: float) -> bool:
        """True when a request may leave now."""
        self.tokens = min(2.0, self.tokens + max(0.0, now - self.filled))
        self.filled = now
        if self.tokens < 1.0 or now - self.sent < 0.2:
            self.pending = True
            return False
        self.tokens -= 1.0
        self.sent = now
        self.pending = False
        return True


@dataclass(slots=True, eq=False)
class Producer:
    """handle: in the core. hall: or @peer, see layers. clock: shared with the other producers of its transport."""

    plane: Plane
    transport: Transport
    handle: int
    hall: str
    source: Source
    kind: Kind
    ssrc: int
    clock: PublisherClock
    consumers: set[Consumer] = field(default_factory=set)
    mapping: Mapping | None = None
    flowing: bool = False
    level: int = SILENCE
    bitrate_bps: float = 0.0
    heard: float = float("-inf")  # when its last packet came
    uplink_loss: float = 0.0
    wanted: bool = True
    wanted_since: float = float("-inf")
    closed: bool = False
    _gate: KeyFrameGate = field(default_factory=KeyFrameGate)
    _meter: rr.LossMeter = field(default_factory=rr.LossMeter)
    _loudest: int = SILENCE
    _read: tuple[float, int] | None = None

    def request_key(self) -> None:
        """Ask the publisher for a key frame, at most once a second."""
        if self.kind is not Kind.AUDIO and self._gate.ask(self.plane.clock()):
            self.transport.send_rtcp(rtcp.receiver_report([]) + rtcp.pli(self.ssrc))

    def nack(self) -> None:
        """Ask for what is missing; the core keeps the schedule. Every 20 ms."""
        if self._gate.pending:
            self.request_key()
        if self.kind is not Kind.AUDIO and (missing := self.plane.core.missing(self.handle)):
            self.transport.send_rtcp(rtcp.receiver_report([]) + rtcp.nack(self.ssrc, missing))

    def on_sender_report(self, report: rtcp.SenderReport) -> None:
        if report.ntp == 0:  # a sender without a track yet
            return
        self.clock.heard(report.ntp, ntp(self.plane.wall()))
        lsr = report.ntp >> 16 & 0xFFFFFFFF
        self.mapping = Mapping(self.clock.translate(report.ntp), report.rtp_ts, lsr, self.plane.clock())
        for consumer in self.consumers:
            consumer.relay_sr()

    def measure(self) -> bool:
        """Read the core's counters, about four times a second. True when `flowing` has changed."""
        now = self.plane.clock()
        stats = self._stats()
        if self._read is not None and now > self._read[0]:
            rate = (stats.octets - self._read[1]) * 8 / (now - self._read[0])
            self.bitrate_bps += (rate - self.bitrate_bps) * 0.4
        self._read = (now, stats.octets)
        if stats.packets:
            self.heard = stats.arrival_us / 1e6
        before, self.flowing = self.flowing, self._flows(stats, now)
        return before != self.flowing

    def want(self, wanted: bool) -> None:
        """Its publisher is told to send it, or to pause; what it sent before the pause does not count as flowing."""
        if wanted and not self.wanted:
            self.wanted_since = self.plane.clock()
        self.wanted = wanted
        self.flowing &= wanted

    def take_level(self) -> int:
        """The loudest -dBov since the last call."""
        self.level = level_of(self._loudest, self.bitrate_bps)
        self._loudest = SILENCE
        return self.level

    def _stats(self) -> ProducerStats:
        stats = self.plane.core.producer_stats(self.handle)
        if stats.packets:
            self._loudest = min(self._loudest, stats.level)  # reading it resets it in the core
        return stats

    def _flows(self, stats: ProducerStats, now: float) -> bool:
        arrived = stats.arrival_us / 1e6
        recent = now - arrived < STALLED_S.get(self.source, STALLED_DEFAULT_S)
        return stats.packets > 0 and recent and self.wanted and arrived > self.wanted_since

    def report(self) -> rtcp.ReportBlock | None:
        """The report block for its publisher, once a second; None before the first packet."""
        stats = self._stats()
        if not stats.packets:
            return None
        now = self.plane.clock()
        fraction, lost = self._meter.fraction(stats)
        self.uplink_loss += (fraction / 256 - self.uplink_loss) * 0.3
        if self.kind is Kind.AUDIO:
            fresh = [each.loss for each in self.consumers if now - each.reported < rr.FRESH_S]
            fraction = rr.combine(fraction, fresh)
        return rr.block(self.ssrc, stats, fraction, lost, self.mapping, now)

    def close(self) -> None:
        """Twice is harmless. Its consumers fall silent."""
        if self.closed:
            return
        self.closed = True
        for consumer in list(self.consumers):
            consumer.point(None)
        if self.transport.handle >= 0:  # else the core dropped it with its peer
            self.plane.core.remove_producer(self.handle)
