"""Compiles and drives media_load.c: publishers that pace like a browser, subscribers that decrypt all they get."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cffi

from signaling.sfu.dtls import Keys

HERE = Path(__file__).parent
NATIVE = HERE.parent.parent / "signaling" / "sfu" / "native"
SOURCES = [HERE / "media_load.c", *(NATIVE / name for name in ("srtp.c", "rtp.c", "window.c"))]
FLAGS = ["-std=gnu11", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", f"-I{NATIVE}", f"-I{HERE}"]


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the load was made. lost: gaps in what was received; sent: by publishers; reports: RTCP."""

    sent: int
    received: int
    authentic: int
    lost: int
    reports: int


class Load:
    """All clients of one run; close it once."""

    def __init__(self) -> None:
        self._ffi = cffi.FFI()
        self._ffi.cdef((HERE / "media_load.h").read_text())
        with tempfile.TemporaryDirectory() as folder:
            library = Path(folder) / "load.so"
            subprocess.run(["cc", *FLAGS, "-o", library, *SOURCES, "-lcrypto"], check=True)
            self._lib: Any = self._ffi.dlopen(str(library))
        self._load = self._lib.load_open()
        self._stats = self._ffi.new("load_stats *")

    def add(self, fd: int, keys: Keys) -> int:
        client = int(self._lib.load_add(self._load, fd, int(keys.profile), keys.tx, keys.rx))
        if client < 0:
            raise OSError("the load client cannot take this socket")
        return client

    def publish(self, client: int, ssrc: int, payload_type: int, pps: float, octets: int) -> None:
        self._lib.load_publish(self._load, client, ssrc, payload_type, pps, octets)

    async def run(self, seconds: float) -> Counts:
        """In a thread of its own; the event loop goes on."""
        await asyncio.to_thread(self._lib.load_run, self._load, seconds, self._stats)
        s = self._stats
        return Counts(s.sent, s.received, s.authentic, s.lost, s.reports)

    def close(self) -> None:
        self._lib.load_close(self._load)
