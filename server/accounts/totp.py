"""The second factor: time-based codes (RFC 6238) and codes for whoever lost the telephone."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

import pyotp
import segno

STEP_MS = 30_000
WINDOW = 1  # steps before and after: telephones' clocks are not ours
ISSUER = "Pleno"
RECOVERY_CODES = 8
RECOVERY_BYTES = 15  # 120 random bits: a plain hash of it can be kept


@dataclass(frozen=True, slots=True)
class Offer:
    """What a telephone is shown once. qr: an SVG as a data: URI."""

    secret: str
    uri: str
    qr: str


def offer(login: str, secret: str | None = None) -> Offer:
    """secret: base32, 160 bits as RFC 4226 §4 recommends."""
    made = secret or pyotp.random_base32(32)
    uri = pyotp.TOTP(made).provisioning_uri(name=login, issuer_name=ISSUER)
    return Offer(made, uri, segno.make(uri, error="m").svg_data_uri(border=4, scale=5, dark="#000", light="#fff"))


def step_of(secret: str, code: str, now: int, after: int) -> int | None:
    """The time step whose code this is, later than `after` (the one used last); None for any other code. now: ms."""
    digits = re.sub(r"\s", "", code)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    generator, current = pyotp.TOTP(secret), now // STEP_MS
    for step in range(current - WINDOW, current + WINDOW + 1):
        if hmac.compare_digest(generator.generate_otp(step), digits) and step > after:
            return step
    return None


def recovery_codes() -> list[str]:
    """To be shown once: groups of four letters and figures."""
    return [grouped(pyotp.random_base32(32)[: RECOVERY_BYTES * 8 // 5]) for _ in range(RECOVERY_CODES)]


def grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4)).lower()


def recovery_digest(code: str) -> str:
    """What is kept of it; blanks, dashes and capitals do not matter."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).upper().encode("utf-8", "surrogatepass")).hexdigest()


def sealed(cookie: str, secret: str, before: str) -> str:
    """Ties an offered secret to the login it was offered to: nobody enrols a secret that we did not make.

    before: the secret it takes the place of, "" for none. Once there is another, that one's code has to be shown first.
    """
    said = f"totp {secret} after {before}".encode("utf-8", "surrogatepass")
    return hmac.new(cookie.encode(), said, hashlib.sha256).hexdigest()


def is_sealed(cookie: str, secret: str, before: str, seal: str) -> bool:
    return hmac.compare_digest(sealed(cookie, secret, before).encode(), seal.encode("utf-8", "surrogatepass"))


def new_cookie() -> str:
    return secrets.token_urlsafe(32)
