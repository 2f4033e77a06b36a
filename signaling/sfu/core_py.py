"""The forwarding core in pure Python: the native one's twin, with libsrtp (through pylibsrtp's binding) below it."""

from __future__ import annotations

import itertools
import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib

from signaling.sfu.address import from_socket, to_socket
from signaling.sfu.core_api import (
    ConsumerStats,
    Datagram,
    Extensions,
    Kind,
    ProducerStats,
    Profile,
    Rtcp,
    Totals,
    UnknownSsrc,
    Upcall,
)
from signaling.sfu.core_py_streams import Consumer, Peer, Producer, Source
from signaling.sfu.rewrite import MID_MAX, NO_LEVEL, Rtp, header_size, read

MAX_DATAGRAM = 2048
MAX_RTCP = 1400
BUFFER = 4096  # the longest datagram, what we add to it, and what libsrtp may write behind
DATAGRAMS_A_PUMP = 512  # then the event loop gets its turn
MOST_SSRCS = 256  # that one peer may send, ever: replay protection must remember each
UNKNOWN_SSRC_OCTETS = 128
OVERHEAD = 46  # octets charged for RTP header, original number, tag and extensions
REPLAYED = (9, 10)  # libsrtp's srtp_err_status_replay_fail and _old
RTCP_TAG = {Profile.AES128_CM_SHA1_80: 10, Profile.AEAD_AES_128_GCM: 16, Profile.AEAD_AES_256_GCM: 16}
U32 = 0xFFFFFFFF

_ssrc_of = struct.Struct("!I").unpack_from
_pack_header = struct.Struct("!BBHII").pack


def _session(profile: Profile, key: bytes, sending: bool) -> Session:
    policy = Policy(key=key, srtp_profile=int(profile))
    policy.ssrc_type = Policy.SSRC_ANY_OUTBOUND if sending else Policy.SSRC_ANY_INBOUND
    policy.window_size = 1024
    return Session(policy)


