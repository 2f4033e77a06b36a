"""A plenary of any size, written into the cluster's database before the nodes start."""

from __future__ import annotations

import asyncio
import json
import secrets
from dataclasses import dataclass, field

from bench.votes import LIFE_MS, SEATS_A_HALL, SESSION, submit
from server.clock import wall_ms
from server.credentials import Mint
from server.desks import new_id
from server.store import database as databases
from server.store.ballot_box import SqlBallotBox
from server.store.journal import SqlJournal
from server.store.keys import credential_key
from server.store.migrations import migrate
from server.store.passes import Holder, NewToken, SqlPasses
from sessions.desk import Desk
from sessions.ids import PassId
from sessions.permissions import Actor, Role

TITLE = "Usulan {}: perbaikan saluran dan jalan lingkungan di RW 07, sepanjang 120 m"
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
    """Who is there: credentials and tokens by pass. A seat's pass has the seat's id, that of a hall is `hall-<id>`."""

    seats: list[str] = field(default_factory=list)
    halls: list[str] = field(default_factory=list)
    credentials: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def cards(self) -> str:
        """What `pleno simulate` reads as passes.json: halls and delegates."""
        halls = [{"role": "hall", "hall": hall, "seat": None, "label": f"Aula {hall}"} for hall in self.halls]
        seats = [{"role": "delegate", "hall": None, "seat": seat, "label": seat} for seat in self.seats]
        names = [*(f"hall-{hall}" for hall in self.halls), *self.seats]
        told = [{**card, "token": self.tokens[name]} for card, name in zip([*halls, *seats], names, strict=True)]
        return json.dumps({"session": SESSION, "passes": told})


async def written(url: str, seats: int, proposals: int = 0) -> Scene:
    """An open session through ordinary commands, with so many proposals on its board."""
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
    if proposals:
        board = [
            {"title": TITLE.format(number), "hall": scene.halls[0], "amount": 125000000} for number in range(proposals)
        ]
        await submit(desk, "proposals.import", [{"proposals": board}])
    await submit(desk, "pass.issue", ({**card, "expires_at": expires_at} for card in cards))
    await desk.submit("session.open", {}, Actor(SESSION, Role.MODERATOR, PassId("chair")), "cluster-open-session")
    passes, mint = SqlPasses(database), Mint(await credential_key(database))
    for card in cards:
        scene.credentials[card["pass"]] = mint.fresh()
        scene.tokens[card["pass"]] = secrets.token_urlsafe(24)
    await passes.add(SESSION, [NewToken(PassId(card), token) for card, token in scene.tokens.items()])
    kept = (passes.keep_credential(key, Holder(SESSION, PassId(c), expires_at)) for c, key in scene.credentials.items())
    await asyncio.gather(*kept)
    await desk.close()
    await database.close()
    return scene
