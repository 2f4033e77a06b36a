"""People on two nodes are in one plenary: with Redis, without it, while it dies, and when a node does."""

from __future__ import annotations

import pytest

from server.app import Running
from tests.gateway.served import Wire
from tests.http.conftest import until
from tests.nodes.several import (
    MODERATOR,
    SESSION,
    Both,
    both,
    carried,
    desk,
    halls,
    known,
    participants,
    people_of,
)

__all__ = ["both"]

pytestmark = pytest.mark.asyncio(loop_scope="module")


def pages_elsewhere(server: Running) -> set[str]:
    """Halls whose page this node knows to be at another."""
    return {hall for bulletin in known(server).others(SESSION).values() for hall in bulletin.pages}


async def test_what_one_node_appends_the_other_reads_before_it_polls(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = both

    async def level() -> None:
        """A poll that finds nothing."""

    monkeypatch.setattr(two.services.desks, "level", level)
    await until(lambda: known(one).company == 1 == known(two).company)  # with nobody there yet
    mine, other = await desk(one), await desk(two)
    await mine.submit("agenda.next", {}, MODERATOR, "agenda-0001")
    await until(lambda: other.state == mine.state)


async def test_presence_is_the_same_on_both_nodes_whatever_carries_it(both: Both) -> None:
    one, two, redis = both
    async with people_of(one) as people:
        chair, screen = await people.join(one, "moderator"), await people.join(two, "screen")
        hall = await people.join(two, "hall", "jatiasih")
        admission = await people.admission(one, "delegate")
        phone, tablet = await people.enter(one, admission), await people.enter(two, admission)
        for page in (chair, screen):
            await shown(page, "jatiasih", connected=True, people=1)
        assert halls(chair)["jatiasih"]["since"] == halls(screen)["jatiasih"]["since"]
        await phone.close()
        redis.kill()
        await until(lambda: not carried(one) and not carried(two))
        await hall.close()
        await shown(chair, "jatiasih", connected=False, people=1)  # the tablet is still there, at the other node
        redis.start()
        await until(lambda: carried(one) and carried(two))
        await tablet.close()
        for page in (chair, screen):
            await shown(page, "jatiasih", connected=False, people=0)
        await until(lambda: not known(one).figures()["posting"] and not known(two).figures()["posting"])


async def shown(page: Wire, hall: str, connected: bool, people: int) -> None:
    """Wait until this page is told so."""
    await page.until(
        lambda: halls(page).get(hall, {}).get("connected") is connected and participants(page) == people, 30
    )


async def test_the_newest_page_of_a_hall_replaces_the_one_at_another_node(both: Both) -> None:
    one, two, _ = both
    async with people_of(one) as people:
        chair = await people.join(one, "moderator")
        older = await people.join(one, "hall", "jatiasih")
        await until(lambda: "jatiasih" in pages_elsewhere(two))
        await chair.until(lambda: halls(chair).get("jatiasih", {}).get("connected") is True, 30)
        since = halls(chair)["jatiasih"]["since"]
        newer = await people.join(two, "hall", "jatiasih")
        await older.until(lambda: older.of("bye") == [{"code": "replaced"}], 30)
        await until(lambda: "jatiasih" not in pages_elsewhere(two))
        assert newer.of("bye") == []
        assert halls(chair)["jatiasih"]["connected"] and halls(chair)["jatiasih"]["since"] == since
        again = await people.join(one, "hall", "jatiasih")
        await newer.until(lambda: newer.of("bye") == [{"code": "replaced"}], 30)
        assert again.of("bye") == []
