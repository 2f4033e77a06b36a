"""Several sessions in memory, and a courier between them that can be stopped after each of its two steps."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sessions import dispatch
from sessions.errors import Refused
from sessions.ids import PassId, SessionId
from sessions.journal import BoxCount
from sessions.model.parcels import Parcel
from sessions.noun import Moment
from sessions.permissions import Actor, Role
from sessions.state import State, initial

NOW = 1_700_000_000_000
PLENARY = {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2026-02-03"}


class World:
    """Each session as its journal adds up; commands take the way of the wire and of the journal there and back."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.answers: dict[tuple[str, str], dict[str, Any]] = {}
        self.now = NOW
        self.count = 0
        self.box = BoxCount((), ())  # what the box of a ballot that closes gives

    def __getitem__(self, session: str) -> State:
        return self.states.setdefault(session, initial(SessionId(session)))

    def give(self, session: str, name: str, data: Any = None, role: Role = Role.MODERATOR, key: str = "") -> Any:
        """The result. A key that was answered before is answered again without a second decision."""
        if key and (session, key) in self.answers:
            return self.answers[session, key]
        state, self.count, self.now = self[session], self.count + 1, self.now + 1000
        actor = Actor(SessionId(session), role, PassId("system" if role is Role.SYSTEM else f"p-{role}"))
        command = dispatch.parse(name, json.loads(json.dumps({} if data is None else data)))
        events = dispatch.decide(state, command, Moment(actor, self.now, f"f{self.count:07d}", self.box))
        for seq, event in enumerate(events, state.seq + 1):
            recorded = dispatch.recorded(event, seq, self.now, actor.id)
            stored = json.loads(json.dumps(recorded.data))
            state = dispatch.apply(state, type(recorded)(seq, self.now, actor.id, recorded.type, stored))
        self.states[session] = state
        result = dict(dispatch.result_of(events))
        if key:
            self.answers[session, key] = result
        return result

    def code(self, session: str, name: str, data: Any = None, role: Role = Role.MODERATOR) -> str:
        with pytest.raises(Refused) as caught:
            self.give(session, name, data, role)
        return caught.value.code

    def create(self, session: str, halls: tuple[str, ...] = (), seats: int = 0, **more: Any) -> None:
        """Open, with these halls and in each so many seats `<hall>-1`, `<hall>-2`, …"""
        self.give(session, "session.create", {**PLENARY, **more}, Role.ADMIN)
        for hall in halls:
            self.give(session, "hall.add", {"hall": hall, "name": hall.title()}, Role.ADMIN)
            for number in range(1, seats + 1):
                data = {"seat": f"{hall}-{number}", "hall": hall, "office": f"Ketua RW {number:02}"}
                self.give(session, "seat.add", data, Role.ADMIN)
        self.give(session, "session.open")

    def propose(self, session: str, hall: str, title: str, status: str = "") -> str:
        card: str = self.give(session, "proposal.add", {"title": title, "hall": hall})["proposal"]
        return self.move(session, card, status) if status else card

    def move(self, session: str, card: str, status: str) -> str:
        base = self[session].board.proposals[card].version  # type: ignore[index]
        data = {"proposal": card, "base": base, "status": status, "before": None}
        more = {"reason": "lahan sengketa", "reason_code": "LAND_DISPUTE"} if status.startswith("NOT_") else {}
        self.give(session, "proposal.move", {**data, **more})
        return card

    def titles(self, session: str) -> list[str]:
        return sorted(card.content.title for card in self[session].board.proposals.values())

    def card(self, session: str, title: str) -> Any:
        (found,) = (card for card in self[session].board.proposals.values() if card.content.title == title)
        return found

    # -- the courier, a step at a time

    def there(self, parcel: Parcel) -> tuple[str, str]:
        """The first step: the refusal's code and detail, empty when it is recorded there."""
        target = self.states.get(parcel.to)
        try:
            if (target is None or not target.session.created) and not dispatch.COMMANDS[parcel.name].founds:
                raise Refused("unknown_session")
            self.give(parcel.to, parcel.name, json.loads(parcel.body), Role.SYSTEM, parcel.id)
        except Refused as refused:
            return refused.code, json.dumps(refused.data)
        return "", "{}"

    def back(self, session: str, parcel: Parcel, code: str, detail: str) -> None:
        """The second step."""
        if code:
            turned = {"parcel": parcel.id, "code": code, "tries": parcel.tries, "detail": detail}
            self.give(session, "parcel.refused", turned, Role.SYSTEM, f"{parcel.id}-refused-{parcel.tries}")
        else:
            self.give(session, "parcel.delivered", {"parcel": parcel.id}, Role.SYSTEM, f"{parcel.id}-delivered")

    def sent(self, session: str) -> list[Parcel]:
        return [parcel for parcel in self[session].parcels.waiting.values() if parcel.state == "sent"]

    def deliver(self) -> list[str]:
        """Until nothing is under way; the codes of what was refused."""
        codes = []
        while under_way := [(id_, parcel) for id_ in list(self.states) for parcel in self.sent(id_)]:
            for id_, parcel in under_way:
                code, detail = self.there(parcel)
                self.back(id_, parcel, code, detail)
                codes += [code] if code else []
        return codes
