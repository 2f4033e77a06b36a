"""What the per-packet loop offers the rest of the media plane; `core` (native) and `core_py` (pure Python) both implement it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol


class Profile(IntEnum):
    """DTLS-SRTP protection profiles (RFC 5764 §4.1.2, RFC 7714 §14.2)."""

    AES128_CM_SHA1_80 = 1
    AEAD_AES_128_GCM = 7
    AEAD_AES_256_GCM = 8


class Kind(IntEnum):
    """What a producer carries; decides cache depth, key-frame detection and whether a switch waits for a key frame."""

    AUDIO = 0
    VP8 = 1
    H264 = 2


@dataclass(frozen=True, slots=True)
class Extensions:
    """Header-extension ids of one transport (0 = not negotiated); they differ per peer (RFC 8285)."""

    mid: int = 0
    audio_level: int = 0
    abs_send_time: int = 0
    twcc: int = 0


@dataclass(frozen=True, slots=True)
class Datagram:
    """STUN, DTLS or anything else that is not SRTP from a known address."""

    host: str
    port: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Rtcp:
    """A compound RTCP packet of this peer, decrypted and authenticated."""

    peer: int
    data: bytes


@dataclass(frozen=True, slots=True)
class UnknownSsrc:
    """An authenticated RTP packet of this peer whose SSRC no producer has (first 128 bytes, decrypted header and payload start)."""

    peer: int
    data: bytes


Upcall = Datagram | Rtcp | UnknownSsrc


@dataclass(frozen=True, slots=True)
class ProducerStats:
    """extended_seq: highest sequence number with cycles (RFC 3550 §6.4.1). jitter: RTP timestamp units. level: loudest 0..127 -dBov
    since the last read (127 = silence). arrival_us: monotonic time of the last packet (0 = none yet)."""

    packets: int
    octets: int
    extended_seq: int
    base_seq: int
    jitter: int
    level: int
    arrival_us: int
    last_rtp_ts: int
    recovered: int
    duplicates: int


@dataclass(frozen=True, slots=True)
class ConsumerStats:
    """ts_offset: outgoing minus incoming RTP timestamp modulo 2^32 (for SR relay). waiting: no key frame yet since the switch."""

    packets: int
    octets: int
    ts_offset: int
    last_rtp_ts: int
    last_seq: int
    waiting: bool
    retransmitted: int
    refused: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counters since start, for /metrics. rejected: failed authentication or replay; send_errors: the kernel refused."""

    packets_in: int
    packets_out: int
    octets_out: int
    rejected: int
    replayed: int
    send_errors: int
    rtx_out: int
    rtx_in: int


class Core(Protocol):
    """The loop around one UDP socket. Handles are small ints; a closed handle may be reused. Single-threaded.

    More than five methods, because it is one seam with two implementations that share every test.
    """

    name: str  # "native" or "python"

    def add_peer(self, profile: Profile, tx_key: bytes, rx_key: bytes) -> int:
        """Keys: SRTP master key followed by master salt (12 bytes for GCM, 14 for CM), as exported by DTLS."""

    def remove_peer(self, peer: int) -> None:
        """Also removes its producers (their consumers fall silent, source -1) and its consumers. Twice is harmless."""

    def set_address(self, peer: int, host: str, port: int) -> None:
        """Where to send, and the only address SRTP is accepted from; call after an authenticated STUN check."""

    def set_extensions(self, peer: int, extensions: Extensions) -> None: ...

    def add_producer(self, peer: int, kind: Kind, ssrc: int, rtx_ssrc: int = 0) -> int:
        """rtx_ssrc: its packets are unwrapped (RFC 4588) and repaired in place; 0 = none."""

    def remove_producer(self, producer: int) -> None: ...

    def add_consumer(self, peer: int, kind: Kind, ssrc: int, payload_type: int, rtx_ssrc: int = 0, rtx_payload_type: int = 0, mid: str = "") -> int:
        """A slot of a subscriber, silent until `switch`. Its SSRC, sequence and timestamps stay continuous across switches."""

    def remove_consumer(self, consumer: int) -> None: ...

    def switch(self, consumer: int, producer: int) -> None:
        """Feed the consumer from this producer (-1 = pause). Video waits for a key frame; the caller asks for one (PLI)."""

    def set_budget(self, peer: int, rtx_bps: int) -> None:
        """Token bucket for retransmissions towards this peer."""

    def retransmit(self, consumer: int, seqs: Sequence[int]) -> int:
        """Answer a NACK by RTX: skips what is not cached, was resent < 100 ms ago, or is over budget. Returns how many were sent."""

    def missing(self, producer: int) -> list[int]:
        """Sequence numbers to NACK upstream now: 20 ms after the gap, again every 60 ms (or the RTT), at most 8 times each."""

    def send(self, host: str, port: int, data: bytes) -> None:
        """Raw datagram (STUN, DTLS)."""

    def send_rtcp(self, peer: int, data: bytes) -> None:
        """Protect and send a compound RTCP packet."""

    def pump(self) -> list[Upcall]:
        """Drain the socket: forward all media, return the rest. Call when the socket is readable. Never blocks."""

    def producer_stats(self, producer: int) -> ProducerStats: ...

    def consumer_stats(self, consumer: int) -> ConsumerStats: ...

    def totals(self) -> Totals: ...

    def close(self) -> None: ...
