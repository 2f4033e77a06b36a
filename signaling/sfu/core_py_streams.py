"""What the pure-Python core remembers: peers, producers, consumers, by the rules of the C files so named."""

from __future__ import annotations

import secrets
from typing import Any

from pylibsrtp import Session

from signaling.sfu.cache import Missing, PacketCache
from signaling.sfu.core_api import ConsumerStats, Extensions, Kind, ProducerStats, Profile
from signaling.sfu.rewrite import ExtensionWriter, Rtp, extension_writer, starts_key_frame
from signaling.sfu.window import WINDOW_SIZE, Window

CACHE_DEPTH = {Kind.AUDIO: 200, Kind.VP8: 500, Kind.H264: 500}
CLOCK_RATE = {Kind.AUDIO: 48_000, Kind.VP8: 90_000, Kind.H264: 90_000}
UNALIGNED = -(1 << 62)
FRAME_TICKS = {Kind.AUDIO: 960, Kind.VP8: 3_000, Kind.H264: 3_000}  # 20 ms of audio, 1/30 s of video
SILENCE = 127
HOLDOFF_US = 100_000
DEFAULT_RTX_BPS = 500_000
BUCKET_US = 500_000  # a bucket holds half a second of its rate
BUCKET_LEAST_BITS = 24_000  # and never less than two full packets
MICRO = 1_000_000
U32 = 0xFFFFFFFF


class Bucket:
    """Token bucket in bits times 10^6, so that it never rounds."""

    __slots__ = ("_depth", "_filled_us", "_rate_bps", "_tokens")

    def __init__(self, now_us: int) -> None:
        self._tokens = 0
        self.set_rate(DEFAULT_RTX_BPS)
        self._tokens = self._depth
        self._filled_us = now_us

    def set_rate(self, rate_bps: int) -> None:
        self._rate_bps = rate_bps
        self._depth = max(rate_bps * BUCKET_US, BUCKET_LEAST_BITS * MICRO)
        self._tokens = min(self._tokens, self._depth)

    def refill(self, now_us: int) -> None:
        elapsed = min(now_us - self._filled_us, 60 * MICRO)
        self._tokens = min(self._tokens + self._rate_bps * elapsed, self._depth)
        self._filled_us = now_us

    def spend(self, octets: int, now_us: int) -> bool:
        cost = octets * 8 * MICRO
        self.refill(now_us)
        if self._tokens < cost:
            return False
        self._tokens -= cost
        return True


class Source:
    """One SSRC a peer sends; it outlives its producer, as libsrtp's replay protection of it does."""

    __slots__ = ("producer", "repairs")

    def __init__(self) -> None:
        self.producer: Producer | None = None
        self.repairs = False


class Peer:
    """rx, tx: libsrtp sessions; rx_ssrcs: what they hold state for. sent: next index of SSRCs whose consumer went."""

    __slots__ = (
        "address",
        "bucket",
        "consumers",
        "handle",
        "ids",
        "producers",
        "profile",
        "rx",
        "rx_session",
        "sent",
        "sources",
        "twcc_seq",
        "tx",
        "tx_session",
    )

    def __init__(self, handle: int, profile: Profile, now_us: int, rx_session: Session, tx_session: Session) -> None:
        self.handle, self.profile = handle, profile
        self.rx_session, self.tx_session = rx_session, tx_session
        self.rx, self.tx = rx_session._srtp[0], tx_session._srtp[0]
        self.ids = Extensions()
        self.address: tuple[Any, ...] | None = None
        self.bucket = Bucket(now_us)
        self.sources: dict[int, Source] = {}
        self.producers: dict[int, Producer] = {}
        self.consumers: dict[int, Consumer] = {}
        self.sent: dict[int, int] = {}
        self.twcc_seq = 0

    def first_index(self, ssrc: int) -> int:
        """Continues an SSRC sent before (a GCM nonce is used once); else random and below 2^15 (RFC 3711 §3.3.1)."""
        return self.sent.get(ssrc, secrets.randbits(15))

    def set_extensions(self, ids: Extensions) -> None:
        self.ids = ids
        for consumer in self.consumers.values():
            consumer.extensions = extension_writer(ids, consumer.mid)


