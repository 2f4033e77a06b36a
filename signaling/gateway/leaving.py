"""How people leave a node that stops: in waves, so that they do not all come to the next one in the same instant."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Awaitable, Callable, Sequence

from signaling.gateway.person import Person

STEP_S = 0.25
CODE = "node_drained"


async def send_away(
    everybody: Callable[[], Sequence[Person]],
    seconds: float,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    dice: random.Random | None = None,
) -> None:
    """Say goodbye to everybody within so many seconds, to each once what they asked has been answered."""
    steps = max(1, int(seconds / STEP_S))
    told: set[str] = set()
    for step in range(steps):
        here = [person for person in everybody() if person.link.sid not in told]
        if not here:
            return
        wave = math.ceil(len(here) / (steps - step))
        calm = [person for person in here if not person.answering]
        for person in (dice or random).sample(calm, min(wave, len(calm))):
            told.add(person.link.sid)
            person.link.farewell(CODE)
        await sleep(STEP_S)
