"""Who somebody is: a pass's token is exchanged for a credential, a credential is admitted as an actor."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from server.claims import Claims
from server.credentials import CARRIED, Mint
from server.desks import Desks
from server.store.passes import Holder, SqlPasses
from sessions.errors import Refused
from sessions.ids import SessionId
from sessions.model.people import Pass
from sessions.passes import OF_ACCOUNTS, is_claimed
from sessions.permissions import Actor, Role
from sessions.state import State
from signaling.gateway.ports import Admission
from signaling.gateway.rates import Allowance

TOKEN_BYTES = 16  # 128 random bits, 22 characters of base64url
CREDENTIAL_LIFE_MS = 14 * 24 * 3600 * 1000
KIOSK_LIFE_MS = 10 * 60 * 1000  # of what a card is good for once it was shown at a hall's kiosk
LONGEST_SECRET = 200
# What one card may be exchanged for from one address: reloads, tabs and a second laptop, but no heap of credentials.
EXCHANGES_AT_ONCE, EXCHANGE_EVERY_S = 60, 300.0
SHOWN_AT_ONCE, SHOWN_EVERY_S = 60, 2.0  # cards at one hall's kiosk, faster than people can vote
REMEMBERED = 20_000
SHOWING = frozenset({Role.MODERATOR, Role.ADMIN, Role.HALL, Role.SCREEN})


def new_token() -> str:
    """What a QR card carries after the #."""
    return secrets.token_urlsafe(TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Entry:
    """An exchange that went well."""

    credential: str
    admission: Admission


class StoreDoorkeeper:
    """signaling.gateway.ports.Doorkeeper over the store. clock: milliseconds since 1970 UTC; monotonic: seconds."""

    def __init__(
        self,
        passes: SqlPasses,
        desks: Desks,
        claims: Claims,
        mint: Mint,
        clock: Callable[[], int],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._passes = passes
        self._desks = desks
        self._claims = claims
        self._mint = mint
        self._clock = clock
        self._exchanges = Allowance[tuple[str, ...]](monotonic, EXCHANGES_AT_ONCE, EXCHANGE_EVERY_S)
        self._shown = Allowance[tuple[str, ...]](monotonic, SHOWN_AT_ONCE, SHOWN_EVERY_S)
        # A credential never changes once issued, so what was read stays true; whether its pass does is asked each time.
        self._known: dict[str, Holder] = {}

    async def exchange(self, token: str, device: str = "", pin: str = "", address: str = "") -> Entry:
        """device: the key a device made for itself, pin: the one hidden in the card; both for cards one device holds.

        address: as limits count it. Raises Refused: pass_unknown, pass_expired, pass_revoked, too_many_attempts (this
        card from this address), and what Claims.enter() does.
        """
        holder, card = await self._presented(token)
        now = self._clock()
        claim = await self._claims.enter(holder, device, pin, now) if is_claimed(card) else 1
        held = replace(holder, expires_at=min(card.expires_at, now + CREDENTIAL_LIFE_MS), claim=claim)
        if card.role in CARRIED:
            return Entry(self._mint.carrying(held), admission(held, card))
        spend(self._exchanges, (held.session, held.pass_id, address))
        return await self._let_in(held, card)

    async def show(self, token: str, kiosk: Actor) -> Entry:
        """A delegate's card shown at the page of a hall: no claim, and good for a vote there alone.

        Raises Refused: pass_unknown, pass_expired, pass_revoked, no_seat, too_many_attempts.
        """
        holder, card = await self._presented(token)
        if not is_claimed(card):
            raise Refused("no_seat")
        spend(self._shown, (kiosk.session, kiosk.pass_id))
        expires_at = min(card.expires_at, self._clock() + KIOSK_LIFE_MS)
        return await self._let_in(replace(holder, expires_at=expires_at, kiosk=kiosk.hall), card)

    async def _presented(self, token: str) -> tuple[Holder, Pass]:
        holder = await self._passes.of_token(token) if len(token) <= LONGEST_SECRET else None
        if holder is None:
            raise Refused("pass_unknown")
        card = await self._card(holder)
        if card is None:
            raise Refused("pass_unknown")
        if card.revoked:
            raise Refused("pass_revoked")
        if card.expires_at <= self._clock():
            raise Refused("pass_expired")
        return holder, card

    async def _let_in(self, held: Holder, card: Pass) -> Entry:
        credential = self._mint.fresh()
        await self._passes.keep_credential(credential, held)
        return Entry(credential, admission(held, card))

    def is_ours(self, credential: str) -> bool:
        """Whether this installation ever gave it, be it over by now; asks nobody."""
        return self._mint.is_ours(credential)

    async def admit(self, credential: str, session: SessionId | None = None, kiosk: Actor | None = None) -> Admission:
        """Into the pass's own session, or into one that is joined to it: see guest().

        Raises Refused: credential_unknown, credential_expired, pass_revoked, pass_moved, unknown_session, forbidden.
        """
        holder = await self._holder(credential)
        card = None if holder is None else await self._card(holder)
        if holder is None or card is None or not at_its_kiosk(holder, kiosk):
            raise Refused("credential_unknown")
        if self._mint.carried(credential) is not None and card.role not in CARRIED:
            raise Refused("credential_unknown")
        if card.revoked:
            raise Refused("pass_revoked")
        if moved(holder, card):
            raise Refused("pass_moved")
        if holder.expires_at <= self._clock():
            raise Refused("credential_expired")
        login = await self._login(credential, holder)
        if session is None or session == holder.session:
            return replace(admission(holder, card), login=login)
        home = (await self._desks.desk(holder.session)).state
        if session not in home.groups.every and session != home.casting.source:
            raise Refused("forbidden")  # without asking the database about what a stranger writes
        away = await self._desks.desk(session)
        actor = guest(home, away.state, admission(holder, card).actor)
        return Admission(actor=actor, expires_at=holder.expires_at, home=holder.session, login=login)

    async def _login(self, credential: str, holder: Holder) -> str:
        """Asked each time: a login can be ended anywhere. Raises Refused("logged_out") when it was."""
        if not holder.pass_id.startswith(OF_ACCOUNTS):
            return ""
        if (login := await self._passes.login_of(credential, self._clock())) is None:
            raise Refused("logged_out")
        return login

    async def _holder(self, credential: str) -> Holder | None:
        if not self._mint.is_ours(credential):
            return None
        if (carried := self._mint.carried(credential)) is not None:
            return carried
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
        card = desk.state.passes.get(holder.pass_id)
        if card is None or holder.claim > card.claim:  # issued, or moved, on another node a moment ago
            await desk.refresh()
            card = desk.state.passes.get(holder.pass_id)
        return card


def spend(allowance: Allowance[tuple[str, ...]], name: tuple[str, ...]) -> None:
    """Raises Refused("too_many_attempts")."""
    if (wait_s := allowance.wait_s(name)) > 0:
        raise Refused("too_many_attempts", retry_after_ms=math.ceil(wait_s * 1000))


def at_its_kiosk(holder: Holder, kiosk: Actor | None) -> bool:
    """Whether a card that was shown to a hall is used by that hall; all others may be used anywhere."""
    return holder.kiosk is None or (kiosk is not None and kiosk.role is Role.HALL and kiosk.hall == holder.kiosk)


def moved(holder: Holder, card: Pass) -> bool:
    """Whether another device has claimed the card since this credential was given."""
    return is_claimed(card) and holder.kiosk is None and holder.claim < card.claim


def guest(home: State, away: State, actor: Actor) -> Actor:
    """Who somebody of `home` is in `away`. Raises Refused: unknown_session, forbidden.

    A group that its plenary split off takes the people it was given: they are there who they are at home, but a pass
    named as the group's moderator leads it. Where an opening is cast, anybody may look on, and no more: whoever shows
    pictures at home shows them, phones listen no further than the public does.
    """
    if not away.session.created:
        raise Refused("unknown_session")
    group = home.groups.every.get(away.session.id)
    if group is not None and away.session.parent == home.session.id:
        return of_group(away, actor, leads=group.moderator == actor.pass_id)
    if home.casting.source == away.session.id and home.session.id in away.casting.to:
        role = Role.SCREEN if actor.role in SHOWING else Role.PUBLIC
        return Actor(session=away.session.id, role=role, pass_id=actor.pass_id, claim=actor.claim)
    raise Refused("forbidden")


def of_group(away: State, actor: Actor, *, leads: bool) -> Actor:
    session = away.session.id
    if leads:
        return Actor(session=session, role=Role.MODERATOR, pass_id=actor.pass_id, claim=actor.claim)
    if actor.role is Role.DELEGATE:
        seat = None if actor.seat is None else away.seats.get(actor.seat)
        if seat is None:
            raise Refused("forbidden")
        return replace(actor, session=session, hall=seat.hall)
    if actor.role is Role.HALL and actor.hall not in away.halls:
        raise Refused("forbidden")
    return replace(actor, session=session)


def admission(holder: Holder, card: Pass) -> Admission:
    claim = holder.claim if is_claimed(card) and holder.kiosk is None else 0
    actor = Actor(
        session=holder.session, role=Role(card.role), pass_id=card.id, seat=card.seat, hall=card.hall, claim=claim
    )
    return Admission(actor=actor, expires_at=holder.expires_at)
