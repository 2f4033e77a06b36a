"""ICE-lite: who may speak, where to, and what happens to everything else."""

from __future__ import annotations

from dataclasses import dataclass, field

from aioice import stun
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu.mux import ADDRESSES_A_PEER, QUIET_S, Agent, Mux

HOME, AWAY = ("192.0.2.1", 5000), ("198.51.100.9", 6000)


@dataclass
class Side:
    """Takes what an agent reports."""

    addresses: list[tuple[str, int]] = field(default_factory=list)
    checks: int = 0
    dtls: list[bytes] = field(default_factory=list)

    def on_address(self, host: str, port: int) -> None:
        self.addresses.append((host, port))

    def on_check(self) -> None:
        self.checks += 1

    def on_dtls(self, data: bytes) -> None:
        self.dtls.append(data)


class World:
    """A mux with a clock of its own and what it sent."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sent: list[tuple[tuple[str, int], bytes]] = []
        self.mux = Mux(lambda host, port, data: self.sent.append(((host, port), data)), lambda: self.now)
        self.side = Side()
        self.agent: Agent = self.mux.add(self.side)
        self.mux.describe(self.agent, "them")

    def check(
        self,
        source: tuple[str, int] = HOME,
        *,
        nominate: bool = False,
        theirs: str = "them",
        ours: tuple[str, str] | None = None,
        **attributes: object,
    ) -> stun.Message | None:
        """Send a check; returns the reply, if there was one."""
        ufrag, pwd = ours or (self.agent.ufrag, self.agent.pwd)
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{ufrag}:{theirs}"
        message.attributes["PRIORITY"] = 1
        message.attributes.update(attributes or {"ICE-CONTROLLING": 1})
        if nominate:
            message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity(pwd.encode())
        before = len(self.sent)
        self.mux.receive(*source, bytes(message))
        if len(self.sent) == before:
            return None
        target, data = self.sent[-1]
        assert target == source
        reply = stun.parse_message(data)
        assert reply.transaction_id == message.transaction_id and reply.check_message_integrity(pwd.encode())
        return reply


def test_a_check_is_answered_with_the_address_it_came_from() -> None:
    world = World()
    reply = world.check()
    assert reply is not None and reply.attributes["XOR-MAPPED-ADDRESS"] == HOME
    assert world.side.addresses == [HOME] and world.side.checks == 1


def test_a_peer_behind_a_dual_stack_socket_learns_its_ipv4_address() -> None:
    reply = World().check(("::ffff:192.0.2.1", 5000))
    assert reply is not None and reply.attributes["XOR-MAPPED-ADDRESS"] == HOME


def test_a_wrong_password_or_an_unknown_name_gets_no_answer_and_no_say() -> None:
    world = World()
    assert world.check(ours=(world.agent.ufrag, "x" * 32)) is None
    assert world.check(ours=("nobody", world.agent.pwd)) is None
    assert (world.side.addresses, world.side.checks, world.mux.ignored) == ([], 0, 2)


def test_attributes_too_short_for_their_kind_are_ignored_like_other_garbage() -> None:
    """Whoever sees a check on the wire knows a ufrag; an exception each would fill the log."""
    world = World()
    for attribute in (b"\x00\x24\x00\x01a\0\0\0", b"\x80\x28\x00\x01a\0\0\0", b"\x80\x2a\x00\x02ab\0\0"):
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{world.agent.ufrag}:them"
        data = bytes(message) + attribute
        world.mux.receive(*HOME, data[:2] + (len(data) - 20).to_bytes(2, "big") + data[4:])
    assert (world.sent, world.side.checks, world.mux.ignored) == ([], 0, 3)


def test_dtls_counts_only_from_an_address_that_was_checked() -> None:
    world = World()
    world.mux.receive(*HOME, b"\x16hello")
    world.check()
    world.mux.receive(*HOME, b"\x16hello")
    world.mux.receive(*AWAY, b"\x16hello")
    assert world.side.dtls == [b"\x16hello"]


def test_a_nominated_pair_moves_the_peer_and_another_working_pair_does_not() -> None:
    world = World()
    world.check(HOME)
    world.check(AWAY)
    assert world.side.addresses == [HOME]
    world.check(AWAY, nominate=True)
    assert world.side.addresses == [HOME, AWAY]


def test_a_peer_whose_nat_gave_it_another_port_is_followed_once_the_old_one_is_quiet() -> None:
    world = World()
    world.check(HOME, nominate=True)
    world.now += QUIET_S + 1
    world.check(("192.0.2.1", 5001))
    assert world.side.addresses[-1] == ("192.0.2.1", 5001)


def test_two_who_both_think_they_are_controlled_are_told_apart() -> None:
    world = World()
    reply = world.check(**{"ICE-CONTROLLED": 1})
    assert reply is not None and reply.attributes["ERROR-CODE"][0] == 487
    assert (world.side.addresses, world.side.checks) == ([], 0)


def test_a_restart_changes_both_credentials_and_the_old_ones_still_answer() -> None:
    world = World()
    old = (world.agent.ufrag, world.agent.pwd)
    world.mux.restart(world.agent)
    assert world.agent.ufrag != old[0] and world.agent.pwd != old[1]
    assert world.check(ours=old) is not None and world.check() is not None
    world.mux.restart(world.agent)
    assert world.check(ours=old) is None


def test_after_a_restart_only_the_peers_new_side_can_nominate() -> None:
    world = World()
    world.check(HOME, nominate=True)
    old = (world.agent.ufrag, world.agent.pwd)
    world.mux.restart(world.agent)
    world.mux.describe(world.agent, "them2")
    world.check(AWAY, nominate=True, theirs="them2", ours=old)  # Chromium gathered before it had our answer
    assert world.side.addresses == [HOME, AWAY]
    world.check(HOME, nominate=True, theirs="them", ours=old)  # the last checks of the pair it is leaving
    assert world.side.addresses == [HOME, AWAY]


def test_what_was_removed_is_no_longer_known() -> None:
    world = World()
    world.check()
    for _ in range(3):
        world.mux.restart(world.agent)
    world.mux.remove(world.agent)
    world.mux.remove(world.agent)
    assert world.check() is None
    assert not world.mux._by_ufrag and not world.mux._by_address
    world.mux.receive(*HOME, b"\x16late")
    assert world.side.dtls == []


def test_an_address_belongs_to_whoever_proved_it_last() -> None:
    world = World()
    world.check()
    other = Side()
    agent = world.mux.add(other)
    world.check(ours=(agent.ufrag, agent.pwd), theirs="")
    world.mux.receive(*HOME, b"\x16hello")
    assert (world.side.dtls, other.dtls) == ([], [b"\x16hello"])
    world.mux.remove(world.agent)
    world.mux.receive(*HOME, b"\x16again")
    assert other.dtls == [b"\x16hello", b"\x16again"]


def test_a_peer_that_checks_from_many_addresses_is_known_at_the_last_few_and_the_chosen_one() -> None:
    world = World()
    world.check(HOME, nominate=True)
    for port in range(7000, 7100):
        world.check(("192.0.2.1", port))
    assert len(world.agent.addresses) <= ADDRESSES_A_PEER and HOME in world.agent.addresses


@given(st.binary(max_size=200))
def test_no_octets_break_the_mux_or_get_an_answer(data: bytes) -> None:
    world = World()
    world.mux.receive(*HOME, data)
    world.mux.receive(*HOME, b"\x00\x01" + len(data).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + bytes(12) + data)
    named = b"\x00\x06\x00\x0d" + world.agent.ufrag.encode() + b":them\0\0\0"
    body = named + data + bytes(-len(data) % 4)
    world.mux.receive(*HOME, b"\x00\x01" + len(body).to_bytes(2, "big") + b"\x21\x12\xa4\x42" + bytes(12) + body)
    assert (world.sent, world.side.addresses, world.side.checks) == ([], [], 0)


@given(st.data())
def test_no_check_with_a_changed_octet_is_believed(data: st.DataObject) -> None:
    world = World()
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{world.agent.ufrag}:them"
    message.add_message_integrity(world.agent.pwd.encode())
    octets = bytearray(bytes(message))  # its last eight are FINGERPRINT, which authenticates nothing
    octets[data.draw(st.integers(0, len(octets) - 9))] ^= data.draw(st.integers(1, 255))
    world.mux.receive(*HOME, bytes(octets))
    assert (world.side.addresses, world.side.checks) == ([], 0)


def test_a_nomination_added_behind_the_signature_is_not_believed() -> None:
    world = World()
    world.check(HOME)
    message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    message.attributes["USERNAME"] = f"{world.agent.ufrag}:them"
    message.add_message_integrity(world.agent.pwd.encode())
    octets = bytes(message)[:-8] + b"\x00\x25\x00\x00"
    octets = octets[:2] + (len(octets) - 20).to_bytes(2, "big") + octets[4:]
    world.mux.receive(*AWAY, octets)
    assert (world.side.checks, world.side.addresses) == (2, [HOME])
