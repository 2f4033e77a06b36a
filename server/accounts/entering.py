"""What an account is in a session: a pass of its own in that session's journal, ended with the scope or the account."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from server.accounts.staff import Current
from server.credentials import Mint
from server.desks import Desks, system
from server.doorkeeper import Entry, admission
from server.store.accounts import EVERYWHERE, Scope, SqlAccounts
from server.store.passes import Holder, SqlPasses
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import PassId, SessionId
from sessions.permissions import Role

log = logging.getLogger(__name__)

ROLES = (Role.ADMIN, Role.MODERATOR, Role.AGENCY)
PASS_LIFE_MS = 10 * 366 * 24 * 3600 * 1000  # it ends with its scope; this is for whoever forgets to take that away


@dataclass(frozen=True, slots=True)
class Place:
    """A session that an account may enter, and as what."""

    session: SessionId
    title: str
    phase: str
    roles: tuple[str, ...]


class Entering:
    """clock: milliseconds since 1970 UTC."""

    def __init__(
        self, accounts: SqlAccounts, passes: SqlPasses, desks: Desks, mint: Mint, clock: Callable[[], int]
    ) -> None:
        self._accounts = accounts
        self._passes = passes
        self._desks = desks
        self._mint = mint
        self._clock = clock

    async def places(self, scopes: Iterable[Scope]) -> list[Place]:
        """The sessions these scopes lead to, the newest first; one without a title was never created."""
        found = []
        given = list(scopes)
        for session in await self._desks.heads():
            roles = tuple(role.value for role in ROLES if scope_for(given, session, role.value) is not None)
            if roles and (state := (await self._desks.desk(session)).state).session.created:
                found.append((state.session.date, Place(session, state.session.title, state.session.phase, roles)))
        return [place for _, place in sorted(found, key=lambda pair: (pair[0], pair[1].session), reverse=True)]

    async def enter(self, current: Current, scopes: Iterable[Scope], session: SessionId, role: str) -> Entry:
        """A credential that ends with this login. Raises Refused: forbidden, unknown_session, pass_revoked, held."""
        scope = scope_for(list(scopes), session, role)
        if scope is None:
            raise Refused("forbidden")
        desk = await self._desks.desk(session)
        if not desk.state.session.created:
            raise Refused("unknown_session")
        await self._have_pass(desk, scope)
        card = desk.state.passes[scope.pass_id]
        if card.revoked:
            raise Refused("pass_revoked")
        lent = Holder(session, scope.pass_id, min(current.login.expires_at, card.expires_at))
        credential = self._mint.fresh()
        await self._accounts.lend(credential, current.login.id)
        await self._passes.keep_credential(credential, lent)
        if scope not in await self._accounts.scopes(current.account.id):  # taken while the pass was issued
            await self._revoke({scope.pass_id})
            raise Refused("forbidden")
        return Entry(credential, admission(lent, card))

    async def _have_pass(self, desk: Desk, scope: Scope) -> None:
        if scope.pass_id in desk.state.passes:
            return
        data = {"role": scope.role, "pass": scope.pass_id, "expires_at": self._clock() + PASS_LIFE_MS}
        if scope.agency:
            data["agency"] = scope.agency
        try:
            await desk.submit("pass.issue", data, system(desk.state.session.id), f"issue-{scope.pass_id}")
        except Refused as refused:
            if refused.code != "already_exists":  # another node was quicker
                raise

    async def give(self, account: str, session: SessionId, role: str, agency: str, actor: str) -> None:
        """Another agency for the same role is another pass: the one before ends. Raises Refused("unknown_account").

        It ends first: stopped half-way, nobody is somebody by a scope that no table shows, and doing it again goes on.
        """
        before = held(await self._accounts.scopes(account), session, role)
        if before is not None and before.agency != agency:
            await self._revoke({before.pass_id})
        await self._accounts.give(account, session, role, agency, actor)
        if before is not None and before.agency != agency:
            await self._revoke({before.pass_id})  # in sessions that were entered by it meanwhile

    async def take(self, account: str, session: SessionId, role: str, actor: str) -> bool:
        """The scope and what was entered by it; whether there was one. Doing it again ends what was left."""
        scope = held(await self._accounts.scopes(account), session, role)
        if scope is None:
            return False
        await self._revoke({scope.pass_id})
        taken = await self._accounts.take(account, session, role, actor)
        await self._revoke({scope.pass_id})  # in sessions that were entered by it meanwhile
        return taken

    async def disable(self, account: str, actor: str) -> None:
        """No login and no entrance stays; what was done is in the journals under the passes' names."""
        passes = {scope.pass_id for scope in await self._accounts.scopes(account)}
        await self._accounts.disable(account, actor)
        await self._revoke(passes)

    async def _revoke(self, passes: set[PassId]) -> None:
        """In every session: an admin of the installation has the same pass in each."""
        if not passes:
            return
        for session in await self._desks.heads():
            desk = await self._desks.desk(session)
            await desk.refresh()  # another node may have issued one a moment ago
            for pass_id in passes & desk.state.passes.keys():
                key = f"revoke-{pass_id}"
                await desk.submit("pass.revoke", {"pass": pass_id}, system(session), key)


def held(scopes: Iterable[Scope], session: SessionId, role: str) -> Scope | None:
    """The scope of exactly this session and role."""
    return next((one for one in scopes if one.session == session and one.role == role), None)


def scope_for(scopes: list[Scope], session: SessionId, role: str) -> Scope | None:
    """The scope by which somebody is `role` there; one of the session itself before one of the installation."""
    by = [one for one in scopes if one.role == role and one.session in (session, EVERYWHERE)]
    return max(by, key=lambda one: one.session == session, default=None)
