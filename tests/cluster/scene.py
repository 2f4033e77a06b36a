"""A plenary of any size, written into the cluster's database before the nodes start."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from bench.votes import LIFE_MS, SEATS_A_HALL, SESSION, submit
from server.clock import wall_ms
from server.desks import new_id
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from server.store.migrations import migrate
from server.store.passes import Holder, SqlPasses
from sessions.desk import Desk
from sessions.ids import PassId
from sessions.permissions import Actor, Role

FACES = (
    ("chair", "moderator"),
    ("vice", "moderator"),
    ("secretariat", "admin"),
    ("wall", "screen"),
    ("press", "public"),
    ("visitor", "public"),
)


@dataclass
class Scene:
    """Who is there: credentials by pass. seats, halls: ids; the pass of a seat has its name, a hall's `hall-<id>`."""

    seats: list[str] = field(default_factory=list)
    halls: list[str] = field(default_factory=list)
    credentials: dict[str, str] = field(default_factory=dict)


async def written(url: str, seats: int) -> Scene:
    """An open session through ordinary commands."""
    database = databases.connect(url, wall_ms)
    await migrate(database)
    desk = Desk(SESSION, SqlJournal(database), SqlBallotBox(database), new_id=new_id)
    scene = Scene([f"seat-{number}" for number in range(seats)])
    scene.halls = [f"aula-{number}" for number in range((seats + SEATS_A_HALL - 1) // SEATS_A_HALL)]
    hall_of = {seat: scene.halls[number // SEATS_A_HALL] for number, seat in enumerate(scene.seats)}
    expires_at = wall_ms() + LIFE_MS
    cards = [
        *({"pass": card, "role": role} for card, role in FACES),
        *({"pass": f"hall-{hall}", "role": "hall", "hall": hall} for hall in scene.halls),
        *({"pass": seat, "role": "delegate", "seat": seat} for seat in scene.seats),
    ]
    await submit(desk, "session.create", [{"title": "Uji", "kind": "plenary", "place": "Kota", "date": "2018-01-23"}])
    await submit(desk, "hall.add", ({"hall": hall, "name": hall} for hall in scene.halls))
    await submit(desk, "seat.add", ({"seat": s, "hall": h, "office": "Ketua RW"} for s, h in hall_of.items()))
    await submit(desk, "pass.issue", ({**card, "expires_at": expires_at} for card in cards))
    await desk.submit("session.open", {}, Actor(SESSION, Role.MODERATOR, PassId("chair")), "cluster-open-session")
    passes = SqlPasses(database)
    for card in cards:
        scene.credentials[card["pass"]] = secrets.token_urlsafe(24)
    kept = (passes.keep_credential(key, Holder(SESSION, PassId(c), expires_at)) for c, key in scene.credentials.items())
    await asyncio.gather(*kept)
    await desk.close()
    await database.close()
    return scene
