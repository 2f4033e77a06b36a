"""A certificate the server makes for itself: covers its names, is kept, is renewed."""

from __future__ import annotations

import datetime
import ssl
import stat
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509

from server import tls
from server.app import running
from server.config import Settings
from server.errors import StartupError

NOW = datetime.datetime.now(datetime.UTC)
NAMES = ["localhost", "127.0.0.1", "192.0.2.7", "2001:db8::1"]


def certificate(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "tls-cert.pem").read_bytes())


def test_it_covers_every_name_and_its_key_is_private(tmp_path: Path) -> None:
    assert tls.context("self-signed", tmp_path, NAMES, NOW) is not None
    names = certificate(tmp_path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == NAMES[1:]
    assert stat.S_IMODE((tmp_path / "tls-key.pem").stat().st_mode) == 0o600


def test_it_is_kept_until_it_nears_its_end_or_misses_a_name(tmp_path: Path) -> None:
    tls.context("self-signed", tmp_path, NAMES, NOW)
    first = certificate(tmp_path).serial_number
    tls.context("self-signed", tmp_path, NAMES[:2], NOW + datetime.timedelta(days=300))
    assert certificate(tmp_path).serial_number == first
    tls.context("self-signed", tmp_path, [*NAMES, "10.1.1.1"], NOW)
    second = certificate(tmp_path).serial_number
    assert second != first
    tls.context("self-signed", tmp_path, NAMES, NOW + datetime.timedelta(days=390))
    assert certificate(tmp_path).serial_number != second


def test_none_is_none(tmp_path: Path) -> None:
    assert tls.context("", tmp_path, NAMES, NOW) is None


def test_files_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="bad_setting"):
        tls.context(f"{tmp_path / 'a.pem'},{tmp_path / 'b.pem'}", tmp_path, NAMES, NOW)
    (tmp_path / "a.pem").write_text("nonsense")
    with pytest.raises(StartupError, match="bad_setting"):
        tls.context(f"{tmp_path / 'a.pem'},{tmp_path / 'a.pem'}", tmp_path, NAMES, NOW)


async def test_a_browser_that_accepts_the_certificate_gets_the_page(settings: Settings, static: Path) -> None:
    async with running(replace(settings, tls="self-signed", demo=False), static=static) as server:
        assert server.url.startswith("https://")
        trusting = ssl.create_default_context(cafile=str(server.folder.path / "tls-cert.pem"))
        async with aiohttp.ClientSession() as http, http.get(f"{server.url}/healthz", ssl=trusting) as answer:
            assert (await answer.json())["status"] == "ok"
            assert "Strict-Transport-Security" not in answer.headers, "a trial must be able to go back to plain HTTP"


async def test_a_given_pair_of_files_is_used(settings: Settings, static: Path, tmp_path: Path) -> None:
    tls.context("self-signed", tmp_path, ["127.0.0.1"], NOW)
    pair = f"{tmp_path / 'tls-cert.pem'},{tmp_path / 'tls-key.pem'}"
    async with running(replace(settings, tls=pair, demo=False), static=static) as server:
        trusting = ssl.create_default_context(cafile=str(tmp_path / "tls-cert.pem"))
        async with aiohttp.ClientSession() as http, http.get(f"{server.url}/healthz", ssl=trusting) as answer:
            assert answer.status == 200
            assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
