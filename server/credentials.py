"""What credentials look like: marked with the installation's key, so that made-up ones cost no question."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from server.store.passes import Holder
from sessions.ids import PassId, SessionId
from sessions.permissions import Role

RANDOM_BYTES = 24
MARK_BYTES = 16
NONCE_BYTES = 6
LONGEST = 200
CARRIED = frozenset({Role.PUBLIC, Role.SCREEN})  # one card in thousands of hands, which opens nothing but views


class Mint:
    """key: of the installation, the same on every node; 32 random bytes.

    A credential ends in a dot and 128 bits of HMAC-SHA256 over what stands before it: 192 random bits, with what they
    are good for in the database; or, for cards of CARRIED roles, session, pass, end and a nonce. Whoever reads the key
    out of the database can make credentials of the second kind alone, and those carry no right.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def fresh(self) -> str:
        return self._marked(secrets.token_urlsafe(RANDOM_BYTES))

    def carrying(self, holder: Holder) -> str:
        """Nothing of it has to be stored. For cards of CARRIED roles alone: who admits by it asks the card's role."""
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        return self._marked(f"{holder.session}.{holder.pass_id}.{holder.expires_at}.{nonce}")

    def is_ours(self, credential: str) -> bool:
        body, dot, _ = credential.rpartition(".")
        if not dot or len(credential) > LONGEST or not credential.isascii():
            return False
        return hmac.compare_digest(self._marked(body), credential)

    def carried(self, credential: str) -> Holder | None:
        """Whose it is when it says so itself; None for one that the database knows. To be asked of our own alone."""
        match credential.split("."):
            case [session, pass_id, expires_at, _nonce, _mark]:
                return Holder(SessionId(session), PassId(pass_id), int(expires_at))
        return None

    def _marked(self, body: str) -> str:
        mark = hmac.new(self._key, b"credential " + body.encode(), hashlib.sha256).digest()[:MARK_BYTES]
        return f"{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
