"""Headers every answer carries: what a page may load, what it may use, and that addresses are not passed on.

What a page loads and a program reads needs less of them than a page: on a first visit they are a tenth of the bytes.
A WebSocket's opening is no document at all and needs none.
"""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from server.config import Tiles
from server.http.cookies import is_secure
from server.services import SERVICES

# Stylesheets and scripts come from us alone, none stands in a page: what sizes itself does so through the CSSOM, which
# no policy forbids. Trusted Types: text becomes markup in one place, the templates that Svelte compiled, and one
# address becomes a service worker.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob: mediastream:",
        "font-src 'self'",
        "connect-src 'self' ws: wss:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types svelte-trusted-html pleno-worker",
    )
)
ALLOWED = (
    *("camera", "microphone", "display-capture", "speaker-selection", "autoplay"),
    *("fullscreen", "screen-wake-lock", "window-management"),
)
REFUSED = ("geolocation", "payment", "usb", "serial", "midi", "accelerometer", "gyroscope", "magnetometer")
PERMISSIONS_POLICY = ", ".join([*(f"{name}=(self)" for name in ALLOWED), *(f"{name}=()" for name in REFUSED)])

SERVICE_WORKER = "/sw.js"  # what it may fetch is told by the headers of its own script

COMMON = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HEADERS = {
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    **COMMON,
}
# No page is made of these: opened by themselves they may do nothing at all.
PARTS = ("text/css", "text/javascript", "application/json", "application/problem+json")
PARTS_HEADERS = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'", **COMMON}


def content_security_policy(tiles: Tiles | None) -> str:
    """With the one other place pictures may come from, where the office that runs this server named it for maps."""
    if tiles is None:
        return CONTENT_SECURITY_POLICY
    return CONTENT_SECURITY_POLICY.replace("img-src 'self'", f"img-src 'self' {tiles.origin}")


# A year of HTTPS only, for whoever got here by it. Not with a certificate that we signed ourselves: those are trials.
STRICT_TRANSPORT_SECURITY = "max-age=31536000"


async def add(request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler for on_response_prepare: also covers errors and Socket.IO's polling answers."""
    if response.status != HTTPStatus.SWITCHING_PROTOCOLS:
        part = response.content_type in PARTS and request.path != SERVICE_WORKER
        if not part:
            policy = content_security_policy(request.app[SERVICES].settings.map_tiles)
            response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in (PARTS_HEADERS if part else HEADERS).items():
            response.headers.setdefault(name, value)
    if is_secure(request) and request.app[SERVICES].settings.tls != "self-signed":
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT_SECURITY)
    response.headers.popall("Server", None)
