"""Halls and the leading moderator that go: noticed after a while, told once, recorded once by however many nodes."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from sessions.chair import ChairBack, ChairLost, ChairTaken
from sessions.ids import PassId
from sessions.site import HallCame, HallLost
from sessions.state import State
from signaling.gateway import plenary
from signaling.gateway.presence import HallPresence
from signaling.gateway.watch import Notice, Watch
from tests.gateway.carried import until
from tests.gateway.served import dialled, serving
from tests.sessions.given import DRAFT, HALL_PEJUANG, NOW, OPENED, PEJUANG, SYSTEM, given, more

HERE = HallPresence(True, NOW, link="good")
GONE = HallPresence(False, NOW, link="cut")
NEVER = HallPresence(False, NOW)
BACK = Notice("hall.back", {"hall": "pejuang"}, "back-pejuang-0")
LEADER = PassId("p-moderator")
OPEN = given(*OPENED)
CAME = more(OPEN, [HallCame(PEJUANG)])
LOST = more(CAME, [HallLost("o1", PEJUANG, "page")])
LED = more(OPEN, [ChairTaken(LEADER)], at=NOW)


def look(watch: Watch, state: State, seen: HallPresence, at_s: float) -> list[Notice]:
    return watch.look(state, {"pejuang": seen}, (), NOW + round(at_s * 1000))


def test_a_hall_that_stays_a_moment_has_come() -> None:
    watch = Watch()
    assert look(watch, OPEN, HERE, 0.9) == []
    assert look(watch, OPEN, HERE, 1.0) == [BACK]
    assert look(watch, CAME, HERE, 1.5) == []


def test_a_hall_that_never_came_is_not_lost() -> None:
    watch = Watch()
    assert look(watch, OPEN, NEVER, 0) == [] == look(watch, OPEN, NEVER, 99)
    assert look(watch, OPEN, GONE, 0) == [] == look(watch, OPEN, GONE, 99), "it was here too short to be on record"


def test_a_hall_is_lost_after_the_seconds_of_the_rules_and_told_once() -> None:
    watch = Watch()
    assert look(watch, CAME, GONE, 0) == [] == look(watch, CAME, GONE, 9.9)
    assert look(watch, CAME, GONE, 10) == [Notice("hall.lost", {"hall": "pejuang", "cause": "page"}, "lost-pejuang-0")]
    assert look(watch, CAME, GONE, 11) == [], "another node may have it now: telling again would make it flap"
    assert look(watch, LOST, GONE, 12) == []


def test_a_hall_that_is_on_record_and_does_not_return_after_a_restart_is_lost() -> None:
    watch = Watch()
    assert look(watch, CAME, NEVER, 0) == [] == look(watch, CAME, NEVER, 9.9)
    assert len(look(watch, CAME, NEVER, 10)) == 1


def test_nobody_is_missed_by_a_node_that_cannot_hear_the_others() -> None:
    watch, blind = Watch(), {"pejuang": GONE}
    for second in range(0, 60, 5):
        assert watch.look(CAME, blind, (), NOW + second * 1000, sighted=False) == []
    assert watch.look(CAME, blind, (), NOW + 60_000) == [] == watch.look(CAME, blind, (), NOW + 64_900)
    assert len(watch.look(CAME, blind, (), NOW + 65_000)) == 1


def test_a_link_that_is_cut_while_the_page_is_here_counts_as_lost_by_media() -> None:
    watch, cut = Watch(), replace(HERE, link="cut")
    assert look(watch, CAME, cut, 0) == []
    (notice,) = look(watch, CAME, cut, 10)
    assert notice.data == {"hall": "pejuang", "cause": "media"}
    assert look(watch, LOST, cut, 11) == []
    assert look(watch, LOST, HERE, 12) == [Notice("hall.back", {"hall": "pejuang"}, "back-pejuang-1")]


def test_a_short_break_is_forgotten_and_the_next_one_counts_from_its_own_start() -> None:
    watch = Watch()
    assert look(watch, CAME, GONE, 0) == [] == look(watch, CAME, HERE, 9)
    assert look(watch, CAME, GONE, 10) == [] == look(watch, CAME, GONE, 19.9)
    assert len(look(watch, CAME, GONE, 20)) == 1


def test_nothing_is_told_before_the_lobby_or_of_a_hall_the_session_does_not_have() -> None:
    assert look(Watch(), given(*DRAFT), HERE, 5) == []
    assert Watch().look(OPEN, {"elsewhere": HERE}, (), NOW + 5000) == []


def test_a_leader_without_a_connection_is_away_after_a_while_and_back_at_once() -> None:
    watch = Watch()
    assert watch.look(LED, {}, [LEADER], NOW) == []
    assert watch.look(LED, {}, [], NOW) == [] == watch.look(LED, {}, [PassId("p-second")], NOW + 14_999)
    assert watch.look(LED, {}, [], NOW + 15_000) == [Notice("chair.lost", {"pass": LEADER}, f"cl-{LEADER}-{NOW}-0")]
    lost = more(LED, [ChairLost(LEADER)])
    assert watch.look(lost, {}, [], NOW + 99_000) == []
    assert watch.look(lost, {}, [LEADER], NOW + 99_000) == [
        Notice("chair.back", {"pass": LEADER}, f"cb-{LEADER}-{NOW}-1")
    ]
    assert watch.look(more(lost, [ChairBack(LEADER)]), {}, [LEADER], NOW + 99_000) == []
    assert Watch().look(OPEN, {}, [], NOW + 99_000) == [], "nobody leads"


@pytest.mark.postgresql
async def test_an_outage_is_recorded_through_the_gateway_and_ends_when_the_hall_is_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plenary, "WATCH_S", 0.01)
    async with serving(frame_ms=5) as served:
        async with dialled(served, "moderator"):
            async with dialled(served, "hall-pejuang"):
                served.clock.at += 1_000
                await until(lambda: PEJUANG in served.desk.state.site.places)
                request = (await served.do("floor.request", {}, HALL_PEJUANG))["request"]
                await served.do("floor.grant", {"request": request, "minutes": 3})
            await asyncio.sleep(0.05)
            served.clock.at += 10_000
            await until(lambda: served.desk.state.site.places[PEJUANG].lost_at is not None)
            assert served.desk.state.floor.holder is not None and served.desk.state.floor.holder.paused == "outage"
            assert served.desk.state.floor.holder.request == request, "it keeps its place"
            async with dialled(served, "hall-pejuang"):
                await asyncio.sleep(0.05)
                served.clock.at += 1_000
                await until(lambda: served.desk.state.site.places[PEJUANG].lost_at is None)
                assert served.desk.state.floor.holder.paused == ""
        (outage,) = served.desk.state.site.outages.values()
        assert outage.until is not None and outage.until - outage.since == 1_000


async def test_two_nodes_that_see_the_same_record_it_once() -> None:
    async with serving() as served:
        await served.do("hall.back", {"hall": "pejuang"}, SYSTEM)
        notice = Notice("hall.lost", {"hall": "pejuang", "cause": "page"}, "lost-pejuang-0")
        await Watch().tell(served.desk, notice)
        await served.do("hall.back", {"hall": "pejuang"}, SYSTEM)
        await Watch().tell(served.desk, notice)
        assert len(served.desk.state.site.outages) == 1 and served.desk.state.site.places[PEJUANG].lost_at is None


async def test_what_could_not_be_recorded_is_said_again() -> None:
    async with serving() as served:
        watch = Watch()
        (notice,) = [*look(watch, CAME, GONE, 0), *look(watch, CAME, GONE, 10)]
        served.desk.broken = True
        await watch.tell(served.desk, notice)
        assert look(watch, CAME, GONE, 11) == [notice]
