"""Issues a card one by one: its secrets first, so that no card is ever in a journal without a link that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.desks import new_id
from server.doorkeeper import new_token
from server.pins import hashes, new_pin
from server.store.claims import SqlClaims
from server.store.passes import NewToken, SqlPasses
from sessions.desk import Desk
from sessions.errors import ProtocolError, Refused
from sessions.ids import PassId
from sessions.permissions import Actor, Role


@dataclass(frozen=True, slots=True)
class Issued:
    """What is told of a card this once. pin: empty for one without a vote."""

    pass_id: PassId
    token: str
    pin: str


async def issue(desk: Desk, passes: SqlPasses, claims: SqlClaims, data: Mapping[str, Any], actor: Actor) -> Issued:
    """data: of the command `pass.issue`, without `pass`. Raises what that does.

    A token of a card that is not there opens nothing, so a database that goes away between two of these steps leaves
    no half card; what was refused leaves no token.
    """
    session, card, token = desk.state.session.id, PassId(new_id()), new_token()
    pin = new_pin() if data.get("role") == Role.DELEGATE else ""
    kept = await hashes([pin] if pin else [])
    await claims.put_pins(session, dict(zip([card], kept, strict=False)))
    await passes.add(session, [NewToken(card, token)])
    try:
        await desk.submit("pass.issue", {**data, "pass": card}, actor, f"issue-{card}")
    except (Refused, ProtocolError) as refused:
        if refused.code != "held":  # then nobody knows whether it was issued
            await passes.drop(session, card)
        raise
    return Issued(card, token, pin)
