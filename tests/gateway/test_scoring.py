"""A scorer's phone learns what it gave, on every device, and nobody else's does."""

from __future__ import annotations

import pytest

from tests.gateway.served import dialled, serving

FIVE = {"urgency": 5, "beneficiaries": 4, "alignment": 3, "readiness": 3, "vulnerable": 2}


@pytest.mark.postgresql
async def test_own_scores_reach_the_scorer_as_me_and_nobody_else() -> None:
    async with serving(frame_ms=5) as served, dialled(served, "seat-07", "seat-07", "seat-11") as wires:
        for wire in wires:
            await wire.call("sync", {"after": None})
        mine, too, other = wires
        proposal = next(card.id for card in served.desk.state.board.proposals.values() if card.hall != "pejuang")
        await served.do("scoring.open", {"proposals": [proposal], "scorers": ["pejuang-07", "jatiasih-11"]})
        for wire in wires:
            await wire.until(lambda wire=wire: wire.of("me"))  # type: ignore[misc]
        opened = mine.of("me")[-1]["scoring"]
        assert opened["barred"] == [] and opened["scores"] == {}
        assert other.of("me")[-1]["scoring"]["barred"] == [proposal], "it comes from the hall of that seat"
        answer = await mine.command("score.give", {"proposal": proposal, "scores": FIVE})
        assert answer["result"] == {"proposal": proposal, "scores": FIVE}
        await too.until(lambda: len(too.of("me")) == 2)
        assert too.of("me")[-1]["scoring"]["scores"] == {proposal: FIVE}
        assert len(other.of("me")) == 1
        await served.do("scoring.close", {"scoring": opened["scoring"]})
        await other.until(lambda: len(other.of("me")) == 2)
        assert other.of("me")[-1]["scoring"] is None
