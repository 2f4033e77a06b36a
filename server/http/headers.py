"""Headers every answer carries: what a page may load, what it may use, and that addresses are not passed on."""

from __future__ import annotations

from aiohttp import web

# style-src-attr: progress bars and tiles set style attributes; stylesheets and scripts only come from us.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob: mediastream:",
        "font-src 'self'",
        "connect-src 'self' ws: wss:",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ALLOWED = ("camera", "microphone", "display-capture", "fullscreen", "screen-wake-lock", "autoplay", "speaker-selection")
REFUSED = ("geolocation", "payment", "usb", "serial", "midi", "accelerometer", "gyroscope", "magnetometer")
PERMISSIONS_POLICY = ", ".join([*(f"{name}=(self)" for name in ALLOWED), *(f"{name}=()" for name in REFUSED)])

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def add(_request: web.Request, response: web.StreamResponse) -> None:
    """A signal handler for on_response_prepare: also covers errors and Socket.IO's polling answers."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall("Server", None)
