"""What people do meanwhile: votes, proposals, and how it is judged afterwards."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from bench.votes import SESSION
from server import verify
from tests.cluster.conftest import Town
from tests.cluster.guests import Guest, digest, fetched, until
from tests.gateway.served import Replica

OPTIONS = [{"id": name, "label": name.upper()} for name in ("a", "b", "c")]
_keys = itertools.count()
_run = secrets.token_hex(3)


def key(what: str) -> str:
    return f"{what}-{_run}-{next(_keys):06}"


async def opened(chair: Guest, title: str, secrecy: str = "secret") -> str:
    asked = {"title": title, "options": OPTIONS, "choose_max": 2, "secrecy": secrecy}
    answer = await chair.command("ballot.open", asked, key("open"))
    assert answer["ok"], answer
    return str(answer["result"]["ballot"])


async def closed(chair: Guest, ballot: str) -> None:
    answer = await chair.command("ballot.close", {"ballot": ballot}, key("close"))
    assert answer["ok"], answer


class Voter:
    """One seat on one secret ballot: the same vote at every try."""

    def __init__(self, guest: Guest, ballot: str, number: int) -> None:
        self.guest = guest
        self.tracker = secrets.token_hex(16)
        self.vote = {"ballot": ballot, "choices": ["abc"[number % 3]], "tracker": self.tracker}
        self.answer: Any = None

    async def cast(self, after_s: float = 0.0) -> None:
        await asyncio.sleep(after_s)
        self.answer = await self.guest.ask("vote", self.vote)


def voters_of(people: Sequence[Guest], ballot: str) -> list[Voter]:
    return [Voter(guest, ballot, number) for number, guest in enumerate(people)]


class Typist:
    """Adds proposals one after the other until told to stop. acked: title → what the server said; keys: with which."""

    def __init__(self, guest: Guest, hall: str) -> None:
        self.guest = guest
        self.hall = hall
        self.acked: dict[str, Any] = {}
        self.keys: dict[str, str] = {}
        self._stop = False
        self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        while not self._stop:
            title = f"Usulan {self.guest.name} {len(self.acked)} {secrets.token_hex(3)}"
            self.keys[title] = key("type")
            answer = await self.guest.command("proposal.add", self.data(title), self.keys[title])
            assert answer["ok"], answer
            self.acked[title] = answer
            await asyncio.sleep(0.15)

    def data(self, title: str) -> dict[str, str]:
        return {"title": title, "hall": self.hall}

    @property
    def upto(self) -> int:
        return max(answer["seq"] for answer in self.acked.values())

    async def end(self) -> None:
        """After the command under way is answered."""
        self._stop = True
        await self._writing


async def same(guests: Sequence[Guest], upto: int, within_s: float = 60.0) -> None:
    """Until all hold the same, all of it up to this seq."""
    reached = [guest.replica for guest in guests]
    await until(
        lambda: all(one.last >= upto for one in reached) and len({digest(one) for one in reached}) == 1, within_s
    )


def each_once(replica: Replica, typists: Sequence[Typist]) -> None:
    """Every acknowledged proposal is on the board, once."""
    acked = sorted(title for typist in typists for title in typist.acked)
    written = [fields["title"] for (kind, _), fields in replica.entities.items() if kind == "proposal"]
    assert sorted(title for title in written if title in set(acked)) == acked


async def transcript_of(ballot: str, url: str) -> Any:
    """As soon as this node knows that the ballot was closed."""
    async with asyncio.timeout(60):
        while True:
            try:
                return await fetched(url, f"/api/sessions/{SESSION}/ballots/{ballot}/transcript")
            except aiohttp.ClientResponseError as error:
                if error.status != 409:
                    raise
            await asyncio.sleep(0.1)


async def sealed_right(town: Town, voters: Sequence[Voter], folder: Path) -> None:
    """The transcript has exactly these votes, is the same at every node, and a stranger can check it."""
    ballot = voters[0].vote["ballot"]
    transcript, *others = [await transcript_of(ballot, url) for url in town.urls]
    assert transcript["result"]["cast"] == len(voters)
    assert transcript["trackers"] == sorted(voter.tracker for voter in voters)
    assert transcript["roll"] == sorted(voter.guest.name for voter in voters)
    assert all(other == transcript for other in others)
    file = folder / "transcript.json"
    file.write_text(json.dumps(transcript))
    assert verify.run(str(file)) == 0
