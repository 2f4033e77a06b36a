"""A hall's drafts reach its own page as `me`, and nobody else's."""

from __future__ import annotations

from tests.gateway.served import Wire, dialled, serving


async def shown(wire: Wire, card: str) -> None:
    """Until a frame tells of this card."""
    await wire.until(lambda: card in str(wire.of("frame")))


async def test_a_draft_reaches_the_page_of_its_hall_and_no_other() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "hall-pejuang", "hall-jatiasih", "seat-07") as wires:
        for wire in wires:
            start = (await wire.call("sync", {"after": None}))["upto"]
            assert not (await wire.call("sync", {"after": start}))["resync"]
        mine, other, seat = wires
        draft = (await mine.command("draft.add", {"title": "Sumur resapan", "hall": "pejuang"}))["result"]["proposal"]
        await mine.until(lambda: mine.of("me"))
        assert [one["proposal"] for one in mine.of("me")[-1]["drafts"]] == [draft]
        await served.do("draft.edit", {"proposal": draft, "base": 1, "fields": {"title": "Sumur"}})
        await mine.until(lambda: len(mine.of("me")) == 2)
        assert mine.of("me")[-1]["drafts"][0]["title"] == "Sumur"
        assert (await mine.command("proposal.submit", {"proposal": draft, "base": 2}, "key-00000002"))["ok"]
        await mine.until(lambda: mine.of("me")[-1]["drafts"] == [])
        for wire in (other, seat):
            await shown(wire, draft)
            assert wire.of("me") == [] and "Sumur resapan" not in str(wire.heard)
