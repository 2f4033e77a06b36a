"""The PIN hidden in a card: six digits, kept as argon2id."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PIN = re.compile(r"[0-9]{6}")
# Half a millisecond a card, so that thousands are made in seconds. No cost that could be afforded would hide six
# digits from whoever holds the hashes; but a PIN is worth nothing without the token on its card, which is not stored.
HASHER = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1, hash_len=16, salt_len=16)


def new_pin() -> str:
    return f"{secrets.randbelow(10**6):06}"


async def hashes(pins: Iterable[str]) -> list[str]:
    """In the same order, made beside the event loop."""
    return await asyncio.to_thread(lambda: [HASHER.hash(pin) for pin in pins])


async def matches(pin: str, kept: str) -> bool:
    """kept: what hashes() made."""
    return await asyncio.to_thread(verified, pin, kept)


def verified(pin: str, kept: str) -> bool:
    try:
        return HASHER.verify(kept, pin)
    except (VerificationError, InvalidHashError):
        return False
