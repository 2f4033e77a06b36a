"""Who may come in with a card that carries a vote: the device that holds it, or one that proves it may take it over."""

from __future__ import annotations

import hashlib
import secrets

from server import pins
from server.desks import Desks, system
from server.store.claims import SqlClaims
from server.store.passes import Holder
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.model.people import Pass


def digest_of(device: str, holder: Holder) -> str:
    """What is kept of a device key: another text for every card, so that those of one phone cannot be told."""
    secret = f"{holder.session}\0{holder.pass_id}\0{device or secrets.token_hex(16)}"
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Claims:
    """First claims stand in a table of the store, where a primary key decides; later ones in the session's journal."""

    def __init__(self, store: SqlClaims, desks: Desks) -> None:
        self._store = store
        self._desks = desks

    async def enter(self, holder: Holder, device: str, pin: str, now: int) -> int:
        """The claim that credentials of this device are of. device: the key it made for itself, empty for none.

        The same device gets the same claim as often as it asks. now: milliseconds since 1970 UTC.
        Raises Refused: pass_claimed {pin: whether it has one that may still be tried}, pin_wrong {tries}, pin_spent.
        """
        desk = await self._desks.desk(holder.session)
        mine = digest_of(device, holder)
        if (claim := await self._held(desk, holder, mine, now)) is not None:
            return claim
        await desk.refresh()  # the hall may have released it on another node a moment ago
        if (claim := await self._held(desk, holder, mine, now)) is not None:
            return claim
        by = "release" if card_of(desk, holder).released_until > now else "pin"
        if by == "pin":
            await self._prove(holder, pin)
        return await self._take_over(desk, holder, mine, by)

    async def _held(self, desk: Desk, holder: Holder, mine: str, now: int) -> int | None:
        """The claim of a device that has the card, or gets it as the first; None when it must prove that it may."""
        card = card_of(desk, holder)
        if card.device:
            return card.claim if card.device == mine else None
        first = await self._store.holder(holder.session, holder.pass_id)
        if first is None and card.released_until <= now:  # what the hall released is used up by who comes next
            first = await self._store.first(holder.session, holder.pass_id, mine)
        return card.claim if first == mine else None

    async def _prove(self, holder: Holder, pin: str) -> None:
        if not pin:
            left = await self._store.tries_left(holder.session, holder.pass_id)
            raise Refused("pass_claimed", pin=bool(left))
        tried = await self._store.take_try(holder.session, holder.pass_id)
        if tried is None:
            raise Refused("pin_spent")
        kept, left = tried
        if not await pins.matches(pin, kept):
            raise Refused("pin_wrong", tries=left) if left else Refused("pin_spent")
        await self._store.forgive(holder.session, holder.pass_id)

    async def _take_over(self, desk: Desk, holder: Holder, mine: str, by: str) -> int:
        data = {"pass": holder.pass_id, "device": mine, "by": by}
        await desk.submit("pass.claim", data, system(holder.session), f"claim-{secrets.token_hex(8)}")
        if by == "release":
            await self._store.forgive(holder.session, holder.pass_id)
        card = card_of(desk, holder)
        if card.device != mine:
            raise Refused("pass_claimed", pin=True)  # another one moved it on at once
        return card.claim


def card_of(desk: Desk, holder: Holder) -> Pass:
    """Raises Refused("pass_unknown")."""
    card = desk.state.passes.get(holder.pass_id)
    if card is None:
        raise Refused("pass_unknown")
    return card
