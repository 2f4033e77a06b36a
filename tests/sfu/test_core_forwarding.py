"""What goes in comes out: payload, header and extensions, for each profile and address family."""

from __future__ import annotations

import os
import socket

import pytest

from signaling.sfu.core_api import Datagram, Extensions, Kind, Profile
from tests.sfu.core_endpoint import Rig, rig_of, rtp, unknown_of
from tests.sfu.core_rig import Which, rig_fixture, which_fixture  # noqa: F401

PROFILES = pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.name)


@PROFILES
def test_every_octet_of_the_payload_arrives(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    payloads = [os.urandom(size) for size in (1, 2, 15, 16, 17, 160, 1199, 1200, 1340)]
    for seq, payload in enumerate(payloads):
        assert publisher.send(1, seq, payload, rtp_ts=960 * seq) == []
    received = subscriber.receive()
    assert [packet.payload for packet in received] == payloads
    assert {(packet.ssrc, packet.payload_type) for packet in received} == {(11, 100)}


@PROFILES
def test_peers_of_different_profiles_hear_each_other(rig: Rig, profile: Profile) -> None:
    publisher, _, producer, _ = rig.pair(profile=Profile.AES128_CM_SHA1_80)
    subscriber = rig.endpoint(profile)
    rig.core.switch(rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 21, 99), producer)
    publisher.send(1, 7, b"across")
    assert [packet.payload for packet in subscriber.receive()] == [b"across"]


