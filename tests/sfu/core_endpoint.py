"""Real UDP peers for the core's tests: loopback sockets whose SRTP is pylibsrtp's, independent of the native core's."""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import pylibsrtp

from signaling.sfu.core import open_core
from signaling.sfu.core_api import Extensions, Kind, Profile, Rtcp, UnknownSsrc, Upcall

VP8_KEY = b"\x10\x00\x00\x00"  # payload descriptor with S, then a frame header whose inverse key-frame bit is 0
VP8_DELTA = b"\x10\x01\x00\x00"
NO_EXTENSIONS = Extensions()
LATE_S = 0.5  # a busy kernel hands over a datagram on loopback later than sendto returns
START_US = 1_000_000_000  # of the frozen clock


@dataclass(frozen=True, slots=True)
class Packet:
    """A decrypted RTP packet. extensions: element id → contents."""

    payload_type: int
    marker: bool
    seq: int
    rtp_ts: int
    ssrc: int
    extensions: dict[int, bytes]
    payload: bytes


def parse(data: bytes) -> Packet:
    first, second, seq, rtp_ts, ssrc = struct.unpack_from("!BBHII", data)
    assert first >> 6 == 2
    at, extensions = 12 + 4 * (first & 15), {}
    if first & 0x10:
        profile, words = struct.unpack_from("!HH", data, at)
        assert profile == 0xBEDE
        at, end = at + 4, at + 4 + 4 * words
        while at < end:
            if not data[at]:
                at += 1
                continue
            size = (data[at] & 15) + 1
            extensions[data[at] >> 4] = data[at + 1 : at + 1 + size]
            at += 1 + size
        assert at == end
    assert not first & 0x20, "the core removes padding"
    return Packet(second & 127, second > 127, seq, rtp_ts, ssrc, extensions, data[at:])


