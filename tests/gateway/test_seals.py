"""Receipts signed in company: each its own signature, the same as one by one, whatever becomes of the thread."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from server.store.keys import SigningKey
from signaling import signing
from signaling.gateway.seals import TOGETHER_MOST, Seals
from tests.sfu.core_rig import need_native

BODIES = [b"", b"x" * 5000, *(f"receipt {number}".encode() for number in range(3 * TOGETHER_MOST))]


def new_key() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    return SigningKey(hashlib.sha256(public).hexdigest()[:16], public, private)


class Watched:
    """Sealer over a real key that notes how many came together. broken: signing together fails."""

    def __init__(self, broken: bool = False) -> None:
        self.key = new_key()
        self.key_id = self.key.key_id
        self.together: list[int] = []
        self._broken = broken

    def sign(self, body: bytes) -> str:
        return self.key.sign(body)

    def sign_all(self, bodies: Sequence[bytes]) -> list[str]:
        self.together.append(len(bodies))
        if self._broken:
            raise MemoryError
        return self.key.sign_all(bodies)


async def signed(seals: Seals) -> list[str]:
    begun = [seals.begin(body) for body in BODIES]
    return list(await asyncio.gather(*(seals.signature(seal) for seal in begun)))


async def test_each_gets_its_own_signature_and_a_rush_shares_calls() -> None:
    sealer = Watched()
    seals = Seals(sealer)
    assert await signed(seals) == [sealer.sign(body) for body in BODIES]
    assert sealer.together == [TOGETHER_MOST] * 3 + [2]
    assert await seals.signature(seals.begin(b"alone, later")) == sealer.sign(b"alone, later")
    seals.close()


async def test_when_signing_together_fails_it_is_done_one_by_one() -> None:
    sealer = Watched(broken=True)
    seals = Seals(sealer)
    assert await signed(seals) == [sealer.sign(body) for body in BODIES]
    seals.close()


async def test_what_begins_while_the_gateway_closes_is_signed_too() -> None:
    sealer = Watched()
    seals = Seals(sealer)
    seals.close()
    assert await seals.signature(seals.begin(b"late")) == sealer.sign(b"late")


def test_the_native_library_signs_as_everybody_else_does() -> None:
    need_native()
    private = Ed25519PrivateKey.generate()
    assert signing.sign_together(private.private_bytes_raw(), BODIES) == [private.sign(body) for body in BODIES]
    assert signing.sign_together(private.private_bytes_raw(), []) == []
    with pytest.raises(ValueError, match="32 bytes"):
        signing.sign_together(b"short", BODIES)


@pytest.mark.parametrize("text", [None, b"not a library"])
def test_without_the_library_the_key_signs_by_itself(
    text: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "_core.so"
    if text is not None:
        library.write_bytes(text)
    monkeypatch.setattr(signing, "LIBRARY", library)
    signing.native_sign.cache_clear()
    try:
        key = new_key()
        assert signing.sign_together(b"k" * 32, BODIES) is None
        assert key.sign_all(BODIES) == [key.sign(body) for body in BODIES]
    finally:
        signing.native_sign.cache_clear()
