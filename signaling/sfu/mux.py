"""ICE-lite on one UDP port (RFC 8445 §2.5): who is behind a datagram, and where each peer is reached."""

from __future__ import annotations

import ipaddress
import secrets
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from aioice import stun

COOKIE = b"\x21\x12\xa4\x42"
BINDING_REQUEST = b"\x00\x01"
MAX_STUN = 1024  # octets; a check with every attribute stays under 200
MAX_ATTRIBUTES = 24
ADDRESSES_A_PEER = 8
QUIET_S = 5.0

Address = tuple[str, int]


class Behind(Protocol):
    """What an agent reports to."""

    def on_address(self, host: str, port: int) -> None:
        """Send here from now on."""

    def on_check(self) -> None:
        """The peer proved that it is there."""

    def on_dtls(self, data: bytes) -> None: ...


@dataclass(slots=True)
class Agent:
    """Our ICE credentials for one transport, and what its peer's checks told us.

    old: our credentials before the last restart; Chromium goes on nominating with them when it had gathered before it
    heard of the new ones. peer, retired: the peer's ufrag, and the one it had before its own last restart.
    """

    behind: Behind
    ufrag: str = ""
    pwd: str = ""
    old: tuple[str, str] | None = None
    peer: str = ""
    retired: str = ""
    address: Address | None = None
    heard: float = 0.0  # last check from `address`, monotonic seconds
    addresses: dict[Address, None] = field(default_factory=dict)


class Mux:
    """Demultiplexes by ufrag, then by address; an address counts only after an authenticated check came from it."""

    def __init__(self, send: Callable[[str, int, bytes], None], clock: Callable[[], float]) -> None:
        self._send = send
        self._clock = clock
        self._by_ufrag: dict[str, Agent] = {}
        self._by_address: dict[Address, Agent] = {}
        self.checks = 0
        self.ignored = 0

    def add(self, behind: Behind) -> Agent:
        agent = Agent(behind)
        self._name(agent)
        return agent

    def restart(self, agent: Agent) -> None:
        """New credentials; the old ones keep answering until the next restart (RFC 8445 §9)."""
        if agent.old is not None:
            self._by_ufrag.pop(agent.old[0], None)
        agent.old = (agent.ufrag, agent.pwd)
        self._name(agent)

    def describe(self, agent: Agent, ufrag: str) -> None:
        """The peer's ufrag, as its last description says."""
        if agent.peer and agent.peer != ufrag:
            agent.retired = agent.peer
        agent.peer = ufrag

    def remove(self, agent: Agent) -> None:
        """Forget an agent. Twice is harmless."""
        for ufrag in (agent.ufrag, agent.old[0] if agent.old else ""):
            self._by_ufrag.pop(ufrag, None)
        for address in agent.addresses:
            self._by_address.pop(address, None)
        agent.addresses.clear()

    def _name(self, agent: Agent) -> None:
        agent.ufrag = secrets.token_hex(4)
        while agent.ufrag in self._by_ufrag:
            agent.ufrag = secrets.token_hex(4)
        agent.pwd = secrets.token_hex(16)
        self._by_ufrag[agent.ufrag] = agent

    def receive(self, host: str, port: int, data: bytes) -> None:
        """Take a datagram that is not media from a known peer (RFC 7983 tells them apart)."""
        first = data[0] if data else 255
        if first < 4:
            self._stun(host, port, data)
        elif 20 <= first <= 63:
            agent = self._by_address.get((host, port))
            if agent is None:
                self.ignored += 1
            else:
                agent.behind.on_dtls(data)
        else:
            self.ignored += 1

    def _stun(self, host: str, port: int, data: bytes) -> None:
        ufrag, _, theirs = username(data).partition(":")
        agent = self._by_ufrag.get(ufrag)
        if agent is None:
            self.ignored += 1
            return
        pwd = agent.pwd if ufrag == agent.ufrag or agent.old is None else agent.old[1]
        try:
            message = stun.parse_message(data)
            authentic = message.check_message_integrity(pwd.encode())
        except (ValueError, KeyError, IndexError, struct.error):  # whatever aioice makes of a stranger's attributes
            authentic = False
        if not authentic:
            self.ignored += 1
            return
        if "ICE-CONTROLLED" in message.attributes:  # both controlled: the full agent has to lead (RFC 8445 §7.3.1.1)
            self._reply(host, port, message, pwd, {"ERROR-CODE": (487, "Role Conflict")}, stun.Class.ERROR)
            return
        self.checks += 1
        mapped = {"XOR-MAPPED-ADDRESS": (_plain(host), port)}
        self._reply(host, port, message, pwd, mapped, stun.Class.RESPONSE)
        nominated = "USE-CANDIDATE" in message.attributes
        self._checked(agent, (host, port), not agent.retired or theirs != agent.retired, nominated)

    def _reply(
        self, host: str, port: int, request: stun.Message, pwd: str, attributes: dict[str, Any], kind: stun.Class
    ) -> None:
        reply = stun.Message(stun.Method.BINDING, kind, request.transaction_id, attributes)
        reply.add_message_integrity(pwd.encode())
        self._send(host, port, bytes(reply))

    def _checked(self, agent: Agent, address: Address, current: bool, nominated: bool) -> None:
        self._know(agent, address)
        now = self._clock()
        if address != agent.address and current:
            # nominated, or the address we had went quiet: a NAT gave the peer another port (RFC 7675 §5.1)
            if agent.address is None or nominated or now - agent.heard > QUIET_S:
                agent.address = address
                agent.behind.on_address(*address)
        if address == agent.address:
            agent.heard = now
        agent.behind.on_check()

    def _know(self, agent: Agent, address: Address) -> None:
        owner = self._by_address.get(address)
        if owner is agent:
            return
        if owner is not None:  # the port was reused by another peer, which has just proved it
            owner.addresses.pop(address, None)
        self._by_address[address] = agent
        agent.addresses[address] = None
        if len(agent.addresses) > ADDRESSES_A_PEER:
            oldest = next(each for each in agent.addresses if each not in (agent.address, address))
            del agent.addresses[oldest]
            self._by_address.pop(oldest, None)


def username(data: bytes) -> str:
    """USERNAME (our ufrag, a colon, theirs) of a binding request, empty for anything else; garbage costs little."""
    size = len(data)
    if not 28 <= size <= MAX_STUN or data[:2] != BINDING_REQUEST or data[4:8] != COOKIE:
        return ""
    if int.from_bytes(data[2:4], "big") != size - 20:
        return ""
    at = 20
    for _ in range(MAX_ATTRIBUTES):
        if at + 4 > size:
            return ""
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at : at + 2] == b"\x00\x06":
            return data[at + 4 : at + 4 + length].decode("ascii", "replace")
        at += 4 + length + (-length % 4)
    return ""


def _plain(host: str) -> str:
    """An address as the peer knows it: a dual-stack socket shows IPv4 peers as ::ffff:a.b.c.d."""
    address = ipaddress.ip_address(host.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