def rtp(
    ssrc: int,
    seq: int,
    payload: bytes,
    *,
    rtp_ts: int = 0,
    payload_type: int = 96,
    marker: bool = False,
    csrcs: tuple[int, ...] = (),
    extension: tuple[int, bytes] | None = None,
    padding: int = 0,
) -> bytes:
    """A plain RTP packet. extension: profile and its already padded contents."""
    first = 0x80 | len(csrcs) | (0x10 if extension else 0) | (0x20 if padding else 0)
    head = struct.pack(
        f"!BBHII{len(csrcs)}I", first, marker << 7 | payload_type, seq & 0xFFFF, rtp_ts & 0xFFFFFFFF, ssrc, *csrcs
    )
    if extension:
        head += struct.pack("!HH", extension[0], len(extension[1]) // 4) + extension[1]
    return head + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")


def srtp_session(profile: Profile, key: bytes, *, sending: bool) -> pylibsrtp.Session:
    policy = pylibsrtp.Policy(key=key, srtp_profile=int(profile))
    policy.ssrc_type = pylibsrtp.Policy.SSRC_ANY_OUTBOUND if sending else pylibsrtp.Policy.SSRC_ANY_INBOUND
    policy.window_size = 2048
    policy.allow_repeat_tx = sending
    return pylibsrtp.Session(policy)


@dataclass
class Endpoint:
    """One peer. wire: every datagram it received, as it came."""

    rig: Rig
    sock: socket.socket
    peer: int
    profile: Profile
    tx: pylibsrtp.Session
    rx: pylibsrtp.Session
    wire: list[bytes] = field(default_factory=list)

    def send_raw(self, data: bytes) -> list[Upcall]:
        self.sock.sendto(data, self.rig.address)
        return self.rig.pump(LATE_S)

    def send(self, ssrc: int, seq: int, payload: bytes, **fields: Any) -> list[Upcall]:
        return self.send_raw(self.tx.protect(rtp(ssrc, seq, payload, **fields)))

    def send_rtx(self, ssrc: int, seq: int, original_seq: int, payload: bytes, **fields: Any) -> list[Upcall]:
        return self.send(ssrc, seq, struct.pack("!H", original_seq & 0xFFFF) + payload, **fields)

    def send_rtcp(self, data: bytes) -> list[Upcall]:
        return self.send_raw(self.tx.protect_rtcp(data))

    def datagrams(self) -> list[bytes]:
        """What came since the last call."""
        self.rig.drain()
        found, self.rig.inboxes[self.sock] = self.rig.inboxes[self.sock], []
        self.wire += found
        return found

    def receive(self) -> list[Packet]:
        """The RTP that waits, decrypted; fails when any of it is not authentic or came twice."""
        return [parse(self.rx.unprotect(data)) for data in self.datagrams()]


class Rig:
    """A core on a loopback socket, its clock frozen until `wait`."""

    def __init__(self, which: Literal["native", "python"], family: int = socket.AF_INET) -> None:
        self.sock = socket.socket(family, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        if family == socket.AF_INET6:
            self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        self.sock.bind(("::" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.address: tuple[Any, ...] = ("127.0.0.1", self.sock.getsockname()[1])
        self.core: Any = open_core(self.sock, which)
        self.now_us = START_US
        self.core.set_clock(self.now_us)
        self.inboxes: dict[socket.socket, list[bytes]] = {}
        self._arrived = 0

    def wait(self, ms: float) -> None:
        self.now_us += int(ms * 1000)
        self.core.set_clock(self.now_us)

    def pump(self, late_s: float = 0) -> list[Upcall]:
        """Let the core take what waits; late_s: how long to wait for the first datagram."""
        told: list[Upcall] = []
        while select.select([self.sock], [], [], late_s)[0]:
            told += self.core.pump()
            late_s = 0
        return told

    def drain(self) -> None:
        """Take what the core sent out of the endpoints' sockets, waiting for what the kernel has not delivered yet."""
        while True:
            ready = select.select(self.inboxes, [], [], 0)[0]
            if not ready and self._arrived < (sent := self.core.totals().packets_out):
                ready = select.select(self.inboxes, [], [], LATE_S)[0]
                if not ready:
                    self._arrived = sent  # it went elsewhere
            if not ready:
                return
            for sock in ready:
                self.inboxes[sock].append(sock.recv(4096))
            self._arrived += len(ready)

    def endpoint(
        self,
        profile: Profile = Profile.AEAD_AES_256_GCM,
        extensions: Extensions = NO_EXTENSIONS,
        host: str = "127.0.0.1",
    ) -> Endpoint:
        out_key, in_key = os.urandom(profile.key_size), os.urandom(profile.key_size)
        peer = self.core.add_peer(profile, out_key, in_key)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        sock = socket.socket(family, socket.SOCK_DGRAM)
        sock.bind((host, 0))
        self.core.set_address(peer, *sock.getsockname()[:2])
        self.core.set_extensions(peer, extensions)
        tx, rx = srtp_session(profile, in_key, sending=True), srtp_session(profile, out_key, sending=False)
        endpoint = Endpoint(self, sock, peer, profile, tx, rx)
        self.inboxes[sock] = []
        return endpoint

    def pair(self, kind: Kind = Kind.AUDIO, **options: Any) -> tuple[Endpoint, Endpoint, int, int]:
        """A publisher of SSRC 1 (RTX 2) and a subscriber of SSRC 11 (RTX 12), connected: they, producer, consumer."""
        publisher, subscriber = self.endpoint(**options), self.endpoint(**options)
        producer = self.core.add_producer(publisher.peer, kind, 1, 2)
        consumer = self.core.add_consumer(subscriber.peer, kind, 11, 100, 12, 101)
        self.core.switch(consumer, producer)
        return publisher, subscriber, producer, consumer

    def close(self) -> None:
        self.core.close()
        self.sock.close()
        for sock in self.inboxes:
            sock.close()


@contextmanager
def rig_of(which: Literal["native", "python"], family: int = socket.AF_INET) -> Iterator[Rig]:
    rig = Rig(which, family)
    try:
        yield rig
    finally:
        rig.close()


def rtcp_of(upcalls: list[Upcall]) -> list[bytes]:
    return [upcall.data for upcall in upcalls if isinstance(upcall, Rtcp)]


def unknown_of(upcalls: list[Upcall]) -> list[bytes]:
    return [upcall.data for upcall in upcalls if isinstance(upcall, UnknownSsrc)]
