"""What whoever restarts, balances and watches a node is told: /healthz, /readyz, /metrics."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from multidict import CIMultiDict
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from server.app import Running, running
from server.config import Settings
from server.http.health import may_watch
from tests.fixtures import postgres

PHASES = {"draft", "lobby", "open", "recess", "closed", "sealed"}


async def told(http: aiohttp.ClientSession, path: str) -> tuple[int, dict[str, object]]:
    async with http.get(path) as answer:
        return answer.status, await answer.json()


async def until_told(http: aiohttp.ClientSession, path: str, **wanted: object) -> int:
    """The status once the answer says so."""
    async with asyncio.timeout(60):
        while True:
            status, body = await told(http, path)
            if wanted.items() <= body.items():
                return status
            await asyncio.sleep(0.1)


def families(told: str) -> dict[str, Metric]:
    return {family.name: family for family in text_string_to_metric_families(told)}


@pytest.mark.asyncio(loop_scope="module")
async def test_metrics_are_prometheus_text(looking: aiohttp.ClientSession) -> None:
    async with looking.get("/metrics") as answer:
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        found = families(await answer.text())
    phases = {sample.labels["phase"]: sample.value for sample in found["pleno_session_phase"].samples}
    assert (set(phases), sum(phases.values()), phases["draft"] + phases["lobby"]) == (PHASES, 1, 1)
    assert found["pleno_gateway_command_answers"].type == "counter"
    pools = {sample.labels["pool"] for sample in found["pleno_store_connections_most"].samples}
    assert pools == {"readers", "writers"}
    late = found["pleno_node_loop_late_seconds"]
    assert late.type == "histogram"
    buckets = [sample.value for sample in late.samples if sample.name.endswith("_bucket")]
    assert buckets == sorted(buckets)
    assert {sample.labels.get("le") for sample in late.samples} >= {"0.001", "+Inf"}
    assert found["pleno_store_write_seconds"].samples[-1].value > 0


@pytest.fixture
def elsewhere(settings: Settings) -> Settings:
    """As if nobody on this machine might watch."""
    return replace(settings, demo=False, metrics=(ipaddress.IPv4Network("10.0.0.0/8"),))


async def test_to_a_stranger_metrics_do_not_exist(elsewhere: Settings, static: Path) -> None:
    async with running(elsewhere, static=static) as server, aiohttp.ClientSession(server.url) as http:
        answers = []
        for path in ("/metrics", "/nothing"):
            async with http.get(path) as answer:
                answers.append((answer.status, await answer.text(), {**answer.headers, "Date": ""}))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


@pytest.mark.parametrize(
    ("peer", "proxies", "forwarded", "may"),
    [
        ("127.0.0.1", "", "", True),
        ("::ffff:127.0.0.1", "", "", True),
        ("203.0.113.9", "", "", False),
        ("127.0.0.1", "", "203.0.113.9", False),
        ("127.0.0.1", "", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1/32", "203.0.113.9", False),
        ("127.0.0.1", "127.0.0.1/32", "10.1.2.3", True),
        ("127.0.0.1", "127.0.0.1/32", "10.1.2.3, 203.0.113.9", False),
        ("127.0.0.1", "127.0.0.1/32", "nonsense", False),
    ],
)
def test_a_front_does_not_open_metrics_to_the_world(peer: str, proxies: str, forwarded: str, may: bool) -> None:
    watchers = (ipaddress.IPv4Network("10.0.0.0/8"), ipaddress.IPv4Network("127.0.0.0/8"))
    fronts = tuple(ipaddress.IPv4Network(each) for each in proxies.split())
    headers = CIMultiDict({"X-Forwarded-For": forwarded} if forwarded else {})
    assert may_watch(peer, headers, Settings(metrics=watchers, proxies=fronts)) is may


async def test_a_node_that_leaves_wants_no_new_clients_but_no_restart_either(
    http: aiohttp.ClientSession, server: Running
) -> None:
    assert await told(http, "/readyz") == (200, {"ready": True, "reasons": [], "database": "ok"})
    server.services.condition.draining = True
    assert await told(http, "/readyz") == (503, {"ready": False, "reasons": ["draining"], "database": "ok"})
    assert (await told(http, "/healthz"))[0] == 200


async def test_a_node_whose_database_is_of_another_version_wants_no_new_clients(
    http: aiohttp.ClientSession, server: Running
) -> None:
    async with server.services.store.database.writing() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    assert await until_told(http, "/readyz", reasons=["database_other_version"]) == 503
    assert await until_told(http, "/healthz", database="other", status="unwell") == 200


@pytest.fixture
def own_cluster() -> Iterator[postgres.Cluster]:
    """A cluster that may be stopped without others noticing."""
    made = postgres.create()
    yield made
    postgres.remove(made)


async def test_a_database_that_is_away_costs_neither_a_restart_nor_the_front(
    settings: Settings, static: Path, own_cluster: postgres.Cluster
) -> None:
    """It is away for every node: people would see the front's blank page in place of ours, which says what goes on."""
    there = replace(settings, demo=False, database=own_cluster.url)
    async with running(there, static=static) as server, aiohttp.ClientSession(server.url) as http:
        assert await until_told(http, "/readyz", database="ok") == 200
        await asyncio.to_thread(own_cluster.stop)
        assert await until_told(http, "/healthz", status="unwell", database="away") == 200
        assert await until_told(http, "/readyz", ready=True, database="away") == 200
        async with http.get("/moderator") as answer:
            assert answer.status == 200
        await asyncio.to_thread(own_cluster.start)
        assert await until_told(http, "/healthz", status="ok", database="ok") == 200


async def test_an_event_loop_that_is_seconds_late_all_the_time_wants_no_new_clients(
    http: aiohttp.ClientSession, server: Running
) -> None:
    beats = server.services.condition._beats
    beats.extend([6.0] * 8)
    assert (await server.services.condition.reasons()) == ["overloaded"]
    beats.append(0.0)
    assert (await server.services.condition.reasons()) == []
