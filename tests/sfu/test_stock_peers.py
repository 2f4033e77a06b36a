"""Stock aiortc connections publish and watch through a real worker."""

from __future__ import annotations

import pytest

from tests.sfu.engine import eventually, ref, running
from tests.sfu.stock_peer import Picture, Publisher, Subscriber, Tone


@pytest.mark.parametrize("core", ["native", "python"])
async def test_what_a_hall_publishes_is_decoded_by_a_screen(core: str) -> None:
    async with running(core) as (engine, events):  # type: ignore[arg-type]
        hall = Publisher(engine, ref("pejuang"), {"mic": Tone(), "camera": Picture("red")})
        screen = Subscriber(engine, events, ref("screen", None))
        await hall.start()
        await screen.show("pejuang", audio=True)
        thumb = await eventually(lambda: screen.slot("thumb", "pejuang"))
        await eventually(lambda: thumb.frames > 10)
        assert (thumb.colour, thumb.size) == ("red", (160, 96))
        heard = await eventually(lambda: screen.slot("audio", "pejuang"))
        await eventually(lambda: len(heard.loudness) == 25 and heard.loudness[-1] > 0.01)
        assert engine.metrics()["core"] == core
        await hall.close()
        await screen.close()
