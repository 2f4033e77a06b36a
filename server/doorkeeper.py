"""Who somebody is: a pass's token is exchanged for a credential, a credential is admitted as an actor."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from server.desks import Desks
from server.store.passes import Holder, SqlPasses
from sessions.errors import Refused
from sessions.model.people import Pass
from sessions.permissions import Actor, Role
from signaling.gateway.ports import Admission

TOKEN_BYTES = 16  # 128 random bits, 22 characters of base64url
CREDENTIAL_BYTES = 24
CREDENTIAL_LIFE_MS = 14 * 24 * 3600 * 1000
LONGEST_SECRET = 200
REMEMBERED = 20_000


def new_token() -> str:
    """What a QR card carries after the #."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Entry:
    """An exchange that went well."""

    credential: str
    admission: Admission


class StoreDoorkeeper:
    """signaling.gateway.ports.Doorkeeper over the store. clock: milliseconds since 1970 UTC."""

    def __init__(self, passes: SqlPasses, desks: Desks, clock: Callable[[], int]) -> None:
        self._passes = passes
        self._desks = desks
        self._clock = clock
        # A credential never changes once issued, so what was read stays true; whether its pass does is asked each time.
        self._known: dict[str, Holder] = {}

    async def exchange(self, token: str) -> Entry:
        """Raises Refused: pass_unknown, pass_expired, pass_revoked."""
        holder = await self._passes.of_token(token) if len(token) <= LONGEST_SECRET else None
        if holder is None:
            raise Refused("pass_unknown")
        card = await self._card(holder)
        if card is None:
            raise Refused("pass_unknown")
        now = self._clock()
        if card.revoked:
            raise Refused("pass_revoked")
        if card.expires_at <= now:
            raise Refused("pass_expired")
        expires_at = min(card.expires_at, now + CREDENTIAL_LIFE_MS)
        held = Holder(holder.session, holder.pass_id, expires_at)
        credential = secrets.token_urlsafe(CREDENTIAL_BYTES)
        await self._passes.keep_credential(credential, held)
        return Entry(credential, admission(held, card))

    async def admit(self, credential: str) -> Admission:
        """Raises Refused: credential_unknown, credential_expired, pass_revoked."""
        holder = await self._holder(credential)
        card = None if holder is None else await self._card(holder)
        if holder is None or card is None:
            raise Refused("credential_unknown")
        if card.revoked:
            raise Refused("pass_revoked")
        if holder.expires_at <= self._clock():
            raise Refused("credential_expired")
        return admission(holder, card)

    async def _holder(self, credential: str) -> Holder | None:
        if len(credential) > LONGEST_SECRET:
            return None
        if (known := self._known.get(credential)) is not None:
            return known
        found = await self._passes.of_credential(credential)
        if found is not None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[credential] = found
        return found

    async def _card(self, holder: Holder) -> Pass | None:
        desk = await self._desks.desk(holder.session)
        return desk.state.passes.get(holder.pass_id)


def admission(holder: Holder, card: Pass) -> Admission:
    actor = Actor(session=holder.session, role=Role(card.role), pass_id=card.id, seat=card.seat, hall=card.hall)
    return Admission(actor=actor, expires_at=holder.expires_at)