class Producer:
    """Order, duplicates, repair and statistics of one sent stream."""

    __slots__ = (
        "arrival_us",
        "base_index",
        "cache",
        "consumers",
        "duplicates",
        "handle",
        "jitter_q4",
        "kind",
        "last_rtp_ts",
        "level",
        "missing",
        "octets",
        "packets",
        "peer",
        "recovered",
        "rtx_ssrc",
        "seen",
        "ssrc",
        "transit",
    )

    def __init__(self, handle: int, peer: Peer, kind: Kind, ssrc: int, rtx_ssrc: int) -> None:
        self.handle, self.peer, self.kind, self.ssrc, self.rtx_ssrc = handle, peer, kind, ssrc, rtx_ssrc
        self.consumers: list[Consumer] = []
        self.seen = Window()
        self.cache = PacketCache(CACHE_DEPTH[kind])
        self.missing = Missing()
        self.packets = self.octets = self.recovered = self.duplicates = 0
        self.arrival_us = self.base_index = self.last_rtp_ts = self.jitter_q4 = self.transit = 0
        self.level = SILENCE

    def take(self, rtp: Rtp, repaired: bool, now_us: int) -> int | None:
        """Books a packet; its extended sequence number, or None for a duplicate, which must not be forwarded."""
        index = self._extend(rtp.seq, repaired)
        if index is None or not self.seen.is_new(index):
            self.duplicates += 1
            return None
        newest = not self.seen.started or index > self.seen.highest
        if not self.seen.started:
            self.base_index = index
        elif newest:
            if index > self.seen.highest + 1:
                self.missing.gap(range(self.seen.highest + 1, index), now_us)
        else:
            self.missing.found(index)
        self._account(rtp, repaired, newest, now_us)
        self.seen.add(index)
        self.cache.put(index, rtp)
        return index

    def _extend(self, seq: int, repaired: bool) -> int | None:
        """SRTP showed an original to be newer than its window: far behind is far ahead. Repairs are near the newest."""
        if not self.seen.started:
            return None if repaired else seq
        distance = (seq - self.seen.highest + 0x8000 & 0xFFFF) - 0x8000
        if repaired and not -WINDOW_SIZE < distance < WINDOW_SIZE:
            return None
        if distance <= -WINDOW_SIZE:
            distance += 65536
        index = self.seen.highest + distance
        return index if index >= 0 else None

    def _account(self, rtp: Rtp, repaired: bool, newest: bool, now_us: int) -> None:
        if repaired:
            self.recovered += 1
        else:
            if newest:
                self._measure_jitter(rtp.rtp_ts, now_us)
            self.packets += 1
            self.octets += len(rtp.payload)
        if newest:
            self.last_rtp_ts = rtp.rtp_ts
        self.arrival_us = now_us
        if self.kind is Kind.AUDIO and rtp.level >= 0:
            self.level = min(self.level, rtp.level & 0x7F)

    def _measure_jitter(self, rtp_ts: int, now_us: int) -> None:
        """RFC 3550 §A.8, kept times sixteen."""
        transit = now_us * CLOCK_RATE[self.kind] // MICRO - rtp_ts & U32
        if self.packets:
            distance = abs((transit - self.transit + 0x80000000 & U32) - 0x80000000)
            self.jitter_q4 += distance - (self.jitter_q4 + 8 >> 4)
        self.transit = transit

    def due(self, now_us: int) -> list[int]:
        return self.missing.due(self.seen.highest - self.cache.depth, now_us)

    def stats(self) -> ProducerStats:
        level, self.level = self.level, SILENCE
        return ProducerStats(
            packets=self.packets,
            octets=self.octets,
            extended_seq=self.seen.highest & U32,
            base_seq=self.base_index & U32,
            jitter=self.jitter_q4 >> 4,
            level=level,
            arrival_us=self.arrival_us,
            last_rtp_ts=self.last_rtp_ts,
            recovered=self.recovered,
            duplicates=self.duplicates,
        )


