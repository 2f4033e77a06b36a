"""The cookie of a login: when it may be given, and that a request with it comes from a page of ours (CSRF)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress

from aiohttp import hdrs, web

from server.accounts.staff import Current, Whence
from server.config import Settings
from server.limits import client_address, counted_as
from server.services import SERVICES
from sessions.errors import Refused

SECURE_NAME = "__Host-pleno"  # browsers take it only with Secure, without Domain and for the whole host (RFC 6265bis)
TRIAL_NAME = "pleno-trial"  # plain HTTP on this machine alone
TOKEN_HEADER = "X-Pleno-Token"
SAFE = frozenset({"GET", "HEAD"})


def from_front(request: web.Request, header: str) -> str:
    """What a front of ours added, "" when the peer is none: anybody else may write what he likes."""
    try:
        peer = ipaddress.ip_address(request.remote or "")
    except ValueError:
        return ""
    peer = getattr(peer, "ipv4_mapped", None) or peer
    if not any(peer in network for network in request.app[SERVICES].settings.proxies):
        return ""
    return request.headers.get(header, "").rpartition(",")[2].strip()


def is_secure(request: web.Request) -> bool:
    """Whether the browser spoke TLS, with us or with our front."""
    return request.secure or from_front(request, hdrs.X_FORWARDED_PROTO).lower() == "https"


def address_of(request: web.Request) -> str:
    """Whom limits count."""
    settings: Settings = request.app[SERVICES].settings
    forwarded = request.headers.getall(hdrs.X_FORWARDED_FOR, [])
    return counted_as(client_address(request.remote or "", forwarded, settings.proxies))


def whence(request: web.Request) -> Whence:
    return Whence(address_of(request), request.headers.get(hdrs.USER_AGENT, ""))


def is_trial(request: web.Request) -> bool:
    """Plain HTTP that never left this machine."""
    try:
        here = ipaddress.ip_address(address_of(request)).is_loopback
    except ValueError:
        return False
    return here and (hdrs.X_FORWARDED_FOR not in request.headers or bool(from_front(request, hdrs.X_FORWARDED_FOR)))


def cookie_name(request: web.Request) -> str:
    """Raises Refused("needs_https"): a password and a login are not sent in clear through a network."""
    if is_secure(request):
        return SECURE_NAME
    if is_trial(request):
        return TRIAL_NAME
    raise Refused("needs_https")


def give(request: web.Request, response: web.Response, current: Current) -> None:
    """Until the browser is closed; the server ends it earlier. No script can read it, no other site can send it."""
    name = cookie_name(request)
    response.set_cookie(name, current.cookie, path="/", secure=name == SECURE_NAME, httponly=True, samesite="Strict")


def take(request: web.Request, response: web.Response) -> None:
    name = cookie_name(request)
    response.del_cookie(name, path="/", secure=name == SECURE_NAME, httponly=True, samesite="Strict")


async def current(request: web.Request) -> Current | None:
    """Whose login this is. Raises Refused: origin_refused, stale_page for a change that no page of ours asked for."""
    cookie = request.cookies.get(cookie_name(request), "")
    found = await request.app[SERVICES].staff.current(cookie)
    if found is not None and request.method not in SAFE:
        require_own_page(request)
        sent = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), page_token(cookie).encode()):
            raise Refused("stale_page")
    return found


def page_token(cookie: str) -> str:
    """What our pages send along, told to them by GET /api/accounts/me: another site can read neither."""
    mac = hmac.new(cookie.encode("utf-8", "surrogatepass"), b"page", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def require_own_page(request: web.Request) -> None:
    """Raises Refused("origin_refused") when the browser says another site asks, or nobody says anything."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get(hdrs.ORIGIN)
    if site is None and origin is None:
        raise Refused("origin_refused")
    if site not in (None, "same-origin") or origin not in (None, *own_origins(request)):
        raise Refused("origin_refused")


def own_origins(request: web.Request) -> set[str]:
    scheme = "https" if is_secure(request) else "http"
    hosts = {request.headers.get(hdrs.HOST, ""), from_front(request, hdrs.X_FORWARDED_HOST)} - {""}
    return {f"{scheme}://{host}" for host in hosts} | set(request.app[SERVICES].settings.origins)


def host(request: web.Request) -> str:
    """The name, and the port if there is one, by which the browser reached us."""
    return from_front(request, hdrs.X_FORWARDED_HOST) or request.host
