"""What a record (Berita Acara) costs: `python -m bench.record [--proposals 300] [--rounds 5]`.

A plenary with that many proposals, half of them decided, the others open, folded from its journal and printed in the
archive's form by the worker of the server while its event loop is watched. Prints exactly one JSON object; times are
medians of the rounds.

    proposals, events     the size of the session
    fold_s, minutes_s     CPU seconds to feed the whole journal, and to say the record once fed
    pdf_wall_s, pdf_cpu_s   a PDF from the journal to the bytes, nothing kept from before; CPU of all threads
    html_wall_s           the same for the page
    again_ms              the same file asked for once more
    pdf_bytes             of the PDF
    loop_lag_p50_ms, loop_lag_p99_ms, loop_lag_max_ms   how late a task of the event loop ran while the PDF was made
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import Sequence
from typing import Any

from server.demo import bekasi
from server.documents.names import nobody
from server.documents.records import Records
from sessions import dispatch
from sessions.ids import PassId, SessionId
from sessions.journal import Recorded
from sessions.minutes import Fold
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.state import initial

SESSION = SessionId("bench")
SYSTEM = Actor(SESSION, Role.SYSTEM, PassId("system"))
MODERATOR = Actor(SESSION, Role.MODERATOR, PassId("moderator"))
START = 1_516_672_800_000
TICK_S = 0.002


class Memory:
    """A journal that is read and nothing else."""

    def __init__(self, events: Sequence[Recorded]) -> None:
        self._events = events

    async def read(self, session: SessionId, after: int) -> Sequence[Recorded]:
        return self._events[after:]


def plenary(proposals: int) -> list[Recorded]:
    """The demonstration's halls, seats and proposals, those repeated until there are enough."""
    state, told = initial(SESSION), []

    def give(name: str, data: dict[str, Any], actor: Actor = SYSTEM) -> None:
        nonlocal state
        at = START + len(told) * 1000
        moment = Moment(actor, at, f"id{len(told)}")
        for event in dispatch.decide(state, dispatch.parse(name, data), moment):
            told.append(dispatch.recorded(event, state.seq + 1, at, actor.id))
            state = dispatch.apply(state, told[-1])

    give("session.create", bekasi.CREATED)
    for hall in bekasi.halls():
        give("hall.add", {"hall": hall.id, "name": hall.name, "kecamatan": hall.kecamatan})
    for seat in bekasi.seats():
        give("seat.add", {"seat": seat.id, "hall": seat.hall, "office": seat.office})
    give("agenda.plan", {"items": bekasi.agenda()})
    known = list(bekasi.proposals())
    cards = [{**known[at % len(known)], "proposal": f"BKS-{at:05}"} for at in range(proposals)]
    give("proposals.import", {"proposals": cards})
    give("session.open", {}, MODERATOR)
    for _ in range(4):
        give("agenda.next", {}, MODERATOR)
    for at, card in enumerate(cards):
        status = ("PRIORITISED", "DISCUSSED", "RESERVE", "SUBMITTED")[at % 4]
        give("proposal.move", {"proposal": card["proposal"], "base": 1, "status": status, "before": None}, MODERATOR)
    return told


def spent(work: Any) -> tuple[Any, float]:
    began = time.process_time()
    found = work()
    return found, time.process_time() - began


async def watched(records: Records, format_: str) -> tuple[bytes, float, list[float]]:
    """The file, its wall time, and by how many milliseconds the loop was late meanwhile."""
    making = asyncio.create_task(records.of(SESSION, "archive", format_, "bench"))
    began, late = time.perf_counter(), []
    while not making.done():
        slept = time.perf_counter()
        await asyncio.sleep(TICK_S)
        late.append((time.perf_counter() - slept - TICK_S) * 1000)
    return (await making).body, time.perf_counter() - began, late


async def measured(events: Sequence[Recorded], rounds: int) -> dict[str, Any]:
    walls, cpus, pages, agains, lags, body = [], [], [], [], [], b""
    for _ in range(rounds):
        records = Records(Memory(events), nobody)  # type: ignore[arg-type]
        began = time.process_time()
        body, wall, late = await watched(records, "pdf")
        walls.append(wall)
        cpus.append(time.process_time() - began)
        lags += late
        _, again, _ = await watched(records, "pdf")
        agains.append(again)
        pages.append((await watched(Records(Memory(events), nobody), "html"))[1])  # type: ignore[arg-type]
        await records.close()
    lags.sort()
    return {
        "pdf_wall_s": round(statistics.median(walls), 2),
        "pdf_cpu_s": round(statistics.median(cpus), 2),
        "html_wall_s": round(statistics.median(pages), 2),
        "again_ms": round(statistics.median(agains) * 1000, 1),
        "pdf_bytes": len(body),
        "loop_lag_p50_ms": round(lags[len(lags) // 2], 1),
        "loop_lag_p99_ms": round(lags[len(lags) * 99 // 100], 1),
        "loop_lag_max_ms": round(lags[-1], 1),
    }


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--proposals", type=int, default=300)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    events = plenary(given.proposals)
    fold = Fold(SESSION)
    _, folded = spent(lambda: fold.feed(events))
    _, said = spent(fold.minutes)
    told = {
        "proposals": given.proposals,
        "events": len(events),
        "fold_s": round(folded, 3),
        "minutes_s": round(said, 3),
    }
    print(json.dumps({**told, **asyncio.run(measured(events, given.rounds))}))


if __name__ == "__main__":
    main()
