"""Issues cards: their secrets first, so that no card is ever in a journal without a link that opens it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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

DAY_MS = 24 * 3600 * 1000
FACES = {"delegate": "participant"}  # every other role's face is called as the role


@dataclass(frozen=True, slots=True)
class Minted:
    """A card to be issued, and what is told of it this once. data: of `pass.issue`. pin: empty without a vote."""

    data: Mapping[str, Any]
    pass_id: PassId
    token: str
    pin: str


def mint(data: Mapping[str, Any]) -> Minted:
    """data: of the command `pass.issue`, without `pass`."""
    return Minted(data, PassId(new_id()), new_token(), new_pin() if data.get("role") == Role.DELEGATE else "")


async def issue(desk: Desk, passes: SqlPasses, claims: SqlClaims, data: Mapping[str, Any], actor: Actor) -> Minted:
    """One card. Raises what `pass.issue` does, Refused("held")."""
    card = mint(data)
    refused = await issue_all(desk, passes, claims, [card], actor)
    if card.pass_id in refused:
        raise refused[card.pass_id]
    return card


async def issue_all(
    desk: Desk, passes: SqlPasses, claims: SqlClaims, cards: Sequence[Minted], actor: Actor
) -> Mapping[PassId, Refused | ProtocolError]:
    """Those of the cards that were refused, and why. Raises Refused("held"): the same again then, with the same cards.

    A token of a card that is not there opens nothing, so a database that goes away between two of these steps leaves
    no half card; what was refused leaves no token.
    """
    session = desk.state.session.id
    hidden = [card for card in cards if card.pin]
    kept = await hashes(card.pin for card in hidden)
    await claims.put_pins(session, {card.pass_id: one for card, one in zip(hidden, kept, strict=True)})
    await passes.add(session, [NewToken(card.pass_id, card.token) for card in cards])
    orders = [
        desk.submit("pass.issue", {**card.data, "pass": card.pass_id}, actor, f"issue-{card.pass_id}") for card in cards
    ]
    refused: dict[PassId, Refused | ProtocolError] = {}
    for card, outcome in zip(cards, await asyncio.gather(*orders, return_exceptions=True), strict=True):
        match outcome:
            case Refused(code="held"):
                raise outcome  # nobody knows whether it was issued
            case Refused() | ProtocolError():
                await passes.drop(session, card.pass_id)
                refused[card.pass_id] = outcome
            case BaseException():
                raise outcome
    return refused
