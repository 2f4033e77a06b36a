"""Synthetic delegates: each votes once on every ballot, repeating with the same tracker until it has a receipt."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from server.simulate.member import Json, Member, NoAnswer

log = logging.getLogger("pleno.simulate")
REPEAT = {"held", "rate_limited", "internal"}  # not refused by the rules: the same vote again
PAUSE_S = 0.5


@dataclass
class ReceiptLog:
    """One JSON object a line: {"ballot", "seat", "receipt"} of each acknowledged vote, else "refused": code.

    Never the choices: on a secret ballot nobody keeps them together with the seat.
    """

    path: Path | None
    _file: TextIO | None = field(default=None, init=False)

    def write(self, entry: Json) -> None:
        if self.path is None:
            return
        if self._file is None:
            self._file = self.path.open("a", encoding="utf-8")
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


class Delegate:
    """One seat. spread_s: votes are spread evenly over this many seconds after a ballot opens."""

    def __init__(self, member: Member, receipts: ReceiptLog, spread_s: float, dice: random.Random) -> None:
        self._member = member
        self._receipts = receipts
        self._spread_s = spread_s
        self._dice = dice
        self._voting: dict[str, asyncio.Task[None]] = {}
        member.on_change = self._changed

    async def run(self) -> None:
        try:
            await self._member.run()
        finally:
            for task in self._voting.values():
                task.cancel()

    def _changed(self, kind: str, entity: str, fields: Json | None) -> None:
        if kind == "ballot" and fields is not None and fields["state"] == "open" and entity not in self._voting:
            self._voting[entity] = asyncio.create_task(self._vote(entity, fields))

    async def _vote(self, ballot: str, fields: Json) -> None:
        await self._member.live.wait()
        if self._member.me.get("voted", {}).get(ballot):
            return
        await asyncio.sleep(self._dice.uniform(0, self._spread_s))
        payload = self._choose(ballot, fields)
        while True:
            try:
                await self._member.live.wait()
                answer = await self._member.call("vote", payload)
            except NoAnswer:
                answer = {"ok": False, "code": "held"}
            if answer["ok"]:
                self._receipts.write(
                    {"ballot": ballot, "seat": self._member.identity["seat"], "receipt": answer["receipt"]}
                )
                return
            if answer["code"] not in REPEAT:
                log.info("%s: vote refused (%s)", self._member.label, answer["code"])
                self._receipts.write(
                    {"ballot": ballot, "seat": self._member.identity["seat"], "refused": answer["code"]}
                )
                return
            await asyncio.sleep(PAUSE_S * self._dice.uniform(0.5, 1.5))

    def _choose(self, ballot: str, fields: Json) -> dict[str, Any]:
        """Earlier options are a little more popular, so that a result has a shape."""
        options = [str(option["id"]) for option in fields["options"]]
        weights = [1.0 / (1 + 0.35 * place) for place in range(len(options))]
        wanted = self._dice.randint(1, int(fields["choose_max"]))
        choices: list[str] = []
        while options and len(choices) < wanted:
            (choice,) = self._dice.choices(options, weights)
            place = options.index(choice)
            options.pop(place)
            weights.pop(place)
            choices.append(choice)
        tracker = secrets.token_hex(16)
        payload: dict[str, Any] = {"ballot": ballot, "choices": choices, "key": tracker}
        if fields["secrecy"] == "secret":
            payload["tracker"] = tracker
        return payload
