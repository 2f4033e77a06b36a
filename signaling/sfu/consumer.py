"""One slot of a subscriber: an m-line whose SSRC stays the same whatever it is pointed at."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from signaling.engine import Source
from signaling.sfu import rtcp
from signaling.sfu.core_api import Kind
from signaling.sfu.sdp_write import OfferedSlot

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane
    from signaling.sfu.producer import Producer
    from signaling.sfu.transport import Transport

Use = Literal["audio", "stage", "thumb"]
SR_LOG = 4  # sender reports whose echo still tells the round-trip time


def new_ssrc() -> int:
    return secrets.randbelow(0xFFFFFFFE) + 1


@dataclass(slots=True, eq=False)
class Consumer:
    """handle: in the core, -1 until the subscriber accepted the m-line. hall, source: what it is meant to carry."""

    plane: Plane
    transport: Transport
    index: int
    use: Use
    kind: Kind
    ssrc: int = field(default_factory=new_ssrc)
    rtx_ssrc: int = 0
    handle: int = -1
    refused: bool = False
    hall: str | None = None
    source: Source | None = None
    producer: Producer | None = None
    loss: int = 0  # last fraction reported, 1/256
    reported: float = float("-inf")
    rtt_ms: float | None = None
    _unsettled: bool = False
    _sent: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind is not Kind.AUDIO:
            self.rtx_ssrc = new_ssrc()

    def offered(self, stream: str) -> OfferedSlot:
        return OfferedSlot(self.kind, self.ssrc, self.rtx_ssrc, stream)

    def recode(self, kind: Kind) -> None:
        """Carry another codec from the next offer on, under new SSRCs: sequence numbers may not start again."""
        self.point(None)
        self.close()
        self.kind, self.refused = kind, False
        self.ssrc, self.rtx_ssrc = new_ssrc(), new_ssrc()

    def accept(self, payload_type: int, rtx_payload_type: int) -> None:
        """The subscriber took the m-line: open the slot in the core. Twice is harmless."""
        if self.handle < 0:
            rtx_ssrc = self.rtx_ssrc if rtx_payload_type else 0
            self.handle = self.plane.core.add_consumer(
                self.transport.handle, self.kind, self.ssrc, payload_type, rtx_ssrc, rtx_payload_type
            )

    def point(self, producer: Producer | None) -> None:
        """Feed the slot from this producer (None: silence) without renegotiation."""
        if producer is self.producer or self.handle < 0:
            return
        if self.producer is not None:
            self.producer.consumers.discard(self)
        self.producer = producer
        self.loss = 0
        self.plane.core.switch(self.handle, producer.handle if producer is not None else -1)
        if producer is not None:
            producer.consumers.add(self)
            producer.request_key()
            self._unsettled = True

    def settle(self) -> None:
        """Ten times a second after a switch: ask again for a key frame, and send the first SR as soon as it flows."""
        if not self._unsettled or self.producer is None:
            return
        stats = self.plane.core.consumer_stats(self.handle)
        if stats.waiting:
            self.producer.request_key()
        elif stats.packets:
            self._unsettled = False
            self.relay_sr()

    def relay_sr(self) -> None:
        """Pass the producer's latest SR on in our clock, once its timestamps are known to be continuous with ours."""
        if self.producer is None or self.producer.mapping is None or not self.transport.consent:
            return
        stats = self.plane.core.consumer_stats(self.handle)
        if stats.waiting or not stats.packets or self._unsettled:
            return
        ntp, rtp_ts = self.producer.mapping.for_consumer(stats.ts_offset)
        self.transport.send_rtcp(rtcp.sender_report(self.ssrc, ntp, rtp_ts, stats.packets, stats.octets))
        self._sent[ntp >> 16 & 0xFFFFFFFF] = self.plane.clock()
        if len(self._sent) > SR_LOG:
            del self._sent[next(iter(self._sent))]

    def on_report(self, block: rtcp.ReportBlock) -> None:
        now = self.plane.clock()
        self.loss, self.reported = block.fraction, now
        sent = self._sent.get(block.lsr)
        if sent is not None and block.delay:
            self.rtt_ms = max(0.0, (now - sent - block.delay / 65536) * 1000)

    def on_nack(self, seqs: tuple[int, ...]) -> None:
        if self.handle >= 0:
            self.plane.core.retransmit(self.handle, seqs)

    def describe(self) -> dict[str, Any]:
        """The slot as docs/protocol.md §6 shows it."""
        kind = "audio" if self.kind is Kind.AUDIO else "video"
        hall = None if self.hall is None or self.hall.startswith("@") else self.hall
        return {"kind": kind, "use": self.use, "hall": hall, "source": self.source}

    def close(self) -> None:
        """Twice is harmless."""
        if self.producer is not None:
            self.producer.consumers.discard(self)
            self.producer = None
        if self.handle >= 0:
            if self.transport.handle >= 0:  # else the core dropped it with its peer
                self.plane.core.remove_consumer(self.handle)
            self.handle = -1