def test_marker_and_differences_of_sequence_and_timestamp_are_kept(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    for seq, rtp_ts, marker in ((500, 1000, False), (501, 1000, True), (503, 4000, False)):
        publisher.send(1, seq, b"x", rtp_ts=rtp_ts, marker=marker)
    first, second, third = subscriber.receive()
    assert [first.marker, second.marker, third.marker] == [False, True, False]
    assert [(packet.seq - first.seq) & 0xFFFF for packet in (second, third)] == [1, 3]
    assert [(packet.rtp_ts - first.rtp_ts) & 0xFFFFFFFF for packet in (second, third)] == [0, 3000]


def test_timestamps_wrap(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    publisher.send(1, 1, b"x", rtp_ts=0xFFFFFFFF)
    publisher.send(1, 2, b"x", rtp_ts=959)
    first, second = subscriber.receive()
    assert (second.rtp_ts - first.rtp_ts) & 0xFFFFFFFF == 960


def test_contributing_sources_foreign_extensions_and_padding_stay_behind(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    publisher.send(1, 1, b"payload", csrcs=(7, 8), extension=(0xBEDE, b"\x51ab\0"), padding=5)
    (packet,) = subscriber.receive()
    assert packet.payload == b"payload"
    assert packet.extensions == {}


def test_each_receiver_gets_its_own_extension_ids(rig: Rig) -> None:
    publisher = rig.endpoint(extensions=Extensions(audio_level=5))
    producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 1)
    some = rig.endpoint(extensions=Extensions(mid=1, audio_level=2, abs_send_time=3, twcc=4))
    other = rig.endpoint(extensions=Extensions(audio_level=14))
    none = rig.endpoint()
    for endpoint in (some, other, none):
        rig.core.switch(rig.core.add_consumer(endpoint.peer, Kind.AUDIO, 11, 100, mid="hall-3"), producer)
    for seq in (1, 2):
        publisher.send(1, seq, b"x", extension=(0xBEDE, b"\x50\x9e\0\0"))
    first, second = some.receive()
    assert set(first.extensions) == {1, 2, 3, 4}
    assert first.extensions[1] == b"hall-3"
    assert first.extensions[2] == b"\x9e"
    assert [packet.extensions[4] for packet in (first, second)] == [b"\0\0", b"\0\1"]
    assert other.receive()[0].extensions == {14: b"\x9e"}
    assert none.receive()[0].extensions == {}


def test_absolute_send_time_is_the_clock_in_six_eighteen_fixed_point(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair(extensions=Extensions(abs_send_time=3))
    publisher.send(1, 1, b"x")
    rig.wait(1500)
    publisher.send(1, 2, b"x")
    before, after = (int.from_bytes(packet.extensions[3]) for packet in subscriber.receive())
    assert (after - before) % (1 << 24) == 3 << 17


def test_the_transport_wide_number_counts_every_packet_to_a_peer(rig: Rig) -> None:
    publisher, subscriber, _, consumer = rig.pair(extensions=Extensions(twcc=9))
    second = rig.core.add_producer(publisher.peer, Kind.AUDIO, 3)
    rig.core.switch(rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 13, 100), second)
    publisher.send(1, 1, b"x")
    publisher.send(3, 1, b"x")
    rig.core.retransmit(consumer, [rig.core.consumer_stats(consumer).last_seq])
    assert [packet.extensions[9] for packet in subscriber.receive()] == [b"\0\0", b"\0\1", b"\0\2"]


def test_ids_that_need_the_two_byte_form_are_read_and_not_written(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair(extensions=Extensions(audio_level=20, twcc=15))
    publisher.send(1, 1, b"x", extension=(0x1000, b"\x03\x02ab\x14\x01\x85\0"))
    assert rig.core.producer_stats(producer).level == 5
    assert subscriber.receive()[0].extensions == {}


@pytest.mark.parametrize(
    ("extension", "level"),
    [
        ((0xBEDE, b"\x50\x87\0\0"), 7),
        ((0xBEDE, b"\0\0\x11ab\x50\x07\0"), 7),
        ((0xBEDE, b"\xf0\0\x50\x07"), 127),  # id 15 ends the list
        ((0xBEDE, b"\x1fab\0"), 127),  # runs past the end
        ((0xBEDE, b""), 127),
        ((0x1004, b"\x05\x01\x87\0"), 7),
        ((0x1000, b"\x05\x00\x05\x01\x02\0\0\0"), 2),  # an empty element first
        ((0x1000, b"\x01\x09\x05\x01"), 127),
        ((0x1000, b"\0\0\0\x05"), 127),
        ((0xABCD, b"\x50\x87\0\0"), 127),
    ],
)
def test_the_audio_level_is_found_or_left_alone(rig: Rig, extension: tuple[int, bytes], level: int) -> None:
    publisher, subscriber, producer, _ = rig.pair(extensions=Extensions(audio_level=5))
    publisher.send(1, 1, b"x", extension=extension)
    assert rig.core.producer_stats(producer).level == level
    assert [packet.payload for packet in subscriber.receive()] == [b"x"]


def test_padding_only_packets_pass_empty_so_that_no_number_is_missing(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    publisher.send(1, 1, b"x")
    publisher.send(1, 2, b"", padding=200)
    publisher.send(1, 3, b"y")
    received = subscriber.receive()
    assert [packet.payload for packet in received] == [b"x", b"", b"y"]
    assert [(packet.seq - received[0].seq) & 0xFFFF for packet in received] == [0, 1, 2]
    assert rig.core.producer_stats(producer).octets == 2


@pytest.mark.parametrize("tail", [b"\0", b"\x05"], ids=["zero", "longer than the payload"])
def test_nonsense_padding_is_refused(rig: Rig, tail: bytes) -> None:
    publisher, subscriber, _, _ = rig.pair()
    packet = bytearray(rtp(1, 1, b"abc" + tail))
    packet[0] |= 0x20
    publisher.send_raw(publisher.tx.protect(bytes(packet)))
    assert subscriber.receive() == []
    assert rig.core.totals().rejected == 1


def test_a_burst_to_many_reaches_all_in_order(rig: Rig) -> None:
    publisher = rig.endpoint()
    producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 1)
    subscribers = [rig.endpoint(list(Profile)[n % 3]) for n in range(40)]
    for n, subscriber in enumerate(subscribers):
        rig.core.switch(rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 100 + n, 96), producer)
    payloads = [os.urandom(1000 if seq % 7 else 300) for seq in range(60)]
    for seq, payload in enumerate(payloads):
        publisher.sock.sendto(publisher.tx.protect(rtp(1, seq, payload)), rig.address)
    rig.pump()
    for subscriber in subscribers:
        assert [packet.payload for packet in subscriber.receive()] == payloads
    assert rig.core.totals().packets_out == 40 * 60


def test_one_pump_leaves_the_event_loop_its_turn(rig: Rig) -> None:
    sender = rig.endpoint()
    for _ in range(700):
        sender.sock.sendto(b"\x00not media", rig.address)
    told = rig.core.pump()
    assert len(told) == 512
    assert len(told + rig.pump()) == 700


def test_what_is_not_srtp_is_handed_up_with_its_address(rig: Rig) -> None:
    endpoint = rig.endpoint()
    host, port = endpoint.sock.getsockname()
    for data in (b"\x00\x01stun", b"\x16\xfe\xfddtls", b"\x7f", b"\xc0"):
        assert endpoint.send_raw(data) == [Datagram(host, port, data)]
    assert endpoint.send_raw(b"") == []


def test_datagrams_too_long_for_any_network_are_dropped(rig: Rig) -> None:
    endpoint = rig.endpoint()
    assert len(endpoint.send_raw(b"\x00" * 2048)) == 1
    assert endpoint.send_raw(b"\x00" * 2049) == []
    assert rig.core.totals().rejected == 1


def test_raw_datagrams_leave_as_given(rig: Rig) -> None:
    endpoint = rig.endpoint()
    rig.core.send(*endpoint.sock.getsockname(), b"\x01\x01stun answer")
    assert endpoint.datagrams() == [b"\x01\x01stun answer"]


def test_a_new_ssrc_is_told_and_forwarded_once_it_has_a_producer(rig: Rig) -> None:
    publisher, subscriber = rig.endpoint(), rig.endpoint()
    told = unknown_of(publisher.send(5, 40, b"a" * 300, rtp_ts=77))
    assert told == [rtp(5, 40, b"a" * 300, rtp_ts=77)[:128]]
    producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 5)
    rig.core.switch(rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 11, 100), producer)
    assert publisher.send(5, 41, b"b") == []
    assert [packet.payload for packet in subscriber.receive()] == [b"b"]


