"""The native forwarding core (native/*.c) behind the Core interface, and the choice between it and its Python twin."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import cffi

from signaling.sfu.address import pack_host, unpack_host
from signaling.sfu.core_api import (
    ConsumerStats,
    Core,
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

HERE = Path(__file__).parent
LIBRARY = HERE / "_core.so"
HEADER = HERE / "native" / "core.h"
PUBLIC_STRUCTS = ("core_address", "core_upcall", "core_producer_stats", "core_consumer_stats", "core_totals")
BATCHES_A_PUMP = 8  # 512 datagrams, then the event loop gets its turn
REMEMBERED_HOSTS = 4096


class NativeUnavailable(Exception):
    """The native core cannot be loaded; the message says why."""


def open_core(sock: socket.socket, prefer: Literal["auto", "native", "python"] = "auto") -> Core:
    """A core around this bound, non-blocking UDP socket, which stays the caller's to close.

    `auto` falls back to pure Python; `native` raises NativeUnavailable instead.
    """
    from signaling.sfu.core_py import PythonCore

    if prefer == "python":
        return PythonCore(sock)
    try:
        return NativeCore(sock)
    except NativeUnavailable:
        if prefer == "native":
            raise
        return PythonCore(sock)


def why_not_native() -> str | None:
    """Why `auto` chooses the Python core, for the log; None when it does not."""
    try:
        _load()
    except NativeUnavailable as error:
        return str(error)
    return None


_loaded: tuple[Any, Any] | None = None


def _load() -> tuple[Any, Any]:
    """The cffi instance and the library, loaded once. Raises NativeUnavailable."""
    global _loaded
    if _loaded is None:
        ffi = cffi.FFI()
        try:
            ffi.cdef(HEADER.read_text())
            lib: Any = ffi.dlopen(str(LIBRARY))
        except OSError as error:
            raise NativeUnavailable(f"{error}; tools/build_core.py builds it") from None
        sizes = [lib.core_sizeof(index) for index in range(len(PUBLIC_STRUCTS))]
        if sizes != [ffi.sizeof(name) for name in PUBLIC_STRUCTS]:
            raise NativeUnavailable("_core.so was built from another core.h; run tools/build_core.py")
        _loaded = ffi, lib
    return _loaded


class NativeCore:
    """Core by native/*.c. Unknown handles raise KeyError, bad arguments and SSRCs already in use ValueError."""

    name = "native"

    def __init__(self, sock: socket.socket) -> None:
        self._ffi, self._lib = _load()
        self._core = self._lib.core_open(sock.fileno(), sock.family)
        if not self._core:
            raise MemoryError
        self._sock = sock  # keeps the descriptor open
        self._pump, self._due, self._batch = self._lib.core_pump, self._lib.core_missing, int(self._lib.CORE_BATCH)
        self._hosts: dict[str, tuple[bytes, int]] = {}
        self._upcalls = self._ffi.new("core_upcall[]", self._batch)
        self._received = self._ffi.new("int *")
        self._missing = self._ffi.new("uint16_t[]", self._lib.CORE_MAX_MISSING)
        self._address = self._ffi.new("core_address *")

    def _checked(self, result: int) -> int:
        lib = self._lib
        if result >= 0:
            return result
        match result:
            case lib.CORE_UNKNOWN_HANDLE:
                raise KeyError("no such peer, producer or consumer")
            case lib.CORE_BAD_ARGUMENT:
                raise ValueError("argument out of range")
            case lib.CORE_SSRC_TAKEN:
                raise ValueError("SSRC already in use by this peer")
            case lib.CORE_MANY_SSRCS:
                raise ValueError("this peer used too many SSRCs")
            case lib.CORE_NO_MEMORY:
                raise MemoryError
            case _:
                raise RuntimeError("OpenSSL refused")

    def _to_address(self, host: str, port: int) -> Any:
        packed = self._hosts.get(host)
        if packed is None:
            if len(self._hosts) >= REMEMBERED_HOSTS:
                self._hosts.clear()
            packed = self._hosts[host] = pack_host(host)
        address = self._address
        self._ffi.memmove(address.ip, packed[0], 16)
        address.scope = packed[1]
        address.port = port
        return address

    def set_clock(self, now_us: int) -> None:
        """Freeze the monotonic clock at this time (tests); 0 lets it run again."""
        self._lib.core_set_clock(self._core, now_us)

    def add_peer(self, profile: Profile, tx_key: bytes, rx_key: bytes) -> int:
        if not len(tx_key) == len(rx_key) == profile.key_size:
            raise ValueError(f"keys of {profile.name} have {profile.key_size} octets")
        return self._checked(self._lib.core_add_peer(self._core, profile, tx_key, rx_key))

    def remove_peer(self, peer: int) -> None:
        self._lib.core_remove_peer(self._core, peer)

    def set_address(self, peer: int, host: str, port: int) -> None:
        self._checked(self._lib.core_set_address(self._core, peer, self._to_address(host, port)))

    def set_extensions(self, peer: int, extensions: Extensions) -> None:
        x = extensions
        self._checked(self._lib.core_set_extensions(self._core, peer, x.mid, x.audio_level, x.abs_send_time, x.twcc))

    def add_producer(self, peer: int, kind: Kind, ssrc: int, rtx_ssrc: int = 0) -> int:
        return self._checked(self._lib.core_add_producer(self._core, peer, kind, ssrc, rtx_ssrc))

    def remove_producer(self, producer: int) -> None:
        self._lib.core_remove_producer(self._core, producer)

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
        name = mid.encode()
        return self._checked(
            self._lib.core_add_consumer(
                self._core, peer, kind, ssrc, payload_type, rtx_ssrc, rtx_payload_type, name, len(name)
            )
        )

    def remove_consumer(self, consumer: int) -> None:
        self._lib.core_remove_consumer(self._core, consumer)

    def switch(self, consumer: int, producer: int) -> None:
        self._checked(self._lib.core_switch(self._core, consumer, producer))

    def set_budget(self, peer: int, rtx_bps: int) -> None:
        self._checked(self._lib.core_set_budget(self._core, peer, min(rtx_bps, 0xFFFFFFFF)))

    def retransmit(self, consumer: int, seqs: Sequence[int]) -> int:
        wanted = [seq & 0xFFFF for seq in seqs]
        return self._checked(self._lib.core_retransmit(self._core, consumer, wanted, len(wanted)))

    def missing(self, producer: int) -> list[int]:
        count = self._due(self._core, producer, self._missing)
        return list(self._missing[0 : self._checked(count)]) if count else []

    def send(self, host: str, port: int, data: bytes) -> None:
        self._checked(self._lib.core_send(self._core, self._to_address(host, port), data, len(data)))

    def send_rtcp(self, peer: int, data: bytes) -> None:
        self._checked(self._lib.core_send_rtcp(self._core, peer, data, len(data)))

    def pump(self) -> list[Upcall]:
        pump, core, upcalls, received = self._pump, self._core, self._upcalls, self._received
        told: list[Upcall] = []
        for _ in range(BATCHES_A_PUMP):
            count = pump(core, upcalls, received)
            if count:
                told += [self._told(upcalls[index]) for index in range(count)]
            if received[0] < self._batch:
                break
        return told

    def _told(self, upcall: Any) -> Upcall:
        data = self._ffi.buffer(upcall.data, upcall.size)[:]
        match upcall.kind:
            case self._lib.CORE_RTCP:
                return Rtcp(upcall.peer, data)
            case self._lib.CORE_UNKNOWN_SSRC:
                return UnknownSsrc(upcall.peer, data)
            case _:
                source = upcall.source
                return Datagram(unpack_host(bytes(source.ip), source.scope), source.port, data)

    def producer_stats(self, producer: int) -> ProducerStats:
        s = self._ffi.new("core_producer_stats *")
        self._checked(self._lib.core_get_producer_stats(self._core, producer, s))
        return ProducerStats(
            packets=s.packets,
            octets=s.octets,
            extended_seq=s.extended_seq,
            base_seq=s.base_seq,
            jitter=s.jitter,
            level=s.level,
            arrival_us=s.arrival_us,
            last_rtp_ts=s.last_rtp_ts,
            recovered=s.recovered,
            duplicates=s.duplicates,
        )

    def consumer_stats(self, consumer: int) -> ConsumerStats:
        s = self._ffi.new("core_consumer_stats *")
        self._checked(self._lib.core_get_consumer_stats(self._core, consumer, s))
        return ConsumerStats(
            packets=s.packets,
            octets=s.octets,
            ts_offset=s.ts_offset,
            last_rtp_ts=s.last_rtp_ts,
            last_seq=s.last_seq,
            waiting=bool(s.waiting),
            retransmitted=s.retransmitted,
            refused=s.refused,
        )

    def totals(self) -> Totals:
        s = self._ffi.new("core_totals *")
        self._lib.core_get_totals(self._core, s)
        return Totals(
            packets_in=s.packets_in,
            packets_out=s.packets_out,
            octets_out=s.octets_out,
            rejected=s.rejected,
            replayed=s.replayed,
            send_errors=s.send_errors,
            rtx_out=s.rtx_out,
            rtx_in=s.rtx_in,
        )

    def close(self) -> None:
        core, self._core = self._core, None
        if core is not None:
            self._lib.core_close(core)
