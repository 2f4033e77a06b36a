"""A server for thousands of phones under the 1,024 descriptors a shell usually gives."""

from __future__ import annotations

import logging
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from server import descriptors
from server.app import running
from server.config import Settings

NOFILE = resource.RLIMIT_NOFILE


@pytest.fixture
def few() -> Iterator[None]:
    soft, hard = resource.getrlimit(NOFILE)
    resource.setrlimit(NOFILE, (1024, hard))
    yield
    resource.setrlimit(NOFILE, (soft, hard))


@pytest.mark.usefixtures("few")
async def test_a_server_may_open_as_many_connections_as_it_admits(settings: Settings, static: Path) -> None:
    async with running(settings, static=static):
        assert resource.getrlimit(NOFILE)[0] > settings.max_clients


@pytest.mark.usefixtures("few")
def test_a_limit_that_cannot_be_raised_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (1024, 2048))
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda which, limits: asked.append(limits))
    with caplog.at_level(logging.WARNING):
        descriptors.allow(6500)
    assert asked == [(2048, 2048)] and "2048" in caplog.text
    descriptors.allow(100)
    assert len(asked) == 1, "what suffices stays"
