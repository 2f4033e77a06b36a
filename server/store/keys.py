"""The installation's keys: made once, kept in the database so that every node has the same."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Row, select

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database
from signaling.signing import sign_together

KEYS = tables.installation_keys
RECEIPTS = "receipts"
NODES = "nodes"
CREDENTIALS = "credentials"
SEAL = "seal"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """signaling.gateway.ports.Sealer. key_id: 16 hex digits of the public key's SHA-256; public: 32 raw bytes."""

    key_id: str
    public: bytes
    _private: Ed25519PrivateKey

    def sign(self, body: bytes) -> str:
        """Ed25519 signature (RFC 8032), base64url without padding."""
        return base64url(self._private.sign(body))

    def sign_all(self, bodies: Sequence[bytes]) -> list[str]:
        """As sign, each of them; other threads go on meanwhile where the native library is there."""
        together = sign_together(self._private.private_bytes_raw(), bodies)
        if together is None:
            return [self.sign(body) for body in bodies]
        return [base64url(signature) for signature in together]

    @property
    def public_text(self) -> str:
        return base64url(self.public)

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id})"


async def signing_key(database: Database) -> SigningKey:
    """The key in the database; the first node to ask makes it."""
    fresh = Ed25519PrivateKey.generate()
    public = fresh.public_key().public_bytes_raw()
    row: dict[str, object] = {
        "use": RECEIPTS,
        "key_id": hashlib.sha256(public).hexdigest()[:16],
        "private": fresh.private_bytes_raw(),
        "public": public,
    }
    kept = await keep(database, row)
    return SigningKey(kept.key_id, bytes(kept.public), Ed25519PrivateKey.from_private_bytes(bytes(kept.private)))


async def node_secret(database: Database) -> str:
    """What the nodes of the installation know each other by: 256 random bits; the first node to ask makes it."""
    kept = await keep(database, {"use": NODES, "key_id": "", "private": secrets.token_bytes(32), "public": b""})
    return base64url(bytes(kept.private))


async def credential_key(database: Database) -> bytes:
    """What credentials are marked with (server/credentials.py); the first node to ask makes it."""
    kept = await keep(database, {"use": CREDENTIALS, "key_id": "", "private": secrets.token_bytes(32), "public": b""})
    return bytes(kept.private)


async def seal_key(database: Database) -> bytes:
    """What seals secrets of telephones where nothing better is set; the first node to ask makes it."""
    kept = await keep(database, {"use": SEAL, "key_id": "", "private": secrets.token_bytes(32), "public": b""})
    return bytes(kept.private)


def derived(secret: str, use: str) -> bytes:
    """A key of its own for another use of the nodes' secret: 32 bytes (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"pleno {use}".encode()).derive(secret.encode())


async def keep(database: Database, row: dict[str, object]) -> Row[Any]:
    """The key of this use that is there, this one if there was none."""
    async with database.writing() as connection:
        row["created_at"] = await database.now(connection)
        await connection.execute(insert_new(connection, KEYS), [row])
        return (await connection.execute(select(KEYS).where(KEYS.c.use == row["use"]))).one()
