"""DTLS-SRTP key agreement: the one file that touches aiortc's underscore names (a canary test names each)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from aiortc import rtcdtlstransport as upstream

from signaling.sfu.core_api import Profile
from signaling.sfu.sdp import Fingerprint

HANDSHAKE_TIMEOUT_S = 35.0  # from our description on: gathering and checks come first
QUEUE = 32  # datagrams a handshake may leave unread; flights are five or six

_PROFILES = {
    b"SRTP_AEAD_AES_256_GCM": Profile.AEAD_AES_256_GCM,
    b"SRTP_AEAD_AES_128_GCM": Profile.AEAD_AES_128_GCM,
    b"SRTP_AES128_CM_SHA1_80": Profile.AES128_CM_SHA1_80,
}

# Every private name of aiortc this file relies on; tests/sfu/test_aiortc_canary.py checks that they are still there.
PRIVATE_TRANSPORT_NAMES = ("_setup_srtp", "_set_state", "_set_role", "_role", "_srtp_profiles", "_ssl", "_task")
PRIVATE_ICE_NAMES = ("_recv", "_send")


class Certificate:
    """The certificate of one worker's life, shared by all its transports."""

    def __init__(self) -> None:
        self.upstream = upstream.RTCCertificate.generateCertificate()
        sha256 = next(each for each in self.upstream.getFingerprints() if each.algorithm == "sha-256")
        self.fingerprint: tuple[str, str] = (sha256.algorithm, sha256.value)


@dataclass(frozen=True, slots=True)
class Keys:
    """What the handshake agreed on. tx, rx: SRTP master key followed by master salt."""

    profile: Profile
    tx: bytes
    rx: bytes


class _Link:
    """Stands where aiortc expects its RTCIceTransport: an inbox and a way out."""

    role = "controlled"
    state = "completed"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._write = send
        self._inbox: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE + 1)
        self._closed = False

    def deliver(self, data: bytes) -> None:
        if self._inbox.qsize() < QUEUE:
            self._inbox.put_nowait(data)

    async def _recv(self) -> bytes:
        data = None if self._closed else await self._inbox.get()
        if data is None:
            raise ConnectionError
        return data

    async def _send(self, data: bytes) -> None:
        self._write(data)

    async def stop(self) -> None:
        if not self._closed:
            self._closed = True
            self._inbox.put_nowait(None)


class _Transport(upstream.RTCDtlsTransport):
    """aiortc's transport, keeping the exported keys instead of opening libsrtp sessions with them."""

    keys: Keys | None = None

    def _setup_srtp(self) -> None:
        assert self._ssl is not None
        selected = self._ssl.get_selected_srtp_profile()
        profile = next((each for each in self._srtp_profiles if each.openssl_profile == selected), None)
        if profile is None:
            self._set_state(upstream.State.FAILED)
            return
        size = 2 * (profile.key_length + profile.salt_length)
        material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", size)  # RFC 5764 §4.2
        ours = 1 if self._role == "server" else 0
        self.keys = Keys(
            _PROFILES[selected], profile.get_key_and_salt(material, ours), profile.get_key_and_salt(material, 1 - ours)
        )


class Dtls:
    """One DTLS association.

    send: puts a datagram on the wire. closed: called once when the peer says goodbye after connecting.
    """

    def __init__(self, certificate: Certificate, send: Callable[[bytes], None], closed: Callable[[], None]) -> None:
        self._link = _Link(send)
        self._transport = _Transport(cast(Any, self._link), [certificate.upstream])
        order = list(_PROFILES)  # GCM first: a third of the price of CM with SHA-1
        self._transport._srtp_profiles = sorted(
            (each for each in upstream.SRTP_PROFILES if each.openssl_profile in _PROFILES),
            key=lambda each: order.index(each.openssl_profile),
        )
        self._closed = closed
        self._connected = False
        self._transport.on("statechange", self._on_state)

    def deliver(self, data: bytes) -> None:
        """A DTLS datagram of this peer; dropped when too many wait."""
        self._link.deliver(data)

    async def handshake(self, role: Literal["client", "server"], fingerprints: Sequence[Fingerprint]) -> Keys:
        """Agree on keys. Raises ConnectionError: the peer cannot, is not who its description said, or takes 35 s."""
        self._transport._set_role(role)
        wanted = [upstream.RTCDtlsFingerprint(each.algorithm, each.value) for each in fingerprints]
        try:
            await asyncio.wait_for(self._transport.start(upstream.RTCDtlsParameters(wanted)), HANDSHAKE_TIMEOUT_S)
        except TimeoutError:
            raise ConnectionError("DTLS handshake timed out") from None
        keys: Keys | None = self._transport.keys
        if keys is None or self._transport.state != "connected":
            raise ConnectionError(f"DTLS {self._transport.state}")
        self._connected = True
        return keys

    async def close(self) -> None:
        """Say goodbye and stop. Twice is harmless."""
        self._connected = False
        task = self._transport._task
        await self._transport.stop()
        await self._link.stop()
        if task is not None:
            await asyncio.gather(task, return_exceptions=True)

    def _on_state(self) -> None:
        if self._transport.state == "closed" and self._connected:
            self._connected = False
            self._closed()
