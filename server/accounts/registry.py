"""What an account and a scope may look like, for the command line and for HTTP."""

from __future__ import annotations

import re
import secrets

from server.accounts.passwords import Passwords, require_strong
from server.desks import Desks
from server.store.accounts import EVERYWHERE, Account
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.permissions import Role
from sessions.shape import text

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")
ROLES = frozenset({Role.ADMIN, Role.MODERATOR, Role.AGENCY})
check_name = text(120, 1)


async def new_account(
    passwords: Passwords,
    login: str,
    name: str,
    password: str,
    *,
    totp_required: bool = False,
    must_change: bool = False,
) -> Account:
    """Not kept yet. Raises ProtocolError("bad_input"), Refused("weak_password")."""
    wanted = login.strip().casefold()
    if not LOGIN.fullmatch(wanted):
        raise ProtocolError("bad_input", field="login")
    shown: str = check_name(name, "name")
    require_strong(password, wanted, shown)
    return Account(
        id=secrets.token_hex(6),
        login=wanted,
        name=shown,
        password=await passwords.hash(password),
        must_change=must_change,
        totp_required=totp_required,
    )


async def check_scope(desks: Desks, session: SessionId, role: str, agency: str) -> None:
    """Raises ProtocolError("bad_input"), Refused("unknown_session")."""
    if role not in ROLES or (session == EVERYWHERE and role != Role.ADMIN):
        raise ProtocolError("bad_input", field="role")
    if agency and role != Role.AGENCY:
        raise ProtocolError("bad_input", field="agency")
    if session != EVERYWHERE and not (await desks.desk(session)).state.session.created:
        raise Refused("unknown_session")
