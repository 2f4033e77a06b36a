"""A pass that is revoked at one node ends at every other."""

from __future__ import annotations

from tests.cluster.conftest import Town
from tests.cluster.guests import Door, Guest, present, until
from tests.cluster.work import key


async def revoked_everywhere(town: Town) -> None:
    here, there = [Door(url) for url in town.urls]
    credentials, card = town.scene.credentials, "visitor"
    secretariat = Guest(here, credentials["secretariat"])
    devices = [Guest(door, credentials[card]) for door in (here, there)]
    async with present([secretariat, *devices]):
        answer = await secretariat.command("pass.revoke", {"pass": card}, key("revoke"))
        assert answer["ok"], answer
        await until(lambda: all(device.bye == "pass_revoked" for device in devices))
    again = [Guest(door, credentials[card]) for door in (here, there)]
    try:
        await until(lambda: all("pass_revoked" in guest.turned_away for guest in again))
    finally:
        for guest in again:
            await guest.leave()
