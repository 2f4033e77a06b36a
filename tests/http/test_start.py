"""`pleno serve` as a process: what it prints, how it refuses to start, how it stops."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server import cli, logs

ENVIRON = {"HOME": "/nonexistent"} | {
    name: os.environ[name] for name in ("PATH", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE") if name in os.environ
}
COMMAND = [sys.executable, "-m", "server"]


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments], env=ENVIRON, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@contextlib.contextmanager
def serving(data: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """A server that answers; its server.json and its process."""
    process = start("serve", "--data", str(data), "--core", "python", *arguments)
    try:
        yield {**address(data, process), "process": process}
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def address(data: Path, process: subprocess.Popen[str]) -> dict[str, Any]:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((data / "server.json").read_text())
            if found["pid"] == process.pid:
                return found
        if process.poll() is not None:
            raise AssertionError(process.communicate())
        time.sleep(0.05)
    raise AssertionError("the server did not start")


def refused(*arguments: str) -> tuple[int, str]:
    process = start(*arguments)
    _, told = process.communicate(timeout=40)
    return process.returncode, told


class Here:
    """The command line in this process: a plenary's evening needs more commands than there is time to start Python."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def run(self, *arguments: str) -> str:
        code = cli.main(arguments)
        told = self._capsys.readouterr()
        assert code == 0, told
        return told.out

    def refused(self, *arguments: str) -> tuple[int, str]:
        """What it says on standard error, and its exit code; argparse leaves by SystemExit."""
        try:
            code = cli.main(arguments)
        except SystemExit as left:
            code = int(left.code or 0)
        return code, self._capsys.readouterr().err


@pytest.fixture
def here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setattr(logs, "configure", lambda *settings: None)
    return Here(capsys)


def get(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=5) as answer:
        found: dict[str, Any] = json.load(answer)
    return found


def test_it_prints_a_link_a_face_and_stops_cleanly_when_asked(tmp_path: Path) -> None:
    with serving(tmp_path / "my data", "--port", "0", "--demo") as server:
        assert get(f"{server['url']}/healthz")["status"] == "ok"
        passes = json.loads((tmp_path / "my data" / "passes.json").read_text())["passes"]
        process = server["process"]
        process.send_signal(signal.SIGTERM)
        printed, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    for face in ("moderator", "hall", "participant", "screen", "public", "admin"):
        token = next(card["token"] for card in passes if card["face"] == face)
        assert f"{server['url']}/{face}#{token}" in printed
    assert "passes.json" in printed
    assert "HTTPS" in printed or "TLS=self-signed" in printed
    assert "█" not in printed  # nobody's phone reaches 127.0.0.1
    assert not (tmp_path / "my data" / "server.json").exists()
    assert stat.S_IMODE((tmp_path / "my data" / "passes.json").stat().st_mode) == 0o600


def test_a_server_that_phones_reach_shows_a_qr_and_refuses_a_second_one_on_its_folder(tmp_path: Path) -> None:
    with serving(tmp_path / "data", "--port", "0", "--host", "0.0.0.0", "--demo") as server:
        code, told = refused("serve", "--port", "0", "--data", str(tmp_path / "data"))
        assert code == 2
        assert "data_folder_in_use" in told
        assert str(server["pid"]) in told
        assert "Hentikan" in told
        assert "Stop" in told
        assert get(f"{server['url']}/healthz")["status"] == "ok"
        process = server["process"]
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=20)
        assert process.returncode == 0
    assert "▀" in printed or "█" in printed
    assert "127.0.0.1" not in server["url"] or "http://127.0.0.1" in printed


def test_a_port_in_use_is_refused(tmp_path: Path, here: Here) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, told = here.refused("serve", "--port", str(port), "--data", str(tmp_path))
    assert (code, "port_in_use" in told, "media_port" in told) == (2, True, False)
    assert f"{port}" in told


