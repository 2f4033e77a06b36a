"""A phone learns that its seat was checked in at the door, and which cards became its own; nobody else does."""

from __future__ import annotations

import pytest

from tests.gateway.served import dialled, serving
from tests.sessions.given import HALL_PEJUANG


@pytest.mark.postgresql
async def test_being_checked_in_and_a_new_card_reach_the_seat_alone() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07", "seat-07", "seat-11") as wires:
        for wire in wires:
            answer = await wire.call("sync", {"after": None})
            assert (answer["me"]["here"], answer["me"]["own"]) == (False, [])
        mine, too, other = wires
        await served.do("attendance.check_in", {"seat": "pejuang-07"}, HALL_PEJUANG)
        for wire in (mine, too):
            await wire.until(lambda wire=wire: wire.of("me") and wire.of("me")[-1]["here"])  # type: ignore[misc]
        data = {"title": "Turap", "hall": "pejuang", "owner": "pejuang-07"}
        added = await served.do("proposal.add", data, HALL_PEJUANG)
        for wire in (mine, too):
            await wire.until(lambda wire=wire: wire.of("me")[-1]["own"])  # type: ignore[misc]
            assert wire.of("me")[-1]["own"] == [added["proposal"]]
        assert other.of("me") == []
