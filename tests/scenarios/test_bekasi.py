"""Bekasi, 23 January 2018: twelve halls by video, their proposals on one board, priorities by vote."""

from __future__ import annotations

from pathlib import Path

from server.demo import bekasi
from tests.scenarios.city import Sitting, city, refused

START = 1_516_672_800_000  # 23 January 2018, 09.00 WIB


async def seated(sitting: Sitting) -> None:
    await sitting.secretary("session.create", **bekasi.CREATED)
    for hall in bekasi.halls():
        await sitting.secretary("hall.add", hall=hall.id, name=hall.name, kecamatan=hall.kecamatan)
    for seat in bekasi.seats():
        await sitting.secretary("seat.add", seat=seat.id, hall=seat.hall, office=seat.office)
    await sitting.secretary("agenda.plan", items=bekasi.agenda())
    await sitting.secretary("proposals.import", proposals=list(bekasi.proposals()))


async def test_twelve_halls_from_draft_to_closed(tmp_path: Path) -> None:
    async with city(tmp_path, START) as town:
        plenary = await town.sitting(bekasi.SESSION)
        await seated(plenary)
        await refused("wrong_phase", plenary.chair("agenda.next"))
        await plenary.chair("session.open")
        for item in plenary.state.agenda:
            await plenary.chair("agenda.next")
            if item.kind == "GROUP_REPORT":
                hall = item.id.removeprefix("paparan-")
                request = (await plenary.hall(hall, "floor.request", note="Paparan kebutuhan"))["request"]
                await plenary.chair("floor.grant", request=request, minutes=5)
                await town.pass_time(5)
                await plenary.hall(hall, "floor.yield")
        assert [item.state for item in plenary.state.agenda][-1] == "now"
