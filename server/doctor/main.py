"""Runs the checks one after the other and prints what they found."""

from __future__ import annotations

import argparse
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict

from server.config import Settings
from server.doctor import machine, neighbours, outside
from server.doctor.findings import Finding

ALONE: tuple[Callable[[Settings], Finding], ...] = (
    machine.folder,
    machine.disk,
    machine.announced,
    machine.open_files,
    machine.packet_loop,
)


async def look(settings: Settings, url: str | None) -> AsyncIterator[Finding]:
    """Everything that can be looked at from here. url: how people reach the pages, if that shall be tried."""
    for finding in machine.settings_together(settings):
        yield finding
    for check in ALONE:
        yield check(settings)
    for finding in machine.ports(settings):
        yield finding
    yield machine.typesetting()
    yield machine.pages()
    async for finding in neighbours.database(settings):
        yield finding
    yield await neighbours.redis(settings)
    async for finding in neighbours.relays(settings):
        yield finding
    if (kept := outside.certificate(settings)) is not None:
        yield kept
    if url is not None:
        async for finding in outside.front(url):
            yield finding


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code: 0 when nothing is wrong, else 1; warnings do not count."""
    found = []
    async for finding in look(settings, options.url):
        found.append(finding)
        if not options.json:
            print("\n".join(finding.lines()), flush=True)
    if options.json:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    return int(any(finding.state == "wrong" for finding in found))
