"""The engine among several: one node carries a room, the others' clients reach it, and it moves when that one goes."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import update

from server.store import media_hosts
from server.store.media_hosts import HOSTS, SqlMediaHosts
from signaling import engine_guests
from signaling.engine import Direction, EngineError, Shown
from signaling.engine_guests import guest_peer, node_of
from signaling.engine_link import NODE_HEADER, PATH
from tests.fixtures import postgres
from tests.nodes.rig import Node, Nodes, installation, linked, peer
from tests.sfu.engine import Events, eventually
from tests.sfu.test_sdp import read

pytestmark = pytest.mark.asyncio(loop_scope="module")

LOOK = Shown((), True, False)
TRACKS: Any = {"0": "mic", "1": "camera"}
ROOMS = 40


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nodes(cluster: postgres.Cluster) -> AsyncIterator[Nodes]:
    async with installation(cluster.url, ROOMS) as found:
        yield found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(nodes: Nodes) -> list[Node]:
    """Two nodes that stay for the whole module."""
    return [await nodes.start("one.11111111"), await nodes.start("two.22222222")]


rooms: Iterator[int] = iter(range(ROOMS))


@pytest.fixture
def room() -> str:
    """One that nobody has used."""
    return f"room-{next(rooms)}"


async def refused(work: object) -> EngineError:
    with pytest.raises(EngineError) as error:
        await work  # type: ignore[misc]
    return error.value


def resets(events: Events, room: str) -> list[str]:
    return [event.data["code"] for event in events.of("reset", None) if event.room == room]


async def test_the_first_node_that_is_asked_carries_the_room_and_offers_reach_the_peer_of_the_other(
    pair: list[Node], room: str
) -> None:
    one, two = pair
    await one.engine.publish(peer(room, "hall", "pejuang"), read("chromium_publish"), TRACKS)
    await one.engine.direct(room, Direction(stage=("pejuang", "jatiasih")))
    await two.engine.direct(room, Direction(stage=("elsewhere",)))
    screen = peer(room, f"screen-{room}")
    await two.engine.show(screen, LOOK)
    offer = await two.events.wait("offer", screen.peer)
    assert offer.room == room
    halls = [slot["hall"] for slot in offer.data["slots"].values() if slot["use"] == "stage"]
    assert halls[:2] == ["pejuang", "jatiasih"], "the node that carries the room directs it"
    assert (await refused(two.engine.answer(screen, 7, "v=0"))).code == "stale_negotiation"
    assert (await refused(two.engine.answer(screen, offer.data["generation"], "v=0"))).code == "bad_sdp"
    assert one.events.of("offer", screen.peer) == [], "it is the other node's peer"
    assert [event.room for event in one.events.of("hosting", None)].count(room) == 1
    assert room not in [event.room for event in two.events.of("hosting", None)]
    await one.events.wait("links", None, lambda data: "pejuang" in data["halls"])
    assert not [event for event in two.events.of("links", None) if event.room == room]
    await two.engine.leave(screen, "all")


async def test_one_link_serves_all_rooms_and_peers_of_the_same_name_are_two(pair: list[Node], nodes: Nodes) -> None:
    one, two = pair
    for number in (next(rooms), next(rooms)):
        room = f"room-{number}"
        await one.engine.show(peer(room, "twin"), LOOK)
        await two.engine.show(peer(room, "twin"), LOOK)
        host = await nodes.host(room)
        assert host is not None and host.node == one.name
        await two.engine.leave(peer(room, "twin"), "all")
        await one.engine.show(peer(room, "twin"), Shown((), False, True))
    assert await two.figures("links_up") == 1 and await one.figures("guests") == 1
    assert await one.figures("rooms_hosted") >= 2 and await two.figures("rooms_elsewhere") >= 2


async def test_names_of_guests_are_told_apart_from_our_own() -> None:
    given = guest_peer("two.22222222", peer("room", "a"))
    assert node_of(given.peer) == ("two.22222222", "peer-a") and node_of("peer-a") == ("", "peer-a")


async def test_a_room_that_nobody_has_asked_for_is_not_leased_and_leaves_of_strangers_are_nothing(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    one, _ = pair
    await one.engine.direct(room, Direction(stage=("pejuang",)))
    await one.engine.leave(peer(room, "nobody"), "all")
    assert (await refused(one.engine.answer(peer(room, "nobody"), 1, "v=0"))).data == {"generation": 0}
    assert await nodes.host(room) is None


async def test_to_whoever_does_not_know_the_secret_the_address_does_not_exist(pair: list[Node], nodes: Nodes) -> None:
    one, _ = pair
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    upgrade["Sec-WebSocket-Key"] = "dGhlIHNhbXBsZSBub25jZQ=="
    good = {NODE_HEADER: "three.33333333", "Authorization": f"Bearer {nodes.secret}"}

    async def asked(path: str, method: str = "GET", **headers: str) -> tuple[Any, ...]:
        async with http.request(method, one.url + path, headers=headers) as answer:
            kept = {name: value for name, value in answer.headers.items() if name != "Date"}
            return answer.status, kept, await answer.read()

    async with aiohttp.ClientSession() as http:
        unknown = await asked("/internal/nothing")
        assert unknown[0] == 404
        assert await asked(PATH) == unknown
        assert await asked(PATH, **upgrade) == unknown
        for wrong in ("Bearer ", "Bearer x", f"Bearer {nodes.secret}x", nodes.secret, "Bearer é"):
            assert await asked(PATH, **upgrade, **{**good, "Authorization": wrong}) == unknown
        for name in ("", "three", "three.x", "th:ree.33333333"):
            assert await asked(PATH, **upgrade, **{**good, NODE_HEADER: name}) == unknown
        assert await asked(PATH, **good) == unknown, "no WebSocket"
    async with linked(one, nodes.secret) as link:
        assert json.loads(await link.receive_str()) == {"hello": one.name}


async def test_nonsense_from_a_node_harms_that_node_alone(pair: list[Node], nodes: Nodes, room: str) -> None:
    one, two = pair
    await one.engine.show(peer(room, "here"), LOOK)
    await two.engine.show(peer(room, "there"), LOOK)
    async with linked(one, nodes.secret) as link:
        await link.receive_str()
        ref = [room, "p", None]
        shown, tracks = [[], True, True, False], {"0": "mic"}
        strange: list[dict[str, Any]] = [
            {"op": "direct", "peer": ref},
            {"peer": ref},
            {"op": "show"},
            {"op": "show", "peer": [room], "shown": shown},
            {"op": "show", "peer": [{}, "p", None], "shown": shown},
            {"op": "show", "peer": [room, 7, None], "shown": shown},
            {"op": "show", "peer": [room, "p" * 101, None], "shown": shown},
            {"op": "show", "peer": [room, "p", 7], "shown": shown},
            {"op": "show", "peer": ref, "shown": [[], True]},
            {"op": "show", "peer": ref, "shown": [[7], True, True, False]},
            {"op": "show", "peer": ref, "shown": [[], "yes", True, False]},
            {"op": "publish", "peer": ref, "sdp": 7, "tracks": tracks},
            {"op": "publish", "peer": ref, "sdp": "v=0", "tracks": {"0": "tape"}},
            {"op": "publish", "peer": ref, "sdp": "v=0", "tracks": [["0", "mic"]]},
            {"op": "answer", "peer": ref, "sdp": "v=0", "generation": "1"},
            {"op": "leave", "peer": ref, "what": "everything"},
        ]
        fair = [
            {"op": "publish", "peer": ref, "sdp": "v=0", "tracks": tracks},
            {"op": "show", "peer": ["room-unknown", "p", None], "shown": shown},
            {"op": "answer", "peer": ref, "sdp": "v=0", "generation": 1},
        ]
        for number, message in enumerate([*strange, *fair]):
            await link.send_str(json.dumps({"id": number, **message}))
        codes = []
        async with asyncio.timeout(30):  # that of receive_str begins anew with each heartbeat
            while len(codes) < len(strange) + len(fair):
                answer = json.loads(await link.receive_str())
                codes.append((answer["id"], answer["error"]))
        told = ["media_unavailable"] * len(strange) + ["bad_sdp", "media_moved", "stale_negotiation"]
        assert sorted(codes) == list(enumerate(told))
        await link.send_str("no json")
        assert (await link.receive(timeout=30)).type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    async with linked(one, nodes.secret) as link:
        await link.receive_str()
        await link.send_str("x" * (1 << 21))
        assert (await link.receive(timeout=30)).data == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    await two.engine.show(peer(room, "there"), LOOK)
    assert resets(two.events, room) == [] and await two.figures("links_up") == 1


async def test_when_the_worker_that_carries_a_room_ends_everybody_in_it_hears_so_and_nobody_else(
    pair: list[Node], room: str
) -> None:
    one, two = pair
    other = f"room-{next(rooms)}"
    await one.engine.show(peer(room, "here"), LOOK)
    await two.engine.show(peer(room, "there"), LOOK)
    await two.engine.show(peer(other, "elsewhere"), LOOK)
    assert one.worker is not None and one.worker.pid is not None
    os.kill(one.worker.pid, signal.SIGKILL)
    await eventually(lambda: resets(one.events, room) == resets(two.events, room) == ["worker_restarted"])
    assert resets(two.events, other) == resets(one.events, other) == []
    await two.engine.show(peer(room, "there"), LOOK)
    assert await one.figures("restarts") == 1


async def test_a_link_that_broke_comes_back_and_peers_behind_it_start_anew(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    one, two = pair
    await one.engine.show(peer(room, "here"), LOOK)
    screen = peer(room, f"screen-{room}")
    await two.engine.show(screen, LOOK)
    await two.events.wait("offer", screen.peer)
    guest = one.engine.guests._guests[two.name]
    guest._socket._req.transport.abort()  # type: ignore[union-attr]
    await eventually(lambda: resets(two.events, room) == ["media_moved"])
    assert resets(one.events, room) == []
    await two.engine.show(screen, LOOK)
    await eventually(lambda: len(two.events.of("offer", screen.peer)) == 2)
    again = two.events.of("offer", screen.peer)[1]
    assert again.data["generation"] == 1, "what it had by the broken link is forgotten"
    host = await nodes.host(room)
    assert host is not None and (host.node, host.epoch) == (one.name, 1)


async def test_a_node_whose_room_was_taken_lets_go_of_it(pair: list[Node], nodes: Nodes, room: str) -> None:
    """It froze for longer than its lease, say."""
    one, two = pair
    await one.engine.show(peer(room, "here"), LOOK)
    async with nodes.database.writing() as connection:
        taken = {"node": two.name, "url": two.url, "epoch": 2}
        await connection.execute(update(HOSTS).where(HOSTS.c.session == room).values(**taken))
    await eventually(lambda: resets(one.events, room) == ["media_moved"])
    await two.engine.show(peer(room, "there"), LOOK)
    await one.engine.show(peer(room, "here"), LOOK)
    host = await nodes.host(room)
    assert host is not None and host.node == two.name
    assert await two.figures("guests") == 1


async def test_a_node_without_a_worker_uses_those_of_others_and_never_carries_a_room(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    one, _ = pair
    bare = await nodes.start("bare.44444444", worker=False)
    assert (await refused(bare.engine.show(peer(room, "there"), LOOK))).code == "media_unavailable"
    assert await nodes.host(room) is None
    await one.engine.show(peer(room, "here"), LOOK)
    await bare.engine.show(peer(room, "there"), LOOK)
    await bare.events.wait("offer", "peer-there")
    assert await bare.figures("up") == 0 and await bare.figures("rooms_elsewhere") == 1


async def test_when_a_node_dies_another_carries_its_rooms_at_once_and_people_hear_so(
    pair: list[Node], nodes: Nodes, room: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_hosts, "LEASE_MS", 3_600_000)  # nobody listens there any more: that is enough
    one, _ = pair
    dying = await nodes.start("dying.55555555")
    await dying.engine.show(peer(room, "here"), LOOK)
    await one.engine.show(peer(room, "there"), LOOK)
    await dying.die()
    await eventually(lambda: resets(one.events, room) == ["media_moved"])
    await one.engine.show(peer(room, "there"), LOOK)
    host = await nodes.host(room)
    assert host is not None and (host.node, host.epoch) == (one.name, 2)


async def test_a_node_that_does_not_answer_keeps_its_rooms_until_its_lease_has_run_out(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    one, _ = pair
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host = SqlMediaHosts(nodes.database, "frozen.99999999", f"http://127.0.0.1:{silent.getsockname()[1]}")
        await host.take(room, able=True)
        assert (await refused(one.engine.show(peer(room, "here"), LOOK))).code == "media_unavailable"
        found = await nodes.host(room)
        assert found is not None and (found.node, found.epoch) == ("frozen.99999999", 1)
        async with nodes.database.writing() as connection:
            await connection.execute(update(HOSTS).where(HOSTS.c.session == room).values(until=1))
        await eventually(lambda: resets(one.events, room) == ["media_moved"])
        await one.engine.show(peer(room, "here"), LOOK)
        found = await nodes.host(room)
        assert found is not None and (found.node, found.epoch) == (one.name, 2)


async def test_whoever_answers_goes_on_carrying_its_rooms_though_its_lease_has_run_out(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    """The database was away, and nobody could renew anything."""
    one, two = pair
    await one.engine.show(peer(room, "here"), LOOK)
    async with nodes.database.writing() as connection:
        await connection.execute(update(HOSTS).where(HOSTS.c.session == room).values(until=1))
    await two.engine.show(peer(room, "there"), LOOK)
    found = await nodes.host(room)
    assert found is not None and (found.node, found.epoch) == (one.name, 1)


async def test_peers_of_a_node_that_died_are_removed(nodes: Nodes, room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_guests, "GRACE_S", 0.2)
    host = await nodes.start("host.88888888")
    dying = await nodes.start("gone.66666666", worker=False)
    await host.engine.show(peer(room, "here"), LOOK)
    await dying.engine.show(peer(room, "there"), LOOK)
    await eventually(lambda: host.engine.metrics().get("transports") == 2)
    await dying.die()
    await eventually(lambda: host.engine.metrics()["transports"] == 1, timeout=20)  # a dead browser's go after 25 s


async def test_a_node_that_stops_hands_its_rooms_over_at_once_and_takes_none(
    pair: list[Node], nodes: Nodes, room: str
) -> None:
    one, _ = pair
    leaving = await nodes.start("leaving.77777777")
    await leaving.engine.show(peer(room, "here"), LOOK)
    await one.engine.show(peer(room, "there"), LOOK)
    await leaving.engine.hand_over()
    await leaving.engine.hand_over()
    assert await nodes.host(room) is None and resets(leaving.events, room) == ["media_moved"]
    assert (await refused(leaving.engine.show(peer(room, "here"), LOOK))).code == "media_unavailable"
    await eventually(lambda: resets(one.events, room) == ["media_moved"])
    await one.engine.show(peer(room, "there"), LOOK)
    await leaving.engine.show(peer(room, "here"), LOOK)
    host = await nodes.host(room)
    assert host is not None and (host.node, host.epoch) == (one.name, 2)
