"""What people on several nodes are told: votes that came in elsewhere, limits they share, a database that is away."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest
import redis.asyncio as client

from server.bus import sealed
from server.store.keys import derived, node_secret
from signaling.gateway.bulletin import Bulletin, Page, to_json
from tests.fixtures.postgres import Cluster
from tests.gateway.served import Wire, dial
from tests.http.conftest import until
from tests.nodes.several import MODERATOR, SESSION, Both, both, carried, desk, known, people_of, synced

__all__ = ["both"]

OPTIONS = [{"id": "a", "label": "A"}, {"id": "b", "label": "B"}]
pytestmark = pytest.mark.asyncio(loop_scope="module")


def told(wire: Wire) -> dict[str, Any]:
    return dict(wire.of("me")[-1]) if wire.of("me") else {"voted": {}, "receipts": {}}


@pytest.mark.parametrize("secrecy", ["open", "secret"])
async def test_a_vote_at_one_node_shows_at_the_other_in_turnout_and_on_the_second_device(
    both: Both, secrecy: str
) -> None:
    one, two, _ = both
    async with people_of(one) as people:
        admission = await people.admission(one, "delegate", "pejuang")
        phone, tablet = await people.enter(one, admission), await people.enter(two, admission)
        ballot = {"title": "Uji", "options": OPTIONS, "choose_max": 1, "secrecy": secrecy}
        opened = await (await desk(one)).submit("ballot.open", ballot, MODERATOR, f"ballot-{secrecy}")
        id_ = opened.result["ballot"]
        tracker = {"tracker": "0123456789abcdef" * 2} if secrecy == "secret" else {}
        vote = {"ballot": id_, "choices": ["a"], "key": "0123456789abcdef" * 2, **tracker}
        answer = await phone.call("vote", vote)
        assert answer["ok"]
        for wire in (phone, tablet):
            await wire.until(
                lambda wire=wire: any(t["cast"] == 1 for t in wire.of("turnout") if t["ballot"] == id_), 30
            )
        await tablet.until(lambda: told(tablet)["voted"].get(id_) is True, 30)
        if secrecy == "open":
            assert told(tablet)["receipts"][id_] == answer["receipt"]
        assert (await tablet.call("vote", vote))["receipt"] == answer["receipt"], "the same vote, given again elsewhere"
        await (await desk(two)).submit("ballot.close", {"ballot": id_}, MODERATOR, f"close-{secrecy}")
        assert (await desk(two)).state.ballots[id_].result.cast == 1
        assert (await synced(tablet))["voted"][id_] is True


async def test_a_seat_on_two_nodes_speaks_no_faster_than_on_one(both: Both) -> None:
    one, two, _ = both
    async with people_of(one) as people:
        admission = await people.admission(one, "delegate", "jatiasih")
        phone, second = await people.enter(one, admission), await people.enter(one, admission)
        await flood(phone, 55)
        assert await flood(second, 55) == 0, "two devices at one node have room for this"
        admission = await people.admission(one, "delegate", "pejuang")
        phone, second = await people.enter(one, admission), await people.enter(one, admission)
        await people.enter(two, admission)
        person = (await desk(one)).state.session.id, f"seat:{told_seat(await synced(phone))}"
        await until(lambda: known(one).elsewhere(*person) == 1)
        await flood(phone, 55)
        assert await flood(second, 55) > 0


def told_seat(me: dict[str, Any]) -> str:
    return str(me["seat"])


async def flood(wire: Wire, times: int) -> int:
    """So many events at once; returns how many of them were too many."""
    event = {"key": "withdraw-1", "name": "floor.withdraw", "data": {"request": "none"}}
    answers = await asyncio.gather(*(wire.ask("command", event) for _ in range(times)))
    return sum(answer["code"] == "rate_limited" for answer in answers)


async def test_whoever_guesses_passes_at_one_node_waits_at_the_other(both: Both) -> None:
    one, two, _ = both
    for _ in range(30):
        one.services.tries.failed("192.0.2.7")
    await until(lambda: two.services.tries.wait_s("192.0.2.7") > 0)
    assert two.services.tries.wait_s("192.0.2.8") == 0


def told_in_json(message: dict[str, Any]) -> bytes:
    return json.dumps({"node": "stranger", "count": 1, **message}).encode()


def bulletin_of(hall: str, joined: int) -> dict[str, Any]:
    """A whole one, in which a page of this hall came at that time."""
    return {"kind": "bulletin", "session": SESSION, "number": 1, "body": to_json(Bulletin({hall: Page(1, joined)}))}


async def test_what_strangers_say_on_the_bus_changes_nothing(both: Both) -> None:
    """However well it is made: it is nobody's who has the nodes' secret, or was said before."""
    one, two, between = both
    channel = f"pleno:{one.services.store.sealer.key_id}"
    async with people_of(one) as people, client.Redis.from_url(between.url) as stranger:
        async with stranger.pubsub() as ear:
            await ear.subscribe(channel)
            heard = [await heard_next(ear) for _ in range(6)]
        hall = await people.join(two, "hall", "jatiasih")
        bodies = [
            b"", b"\xff\x00", b"[]", b"{}", b"[" * 100_000, bytes(32), bytes(1 << 20), bytes((1 << 20) + 1),
            *(told_in_json(message) for message in WELL_MADE),
            *(sealed(b"another installation's", json.loads(told_in_json(message))) for message in WELL_MADE),
            *(sealed(b"", {"node": f"invented.{number}", "count": 1, "kind": "echo"}) for number in range(40)),
            *heard,
        ]  # fmt: skip
        await until(lambda: carried(one) and carried(two))
        before = [known(server).areas["bus"]()["forged_total"] for server in (one, two)]
        for body in bodies:
            await stranger.publish(channel, body)
        for server, count in zip((one, two), before, strict=True):
            wanted = count + len(bodies)
            await until(lambda server=server, wanted=wanted: known(server).areas["bus"]()["forged_total"] >= wanted)
        assert carried(one) and carried(two)
        assert known(one).company == known(two).company == 1
        assert not any(name.startswith(("stranger", "invented")) for name in known(two).others(SESSION))
        assert hall.of("bye") == []


async def heard_next(ear: Any) -> bytes:
    while True:
        message = await ear.get_message(ignore_subscribe_messages=True, timeout=1)
        if message is not None:
            return bytes(message["data"])


WELL_MADE: list[dict[str, Any]] = [
    bulletin_of("jatiasih", (1 << 53) - 1),
    {"kind": "gone"},
    {"kind": "failed", "address": "192.0.2.9"},
    {"kind": "appended", "session": SESSION, "seq": 1 << 40},
    {"kind": "echo"},
]


async def test_what_a_node_of_another_version_says_changes_nothing(both: Both) -> None:
    one, two, between = both
    key = derived(await node_secret(one.services.store.database), "bus")
    async with people_of(one) as people, client.Redis.from_url(between.url) as other:
        hall = await people.join(two, "hall", "jatiasih")
        await until(lambda: carried(one) and carried(two))
        before = known(two).areas["bus"]()["refused_total"]
        for count, message in enumerate(STRANGE, start=1):
            told = {"node": "stranger", **message, "count": count}
            await other.publish(f"pleno:{one.services.store.sealer.key_id}", sealed(key, told))
        await until(lambda: known(two).areas["bus"]()["refused_total"] >= before + 10)
        assert carried(one) and carried(two)
        assert "stranger" not in known(two).others(SESSION)
        assert hall.of("bye") == []
    await (await desk(one)).submit("agenda.next", {}, MODERATOR, "agenda-0001")
    state = (await desk(one)).state
    mirror = await desk(two)
    await until(lambda: mirror.state == state)


STRANGE: list[dict[str, Any]] = [
    {"kind": "unknown"},
    {"kind": "bulletin"},
    {"kind": "bulletin", "session": "../..", "number": 1, "body": {}},
    {"kind": "bulletin", "session": SESSION, "number": -1, "body": {}},
    {"kind": "bulletin", "session": SESSION, "number": 1, "body": {"pages": []}},
    {"kind": "bulletin", "session": SESSION, "number": 1, "body": None},
    bulletin_of("jatiasih", (1 << 53) - 1),
    {"kind": "appended"},
    {"kind": "appended", "session": "no-such-session", "seq": 5},
    {"kind": "appended", "session": SESSION, "seq": "9"},
    {"kind": "appended", "session": SESSION, "seq": 1 << 40},
    {"kind": "voted", "session": SESSION, "ballot": {}},
    {"kind": "voted", "session": SESSION, "ballot": "no-such-ballot"},
    {"kind": "failed", "address": 7},
    {"kind": "failed", "address": "x" * 10_000},
    {"kind": "gone"},
]


@pytest.mark.cluster
async def test_a_redis_that_hangs_is_as_good_as_none_and_comes_back(both: Both) -> None:
    one, two, between = both
    between.freeze()
    await until(lambda: not carried(one) and not carried(two))
    await until(lambda: known(one).figures()["posting"] == 1.0)
    await (await desk(two)).submit("agenda.next", {}, MODERATOR, "agenda-0002")
    mirror, state = await desk(one), (await desk(two)).state
    await until(lambda: mirror.state == state)
    between.thaw()
    await until(lambda: carried(one) and carried(two))
    await until(lambda: known(one).figures()["posting"] == 0.0)


async def test_people_are_told_when_the_database_is_away_and_what_they_did_goes_in_afterwards(
    both: Both, cluster: Cluster
) -> None:
    one, two, _ = both
    async with people_of(one) as people:
        chair, screen = await people.join(one, "moderator"), await people.join(two, "screen")
        admission = await people.admission(one, "delegate", "pejuang")
        cluster.stop()
        try:
            for wire in (chair, screen):
                await wire.until(lambda wire=wire: wire.of("notice") == [{"storage": "away"}], 30)
            answer = await chair.command("agenda.next", key="while-away")
            assert answer["code"] == "held"
            await synced(screen)
            await screen.until(lambda: len(screen.of("notice")) >= 2, 30)
            async with aiohttp.ClientSession(two.url) as http, http.get("/healthz") as health:
                assert (await health.json())["database"] == "away"
            late = await dial(two.url, {"credential": admission})
            await late.until(lambda: late.refused is not None, 30)
            assert late.refused == "held", "whoever opens a page meanwhile is told why it waits"
            await late.close()
        finally:
            cluster.start()
        for wire in (chair, screen):
            await wire.until(lambda wire=wire: wire.of("notice")[-1] == {"storage": "back"}, 30)
        answer = await chair.command("agenda.next", key="while-away")
        assert answer["ok"], answer
        await screen.until(lambda: any(frame["upto"] == answer["seq"] for frame in screen.of("frame")), 30)
