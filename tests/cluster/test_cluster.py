"""Two nodes on one PostgreSQL and one Redis behind a front, and what may happen to each; one file, one cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster import cards, kills, outages, views
from tests.cluster.conftest import Town

pytestmark = pytest.mark.timeout(900)


async def test_clients_of_different_nodes_see_the_same_and_any_node_takes_commands(town: Town) -> None:
    await views.the_same_everywhere(town)


@pytest.mark.timeout(2400)  # twenty times a burst of 2,500 votes and a node that starts again
async def test_a_killed_node_loses_nothing_and_its_people_go_on(town: Town, tmp_path: Path) -> None:
    await kills.killed_nodes(town, tmp_path)


async def test_a_pass_revoked_at_one_node_is_out_at_every_other(town: Town) -> None:
    await cards.revoked_everywhere(town)


async def test_nobody_notices_that_redis_is_dead(town: Town, tmp_path: Path) -> None:
    await outages.redis_dead(town, tmp_path)


async def test_votes_and_commands_are_held_while_postgresql_is_stopped(town: Town, tmp_path: Path) -> None:
    await outages.postgresql_dead(town, tmp_path, kill=False)


@pytest.mark.cluster
async def test_votes_and_commands_are_held_while_postgresql_is_killed(town: Town, tmp_path: Path) -> None:
    await outages.postgresql_dead(town, tmp_path, kill=True)


@pytest.mark.cluster
async def test_a_node_that_is_told_to_stop_answers_what_is_under_way(town: Town, tmp_path: Path) -> None:
    await outages.node_told_to_stop(town, tmp_path)


@pytest.mark.cluster
async def test_people_of_a_frozen_node_go_on_at_the_other(town: Town, tmp_path: Path) -> None:
    await outages.node_frozen(town, tmp_path)
