"""The installation's Ed25519 key: made once, kept in the database so that every node signs with the same."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from server.store import tables
from server.store.ballot_box import insert_new
from server.store.database import Database

KEYS = tables.installation_keys
RECEIPTS = "receipts"


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
    async with database.writing() as connection:
        row["created_at"] = await database.now(connection)
        await connection.execute(insert_new(connection, KEYS), [row])
        kept = (await connection.execute(select(KEYS).where(KEYS.c.use == RECEIPTS))).one()
    return SigningKey(kept.key_id, bytes(kept.public), Ed25519PrivateKey.from_private_bytes(bytes(kept.private)))
