"""Accounts as an admin of the installation keeps them, and the audit trail."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.accounts.passwords import LONGEST
from server.accounts.registry import check_name, check_scope, new_account
from server.accounts.staff import LONGEST_LOGIN
from server.http import cookies
from server.http.accounts import PRIVATE, only, told
from server.http.bodies import member, query, read_object
from server.http.passes import bearer
from server.services import SERVICES
from server.store.accounts import EVERYWHERE, Account
from server.store.audit import LISTED_MOST, Entry
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.permissions import Role
from sessions.shape import ident

LONGEST_NAME = 120
LONGEST_AGENCY = 160
HAVING_MOST = 60


async def admin(request: web.Request) -> Account:
    return await request.app[SERVICES].staff.admin(await cookies.current(request))


async def listed(request: web.Request) -> web.Response:
    await admin(request)
    accounts = request.app[SERVICES].store.accounts
    found = [await whole(request, one) for one in await accounts.every()]
    return web.json_response({"accounts": found}, headers=PRIVATE)


async def whole(request: web.Request, account: Account) -> dict[str, Any]:
    scopes = await request.app[SERVICES].store.accounts.scopes(account.id)
    held = [{"session": one.session or None, "role": one.role, "agency": one.agency} for one in scopes]
    return {**told(account), "scopes": held}


async def add(request: web.Request) -> web.Response:
    """The password is one for the first day: its owner has to choose another."""
    by = await admin(request)
    body = only(await read_object(request), "login", "name", "password", "totp_required")
    services = request.app[SERVICES]
    made = await new_account(
        services.staff.passwords,
        member(body, "login", LONGEST_LOGIN),
        member(body, "name", LONGEST_NAME),
        member(body, "password", LONGEST * 4),
        totp_required=flag(body, "totp_required", False),
        must_change=True,
    )
    return web.json_response(await whole(request, await services.store.accounts.add(made, by.actor)), headers=PRIVATE)


def flag(body: dict[str, Any], name: str, default: bool) -> bool:
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise ProtocolError("bad_input", field=name)
    return value


async def change(request: web.Request) -> web.Response:
    """`name`, `totp_required`, `disabled`: what is named. Disabling ends every login and every entrance at once."""
    by, account = await admin(request), ident(request.match_info["account"], "account")
    body = only(await read_object(request), "name", "totp_required", "disabled")
    services = request.app[SERVICES]
    accounts, found = services.store.accounts, await services.store.accounts.get(account)
    values: dict[str, Any] = {}
    if "name" in body:
        values["name"] = check_name(body["name"], "name")
    if "totp_required" in body:
        values["totp_required"] = flag(body, "totp_required", False)
    if values:
        await accounts.change(account, by.actor, "account.change", **values)
    disabled = flag(body, "disabled", found.disabled)
    if disabled and not found.disabled:
        await services.entering.disable(account, by.actor)
    elif found.disabled and not disabled:
        await accounts.change(account, by.actor, "account.enable", disabled=False)
    return web.json_response(await whole(request, await accounts.get(account)), headers=PRIVATE)


async def scope(request: web.Request) -> web.Response:
    """Give one (PUT) or take it away (DELETE), with all that was entered by it."""
    by, account = await admin(request), ident(request.match_info["account"], "account")
    body = only(await read_object(request), "session", "role", "agency")
    services = request.app[SERVICES]
    named = body.get("session")
    session = EVERYWHERE if named is None else SessionId(ident(named, "session"))
    role = member(body, "role", 20)
    if request.method == "PUT":
        agency = member(body, "agency", LONGEST_AGENCY) if body.get("agency") else ""
        await check_scope(services.desks, session, role, agency)
        await services.entering.give(account, session, role, agency, by.actor)
    else:
        await services.entering.take(account, session, role, by.actor)
    return web.json_response(await whole(request, await services.store.accounts.get(account)), headers=PRIVATE)


async def set_password(request: web.Request) -> web.Response:
    """A password for the first day after; ends all its logins."""
    by, account = await admin(request), ident(request.match_info["account"], "account")
    body = only(await read_object(request), "password")
    services = request.app[SERVICES]
    found = await services.store.accounts.get(account)
    new = member(body, "password", LONGEST * 4)
    made = await new_account(services.staff.passwords, found.login, found.name, new)
    await services.store.accounts.set_password(account, made.password, by.actor, must_change=True)
    return web.json_response({}, headers=PRIVATE)


async def remove_totp(request: web.Request) -> web.Response:
    """For whoever lost telephone and recovery codes; all logins end, and an admin enrols again at the next."""
    by, account = await admin(request), ident(request.match_info["account"], "account")
    await request.app[SERVICES].store.accounts.set_totp(account, "", 0, (), by.actor)
    return web.json_response({}, headers=PRIVATE)


async def end_logins(request: web.Request) -> web.Response:
    by, account = await admin(request), ident(request.match_info["account"], "account")
    ended = await request.app[SERVICES].store.accounts.end(account, by.actor)
    return web.json_response({"ended": ended}, headers=PRIVATE)


async def audit(request: web.Request) -> web.Response:
    """The newest first; an admin of the installation sees all, one of a session (by credential) what happened there.

    having: a part of the action, of who did it or of what to, at most HAVING_MOST characters.
    """
    asked = query(request, "session", "before", "having", "most")
    session = SessionId(ident(asked["session"], "session")) if "session" in asked else None
    if "Authorization" in request.headers:
        actor = (await bearer(request, session)).actor
        if actor.role is not Role.ADMIN:
            raise Refused("forbidden")
        session = actor.session
    else:
        await admin(request)
    most = asked.get("most", "200")
    if not (most.isascii() and most.isdigit() and 0 < int(most[:6]) <= LISTED_MOST and len(most) <= 6):
        raise ProtocolError("bad_input", field="most")
    before = ident(asked["before"], "before") if "before" in asked else None
    having = asked.get("having", "")
    if len(having) > HAVING_MOST or not having.isprintable():
        raise ProtocolError("bad_input", field="having")
    trail = request.app[SERVICES].store.audit
    found = await trail.entries(session=session, before=before, having=having, most=int(most))
    return web.json_response({"entries": [line(one) for one in found]}, headers=PRIVATE)


def line(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "at": entry.at,
        "node": entry.node,
        "actor": entry.actor,
        "action": entry.action,
        "session": entry.session,
        "subject": entry.subject,
        "data": dict(entry.data),
    }


def add_routes(app: web.Application) -> None:
    router, every = app.router, "/api/accounts"
    one = f"{every}/{{account}}"
    router.add_get(every, listed)
    router.add_post(every, add)
    router.add_patch(one, change)
    router.add_put(f"{one}/scopes", scope)
    router.add_delete(f"{one}/scopes", scope)
    router.add_post(f"{one}/password", set_password)
    router.add_delete(f"{one}/totp", remove_totp)
    router.add_delete(f"{one}/logins", end_logins)
    router.add_get("/api/audit", audit)
