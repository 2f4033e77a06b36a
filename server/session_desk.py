"""`pleno sessions`: lists the sessions there are, and founds one with its halls, seats and cards from a file."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.clock import wall_ms
from server.config import Settings
from server.data_folder import DataFolder, write_private
from server.desks import Desks, system
from server.doorkeeper import new_token
from server.errors import bad_setting
from server.issuing import DAY_MS, FACES
from server.pins import hashes, new_pin
from server.record_desk import opened
from server.store import database as databases
from server.store.database import Database
from server.store.opening import Store, open_store
from server.store.passes import NewToken
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import PassId, SessionId

CREATED = ("title", "kind", "place", "date", "tz", "rehearsal", "level", "form", "territory", "year")


@dataclass(frozen=True, slots=True)
class Card:
    pass_id: str
    role: str
    label: str
    hall: str | None = None
    seat: str | None = None


async def run(settings: Settings, options: argparse.Namespace) -> int:
    """Exit code 0. Raises Refused, ProtocolError; StartupError for a file that cannot be used."""
    if options.action == "list":
        return await listed(settings)
    return await found(settings, read(Path(options.file)), Path(options.out), options.days)


def read(path: Path) -> dict[str, Any]:
    """Raises StartupError("bad_setting")."""
    try:
        told = json.loads(path.read_bytes())
        if not isinstance(told, dict) or not isinstance(told.get("session"), str):
            raise ValueError
        return told
    except (OSError, ValueError) as error:
        raise bad_setting("file", str(path), "bukan berkas sidang (JSON).", "no session file (JSON).") from error


async def listed(settings: Settings) -> int:
    database = opened(settings)
    store = await open_store(database, "cli")
    desks = Desks(store.journal, store.box)
    try:
        for session in sorted(await desks.heads()):
            state = (await desks.load(session)).state
            print(f"{session}\t{state.session.phase}\t{state.session.date}\t{state.session.title}")
    finally:
        await desks.close()
        await database.close()
    return 0


async def found(settings: Settings, plan: Mapping[str, Any], out: Path, days: int) -> int:
    database = place(settings, out)
    store = await open_store(database, "cli")
    desks = Desks(store.journal, store.box, store.sealer)
    try:
        desk = await desks.load(SessionId(plan["session"]))
        if desk.state.passes:  # without any, an earlier try was refused half-way: it goes on
            raise Refused("already_exists")
        made = await furnish(desk, plan, wall_ms() + days * DAY_MS)
        await hand_out(store, desk.state.session.id, made, out)
    finally:
        await desks.close()
        await database.close()
    print(f"{plan['session']}\t{len(made)} kartu / cards\t{out}")
    return 0


def place(settings: Settings, out: Path) -> Database:
    """The database, made if it has to be. Raises StartupError when the file for the cards is there already."""
    if out.exists():
        raise bad_setting("out", str(out), "berkasnya sudah ada.", "this file exists already.")
    if settings.database is not None:
        return databases.connect(settings.database, wall_ms)
    os.umask(0o077)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    return databases.connect_file(DataFolder(settings.data).database, wall_ms)


async def furnish(desk: Desk, plan: Mapping[str, Any], expires_at: int) -> list[Card]:
    """By ordinary commands, which check all of it."""
    session = desk.state.session.id
    created = {name: plan[name] for name in CREATED if name in plan}
    await give(desk, "session.create", {"kind": "plenary", **created}, "create")
    for hall in rows(plan, "halls"):
        await give(desk, "hall.add", hall, f"hall-{hall.get('hall')}"[:60])
    if seats := list(rows(plan, "seats")):
        await give(desk, "seats.import", {"seats": seats}, "seats")
    made = list(cards(desk, int(plan.get("moderators", 2))))
    issued = [
        desk.submit("pass.issue", issue(card, expires_at), system(session), f"found-pass-{card.pass_id}")
        for card in made
    ]
    await asyncio.gather(*issued)
    return made


async def give(desk: Desk, name: str, data: Any, key: str) -> None:
    await desk.submit(name, data, system(desk.state.session.id), f"found-{key}")


def rows(plan: Mapping[str, Any], name: str) -> Iterator[Any]:
    """Raises StartupError("bad_setting")."""
    found = plan.get(name, [])
    if not isinstance(found, Sequence) or not all(isinstance(row, dict) for row in found):
        raise bad_setting(name, "", "harus berupa daftar.", "has to be a list.")
    yield from found


def cards(desk: Desk, moderators: int) -> Iterator[Card]:
    for number in range(1, moderators + 1):
        yield Card(f"moderator-{number}", "moderator", f"Moderator {number}")
    yield Card("admin", "admin", "Sekretariat")
    yield Card("screen", "screen", "Layar besar")
    yield Card("public", "public", "Publik dan pers")
    for hall in desk.state.halls.values():
        yield Card(f"hall-{hall.id}", "hall", f"Aula {hall.name}", hall.id)
    for seat in desk.state.seats.values():
        yield Card(f"seat-{seat.id}", "delegate", seat.office, seat.hall, seat.id)


def issue(card: Card, expires_at: int) -> dict[str, Any]:
    told = {"role": card.role, "pass": card.pass_id, "expires_at": expires_at, "hall": card.hall, "seat": card.seat}
    return {name: value for name, value in told.items() if value is not None}


async def hand_out(store: Store, session: SessionId, made: Sequence[Card], out: Path) -> None:
    """The file comes first: a card whose token nobody knows could not be printed. PINs for cards with a vote."""
    tokens = {card.pass_id: new_token() for card in made}
    pins = {card.pass_id: new_pin() for card in made if card.seat is not None}
    told = [
        {
            "face": FACES.get(card.role, card.role),
            "role": card.role,
            "hall": card.hall,
            "seat": card.seat,
            "label": card.label,
            "token": tokens[card.pass_id],
            **({"pin": pins[card.pass_id]} if card.pass_id in pins else {}),
        }
        for card in made
    ]
    write_private(out, json.dumps({"session": session, "passes": told}, indent=1, ensure_ascii=False).encode())
    await store.passes.add(session, [NewToken(PassId(card), token) for card, token in tokens.items()])
    hashed = await hashes(pins.values())
    await store.claims.put_pins(session, {PassId(card): one for card, one in zip(pins, hashed, strict=True)})