class PythonCore:
    """Core in Python. Unknown handles raise KeyError, bad arguments and SSRCs already in use ValueError."""

    name = "python"

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._frozen_us = 0
        self._handles = itertools.count()
        self._peers: dict[int, Peer] = {}
        self._producers: dict[int, Producer] = {}
        self._consumers: dict[int, Consumer] = {}
        self._by_address: dict[tuple[Any, ...], Peer] = {}
        self._in = ffi.new("unsigned char[]", BUFFER)
        self._in_view = ffi.buffer(self._in, MAX_DATAGRAM + 1)
        self._out = ffi.new("unsigned char[]", BUFFER)
        self._out_view = memoryview(ffi.buffer(self._out))
        self._size = ffi.new("int *")
        self._packets_in = self._packets_out = self._octets_out = self._rejected = self._replayed = 0
        self._send_errors = self._rtx_out = self._rtx_in = 0

    def set_clock(self, now_us: int) -> None:
        """Freeze the monotonic clock at this time (tests); 0 lets it run again."""
        self._frozen_us = now_us

    def _now_us(self) -> int:
        return self._frozen_us or time.monotonic_ns() // 1000

    # Peers

    def add_peer(self, profile: Profile, tx_key: bytes, rx_key: bytes) -> int:
        if not len(tx_key) == len(rx_key) == profile.key_size:
            raise ValueError(f"keys of {profile.name} have {profile.key_size} octets")
        handle = next(self._handles)
        rx, tx = _session(profile, rx_key, False), _session(profile, tx_key, True)
        self._peers[handle] = Peer(handle, profile, self._now_us(), rx, tx)
        return handle

    def remove_peer(self, peer: int) -> None:
        known = self._peers.pop(peer, None)
        if known is None:
            return
        for producer in list(known.producers):
            self.remove_producer(producer)
        for consumer in list(known.consumers):
            self.remove_consumer(consumer)
        if known.address is not None:
            del self._by_address[known.address]

    def set_address(self, peer: int, host: str, port: int) -> None:
        known = self._peers[peer]
        address = to_socket(self._sock.family, host, port)
        before = self._by_address.get(address)
        if before is known:
            return
        if before is not None:
            before.address = None  # somebody new authenticated from there: the old peer is gone
        if known.address is not None:
            del self._by_address[known.address]
        known.address = address
        self._by_address[address] = known

    def set_extensions(self, peer: int, extensions: Extensions) -> None:
        x = extensions
        if not all(0 <= id_ <= 255 for id_ in (x.mid, x.audio_level, x.abs_send_time, x.twcc)):
            raise ValueError("argument out of range")
        self._peers[peer].set_extensions(extensions)

    def set_budget(self, peer: int, rtx_bps: int) -> None:
        bucket = self._peers[peer].bucket
        bucket.refill(self._now_us())
        bucket.set_rate(min(rtx_bps, U32))

    # Producers and consumers

    def add_producer(self, peer: int, kind: Kind, ssrc: int, rtx_ssrc: int = 0) -> int:
        owner = self._peers[peer]
        if not ssrc or ssrc == rtx_ssrc:
            raise ValueError("argument out of range")
        main = self._claim(owner, ssrc)
        rtx = self._claim(owner, rtx_ssrc) if rtx_ssrc else None
        handle = next(self._handles)
        producer = self._producers[handle] = owner.producers[handle] = Producer(handle, owner, kind, ssrc, rtx_ssrc)
        main.producer, main.repairs = producer, False
        if rtx is not None:
            rtx.producer, rtx.repairs = producer, True
        return handle

    def _claim(self, owner: Peer, ssrc: int) -> Source:
        source = owner.sources.get(ssrc) or self._new_source(owner, ssrc)
        if source is None:
            raise ValueError("this peer used too many SSRCs")
        if source.producer is not None:
            raise ValueError("SSRC already in use by this peer")
        return source

    @staticmethod
    def _new_source(owner: Peer, ssrc: int) -> Source | None:
        if len(owner.sources) >= MOST_SSRCS:
            return None
        source = owner.sources[ssrc] = Source()
        return source

    def remove_producer(self, producer: int) -> None:
        known = self._producers.pop(producer, None)
        if known is None:
            return
        for consumer in list(known.consumers):
            consumer.attach(None)
        del known.peer.producers[producer]
        known.peer.sources[known.ssrc].producer = None
        if known.rtx_ssrc:
            known.peer.sources[known.rtx_ssrc].producer = None

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
        owner = self._peers[peer]
        small = 0 <= payload_type <= 127 and 0 <= rtx_payload_type <= 127 and len(mid.encode()) <= MID_MAX
        if not small or not ssrc or ssrc == rtx_ssrc:
            raise ValueError("argument out of range")
        taken = {x for consumer in owner.consumers.values() for x in (consumer.ssrc, consumer.rtx_ssrc) if x}
        if taken & {ssrc, rtx_ssrc}:
            raise ValueError("SSRC already in use by this peer")
        handle = next(self._handles)
        consumer = Consumer(handle, owner, kind, ssrc, payload_type, rtx_ssrc, rtx_payload_type, mid)
        self._consumers[handle] = owner.consumers[handle] = consumer
        return handle

    def remove_consumer(self, consumer: int) -> None:
        known = self._consumers.pop(consumer, None)
        if known is None:
            return
        known.attach(None)
        del known.peer.consumers[consumer]
        known.peer.sent[known.ssrc] = known.next_index
        known.peer.sent[known.rtx_ssrc] = known.rtx_index

    def switch(self, consumer: int, producer: int) -> None:
        known = self._consumers[consumer]
        source = self._producers[producer] if producer >= 0 else None
        if source is not None and source.kind is not known.kind:
            raise ValueError("argument out of range")
        known.attach(source)

    def missing(self, producer: int) -> list[int]:
        return self._producers[producer].due(self._now_us())

    def producer_stats(self, producer: int) -> ProducerStats:
        return self._producers[producer].stats()

    def consumer_stats(self, consumer: int) -> ConsumerStats:
        return self._consumers[consumer].stats()

    def totals(self) -> Totals:
        return Totals(
            packets_in=self._packets_in,
            packets_out=self._packets_out,
            octets_out=self._octets_out,
            rejected=self._rejected,
            replayed=self._replayed,
            send_errors=self._send_errors,
            rtx_out=self._rtx_out,
            rtx_in=self._rtx_in,
        )

    def close(self) -> None:
        for peer in list(self._peers):
            self.remove_peer(peer)

    # Sending

    def send(self, host: str, port: int, data: bytes) -> None:
        self._transmit(data, to_socket(self._sock.family, host, port))

    def _transmit(self, data: bytes | memoryview, address: tuple[Any, ...]) -> bool:
        try:
            self._sock.sendto(data, address)
        except OSError:  # full buffers included: the packet is lost, as on any link, and nobody waits
            self._send_errors += 1
            return False
        return True

    def send_rtcp(self, peer: int, data: bytes) -> None:
        known = self._peers[peer]
        if not 8 <= len(data) <= MAX_RTCP:
            raise ValueError("argument out of range")
        if known.address is None:
            return
        self._out_view[: len(data)] = data
        self._size[0] = len(data)
        if lib.srtp_protect_rtcp(known.tx, self._out, self._size):
            raise RuntimeError("libsrtp refused")
        self._transmit(self._out_view[: self._size[0]], known.address)

    def _forward(self, producer: Producer, index: int, rtp: Rtp, now_us: int) -> None:
        """The fan-out. Written out at length: this loop is what the core costs."""
        payload, size, abs_send_time = rtp.payload, self._size, _abs_send_time(now_us)
        buffer, view, protect, send = self._out, self._out_view, lib.srtp_protect, self._sock.sendto
        out_count = out_octets = 0
        for consumer in producer.consumers:
            peer = consumer.peer
            if peer.address is None:
                continue
            out: int | None = index + consumer.shift
            rtp_ts = rtp.rtp_ts + consumer.ts_offset & U32
            if out == consumer.next_index:  # in order, as nearly always
                consumer.next_index = index + consumer.shift + 1
                consumer.last_rtp_ts, consumer.last_us = rtp_ts, now_us
            else:
                out = consumer.place(index, rtp, now_us)
                if out is None:
                    continue
                rtp_ts = rtp.rtp_ts + consumer.ts_offset & U32
            extensions = consumer.extensions(abs_send_time, peer.twcc_seq, rtp.level if consumer.is_audio else NO_LEVEL)
            first = 0x90 if extensions else 0x80
            head = _pack_header(first, rtp.marker | consumer.payload_type, out & 0xFFFF, rtp_ts, consumer.ssrc)
            packet = b"".join((head, extensions, payload))
            size[0] = octets = len(packet)
            view[:octets] = packet
            if protect(peer.tx, buffer, size):
                self._send_errors += 1
                continue
            peer.twcc_seq = peer.twcc_seq + 1 & 0xFFFF
            consumer.packets += 1
            consumer.octets += len(payload)
            octets = size[0]
            try:
                send(view[:octets], peer.address)
            except OSError:
                self._send_errors += 1
                continue
            out_count += 1
            out_octets += octets
        self._packets_out += out_count
        self._octets_out += out_octets

    def retransmit(self, consumer: int, seqs: Sequence[int]) -> int:
        known = self._consumers[consumer]
        sent = 0
        if known.rtx_ssrc and known.rtx_payload_type and known.peer.address is not None:
            now_us = self._now_us()
            sent = sum(self._resend(known, seq & 0xFFFF, now_us) for seq in seqs)
        known.retransmitted += sent
        known.refused += len(seqs) - sent
        self._rtx_out += sent
        return sent

    def _resend(self, consumer: Consumer, seq: int, now_us: int) -> bool:
        """RFC 4588 §4: the original sequence number, then the original payload, on the RTX stream."""
        found = consumer.resendable(seq, now_us)
        if found is None or not consumer.peer.bucket.spend(len(found[1].payload) + OVERHEAD, now_us):
            return False
        out, rtp = found
        consumer.resent(out, now_us)
        rtx_seq, consumer.rtx_index = consumer.rtx_index & 0xFFFF, consumer.rtx_index + 1
        rtp_ts = rtp.rtp_ts + consumer.ts_offset & U32
        level = rtp.level if consumer.is_audio else NO_LEVEL
        extensions = consumer.extensions(_abs_send_time(now_us), consumer.peer.twcc_seq, level)
        first, second = 0x90 if extensions else 0x80, rtp.marker | consumer.rtx_payload_type
        head = _pack_header(first, second, rtx_seq, rtp_ts, consumer.rtx_ssrc)
        return self._seal_and_send(consumer.peer, b"".join((head, extensions, seq.to_bytes(2, "big"), rtp.payload)))

    def _seal_and_send(self, peer: Peer, packet: bytes) -> bool:
        """libsrtp derives the rollover counter from the sequence number, as receivers do."""
        self._out_view[: len(packet)] = packet
        self._size[0] = len(packet)
        if lib.srtp_protect(peer.tx, self._out, self._size):
            self._send_errors += 1
            return False
        peer.twcc_seq = peer.twcc_seq + 1 & 0xFFFF
        if self._transmit(self._out_view[: self._size[0]], peer.address or ()):
            self._packets_out += 1
            self._octets_out += self._size[0]
        return True

    # Receiving

    def pump(self) -> list[Upcall]:
        told: list[Upcall] = []
        receive, view = self._sock.recvfrom_into, self._in_view
        for _ in range(DATAGRAMS_A_PUMP):
            try:
                size, address = receive(view)
            except OSError:  # nothing there
                break
            upcall = self._take_datagram(size, address)
            if upcall is not None:
                told.append(upcall)
        return told

    def _take_datagram(self, size: int, address: tuple[Any, ...]) -> Upcall | None:
        """RFC 7983 §7: 128 to 191 is RTP or RTCP; RFC 5761 §4: packet types 192 to 223 are RTCP."""
        if size > MAX_DATAGRAM:
            self._rejected += 1
            return None
        if not size:
            return None
        first, second = self._in[0], self._in[1]
        if not 128 <= first <= 191:
            return Datagram(*from_socket(address), self._in_view[:size])
        peer = self._by_address.get(address)
        if peer is None or size < 2:
            self._rejected += 1
            return None
        return self._take_rtcp(peer, size) if 192 <= second <= 223 else self._take_rtp(peer, size)

    def _unprotect(self, peer: Peer, ssrc: int, size: int, unprotect: Any, session: Any) -> bytes | None:
        """The plaintext. libsrtp makes its state for a new SSRC once a packet of it was authentic; so do we."""
        if ssrc not in peer.sources and len(peer.sources) >= MOST_SSRCS:
            self._rejected += 1
            return None
        self._size[0] = size
        status = unprotect(session, self._in, self._size)
        if status:
            self._rejected += 1
            self._replayed += status in REPLAYED
            return None
        if ssrc not in peer.sources:
            self._new_source(peer, ssrc)
        return bytes(self._in_view[: self._size[0]])

    def _take_rtcp(self, peer: Peer, size: int) -> Rtcp | None:
        behind = 4 if peer.profile is not Profile.AES128_CM_SHA1_80 else 14
        encrypted = size >= 12 + RTCP_TAG[peer.profile] and self._in[size - behind] & 0x80
        if not encrypted:
            self._rejected += 1
            return None
        data = self._unprotect(peer, _ssrc_of(self._in_view, 4)[0], size, lib.srtp_unprotect_rtcp, peer.rx)
        return None if data is None else Rtcp(peer.handle, data)

    def _take_rtp(self, peer: Peer, size: int) -> UnknownSsrc | None:
        if not header_size(self._in_view[:size]):
            self._rejected += 1
            return None
        ssrc = _ssrc_of(self._in_view, 8)[0]
        data = self._unprotect(peer, ssrc, size, lib.srtp_unprotect, peer.rx)
        if data is None:
            return None
        self._packets_in += 1
        source = peer.sources[ssrc]
        producer = source.producer
        if producer is None:
            return UnknownSsrc(peer.handle, data[:UNKNOWN_SSRC_OCTETS])
        rtp = read(data, peer.ids.audio_level)
        if rtp is None:
            self._rejected += 1
            return None
        if source.repairs:
            if len(rtp.payload) < 2:
                return None  # it only pads
            self._rtx_in += 1
            rtp = rtp._replace(seq=int.from_bytes(rtp.payload[:2], "big"), payload=rtp.payload[2:])
        now_us = self._now_us()
        index = producer.take(rtp, source.repairs, now_us)
        if index is not None:
            self._forward(producer, index, rtp, now_us)
        return None


def _abs_send_time(now_us: int) -> bytes:
    """6.18 fixed-point seconds in three octets."""
    return ((now_us % 64_000_000 << 18) // 1_000_000 & 0xFFFFFF).to_bytes(3, "big")
