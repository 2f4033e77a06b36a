"""What the per-packet loop offers the rest of the media plane; `core` (native) and `core_py` (Python) implement it."""

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

    @property
    def key_size(self) -> int:
        """Octets of master key and master salt together."""
        return {1: 30, 7: 28, 8: 44}[self.value]


class Kind(IntEnum):
    """What a producer carries; decides cache depth, key-frame detection and whether a switch waits for a key frame."""

    AUDIO = 0
    VP8 = 1
    H264 = 2


@dataclass(frozen=True, slots=True)
class Extensions:
    """Header-extension ids of one transport (0 = not negotiated); they differ per peer (RFC 8285).

    Ids above 14 are read from two-byte headers but never written.
    """

    mid: int = 0
    audio_level: int = 0
    abs_send_time: int = 0
    twcc: int = 0


@dataclass(frozen=True, slots=True)
class Datagram:
    """STUN, DTLS or anything else whose first octet is not SRTP's. SRTP from an unknown address is dropped."""

    host: str
    port: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Rtcp:
    """A compound RTCP packet of this peer, decrypted and authenticated, its contents unchecked."""

    peer: int
    data: bytes


@dataclass(frozen=True, slots=True)
class UnknownSsrc:
    """An authenticated RTP packet of this peer whose SSRC no producer has.

    data: its first 128 octets, decrypted: header and payload start.
    """

    peer: int
    data: bytes


Upcall = Datagram | Rtcp | UnknownSsrc


@dataclass(frozen=True, slots=True)
class ProducerStats:
    """packets, octets (of payload): came on the producer's own SSRC, duplicates and repaired ones left out.

    extended_seq: highest sequence number with cycles, base_seq: the first (RFC 3550 §6.4.1). jitter: RTP timestamp
    units (§A.8). level: loudest 0..127 -dBov since the last read (127 = silence). arrival_us: monotonic time of the
    last packet (0 = none yet). recovered: repaired by RTX. duplicates: came again and were dropped.
    """

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
    """packets, octets (of payload), last_rtp_ts, last_seq: sent on the consumer's own SSRC, RTX left out.

    ts_offset: outgoing minus incoming RTP timestamp modulo 2^32 (for SR relay). waiting: no key frame yet since the
    switch. retransmitted, refused: what became of the sequence numbers that `retransmit` was asked for.
    """

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
    """Counters since start, for /metrics.

    packets_in: authentic RTP. rejected: forged, broken, from an unknown address, or replayed (counted there too).
    send_errors: the kernel refused.
    """

    packets_in: int
    packets_out: int
    octets_out: int
    rejected: int
    replayed: int
    send_errors: int
    rtx_out: int
    rtx_in: int


class Core(Protocol):
    """The loop around one UDP socket. Handles are ints >= 0; a removed one is not soon given again. Single-threaded.

    An unknown handle raises KeyError, except where removing it twice is harmless; a bad argument raises ValueError.
    More than five methods, because it is one seam with two implementations that share every test.
    """

    name: str  # "native" or "python"

    def add_peer(self, profile: Profile, tx_key: bytes, rx_key: bytes) -> int:
        """Keys: SRTP master key followed by master salt (12 bytes for GCM, 14 for CM), as exported by DTLS."""

    def remove_peer(self, peer: int) -> None:
        """Also removes its producers (their consumers fall silent, source -1) and its consumers. Twice is harmless."""

    def set_address(self, peer: int, host: str, port: int) -> None:
        """Where to send, and the only address SRTP is accepted from; call after an authenticated STUN check.

        A peer that had this address before loses it.
        """

    def set_extensions(self, peer: int, extensions: Extensions) -> None: ...

    def add_producer(self, peer: int, kind: Kind, ssrc: int, rtx_ssrc: int = 0) -> int:
        """ssrc: not 0. rtx_ssrc: its packets are unwrapped (RFC 4588) and repaired in place; 0 = none.

        Raises ValueError when another producer of this peer has one of them, or it used 256 SSRCs already.
        """

    def remove_producer(self, producer: int) -> None: ...

    def add_consumer(
        self,
        peer: int,
        kind: Kind,
        ssrc: int,
        payload_type: int,
        rtx_ssrc: int = 0,
        rtx_payload_type: int = 0,
        mid: str = "",
    ) -> int:
        """A slot of a subscriber, silent until `switch`. SSRC, sequence and timestamps stay continuous across switches.

        ssrc: not 0. rtx_ssrc or rtx_payload_type 0: nothing is retransmitted. mid: at most 16 octets. Raises ValueError
        when another consumer of this peer has one of the SSRCs. An SSRC that a removed consumer had goes on where that
        one stopped.
        """

    def remove_consumer(self, consumer: int) -> None: ...

    def switch(self, consumer: int, producer: int) -> None:
        """Feed the consumer from this producer of its kind (-1 = pause); the one it has already changes nothing.

        Video waits for a key frame; the caller asks for one (PLI).
        """

    def set_budget(self, peer: int, rtx_bps: int) -> None:
        """Token bucket for retransmissions towards this peer, half a second deep; 500 kbit/s until set."""

    def retransmit(self, consumer: int, seqs: Sequence[int]) -> int:
        """Answer a NACK by RTX. Returns how many were sent.

        Skips what is not cached, was resent < 100 ms ago, or is over budget, and everything without RTX negotiated.
        """

    def missing(self, producer: int) -> list[int]:
        """Sequence numbers to NACK upstream now: 20 ms after the gap, again every 60 ms, at most 8 times each."""

    def send(self, host: str, port: int, data: bytes) -> None:
        """Raw datagram (STUN, DTLS)."""

    def send_rtcp(self, peer: int, data: bytes) -> None:
        """Protect and send a compound RTCP packet, 8 to 1,400 octets."""

    def pump(self) -> list[Upcall]:
        """Forward what the socket holds, return the rest. Call when the socket is readable. Never blocks.

        Takes at most 512 datagrams; what is left keeps the socket readable.
        """

    def producer_stats(self, producer: int) -> ProducerStats: ...

    def consumer_stats(self, consumer: int) -> ConsumerStats: ...

    def totals(self) -> Totals: ...

    def close(self) -> None:
        """Forgets everything; the socket stays the caller's. Twice is harmless, any other call after it is an error."""
