"""The built client: files read once at start, sent precompressed, hashed ones for ever."""

from __future__ import annotations

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

from server.services import SERVICES

FACES = ("moderator", "hall", "participant", "screen", "public", "agency", "admin", "masuk")
GALLERY = "gallery"  # each component in all its states: for those who make and check the faces; it knows no session
STATIC = Path(__file__).resolve().parent.parent / "static"
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
# Vite puts eight or more characters of the content's hash before the extension.
HASHED = re.compile(r"^assets/.+-[A-Za-z0-9_-]{8,}\.\w+$")
FOREVER = "public, max-age=31536000, immutable"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
TYPES |= {".woff2": "font/woff2", ".svg": "image/svg+xml", ".html": "text/html", ".css": "text/css"}
TEXTUAL = ("text/", "application/json", "application/manifest+json", "image/svg+xml")

NOT_BUILT = """<!doctype html>
<html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Pleno: halaman belum dibangun</title>
<h1>Server Pleno berjalan, tetapi halamannya belum dibangun.</h1>
<p>Jalankan <code>make run</code>, atau <code>make client</code> lalu mulai ulang server.
Node 20 atau lebih baru diperlukan.</p>
<p lang="en">The server runs, but its pages have not been built: use <code>make run</code>, or <code>make client</code>
and start the server again. Node 20 or newer is needed.</p>
</html>
"""


# Sent in place of the service worker where there is to be none: one that was there removes itself and what it kept.
WORKER = "sw.js"
NO_WORKER = """addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('pleno-')) await caches.delete(name);
  await registration.unregister();
})()));
"""


@dataclass(frozen=True, slots=True)
class File:
    """One file in every encoding it was built in; "" is the plain one."""

    content_type: str
    etag: str
    caching: str
    bodies: dict[str, bytes]


def content_type(path: Path) -> str:
    kind = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith(TEXTUAL) else kind


def load(folder: Path) -> dict[str, File]:
    """Every file below folder by its path in a URL. A path not in here does not exist, whatever it is spelled like."""
    found: dict[str, File] = {}
    compressed = {suffix for _, suffix in ENCODINGS}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix in compressed or path.name.startswith("."):
            continue
        plain = path.read_bytes()
        bodies = {"": plain}
        for encoding, suffix in ENCODINGS:
            beside = path.with_name(path.name + suffix)
            if beside.is_file():
                bodies[encoding] = beside.read_bytes()
        caching = FOREVER if HASHED.match(name) else "no-cache"
        found[name] = File(content_type(path), hashlib.sha256(plain).hexdigest()[:24], caching, bodies)
    return found


def accepted(header: str) -> set[str]:
    """The encodings of an Accept-Encoding header that are not refused with q=0 (RFC 9110 §12.5.3)."""
    found = set()
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            found.add(name.strip())
    return found


def respond(request: web.Request, file: File) -> web.Response:
    headers = {hdrs.ETAG: f'"{file.etag}"', hdrs.CACHE_CONTROL: file.caching, hdrs.VARY: "Accept-Encoding"}
    if any(tag.value in (file.etag, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    welcome = accepted(request.headers.get(hdrs.ACCEPT_ENCODING, ""))
    encoding = next((name for name, _ in ENCODINGS if name in welcome and name in file.bodies), "")
    if encoding:
        headers[hdrs.CONTENT_ENCODING] = encoding
    headers[hdrs.CONTENT_TYPE] = file.content_type
    return web.Response(body=file.bodies[encoding], headers=headers)


def not_built() -> web.Response:
    return web.Response(status=503, text=NOT_BUILT, content_type="text/html", headers={hdrs.CACHE_CONTROL: "no-store"})


def without_worker() -> File:
    body = NO_WORKER.encode()
    return File(content_type(Path(WORKER)), hashlib.sha256(body).hexdigest()[:24], "no-cache", {"": body})


def add_routes(app: web.Application, built: Mapping[str, File]) -> None:
    """A phone has a page of its own; the other faces share one, and which is shown is the client's matter.

    built: as load() found them.
    """
    files = dict(built)
    if WORKER not in files or not app[SERVICES].settings.offline_page:
        files[WORKER] = without_worker()

    async def page(request: web.Request) -> web.Response:
        own = files.get("participant.html") if request.path.startswith("/participant") else None
        index = own or files.get("index.html")
        return not_built() if index is None else respond(request, index)

    async def file(request: web.Request) -> web.Response:
        found = files.get(request.match_info["path"])
        if found is None:
            raise web.HTTPNotFound
        return respond(request, found)

    app.router.add_get("/", page)
    for face in (*FACES, GALLERY):
        app.router.add_get(f"/{face}", page)
        app.router.add_get(f"/{face}/{{rest:.*}}", page)
    app.router.add_get("/{path:.+}", file)
