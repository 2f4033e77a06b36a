"""Processes that are kept running: started in order, started again when one dies, stopped in reverse order.

One thread forks them all. The kernel is told to end each with the thread that forked it (prctl(2), PR_SET_PDEATHSIG),
so that nothing outlives a launcher that was itself killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

LOOK_S = 0.05
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0  # before starting again what keeps dying
STEADY_S = 10.0  # whoever ran this long starts with the first pause again
TAIL = 3000


class PartFailed(Exception):
    """A process ended, or was not ready in time; the message ends with what it said last."""


@dataclass
class Part:
    """One process. ready: whether it serves; asked in vain while it starts. user: None = whoever starts it.

    stop_s: how long it may take after stop_signal before it is killed.
    """

    name: str
    command: Sequence[str]
    ready: Callable[[], bool]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: Path | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    stop_s: float = 20.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    wanted: bool = field(default=False, init=False)
    starts: int = field(default=0, init=False)
    running: bool = field(default=False, init=False)  # as far as the supervisor has seen
    begun_at: float = field(default=0.0, init=False)
    not_before: float = field(default=0.0, init=False)
    pause_s: float = field(default=FIRST_PAUSE_S, init=False)

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return self.process.pid if self.process is not None and self.process.poll() is None else None

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-TAIL:] if self.log.exists() else ""

    def spawn(self) -> None:
        become = ["setpriv", "--pdeathsig", self.stop_signal.name.removeprefix("SIG")]
        if self.user is not None:
            become += ["--reuid", self.user, "--regid", self.user, "--init-groups"]
        self.begun_at = time.monotonic()
        with open(self.log, "ab", opener=private) as log:
            self.process = subprocess.Popen(
                [*become, *self.command],
                env={**os.environ, **self.env},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl+C is for the launcher, which then stops them in order
            )
        self.starts += 1
        self.running = True


class Supervisor:
    """restart: start again what dies unasked. told: hears one line for each such death."""

    def __init__(self, restart: bool = True, told: Callable[[str], None] = lambda line: None) -> None:
        self.parts: dict[str, Part] = {}
        self._restart = restart
        self._told = told
        self._change = threading.Condition()
        self._ending = False
        self._thread = threading.Thread(target=self._keep, name="supervisor", daemon=True)
        self._thread.start()

    def add(self, part: Part) -> None:
        self.parts[part.name] = part

    def start(self, *names: str, within_s: float = 120.0, at_once: bool = True) -> None:
        """All of them together, until they are ready. at_once: dying before that is final. Raises PartFailed."""
        before = {name: self._wanted(self.parts[name]) for name in names}
        deadline = time.monotonic() + within_s
        for name in names:
            part = self.parts[name]
            while not (part.pid is not None and part.ready()):
                died = part.starts > before[name] and part.pid is None
                if (at_once and died) or time.monotonic() > deadline:
                    with self._change:
                        part.wanted = False
                    raise PartFailed(f"{name} does not start:\n{part.said()}")
                time.sleep(LOOK_S)

    def _wanted(self, part: Part) -> int:
        """How often it was started before."""
        with self._change:
            part.wanted, part.not_before, part.pause_s = True, 0.0, FIRST_PAUSE_S
            self._change.notify_all()
            return part.starts

    def stop(self, name: str) -> None:
        """As its own way of stopping is; killed after stop_s. Not started again. Twice is harmless."""
        part = self.parts[name]
        with self._change:
            part.wanted = part.running = False
            process, part.process = part.process, None
        if process is None:
            return
        if process.poll() is None:
            signal_group(process.pid, signal.SIGCONT)  # or a frozen one would not hear it
            process.send_signal(part.stop_signal)
            try:
                process.wait(part.stop_s)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        end_group(process.pid)

    def kill(self, name: str, *, hold: bool = False) -> None:
        """SIGKILL to it and what it started, as to a container. hold: do not start it again."""
        part = self.parts[name]
        with self._change:
            if hold:
                part.wanted = part.running = False
            process = part.process
        if process is not None and process.poll() is None:
            process.kill()
            process.wait()
            end_group(process.pid)

    def signal(self, name: str, number: signal.Signals) -> None:
        """To it and what it started: SIGSTOP and SIGCONT, for instance. Nothing when it does not run."""
        part = self.parts[name]
        if part.process is not None and part.pid is not None:
            signal_group(part.process.pid, number)

    def close(self) -> None:
        """Stop everything that was started here, the last first."""
        for name in reversed(self.parts):
            self.stop(name)
        with self._change:
            self._ending = True
            self._change.notify_all()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ending:
            with self._change:
                for part in self.parts.values():
                    self._look(part)
                self._change.wait(LOOK_S)

    def _look(self, part: Part) -> None:
        if not part.wanted or part.pid is not None:
            return
        now = time.monotonic()
        if part.running:
            part.running = False
            self._fell(part, now)
        elif now >= part.not_before:
            part.spawn()

    def _fell(self, part: Part, now: float) -> None:
        code = part.process.returncode if part.process is not None else None
        if not self._restart:
            part.wanted = False
            self._told(f"{part.name} ended ({code})")
            return
        if now - part.begun_at > STEADY_S:
            part.pause_s = FIRST_PAUSE_S
        part.not_before = now + part.pause_s
        self._told(f"{part.name} ended ({code}); it is started again in {part.pause_s:.1f} s")
        part.pause_s = min(LONGEST_PAUSE_S, part.pause_s * 2)


def private(path: str, flags: int) -> int:
    """Links that let people in are told there."""
    return os.open(path, flags, 0o600)


def end_group(group: int) -> None:
    """Whatever a part started and left behind."""
    signal_group(group, signal.SIGKILL)


def signal_group(group: int, number: signal.Signals) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        pass


def program(name: str, package: str, *folders: Path) -> str:
    """The path of a program. Raises PartFailed naming the Debian package."""
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        return found
    raise PartFailed(f"{name} is not installed: apt-get install {package}")
