"""A bare WebRTC client: one socket, one ICE check, DTLS; its keys and socket then go to the load."""

from __future__ import annotations

import asyncio
import re
import secrets
import socket
from collections.abc import Callable
from typing import Literal

from aioice import stun

from signaling.sfu.dtls import Certificate, Dtls, Keys
from signaling.sfu.sdp import Fingerprint

CHECK_EVERY_S = 0.05
CONNECT_S = 15.0
COPIED = ("a=mid:", "a=rtpmap:", "a=fmtp:", "a=rtcp-fb:", "a=extmap:")


def attribute(sdp: str, name: str) -> str:
    """The first `a=name:` of a description. Raises ValueError."""
    found = re.search(rf"^a={name}:(.*?)\r?$", sdp, re.MULTILINE)
    if found is None:
        raise ValueError(f"no a={name} in the description")
    return found.group(1)


class Client:
    """address: our own, from which the other side is reached."""

    def __init__(self, certificate: Certificate, address: str) -> None:
        self.ufrag, self.pwd = secrets.token_hex(4), secrets.token_hex(12)
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setblocking(False)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.sock.bind((address, 0))
        self._certificate = certificate
        self._dtls = Dtls(certificate, self._send, lambda: None)
        self._checked = asyncio.Event()
        self._remote = ("", "")

    def _head(self, mids: list[str], session: str) -> list[str]:
        return [
            "v=0",
            f"o=- {session} 1 IN IP4 127.0.0.1",
            "s=-",
            "t=0 0",
            "a=group:BUNDLE " + " ".join(mids),
            "a=msid-semantic: WMS *",
        ]

    def _transport(self, setup: str) -> list[str]:
        host, port = self.sock.getsockname()
        algorithm, value = self._certificate.fingerprint
        return [
            "c=IN IP4 0.0.0.0",
            f"a=ice-ufrag:{self.ufrag}",
            f"a=ice-pwd:{self.pwd}",
            f"a=fingerprint:{algorithm} {value}",
            f"a=setup:{setup}",
            "a=rtcp-mux",
            f"a=candidate:1 1 udp 2130706431 {host} {port} typ host",
            "a=end-of-candidates",
        ]

    def publish_offer(self, ssrc: int) -> str:
        """One VP8 track with RTX (SSRC + 1)."""
        media = [
            "a=mid:0",
            "a=sendonly",
            "a=msid:stream track",
            "a=rtpmap:96 VP8/90000",
            "a=rtcp-fb:96 nack",
            "a=rtcp-fb:96 nack pli",
            "a=rtcp-fb:96 goog-remb",
            "a=rtpmap:97 rtx/90000",
            "a=fmtp:97 apt=96",
            "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
            "a=extmap:3 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time",
            f"a=ssrc-group:FID {ssrc} {ssrc + 1}",
            f"a=ssrc:{ssrc} cname:load",
            f"a=ssrc:{ssrc + 1} cname:load",
        ]
        lines = [*self._head(["0"], "1"), "m=video 9 UDP/TLS/RTP/SAVPF 96 97", *self._transport("actpass"), *media]
        return "\r\n".join(lines) + "\r\n"

    def subscribe_answer(self, offer: str) -> str:
        """Take everything offered."""
        sections = [section.splitlines() for section in re.split(r"^(?=m=)", offer, flags=re.MULTILINE)[1:]]
        lines = self._head([attribute("\r\n".join(section), "mid") for section in sections], "1")
        for section in sections:
            lines += [re.sub(r"^(m=\w+) \d+", r"\1 9", section[0]), *self._transport("active"), "a=recvonly"]
            lines += [line for line in section if line.startswith(COPIED)]
        return "\r\n".join(lines) + "\r\n"

    async def connect(self, remote: str, role: Literal["client", "server"]) -> Keys:
        """Check, shake hands, agree on keys with who wrote this description. Raises ConnectionError, TimeoutError."""
        candidate = attribute(remote, "candidate").split()
        self._remote = attribute(remote, "ice-ufrag"), attribute(remote, "ice-pwd")
        self.sock.connect((candidate[4], int(candidate[5])))
        loop = asyncio.get_running_loop()
        loop.add_reader(self.sock.fileno(), self._read)
        try:
            async with asyncio.timeout(CONNECT_S):
                while not self._checked.is_set():
                    self.check()
                    await self._soon(self._checked.wait)
                algorithm, value = attribute(remote, "fingerprint").split()
                return await self._dtls.handshake(role, [Fingerprint(algorithm.lower(), value)])
        finally:
            loop.remove_reader(self.sock.fileno())

    @staticmethod
    async def _soon(wait: Callable[[], object]) -> None:
        try:
            await asyncio.wait_for(wait(), CHECK_EVERY_S)  # type: ignore[arg-type]
        except TimeoutError:
            pass

    def check(self) -> None:
        """Send a check that nominates; also keeps consent alive."""
        request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        request.attributes["USERNAME"] = f"{self._remote[0]}:{self.ufrag}"
        request.attributes["PRIORITY"] = 1845501695
        request.attributes["ICE-CONTROLLING"] = secrets.randbits(64)
        request.attributes["USE-CANDIDATE"] = None
        request.add_message_integrity(self._remote[1].encode())
        request.add_fingerprint()
        self._send(bytes(request))

    def _send(self, data: bytes) -> None:
        try:
            self.sock.send(data)
        except OSError:
            pass  # not there yet, or gone

    def _read(self) -> None:
        try:
            data = self.sock.recv(4096)
        except OSError:
            return
        if data[0] < 4:
            self._on_stun(data)
        elif 20 <= data[0] <= 63:
            self._dtls.deliver(data)

    def _on_stun(self, data: bytes) -> None:
        message = stun.parse_message(data)
        if message.message_class is stun.Class.RESPONSE:
            self._checked.set()
        elif message.message_class is stun.Class.REQUEST:
            response = stun.Message(stun.Method.BINDING, stun.Class.RESPONSE, message.transaction_id)
            response.attributes["XOR-MAPPED-ADDRESS"] = self.sock.getpeername()
            response.add_message_integrity(self.pwd.encode())
            response.add_fingerprint()
            self._send(bytes(response))

    async def close(self) -> None:
        await self._dtls.close()
        self.sock.close()
