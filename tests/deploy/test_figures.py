"""Dashboard, alerts and Prometheus' settings ask for figures that /metrics of a node among others really has."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

from server.app import running
from server.config import LOOPBACK, Settings
from server.store import database as databases
from tests.fixtures import postgres
from tests.fixtures.postgres import cluster
from tests.fixtures.redis import Redis, redis
from tests.store.conftest import clock, emptied

__all__ = ["cluster", "redis"]
DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
SERIES = re.compile(r"\b(pleno_[a-z_]+)\b(?:\{([^}]*)\})?")
LABEL = re.compile(r"(\w+)\s*(?:=~|!=|=)")
SEEN = ("plenary", "votes", "database", "media", "nodes")
OF_PROMETHEUS = {"job", "instance"}


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DEPLOY / "grafana" / "pleno.json").read_text())
    return found


def yaml(name: str) -> Any:
    return YAML(typ="safe").load((DEPLOY / name).read_text())


def queries() -> Iterator[tuple[str, str]]:
    """(where, expression)."""
    for panel in dashboard()["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]
    for group in yaml("alerts.yml")["groups"]:
        for rule in group["rules"]:
            yield rule["alert"], rule["expr"]


@pytest.fixture
async def labels(tmp_path: Path, cluster: postgres.Cluster, redis: Redis) -> AsyncIterator[dict[str, set[str]]]:
    """Every series of a node that has everything, with its labels."""
    database = databases.connect(cluster.url, clock)
    await emptied(database)
    await database.close()
    settings = Settings(
        port=0, data=tmp_path / "data", core="python", database=cluster.url, redis=redis.url,
        internal="http://127.0.0.1:1", node="node-a", demo=True,
    )  # fmt: skip
    async with running(settings) as server, aiohttp.ClientSession(server.url) as http:
        found: dict[str, set[str]] = {}
        while "pleno_media_packets_out_total" not in found:  # the media worker reports once a second
            async with http.get("/metrics") as answer:
                for family in text_string_to_metric_families(await answer.text()):
                    for sample in family.samples:
                        found.setdefault(sample.name, set()).update(sample.labels)
        yield found


async def test_every_query_names_figures_and_labels_there_are(labels: dict[str, set[str]]) -> None:
    asked = list(queries())
    assert len(asked) > 50
    missing = {(where, name) for where, query in asked for name, _ in SERIES.findall(query) if name not in labels}
    assert missing == set()
    strange = {
        (where, name, label)
        for where, query in asked
        for name, selector in SERIES.findall(query)
        for label in LABEL.findall(selector)
        if label not in labels[name] | OF_PROMETHEUS
    }
    assert strange == set()
    shown = {
        (title, word)
        for panel in dashboard()["panels"]
        for target in panel.get("targets", ())
        for title, word in [(panel["title"], each) for each in re.findall(r"{{(\w+)}}", target["legendFormat"])]
        if not any(word in labels[name] | OF_PROMETHEUS for name, _ in SERIES.findall(target["expr"]))
    }
    assert shown == set()


def test_the_dashboard_has_its_rows_and_no_panel_lies_on_another() -> None:
    panels = dashboard()["panels"]
    assert tuple(panel["title"].lower() for panel in panels if panel["type"] == "row") == SEEN
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                 for y in range(place["y"], place["y"] + place["h"])}  # fmt: skip
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_every_alert_says_how_urgent_it_is_and_what_to_do() -> None:
    rules = [rule for group in yaml("alerts.yml")["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in ("page", "look")
        assert " / " in rule["annotations"]["summary"], "in both languages"
        assert rule["annotations"]["description"]


def test_prometheus_asks_nodes_that_may_be_asked() -> None:
    found = yaml("prometheus.yml")
    assert found["rule_files"] == ["alerts.yml"]
    (job,) = found["scrape_configs"]
    assert job["job_name"] == "pleno"
    hosts = {target.rpartition(":")[0] for static in job["static_configs"] for target in static["targets"]}
    assert hosts == {"127.0.0.1"}
    assert any(network.version == 4 and network.is_loopback for network in LOOPBACK)
