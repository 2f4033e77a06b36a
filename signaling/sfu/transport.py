"""One peer connection as we see it: ICE agent, DTLS association and keys in the core, from new to closed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Literal, Protocol

from signaling.sfu.core_api import Extensions
from signaling.sfu.dtls import Dtls
from signaling.sfu.sdp import Remote
from signaling.sfu.sdp_write import Local

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

log = logging.getLogger("pleno.sfu")

CONNECT_S = 40.0  # from the description to the keys; then the client has given up
CONSENT_S = 25.0  # without an ICE check nothing is sent any more (RFC 7675 §5.1 asks for 30 at most)
FORGET_S = 900.0  # a link that was cut may come back to the same keys for this long

State = Literal["new", "connecting", "connected", "closed"]


class Owner(Protocol):
    """The publishing or subscribing side of a peer."""

    def on_connected(self) -> None: ...

    def on_consent(self, given: bool) -> None:
        """False: the peer has gone silent, send nothing; True: it is back with the same keys."""

    def on_closed(self) -> None: ...

    def on_rtcp(self, data: bytes) -> None: ...

    def on_unknown(self, data: bytes) -> None: ...


class Transport:
    """`handle` is the peer in the core, -1 until keys are agreed. Idempotent close."""

    def __init__(self, plane: Plane, owner: Owner) -> None:
        self._plane = plane
        self.owner = owner
        self.state: State = "new"
        self.consent = True
        self.handle = -1
        self.remote: Remote | None = None
        self.born = self.seen = plane.clock()
        self._version = 0
        self._reachable = asyncio.Event()
        self._connecting: asyncio.Task[None] | None = None
        self._agent = plane.mux.add(self)
        self._dtls = Dtls(plane.certificate, self._send, self.close)
        plane.transports.add(self)

    def local(self) -> Local:
        """Our half for the next description."""
        self._version += 1
        plane = self._plane
        return Local(self._agent.ufrag, self._agent.pwd, plane.certificate.fingerprint, plane.candidates, self._version)

    def connect(self, remote: Remote) -> None:
        """Start the handshake as the peer's description says; later calls only note its new credentials."""
        first = self.remote is None
        self.remote = remote
        self._plane.mux.describe(self._agent, remote.ufrag)
        if first:
            self.state = "connecting"
            self._connecting = asyncio.get_running_loop().create_task(self._connect(remote))

    def restart(self) -> None:
        """ICE restart on our side: credentials that were never used before. Keys and sequence numbers go on."""
        self._plane.mux.restart(self._agent)
        self.seen = self._plane.clock()

    async def _connect(self, remote: Remote) -> None:
        try:
            async with asyncio.timeout(CONNECT_S):
                role: Literal["client", "server"] = "client" if remote.setup == "passive" else "server"
                if role == "client":
                    await self._reachable.wait()  # nowhere to send a ClientHello before the first check
                keys = await self._dtls.handshake(role, remote.fingerprints)
        except (ConnectionError, TimeoutError) as fault:
            log.info("peer not connected: %s", fault or "timed out")
            self.close()
            return
        except Exception:  # whatever OpenSSL makes of a hostile flight concerns this peer alone
            log.exception("handshake failed")
            self.close()
            return
        address = self._agent.address
        if address is None or self.state != "connecting":
            self.close()
            return
        core = self._plane.core
        self.handle = core.add_peer(keys.profile, keys.tx, keys.rx)
        core.set_address(self.handle, *address)
        self._plane.by_handle[self.handle] = self
        self.state = "connected"
        self.owner.on_connected()

    def set_extensions(self, extensions: Extensions) -> None:
        if self.handle >= 0:
            self._plane.core.set_extensions(self.handle, extensions)

    def send_rtcp(self, data: bytes) -> None:
        """Send a compound packet, if there are keys and consent."""
        if self.handle >= 0 and self.consent:
            self._plane.core.send_rtcp(self.handle, data)

    def check(self, now: float) -> None:
        """Once a second: give up on whoever never came or stayed away."""
        silent = now - self.seen
        if self.state in ("new", "connecting"):
            if silent > CONNECT_S:
                self.close()
        elif self.consent and silent > CONSENT_S:
            self.consent = False
            self.owner.on_consent(False)
        elif silent > FORGET_S:
            self.close()

    def on_address(self, host: str, port: int) -> None:
        self._reachable.set()
        if self.handle >= 0:
            self._plane.core.set_address(self.handle, host, port)

    def on_check(self) -> None:
        self.seen = self._plane.clock()
        if not self.consent and self.state == "connected":
            self.consent = True
            self.owner.on_consent(True)

    def on_dtls(self, data: bytes) -> None:
        self._dtls.deliver(data)

    def _send(self, data: bytes) -> None:
        if self._agent.address is not None:
            self._plane.core.send(*self._agent.address, data)

    def close(self) -> None:
        """Stop, forget, tell the owner. Twice is harmless."""
        if self.state == "closed":
            return
        self.state = "closed"
        self._plane.transports.discard(self)
        if self._connecting is not None and self._connecting is not asyncio.current_task():
            self._connecting.cancel()
        if self.handle >= 0:
            del self._plane.by_handle[self.handle]
            self._plane.core.remove_peer(self.handle)
            self.handle = -1
        self._plane.spawn(self._goodbye())
        self.owner.on_closed()

    async def _goodbye(self) -> None:
        await self._dtls.close()
        self._plane.mux.remove(self._agent)
