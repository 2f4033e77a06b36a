"""Logging in, one's own account, and from there into a session."""

from __future__ import annotations

from typing import Any

from aiohttp import hdrs, web

from server.accounts import totp
from server.accounts.passwords import LONGEST
from server.accounts.staff import LONGEST_LOGIN, Current
from server.http import cookies
from server.http.bodies import member, read_object
from server.http.passes import identity
from server.services import SERVICES
from server.store.accounts import EVERYWHERE, Account
from sessions.errors import ProtocolError, Refused
from sessions.ids import SessionId
from sessions.permissions import Role
from sessions.shape import ident

PRIVATE: dict[str, str] = {hdrs.CACHE_CONTROL: "no-store"}
LONGEST_CODE = 40


def only(body: dict[str, Any], *known: str) -> dict[str, Any]:
    """Raises ProtocolError("bad_input") for a member nobody reads."""
    for name in body:
        if name not in known:
            raise ProtocolError("bad_input", field=name[:40])
    return body


async def logged_in(request: web.Request) -> Current:
    """Past the password and whatever code it owed. Raises Refused: not_logged_in, code_owed, and what cookies does."""
    found = await cookies.current(request)
    if found is None:
        raise Refused("not_logged_in")
    if found.login.stage == "code":
        raise Refused("code_owed")
    return found


async def log_in(request: web.Request) -> web.Response:
    cookies.cookie_name(request)
    cookies.require_own_page(request)
    body = only(await read_object(request), "login", "password")
    name, password = member(body, "login", LONGEST_LOGIN), member(body, "password", LONGEST * 4)
    staff = request.app[SERVICES].staff
    previous = await staff.current(request.cookies.get(cookies.cookie_name(request), ""))
    return entered(request, await staff.begin(name, password, cookies.whence(request), previous))


async def log_in_code(request: web.Request) -> web.Response:
    current = await cookies.current(request)
    if current is None:
        raise Refused("not_logged_in")
    code = member(only(await read_object(request), "code"), "code", LONGEST_CODE)
    return entered(request, await request.app[SERVICES].staff.confirm(current, code, cookies.whence(request)))


def entered(request: web.Request, current: Current, **more: Any) -> web.Response:
    """The next cookie, what is still owed, and the token for the page."""
    body = {"stage": current.login.stage, "token": cookies.page_token(current.cookie), **more}
    response = web.json_response(body, headers=PRIVATE)
    cookies.give(request, response, current)
    return response


async def log_out(request: web.Request) -> web.Response:
    current = await cookies.current(request)
    if current is not None:
        accounts = request.app[SERVICES].store.accounts
        await accounts.end(current.account.id, current.account.actor, current.login.id)
    response = web.json_response({}, headers={**PRIVATE, "Clear-Site-Data": '"cache"'})
    cookies.take(request, response)
    return response


def told(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "totp": bool(account.totp),
        "totp_required": account.totp_required,
        "recovery_left": len(account.recovery),
        "must_change": account.must_change,
        "disabled": account.disabled,
    }


async def me(request: web.Request) -> web.Response:
    """Who is logged in here, what is owed, and where the account leads. `stage` is "out" for nobody."""
    current = await cookies.current(request)
    if current is None:
        return web.json_response({"stage": "out"}, headers=PRIVATE)
    answer: dict[str, Any] = {"stage": current.login.stage, "token": cookies.page_token(current.cookie)}
    if current.login.stage != "code":
        services = request.app[SERVICES]
        scopes = await services.store.accounts.scopes(current.account.id)
        owed = await services.staff.owes_totp(current.account)
        places = [] if owed or current.account.must_change else await services.entering.places(scopes)
        answer |= {
            "account": told(current.account),
            "manages": any(one.session == EVERYWHERE and one.role == Role.ADMIN for one in scopes),
            "owed": "totp" if owed else "password" if current.account.must_change else None,
            "sessions": [
                {"session": one.session, "title": one.title, "phase": one.phase, "roles": list(one.roles)}
                for one in places
            ],
        }
    return web.json_response(answer, headers=PRIVATE)