@pytest.mark.usefixtures("media")
def test_a_media_port_in_use_is_refused(tmp_path: Path, here: Here) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        code, told = here.refused("serve", "--port", "0", "--media-port", str(port), "--data", str(tmp_path))
    assert (code, "media_port_in_use" in told) == (2, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "many"),
        ("--host", "no.such.host.invalid"),
        ("--tls", "missing.pem,missing.key"),
        ("--database", "postgresql://nobody@127.0.0.1:1/none"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(tmp_path: Path, arguments: tuple[str, str], here: Here) -> None:
    code, told = here.refused("serve", "--port", "0", *arguments, "--data", str(tmp_path))
    assert (code, "bad_setting" in told) == (2, True)


def test_passes_are_issued_and_revoked_while_the_server_runs(tmp_path: Path, here: Here) -> None:
    with serving(tmp_path, "--port", "0", "--demo") as server:
        issued = here.run("passes", "--data", str(tmp_path), "issue", "screen")
        pass_id, link = issued.split()
        assert link.startswith(f"{server['url']}/screen#")
        token = link.partition("#")[2]
        status, body = exchange(server["url"], token)
        for _ in range(20):  # the running server reads other writers' events every half second
            if status == 200:
                break
            time.sleep(0.1)
            status, body = exchange(server["url"], token)
        assert body["identity"]["pass"] == pass_id
        agency = here.run(
            "passes", "--data", str(tmp_path), "issue", "agency", "--agency", "Dinas Perhubungan"
        ).split()[0]
        voter = ("passes", "--data", str(tmp_path), "issue", "delegate", "--seat", "pejuang-rw-07")
        card, link, pin = here.run(*voter).rstrip("\n").split("\t")
        assert re.fullmatch(r"PIN [0-9]{6}", pin)
        told = here.run("passes", "--data", str(tmp_path), "list")
        assert f"{card}\tdelegate\tpejuang\tpejuang-rw-07\tvalid\tfree" in told
        assert exchange(server["url"], link.partition("#")[2])[0] == 200, "a card the server has not read of yet"
        told = here.run("passes", "--data", str(tmp_path), "list")
        assert f"{card}\tdelegate\tpejuang\tpejuang-rw-07\tvalid\tclaimed" in told
        assert exchange(server["url"], link.partition("#")[2])[1]["code"] == "pass_claimed"
        assert f"{card}\treleased until " in here.run("passes", "--data", str(tmp_path), "release", card)
        assert exchange(server["url"], link.partition("#")[2])[0] == 200
        assert f"{agency}\tagency\tDinas Perhubungan\t-\tvalid" in here.run("passes", "--data", str(tmp_path), "list")
        code, told = here.refused("passes", "--data", str(tmp_path), "issue", "screen", "--agency", "Dinas Perhubungan")
        assert (code, "bad_input" in told) == (1, True)
        assert f"{pass_id}\tscreen\t-\t-\tvalid" in here.run("passes", "--data", str(tmp_path), "list")
        here.run("passes", "--data", str(tmp_path), "revoke", pass_id)
        for _ in range(20):
            status, body = exchange(server["url"], token)
            if status == 401:
                break
            time.sleep(0.1)
        assert body["code"] == "pass_revoked"


def test_people_are_entered_and_erased_from_a_file(tmp_path: Path, here: Here) -> None:
    wanted = [
        {"seat": "pejuang-rw-07", "name": "Siti Aminah", "phone": "0812"},
        {"seat": "jatiasih-rw-01", "name": "Budi"},
    ]
    (tmp_path / "people.json").write_text(json.dumps({"people": wanted}))
    (tmp_path / "wrong.json").write_text(json.dumps({"people": [{"seat": "nobody", "name": "Budi"}]}))
    data = ("--data", str(tmp_path / "data"))
    with serving(tmp_path / "data", "--port", "0", "--demo"):
        assert here.run("people", *data, "import", str(tmp_path / "people.json")) == "2\tentered\n"
        assert here.run("people", *data, "erase", "--seat", "pejuang-rw-07") == "1\terased\n"
        assert here.refused("people", *data, "erase")[0] == 2, "whom?"
        assert here.run("people", *data, "erase", "--all") == "1\terased\n"
        code, told = here.refused("people", *data, "import", str(tmp_path / "wrong.json"))
        assert (code, "unknown_seat" in told) == (1, True)
        code, told = here.refused("people", *data, "import", str(tmp_path / "absent.json"))
        assert (code, "bad_setting" in told, "Traceback" in told) == (2, True, False)


def exchange(url: str, token: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(f"{url}/api/passes/exchange", json.dumps({"token": token}).encode())
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