def test_the_same_ssrc_from_two_peers_is_two_streams(rig: Rig) -> None:
    one, other = rig.endpoint(), rig.endpoint()
    subscriber = rig.endpoint()
    for n, publisher in enumerate((one, other)):
        producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 1)
        rig.core.switch(rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 11 + n, 100), producer)
    one.send(1, 1, b"one")
    other.send(1, 1, b"other")
    assert [(packet.ssrc, packet.payload) for packet in subscriber.receive()] == [(11, b"one"), (12, b"other")]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_dual_stack_socket_serves_both_families(which: Which, host: str) -> None:
    with rig_of(which, socket.AF_INET6) as rig:
        rig.address = (host, rig.address[1])
        publisher, subscriber, _, _ = rig.pair(host=host)
        publisher.send(1, 1, b"x")
        assert [packet.payload for packet in subscriber.receive()] == [b"x"]
        assert publisher.send_raw(b"\x00stun") == [Datagram(host, publisher.sock.getsockname()[1], b"\x00stun")]
        rig.core.send(host, publisher.sock.getsockname()[1], b"\x01")
        assert publisher.datagrams() == [b"\x01"]


def test_an_ipv4_socket_refuses_ipv6_and_names(rig: Rig) -> None:
    peer = rig.endpoint().peer
    for host in ("::1", "localhost", "1.2.3", ""):
        with pytest.raises(ValueError):
            rig.core.set_address(peer, host, 9)


def test_peers_without_an_address_get_nothing_and_start_cleanly(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    later = rig.core.add_peer(Profile.AEAD_AES_128_GCM, bytes(28), bytes(28))
    consumer = rig.core.add_consumer(later, Kind.AUDIO, 11, 100)
    rig.core.switch(consumer, producer)
    publisher.send(1, 1, b"x")
    rig.core.send_rtcp(later, b"\x80\xc9\0\1\0\0\0\1")
    assert rig.core.consumer_stats(consumer).packets == 0
    rig.core.set_address(later, *rig.endpoint().sock.getsockname())
    publisher.send(1, 2, b"x")
    assert rig.core.consumer_stats(consumer).packets == 1