async def logins(request: web.Request) -> web.Response:
    current = await logged_in(request)
    services = request.app[SERVICES]
    found = await services.store.accounts.logins(current.account.id, services.clock())
    listed = [
        {
            "id": one.id,
            "begun_at": one.begun_at,
            "seen_at": one.seen_at,
            "address": one.address,
            "agent": one.agent,
            "here": one.id == current.login.id,
        }
        for one in found
    ]
    return web.json_response({"logins": listed}, headers=PRIVATE)


async def end_login(request: web.Request) -> web.Response:
    """One of the own logins, or `others` for all but this one."""
    current = await logged_in(request)
    accounts, which = request.app[SERVICES].store.accounts, request.match_info["login"]
    account = current.account
    if which == "others":
        ended = await accounts.end(account.id, account.actor, keep=current.login.id)
    else:
        ended = await accounts.end(account.id, account.actor, ident(which, "login"))
    return web.json_response({"ended": ended}, headers=PRIVATE)


async def change_password(request: web.Request) -> web.Response:
    current = await logged_in(request)
    body = only(await read_object(request), "password", "new")
    old, new = member(body, "password", LONGEST * 4), member(body, "new", LONGEST * 4)
    await request.app[SERVICES].staff.change_password(current, old, new, cookies.whence(request))
    return web.json_response({}, headers=PRIVATE)


async def offer_totp(request: web.Request) -> web.Response:
    """A new secret, shown once. Whoever has a telephone enrolled shows with it that it is still his to change."""
    current = await logged_in(request)
    body = only(await read_object(request), "password", "code")
    staff, account = request.app[SERVICES].staff, current.account
    await staff.require_password(account, member(body, "password", LONGEST * 4), cookies.whence(request))
    if account.totp:
        await staff.require_code(account, member(body, "code", LONGEST_CODE), cookies.whence(request))
    made = totp.offer(account.login)
    seal = totp.sealed(current.cookie, made.secret, account.totp)
    return web.json_response({"secret": made.secret, "uri": made.uri, "qr": made.qr, "seal": seal}, headers=PRIVATE)


async def enrol_totp(request: web.Request) -> web.Response:
    current = await logged_in(request)
    body = only(await read_object(request), "secret", "seal", "code")
    secret, seal = member(body, "secret", 64), member(body, "seal", 64)
    if not totp.is_sealed(current.cookie, secret, current.account.totp, seal):
        raise ProtocolError("bad_input", field="seal")
    code = member(body, "code", LONGEST_CODE)
    after, codes = await request.app[SERVICES].staff.enrol(current, secret, code, cookies.whence(request))
    return entered(request, after, recovery=codes)


async def enter(request: web.Request) -> web.Response:
    """A credential for a session, as a pass would give one; it ends with this login."""
    current = await cookies.current(request)
    services = request.app[SERVICES]
    _, scopes = await services.staff.ready(current)
    assert current is not None
    body = only(await read_object(request), "session", "role")
    session, role = SessionId(ident(body.get("session"), "session")), member(body, "role", 20)
    entry = await services.entering.enter(current, scopes, session, role)
    answer = {
        "credential": entry.credential,
        "identity": identity(entry.admission),
        "server_now": services.clock(),
    }
    return web.json_response(answer, headers=PRIVATE)


def add_routes(app: web.Application) -> None:
    router, own = app.router, "/api/accounts"
    router.add_post(f"{own}/login", log_in)
    router.add_post(f"{own}/login/code", log_in_code)
    router.add_post(f"{own}/logout", log_out)
    router.add_get(f"{own}/me", me)
    router.add_get(f"{own}/logins", logins)
    router.add_delete(f"{own}/logins/{{login}}", end_login)
    router.add_post(f"{own}/password", change_password)
    router.add_post(f"{own}/totp", offer_totp)
    router.add_put(f"{own}/totp", enrol_totp)
    router.add_post(f"{own}/enter", enter)
