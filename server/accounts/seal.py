"""Secrets of telephones are kept sealed: whoever copies the database alone cannot make their codes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.config import Settings
from server.data_folder import DataFolder, write_private
from server.store.accounts import SqlAccounts
from server.store.database import Database
from server.store.keys import seal_key
from sessions.errors import Refused

FORM = "v1"
NONCE_BYTES = 12  # drawn anew each time: AES-GCM, 96 bits (SP 800-38D §8.2.2)


class Seal:
    """AES-256-GCM, bound to the account. keys: 32 bytes each; the first seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_id(key): key for key in keys}
        self._first = next(iter(self._keys))

    def close(self, account: str, secret: str) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._keys[self._first]).encrypt(nonce, secret.encode(), account.encode())
        return f"{FORM}.{self._first}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, account: str, kept: str) -> str:
        """kept: as close() made it, or a secret from before there were seals. Raises Refused("seal_key_missing")."""
        if not kept.startswith(f"{FORM}."):
            return kept
        try:
            _, key, body = kept.split(".")
            content = base64.urlsafe_b64decode(body)
            opened = AESGCM(self._keys[key]).decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], account.encode())
        except (KeyError, ValueError, binascii.Error, InvalidTag):
            raise Refused("seal_key_missing") from None
        return opened.decode()

    def is_current(self, kept: str) -> bool:
        return kept.startswith(f"{FORM}.{self._first}.")


def key_id(key: bytes) -> str:
    return hashlib.sha256(b"seal id " + key).hexdigest()[:8]


async def seal_of(settings: Settings, folder: DataFolder, database: Database) -> Seal:
    """By PLENO_SEAL_KEY; without it by a file of the data folder, or over PostgreSQL by a key in the database itself.

    All nodes have to open what one sealed. What an earlier one of these keys sealed can still be opened.
    """
    keys = [] if not settings.seal_key else [hashlib.sha256(settings.seal_key.encode()).digest()]
    if not keys and database.is_sqlite and not folder.seal.exists():
        write_private(folder.seal, secrets.token_bytes(32))
    if folder.seal.exists():
        keys.append(hashlib.sha256(folder.seal.read_bytes()).digest())
    if not database.is_sqlite:
        kept = await seal_key(database)
        keys = [*keys, kept] if settings.seal_key else [kept, *keys]
    return Seal(keys)


async def seal_all(accounts: SqlAccounts, seal: Seal) -> int:
    """Seal what is in clear or by an earlier key, as after an update; how many. What cannot be opened stays."""
    count = 0
    for account in await accounts.every():
        if account.totp and not seal.is_current(account.totp):
            try:
                secret = seal.open(account.id, account.totp)
            except Refused:
                continue
            count += await accounts.reseal(account.id, account.totp, seal.close(account.id, secret))
    return count
