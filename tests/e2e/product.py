"""The real product as a process of its own: started, asked, killed, and started again on the same data folder."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent


def spare_port() -> int:
    """A port that is free for TCP and UDP on loopback just now."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("127.0.0.1", 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@dataclass
class Product:
    """`python -m server serve --demo` on a data folder; everything it prints goes to a log beside it."""

    data: Path
    log: Path
    port: int = field(default_factory=spare_port)
    process: subprocess.Popen[bytes] | None = None
    extra: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, timeout_s: float = 120) -> None:
        command = [
            sys.executable,
            "-m",
            "server",
            "serve",
            "--demo",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
            *self.extra,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + timeout_s
        while True:
            try:
                if self.get("/healthz")["status"] == "ok":
                    return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.kill()
                    raise AssertionError(f"the server did not come up:\n{self.log.read_text()[-4000:]}") from None
                time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
            raise AssertionError("the server did not stop within 15 s of SIGTERM") from None

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=5) as answer:
            return json.load(answer)

    def passes(self) -> list[dict[str, Any]]:
        return list(json.loads((self.data / "passes.json").read_text())["passes"])

    def link(self, face: str, *, hall: str | None = None, number: int = 0) -> str:
        """The link printed on a pass of this face (of this hall), the number-th of them."""
        fitting = [p for p in self.passes() if p["face"] == face and (hall is None or p["hall"] == hall)]
        return f"{self.url}/{face}#{fitting[number]['token']}"

    def database(self) -> sqlite3.Connection:
        """A second, read-only look at the data, by nobody's code but SQLite's."""
        (path,) = (
            self.data.glob("*.sqlite*") if not (self.data / "pleno.sqlite").exists() else [self.data / "pleno.sqlite"]
        )
        return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


@dataclass
class Simulation:
    """`python -m server simulate` beside the product."""

    product: Product
    log: Path
    arguments: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "server", "simulate", "--url", self.product.url]
        command += ["--passes", str(self.product.data / "passes.json"), *self.arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                env=os.environ | {"PYTHONUNBUFFERED": "1"},
            )

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)
