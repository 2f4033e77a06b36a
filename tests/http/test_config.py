"""Settings: the command line over the environment over the defaults, and words for what cannot be used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server import cli, config
from server.errors import StartupError


def test_the_defaults_serve_this_machine_only() -> None:
    found = config.read({}, {})
    assert (found.host, found.port, found.data, found.database, found.tls) == (
        "127.0.0.1",
        8080,
        Path("data"),
        None,
        "",
    )


def test_the_command_line_wins_over_the_environment() -> None:
    environ = {"PLENO_PORT": "9000", "PLENO_HOST": "0.0.0.0", "PORT": "1", "PLENO_DEMO": "1"}
    found = config.read({"port": "9001", "data": None}, environ)
    assert (found.port, found.host, found.demo) == (9001, "0.0.0.0", True)


def test_lists_are_separated_by_commas() -> None:
    found = config.read({}, {"PLENO_ANNOUNCE": "203.0.113.7, 2001:db8::1", "PLENO_ORIGINS": "https://a,https://b"})
    assert found.announce == ("203.0.113.7", "2001:db8::1")
    assert found.origins == ("https://a", "https://b")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("port", "http"),
        ("port", "70000"),
        ("port", "-1"),
        ("port", "٨٠"),
        ("media_port", "1e3"),
        ("announce", "my.host"),
        ("proxies", "everywhere"),
        ("tls", "cert.pem"),
        ("core", "fast"),
        ("log", "loud"),
        ("max_clients", "0"),
        ("slides_mb", "0"),
        ("demo", "maybe"),
        ("database", "mysql://a:secret@b/c"),
        ("database", "postgres:a:secret@b/c"),
        ("database", "secret"),
        ("redis", "redis//:secret@b"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(StartupError) as refused:
        config.read({name: value}, {})
    assert refused.value.code == "bad_setting"
    assert f"--{name.replace('_', '-')}" in refused.value.english
    assert "secret" not in str(refused.value)
    with pytest.raises(StartupError, match=f"PLENO_{name.upper()}"):
        config.read({}, {f"PLENO_{name.upper()}": value})


def test_the_operators_page_names_each_setting_as_it_is() -> None:
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `PLENO_(\w+)` \| `--([a-z-]+)` \|", page, re.M)
    assert [name.lower() for name, _ in told] == [option.replace("-", "_") for _, option in told]
    assert {option for _, option in told} == {*cli.OPTIONS, *cli.FLAGS}
    assert {name.lower() for name, _ in told} == config.PARSERS.keys() - {"turn_secret", "seal_key"}
    assert "| `PLENO_TURN_SECRET` | environment only |" in page  # an argument would be seen by everybody on the machine


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "database").write_text("postgresql://pleno:secret@database/pleno\n")
    named = {"PLENO_DATABASE_FILE": str(tmp_path / "database")}
    found = config.read({}, named)
    assert found.database == "postgresql://pleno:secret@database/pleno"
    assert "secret" not in repr(found)
    assert config.read({}, {**named, "PLENO_DATABASE": "sqlite:///other"}).database == "sqlite:///other"
    with pytest.raises(StartupError):
        config.read({}, {"PLENO_DATABASE_FILE": str(tmp_path / "missing")})