class Consumer:
    """One outgoing SSRC, continuous whatever feeds it.

    shift: outgoing minus incoming index; UNALIGNED until the source's first packet, so that no index fits.
    """

    __slots__ = (
        "_first_in",
        "_resent",
        "extensions",
        "handle",
        "is_audio",
        "kind",
        "last_rtp_ts",
        "last_us",
        "mid",
        "next_index",
        "octets",
        "packets",
        "payload_type",
        "peer",
        "refused",
        "retransmitted",
        "rtx_index",
        "rtx_payload_type",
        "rtx_ssrc",
        "shift",
        "source",
        "ssrc",
        "started",
        "ts_offset",
    )

    def __init__(
        self,
        handle: int,
        peer: Peer,
        kind: Kind,
        ssrc: int,
        payload_type: int,
        rtx_ssrc: int,
        rtx_payload_type: int,
        mid: str,
    ) -> None:
        self.handle, self.peer, self.kind, self.mid = handle, peer, kind, mid
        self.is_audio = kind is Kind.AUDIO
        self.ssrc, self.payload_type = ssrc, payload_type
        self.rtx_ssrc, self.rtx_payload_type = rtx_ssrc, rtx_payload_type
        self.extensions: ExtensionWriter = extension_writer(peer.ids, mid)
        self.source: Producer | None = None
        self.started = False
        self.shift = UNALIGNED
        self.next_index = peer.first_index(ssrc)
        self.rtx_index = peer.first_index(rtx_ssrc)
        self._first_in = self.ts_offset = self.last_rtp_ts = self.last_us = 0
        self.packets = self.octets = self.retransmitted = self.refused = 0
        self._resent: dict[int, int] = {}

    def attach(self, producer: Producer | None) -> None:
        """Change the source; the same one again changes nothing."""
        if producer is self.source:
            return
        if self.source is not None:
            self.source.consumers.remove(self)
        self.source = producer
        self.shift = UNALIGNED
        if producer is not None:
            producer.consumers.append(self)

    def place(self, index: int, rtp: Rtp, now_us: int) -> int | None:
        """The outgoing index of this packet of the source; None when it must not be sent."""
        if self.shift == UNALIGNED:
            if not starts_key_frame(self.kind, rtp.payload):
                return None
            self.ts_offset = self._next_rtp_ts(now_us) - rtp.rtp_ts & U32
            self._align(index)
        if index < self._first_in:
            return None
        out = index + self.shift
        if out >= self.next_index + WINDOW_SIZE:  # a jump that would lose the receiver's rollover counter
            self._align(index)
            out = self.next_index
        if out >= self.next_index:
            self.next_index = out + 1
            self.last_rtp_ts = rtp.rtp_ts + self.ts_offset & U32
            self.last_us = now_us
        self.started = True
        return out

    def _align(self, index: int) -> None:
        self._first_in = index
        self.shift = self.next_index - index

    def _next_rtp_ts(self, now_us: int) -> int:
        """Where a new source goes on: the time since the last packet, at least a frame."""
        if not self.started:
            return secrets.randbits(32)
        elapsed = (now_us - self.last_us) * CLOCK_RATE[self.kind] // MICRO
        return self.last_rtp_ts + max(elapsed, FRAME_TICKS[self.kind])

    def resendable(self, seq: int, now_us: int) -> tuple[int, Rtp] | None:
        """The outgoing index and packet a NACK asks for, unless gone or resent within the holdoff."""
        if self.source is None or self.shift == UNALIGNED:
            return None
        last = self.next_index - 1
        index = last - (last - seq & 0xFFFF) - self.shift
        if index < self._first_in:
            return None
        out = index + self.shift
        packet = self.source.cache.get(index)
        if packet is None or now_us - self._resent.get(out, -HOLDOFF_US) < HOLDOFF_US:
            return None
        return out, packet

    def resent(self, out: int, now_us: int) -> None:
        self._resent.pop(out, None)
        self._resent[out] = now_us
        if len(self._resent) > CACHE_DEPTH[self.kind]:
            del self._resent[next(iter(self._resent))]

    def stats(self) -> ConsumerStats:
        return ConsumerStats(
            packets=self.packets,
            octets=self.octets,
            ts_offset=self.ts_offset,
            last_rtp_ts=self.last_rtp_ts,
            last_seq=self.next_index - 1 & 0xFFFF,
            waiting=self.source is not None and self.shift == UNALIGNED and self.kind is not Kind.AUDIO,
            retransmitted=self.retransmitted,
            refused=self.refused,
        )
