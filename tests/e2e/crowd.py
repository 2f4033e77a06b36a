"""A plenary of its own beside the demonstration, and people in it who need no browser."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from server.demo import bekasi
from server.simulate.member import Member, NoAnswer
from tests.e2e.product import ROOT, Product

JOIN_S = 240  # a machine that runs two browsers beside it lets in slowly
SEATS = (
    ("pejuang", "Ketua RW 07", "RW"),
    ("pejuang", "Ketua TP PKK", "WOMEN"),
    ("jatiasih", "Wakil penyandang disabilitas", "DISABILITY"),
)
AGENDA = (
    ("Pembukaan", "OPENING", 10),
    ("Pembahasan papan usulan", "PROPOSAL_REVIEW", 30),
    ("Pemungutan suara", "VOTE", 10),
)
FOUNDED = {
    "title": "Musrenbang Kota Bekasi 2019",
    "place": "Bappeda Kota Bekasi",
    "date": "2018-03-21",
    "moderators": 2,
}


@dataclass
class Crowd:
    """Holders of cards at a running product, in a thread of their own: the browser's driver owns the test's."""

    url: str
    session: str
    cards: list[dict[str, Any]]
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    members: dict[str, Member] = field(default_factory=dict)
    tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    http: aiohttp.ClientSession | None = None

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._wait(self._leave())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    def card(self, role: str, **wanted: str) -> dict[str, Any]:
        fits = {"role": role, **wanted}
        return next(card for card in self.cards if all(card[name] == value for name, value in fits.items()))

    def link(self, role: str, **wanted: str) -> str:
        """Printed on the first such card."""
        card = self.card(role, **wanted)
        return f"{self.url}/{card['face']}#{card['token']}"

    def does(self, role: str, name: str, *, of: dict[str, str] | None = None, **data: Any) -> Any:
        """The result of a command that must succeed, given by the first holder of such a card."""
        return self._wait(self._does(self.card(role, **(of or {})), "command", {"name": name, "data": data}))["result"]

    def votes(self, office: str, ballot: str, choice: str) -> None:
        tracker = secrets.token_hex(16)
        said = {"ballot": ballot, "choices": [choice], "tracker": tracker}
        self._wait(self._does(self.card("delegate", label=office), "vote", said))

    def arrives(self, role: str, **wanted: str) -> None:
        """Joined and there, with no picture and no sound."""
        self._wait(self._joined(self.card(role, **wanted)))

    def leaves(self, role: str, **wanted: str) -> None:
        """As a cut does: the line is gone, and nobody said good-bye."""
        self._wait(self._cut(self.card(role, **wanted)["token"]))

    def open_ballot(self) -> str:
        """The id of the ballot that is open, as whoever came first sees it."""
        return str(self._wait(self._open_ballot()))

    def version(self, proposal: str) -> int:
        """Of a proposal, as whoever came first sees it."""
        return int(self._seen()["proposal", proposal]["version"])

    def _seen(self) -> dict[tuple[str, str], Any]:
        return next(iter(self.members.values())).entities

    def _wait(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(JOIN_S)

    async def _joined(self, card: dict[str, Any]) -> Member:
        member = self.members.get(card["token"])
        if member is None:
            self.http = self.http or aiohttp.ClientSession()
            member = self.members[card["token"]] = Member(self.http, self.url, card)
            self.tasks[card["token"]] = asyncio.create_task(member.run())
        await asyncio.wait_for(member.live.wait(), JOIN_S)
        return member

    async def _cut(self, token: str) -> None:
        del self.members[token]
        task = self.tasks.pop(token)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async def _does(self, card: dict[str, Any], event: str, said: dict[str, Any]) -> Any:
        said = {"key": said.get("tracker") or secrets.token_hex(8), **said}
        async with asyncio.timeout(JOIN_S):
            while True:
                member = await self._joined(card)
                try:
                    answer = await member.call(event, said)
                except NoAnswer:  # asked again by the same key, it is done once however slow the machine is
                    continue
                assert answer["ok"], answer
                return answer

    async def _open_ballot(self) -> str:
        async with asyncio.timeout(JOIN_S):
            while True:
                for (kind, one), fields in self._seen().items():
                    if kind == "ballot" and fields["state"] == "open":
                        return one
                await asyncio.sleep(0.05)

    async def _leave(self) -> None:
        for task in self.tasks.values():
            task.cancel()
        await asyncio.gather(*self.tasks.values(), return_exceptions=True)
        if self.http is not None:
            await self.http.close()


def operate(product: Product, *arguments: str) -> str:
    """What `python -m server …` prints, on the data of a product that runs."""
    action, *further = arguments
    command = [sys.executable, "-m", "server", action, "--data", str(product.data), *further]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=JOIN_S, text=True).stdout


def found_plenary(product: Product, folder: Path, more_halls: Sequence[str] = ()) -> Crowd:
    """Founded as an office founds its first: the demonstration's twelve halls and `more_halls`, three seats, two
    moderators, an agenda of three items and 114 proposals."""
    plan, cards = folder / "plan.json", folder / "cards.json"
    halls = [{"hall": hall.id, "name": hall.name, "kecamatan": hall.kecamatan} for hall in bekasi.halls()]
    halls += [{"hall": bekasi.slug(name), "name": name, "kecamatan": "Kota Bekasi"} for name in more_halls]
    seats = [{"hall": hall, "office": office, "constituency": group} for hall, office, group in SEATS]
    session = f"bekasi-{len(halls)}-{secrets.token_hex(3)}"
    plan.write_text(json.dumps({**FOUNDED, "session": session, "halls": halls, "seats": seats}))
    operate(product, "sessions", "found", str(plan), "--out", str(cards))
    return Crowd(product.url, session, json.loads(cards.read_text())["passes"])


def furnish(crowd: Crowd) -> None:
    items = [{"title": title, "kind": kind, "minutes": minutes} for title, kind, minutes in AGENDA]
    crowd.does("admin", "agenda.plan", items=items)
    proposals = list(bekasi.proposals())
    for start in range(0, len(proposals), 60):
        crowd.does("admin", "proposals.import", proposals=proposals[start : start + 60])
