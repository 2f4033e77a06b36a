"""`pleno accounts`: the first admin is made at the machine, while a server runs or before."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pyotp
import pytest

from server import account_desk, cli
from server.accounts import totp
from server.app import Running, running
from server.clock import wall_ms
from server.config import Settings
from tests.http.conftest import built_client
from tests.http.staff import Browser, account, browser

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
GOOD = "kucing tidur di pagar"


class Desk:
    """The program, in this process, with something on its standard input."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._data, self._monkeypatch, self._capsys = data, monkeypatch, capsys

    def run(self, *words: str, typed: str = "") -> tuple[int, str]:
        """Exit code and everything it wrote."""
        self._monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = cli.main(["accounts", "--data", str(self._data), *words])
        said = self._capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that a demonstration has left."""

    async def once() -> None:
        settings = Settings(port=0, data=tmp_path / "data", demo=True, core="python")
        async with running(settings, static=built_client(tmp_path / "static")):
            pass

    asyncio.run(once())
    return tmp_path / "data"


def test_the_desk_does_all_that_an_account_needs(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(data, monkeypatch, capsys)
    made = desk.run("add", "ratna", "--name", "Staf Bappeda", "--admin", typed=f"{GOOD}\n")
    assert made[0] == 0 and made[1].startswith("ratna\t")
    assert desk.run("add", "ratna", "--name", "Lain", typed=f"{GOOD}\n") == (
        1, "ditolak / refused: already_exists {}\n",
    )  # fmt: skip
    assert "weak_password" in desk.run("add", "budi", "--name", "Staf", typed="Password123456\n")[1]
    assert desk.run("add", "b", "--name", "Staf", typed=f"{GOOD}\n")[0] == 1, "a login is three characters or more"
    assert desk.run("scope", "ratna", "moderator", "--session", "bekasi-2018")[0] == 0
    assert "unknown_session" in desk.run("scope", "ratna", "moderator", "--session", "tidak-ada")[1]
    assert desk.run("scope", "ratna", "moderator")[0] == 1, "of the installation there are admins alone"
    assert "unknown_account" in desk.run("disable", "siapa")[1]
    assert desk.run("list")[1] == "ratna\tStaf Bappeda\tno totp\tadmin@*, moderator@bekasi-2018\n"
    monkeypatch.setattr("pyotp.random_base32", lambda _length: SECRET)
    assert "code_wrong" in desk.run("totp", "ratna", typed="000000\n")[1]
    code, said = desk.run("totp", "ratna", typed=pyotp.TOTP(SECRET).generate_otp(wall_ms() // totp.STEP_MS) + "\n")
    assert code == 0 and "otpauth://totp/Pleno:ratna" in said and said.count("\n") > 10
    assert desk.run("list")[1].split("\t")[2] == "totp"
    for words in (("totp", "ratna", "--remove"), ("disable", "ratna"), ("enable", "ratna"), ("sessions", "ratna")):
        assert desk.run(*words)[0] == 0
    assert desk.run("password", "ratna", typed="gajah naik sepeda\n")[0] == 0
    assert desk.run("scope", "ratna", "moderator", "--session", "bekasi-2018", "--take")[1].endswith("\ttaken\n")
    trail = [line for line in desk.run("audit")[1].splitlines() if line.split("\t")[3].startswith("account.")]
    actions = [line.split("\t")[3] for line in trail]
    assert actions == [
        "account.add", "account.scope_give", "account.scope_give", "account.totp_enrol", "account.totp_remove",
        "account.disable", "account.enable", "account.password", "account.scope_take",
    ]  # fmt: skip
    assert {line.split("\t")[2] for line in trail} == {"cli"}
    assert not [word for word in (GOOD, SECRET, "gajah", "Staf Bappeda") if word in "".join(trail)]


def test_a_password_is_never_an_argument(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["accounts", "add", "ratna", "--name", "Staf", "--password", GOOD])
    assert "unrecognized arguments" in capsys.readouterr().err


async def test_whom_the_desk_disables_is_out_of_a_running_server(server: Running) -> None:
    made = await account(server, "aktif", ("bekasi-2018", "moderator"))
    async with browser(server) as http:
        page = Browser(http, server)
        await page.log_in("aktif")
        async with account_desk.opened(server.settings) as found:
            await found.entering.disable(made.id, "cli")
        assert (await page.ask("GET", "/me"))[1] == {"stage": "out"}
        assert (await page.log_in("aktif"))[1]["code"] == "login_failed"
