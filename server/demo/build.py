"""Builds the demonstration plenary through ordinary commands with fixed keys: a second time changes nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from server.data_folder import write_private
from server.demo import bekasi
from server.doorkeeper import new_token
from server.pins import hashes, new_pin
from server.store.opening import Store
from server.store.passes import NewToken
from sessions.desk import Desk
from sessions.ids import PassId, SessionId
from sessions.permissions import Actor, Role

LIFE_MS = 365 * 24 * 3600 * 1000
SECRETARIAT = "sekretariat"


@dataclass(frozen=True, slots=True)
class Card:
    """One QR card of passes.json. face: the page it opens; pass_id is not told, the token stands for it."""

    face: str
    role: str
    hall: str | None
    seat: str | None
    label: str
    pass_id: str
    agency: str | None = None


def cards() -> list[Card]:
    """Every card of the demonstration, the ones to show first in front."""
    halls, seats = bekasi.halls(), bekasi.seats()
    return [
        Card("moderator", "moderator", None, None, "Moderator", "moderator"),
        Card("moderator", "moderator", None, None, "Moderator kedua", "moderator-2"),
        *(Card("hall", "hall", hall.id, None, f"Aula {hall.name}", f"hall-{hall.id}") for hall in halls),
        Card("screen", "screen", None, None, "Layar besar", "screen"),
        Card("public", "public", None, None, "Publik dan pers", "public"),
        Card("admin", "admin", None, None, "Sekretariat Bappeda", "admin"),
        Card("agency", "agency", None, None, bekasi.AGENCY, "agency", bekasi.AGENCY),
        *(Card("participant", "delegate", seat.hall, seat.id, seat.label, f"seat-{seat.id}") for seat in seats),
    ]


async def submit_all(desk: Desk, commands: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
    """(key, name, data): submitted together, so that the desk groups them into few transactions."""
    actor = Actor(session=SessionId(bekasi.SESSION), role=Role.SYSTEM, pass_id=PassId(SECRETARIAT))
    await asyncio.gather(*(desk.submit(name, data, actor, f"demo-{key}") for key, name, data in commands))


async def build(desk: Desk, store: Store, path: Path, now: int) -> list[dict[str, Any]]:
    """Fill the session, write the cards with their secrets to `path` (mode 0600), and return them as written there.

    now: milliseconds since 1970 UTC; cards made now last a year.
    """
    await submit_all(desk, [("session", "session.create", bekasi.CREATED)])
    halls = [
        (f"hall-{hall.id}", "hall.add", {"hall": hall.id, "name": hall.name, "kecamatan": hall.kecamatan})
        for hall in bekasi.halls()
    ]
    await submit_all(desk, halls)
    seats = [
        (
            f"seat-{seat.id}",
            "seat.add",
            {
                "seat": seat.id,
                "hall": seat.hall,
                "office": seat.office,
                "constituency": seat.constituency,
                "rw": seat.rw,
            },
        )
        for seat in bekasi.seats()
    ]
    await submit_all(desk, seats)
    await submit_all(desk, [("agenda", "agenda.plan", {"items": bekasi.agenda()})])
    await submit_all(desk, [("usulan", "proposals.import", {"proposals": list(bekasi.proposals())})])
    await submit_all(desk, [(f"pass-{card.pass_id}", "pass.issue", issue(card, now + LIFE_MS)) for card in cards()])
    return await hand_out(store, path)


def issue(card: Card, expires_at: int) -> dict[str, Any]:
    found = {"role": card.role, "expires_at": expires_at, "pass": card.pass_id, "hall": card.hall, "seat": card.seat}
    found |= {"agency": card.agency}
    return {name: value for name, value in found.items() if value is not None}


async def hand_out(store: Store, path: Path) -> list[dict[str, Any]]:
    """Tokens and PINs written before stay good, missing ones are drawn. The file comes first, or one could be lost."""
    known = secrets_of(path)
    written = []
    for card in cards():
        told = asdict(card)
        del told["pass_id"]
        earlier = known.get((card.face, card.hall, card.seat, card.label), {})
        told["token"] = earlier.get("token") or new_token()
        if card.role == Role.DELEGATE:
            told["pin"] = earlier.get("pin") or new_pin()
        written.append(told)
    write_private(path, json.dumps({"session": bekasi.SESSION, "passes": written}, indent=1).encode())
    session = SessionId(bekasi.SESSION)
    made = [(PassId(card.pass_id), entry) for card, entry in zip(cards(), written, strict=True)]
    await store.passes.add(session, [NewToken(card, entry["token"]) for card, entry in made])
    have = await store.claims.with_pin(session)
    pins = {card: entry["pin"] for card, entry in made if "pin" in entry and card not in have}
    await store.claims.put_pins(session, dict(zip(pins, await hashes(pins.values()), strict=True)))
    return written


def secrets_of(path: Path) -> dict[tuple[str, str | None, str | None, str], dict[str, Any]]:
    """The cards of an earlier start with their tokens and PINs, by what they say."""
    try:
        told = json.loads(path.read_bytes())
        if told["session"] != bekasi.SESSION:
            return {}
        entries: Sequence[dict[str, Any]] = told["passes"]
        return {(card["face"], card["hall"], card["seat"], card["label"]): card for card in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
