"""Order: rollover both ways, reordering across it, jumps, duplicates, loss."""

from __future__ import annotations

import itertools

import pytest

from signaling.sfu.core_api import Kind, Profile
from tests.sfu.core_endpoint import Rig, rtp
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401

PROFILES = pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.name)


@PROFILES
def test_the_incoming_rollover_counter_follows_two_wraps(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, producer, _ = rig.pair(profile=profile)
    count = 0
    for index in [*range(65000, 65600, 7), *range(66000, 131000, 900), *range(131000, 131200, 3)]:
        publisher.send(1, index, index.to_bytes(4))
        count += 1
    assert len(subscriber.receive()) == count
    assert rig.core.producer_stats(producer).extended_seq == 131198


@PROFILES
def test_the_outgoing_rollover_counter_follows(rig: Rig, profile: Profile) -> None:
    """Whatever number the consumer starts at, 2^16 + 100 packets cross a wrap; the receiver decrypts all."""
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    step = 800  # of sequence numbers: below the window, so that nothing realigns
    received = []
    for index in range(1, 2 * 65536, step):
        publisher.send(1, index, index.to_bytes(4))
        received += subscriber.receive()
    assert [int.from_bytes(packet.payload) for packet in received] == list(range(1, 2 * 65536, step))
    numbers = [packet.seq for packet in received]
    assert any(later < earlier for earlier, later in itertools.pairwise(numbers))


@PROFILES
def test_packets_reordered_across_the_wrap_are_decrypted_and_forwarded(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, producer, consumer = rig.pair(profile=profile)
    packets = {i: publisher.tx.protect(rtp(1, i, i.to_bytes(4), rtp_ts=i)) for i in range(65500, 65580)}
    order = [*range(65500, 65530), 65540, 65535, 65536, *range(65530, 65535), 65539, 65537, 65538, *range(65541, 65580)]
    for index in order:
        publisher.send_raw(packets[index])
    received = subscriber.receive()
    assert [int.from_bytes(packet.payload) for packet in received] == order
    assert {(packet.seq - packet.rtp_ts) & 0xFFFF for packet in received} == {
        (received[0].seq - received[0].rtp_ts) & 0xFFFF
    }
    stats = rig.core.producer_stats(producer)
    assert (stats.packets, stats.extended_seq, stats.base_seq) == (80, 65579, 65500)
    assert rig.core.consumer_stats(consumer).last_seq == received[-1].seq


def test_the_outgoing_wrap_survives_reordering(rig: Rig) -> None:
    publisher, subscriber, _, consumer = rig.pair()
    publisher.send(1, 0, b"x")
    first = rig.core.consumer_stats(consumer).last_seq
    wrap = 65536 - first  # the incoming number that goes out as 0
    for index in range(500, wrap - 3, 500):  # steps that realign nothing
        publisher.send(1, index, b"x")
    order = [wrap - 3, wrap + 2, wrap - 1, wrap, wrap - 2, wrap + 1, wrap + 3]
    early = len(subscriber.receive())
    for index in order:
        publisher.send(1, index, index.to_bytes(4))
    received = subscriber.receive()
    assert early > 1
    assert [int.from_bytes(packet.payload) for packet in received] == order
    assert [packet.seq for packet in received] == [65533, 2, 65535, 0, 65534, 1, 3]


def test_late_packets_from_before_the_first_one_forwarded_stay_out(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    publisher.send(1, 100, b"x")
    publisher.send(1, 99, b"before")
    assert [packet.payload for packet in subscriber.receive()] == [b"x"]
    assert rig.core.producer_stats(producer).packets == 2


def test_a_jump_forward_goes_on_without_losing_the_receiver(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    for index in (10, 11, 40011, 40012, 40012 + 30000):
        publisher.send(1, index, index.to_bytes(4))
    received = subscriber.receive()
    assert [int.from_bytes(packet.payload) for packet in received] == [10, 11, 40011, 40012, 70012]
    assert [(packet.seq - received[0].seq) & 0xFFFF for packet in received] == [0, 1, 2, 3, 4]
    assert rig.core.missing(producer) == []
    assert rig.core.producer_stats(producer).extended_seq == 70012


def test_a_receiver_away_for_long_hears_again(rig: Rig) -> None:
    """Its address was taken and came back 40,000 packets later: libsrtp there must still guess the counter."""
    publisher, subscriber, _, _ = rig.pair()
    publisher.send(1, 1, b"x")
    squatter = rig.endpoint()
    rig.core.set_address(squatter.peer, *subscriber.sock.getsockname())
    for index in range(2, 40_000, 500):
        publisher.send(1, index, b"unheard")
    rig.core.remove_peer(squatter.peer)
    rig.core.set_address(subscriber.peer, *subscriber.sock.getsockname())
    publisher.send(1, 40_000, b"y")
    first, second = subscriber.receive()
    assert (first.payload, second.payload) == (b"x", b"y")
    assert second.seq == (first.seq + 1) & 0xFFFF


def test_a_late_packet_is_not_taken_for_one_a_window_ago(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    late = publisher.tx.protect(rtp(1, 1030, b"late"))
    for index in (*range(1024), 1040):
        publisher.send(1, index, b"x")
    subscriber.datagrams()
    publisher.send_raw(late)
    assert [packet.payload for packet in subscriber.receive()] == [b"late"]


def test_gaps_stay_gaps_for_the_receiver_to_see(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    for index in (1, 2, 5, 9):
        publisher.send(1, index, b"x")
    numbers = [packet.seq for packet in subscriber.receive()]
    assert [(number - numbers[0]) & 0xFFFF for number in numbers] == [0, 1, 4, 8]


def test_everything_a_peer_had_goes_with_it(rig: Rig) -> None:
    publisher, subscriber, producer, consumer = rig.pair()
    rig.core.remove_peer(publisher.peer)
    rig.core.remove_peer(publisher.peer)
    assert not rig.core.consumer_stats(consumer).waiting
    with pytest.raises(KeyError):
        rig.core.producer_stats(producer)
    rig.core.remove_peer(subscriber.peer)
    with pytest.raises(KeyError):
        rig.core.consumer_stats(consumer)
    rig.core.remove_consumer(consumer)
    rig.core.remove_producer(producer)


def test_a_closed_handle_never_means_its_successor(rig: Rig) -> None:
    _, subscriber, producer, consumer = rig.pair()
    rig.core.remove_consumer(consumer)
    later = rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 31, 100)
    rig.core.remove_consumer(consumer)
    rig.core.switch(later, producer)
    assert rig.core.consumer_stats(later).packets == 0
    with pytest.raises(KeyError):
        rig.core.switch(consumer, producer)


def test_many_comings_and_goings_leave_a_working_core(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    for round_ in range(60):
        guests = [rig.endpoint(Profile.AEAD_AES_128_GCM) for _ in range(4)]
        for guest in guests:
            own = rig.core.add_producer(guest.peer, Kind.VP8, 5, 6)
            rig.core.switch(rig.core.add_consumer(guest.peer, Kind.AUDIO, 11, 100), producer)
            rig.core.switch(rig.core.add_consumer(guests[0].peer, Kind.VP8, 50 + guest.peer, 100), own)
        publisher.send(1, round_, b"x")
        assert [len(guest.receive()) for guest in guests] == [1] * 4
        for guest in guests[:: -1 if round_ % 2 else 1]:
            rig.core.remove_peer(guest.peer)
            guest.sock.close()
            del rig.inboxes[guest.sock]
    assert rig.core.totals().packets_out == 61 * 4 + 60 - 4


@pytest.mark.parametrize(
    "wrong",
    [
        lambda core, peer: core.add_producer(peer, Kind.AUDIO, 7, 7),
        lambda core, peer: core.add_producer(peer, Kind.AUDIO, 0, 7),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 0, 100, 7, 101),
        lambda core, peer: core.add_producer(peer, Kind.AUDIO, 1),
        lambda core, peer: core.add_producer(peer, Kind.AUDIO, 8, 1),
        lambda core, peer: core.add_producer(peer, Kind.AUDIO, 2),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 11, 100),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 12, 100),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 13, 100, 12, 101),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 13, 100, 13, 101),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 13, 128),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 13, 100, 14, -1),
        lambda core, peer: core.add_consumer(peer, Kind.AUDIO, 13, 100, mid="seventeen octets!"),
        lambda core, peer: core.add_peer(Profile.AEAD_AES_128_GCM, bytes(28), bytes(27)),
        lambda core, peer: core.add_peer(Profile.AEAD_AES_256_GCM, bytes(28), bytes(28)),
        lambda core, peer: core.send_rtcp(peer, b"\x80\xc9\0\0"),
        lambda core, peer: core.send_rtcp(peer, bytes(1404)),
    ],
)
def test_bad_arguments_are_refused_and_change_nothing(rig: Rig, wrong: object) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    rig.core.switch(rig.core.add_consumer(publisher.peer, Kind.AUDIO, 11, 100, 12, 101), producer)
    with pytest.raises(ValueError):
        wrong(rig.core, publisher.peer)  # type: ignore[operator]
    publisher.send(1, 1, b"x")
    assert len(subscriber.receive()) == len(publisher.receive()) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda core: core.set_address(99, "127.0.0.1", 9),
        lambda core: core.set_budget(99, 1),
        lambda core: core.add_producer(99, Kind.AUDIO, 1),
        lambda core: core.add_consumer(99, Kind.AUDIO, 1, 1),
        lambda core: core.switch(99, -1),
        lambda core: core.retransmit(99, [1]),
        lambda core: core.missing(99),
        lambda core: core.send_rtcp(99, bytes(8)),
        lambda core: core.producer_stats(99),
        lambda core: core.consumer_stats(-1),
    ],
)
def test_unknown_handles_raise_key_error(rig: Rig, call: object) -> None:
    rig.pair()
    with pytest.raises(KeyError):
        call(rig.core)  # type: ignore[operator]


def test_closing_twice_is_harmless(rig: Rig) -> None:
    rig.pair()
    rig.core.close()
    rig.core.close()
