"""The way people come: the certificate, and the address of the pages as browsers reach it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from cryptography import x509

from server.config import Settings
from server.doctor.findings import Finding, ok, warning, wrong

PATIENCE_S = 10.0
DAYS_WARN, DAYS_WRONG = 21, 3


def certificate(settings: Settings) -> Finding | None:
    """Of a server without a front; the one it makes for itself is renewed by itself."""
    if settings.tls in ("", "self-signed"):
        return None
    path = Path(settings.tls.split(",")[0].strip()).expanduser()
    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError):
        return wrong("certificate", f"{path} tidak terbaca sebagai sertifikat PEM.", f"{path} is no PEM certificate.")
    return lasting(found)


def lasting(found: x509.Certificate) -> Finding:
    days = (found.not_valid_after_utc - datetime.now(UTC)).days
    names = ", ".join(names_of(found)) or "-"
    if days < DAYS_WRONG:
        return wrong(
            "certificate",
            f"sertifikat untuk {names} habis dalam {days} hari. Perbarui sekarang.",
            f"the certificate for {names} ends in {days} days. Renew it now.",
        )
    if days < DAYS_WARN:
        return warning("certificate", f"sertifikat {names} tinggal {days} hari.", f"{names}: {days} days left.")
    return ok("certificate", f"{names}, {days} hari lagi", f"{names}, {days} days left")


def names_of(found: x509.Certificate) -> list[str]:
    try:
        there = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [*there.get_values_for_type(x509.DNSName), *map(str, there.get_values_for_type(x509.IPAddress))]


async def front(url: str) -> AsyncIterator[Finding]:
    """As a browser would: the name, the certificate, the page, and a connection with the page's own origin."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield wrong("url", f"{url} bukan alamat http(s)://….", f"{url} is no http(s):// address.")
        return
    origin = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme == "https":
        seen = await asyncio.to_thread(shown, parts.hostname, parts.port or 443)
        if seen is not None:
            yield lasting(seen)
    else:
        yield warning("url", f"{origin} bukan HTTPS: tanpa kamera.", f"{origin} is not HTTPS: no cameras.")
    timeout = aiohttp.ClientTimeout(total=PATIENCE_S)
    async with aiohttp.ClientSession(timeout=timeout) as http:
        for check in (health, live):
            try:
                yield await check(http, origin)
            except aiohttp.ClientConnectorCertificateError:
                yield wrong(
                    "url",
                    f"peramban tidak percaya sertifikat {origin}: bukan untuk nama itu, habis, atau buatan sendiri.",
                    f"browsers do not trust the certificate of {origin}: another name, out of date, or self-made.",
                )
                return
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                why = type(error).__name__
                yield wrong(
                    "url",
                    f"{origin} tidak menjawab ({why}). Periksa DNS, firewall, dan apakah Caddy berjalan.",
                    f"{origin} does not answer ({why}). Check DNS, firewall, and whether the front runs.",
                )
                return


def shown(host: str, port: int) -> x509.Certificate | None:
    """What the server shows, trusted or not; None when it shows nothing."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), PATIENCE_S) as plain:
            with context.wrap_socket(plain, server_hostname=host) as secure:
                found = secure.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(found) if found else None
    except (OSError, ValueError):
        return None


async def health(http: aiohttp.ClientSession, origin: str) -> Finding:
    async with http.get(f"{origin}/healthz") as answer:
        told = await answer.json() if answer.status == 200 else {}
    if "database" not in told:
        return wrong(
            "url",
            f"di {origin} yang menjawab bukan Pleno (status {answer.status}).",
            f"what answers at {origin} is not Pleno (status {answer.status}).",
        )
    if told["database"] != "ok":
        return wrong(
            "url",
            f"{origin} berjalan, tetapi basis datanya {told['database']}.",
            f"{origin} runs, but its database is {told['database']}.",
        )
    return ok("url", f"{origin} menjawab, video {told.get('media')}", f"{origin} answers, video {told.get('media')}")


async def live(http: aiohttp.ClientSession, origin: str) -> Finding:
    """A connection that shows no card: it has to be refused for that, and not for where its page came from."""
    address = f"{origin.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket"
    async with http.ws_connect(address, headers={"Origin": origin}) as socket:
        await socket.receive_str()
        await socket.send_str('40{"credential":""}')
        said = await socket.receive_str()
    if "origin_refused" in said:
        return wrong(
            "socket",
            f"sambungan dari {origin} ditolak: proksi di depan harus meneruskan Host (atau X-Forwarded-Host), atau "
            "sebut alamat itu di PLENO_ORIGINS.",
            f"connections from {origin} are refused: the front must keep Host (or set X-Forwarded-Host), or name that "
            "address in PLENO_ORIGINS.",
        )
    if "credential_unknown" not in said:
        return wrong("socket", "jawaban sambungan tidak dikenali.", "the connection's answer is not understood.")
    return ok("socket", "sambungan langsung (WebSocket) sampai", "live connections (WebSocket) get through")
