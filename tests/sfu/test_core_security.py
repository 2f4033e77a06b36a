"""What must not pass: forged, replayed, misaddressed and malformed datagrams, and any nonce a second time."""

from __future__ import annotations

import os
import random
import struct

import pytest

from signaling.sfu.core_api import Kind, Profile
from tests.sfu.core_endpoint import Endpoint, Rig, parse, rtp, srtp_session, unknown_of
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401

PROFILES = pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.name)


def assert_no_nonce_used_twice(endpoint: Endpoint) -> None:
    """Fewer than 2^16 packets an SSRC: SSRC and sequence number name the nonce."""
    sent: dict[tuple[int, int], bytes] = {}
    for data in endpoint.wire:
        _, seq, _, ssrc = struct.unpack_from("!HHII", data)
        assert sent.setdefault((ssrc, seq), data) == data, f"SSRC {ssrc} seq {seq} was encrypted twice"


@PROFILES
def test_a_replayed_packet_is_counted_and_not_forwarded(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, producer, _ = rig.pair(profile=profile)
    packet = publisher.tx.protect(rtp(1, 1, b"x"))
    for _ in range(3):
        publisher.send_raw(packet)
    assert len(subscriber.receive()) == 1
    totals = rig.core.totals()
    assert (totals.packets_in, totals.replayed, totals.rejected) == (1, 2, 2)
    assert rig.core.producer_stats(producer).duplicates == 0


def test_packets_older_than_the_window_are_replays(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    early = publisher.tx.protect(rtp(1, 3000, b"early"))
    publisher.send(1, 2999, b"first")
    for seq in (*range(3001, 4024), 4025):  # 4024 shares the early one's place in the window
        publisher.send(1, seq, b"x")
    subscriber.datagrams()
    publisher.send_raw(early)
    assert subscriber.receive() == []
    assert rig.core.totals().replayed == 1


@PROFILES
@pytest.mark.parametrize("where", [1, 3, 7, 11, 20, -1, -12])
def test_one_flipped_bit_anywhere_is_refused(rig: Rig, profile: Profile, where: int) -> None:
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    packet = bytearray(publisher.tx.protect(rtp(1, 1, b"0123456789abcdef")))
    packet[where] ^= 1
    assert publisher.send_raw(bytes(packet)) == []
    assert subscriber.receive() == []
    assert rig.core.totals().rejected == 1
    assert rig.core.totals().packets_in == 0


@PROFILES
def test_a_forgery_does_not_spoil_the_packet_it_imitates(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    publisher.send(1, 1, b"x")
    good = publisher.tx.protect(rtp(1, 2, b"good"))
    publisher.send_raw(good[:-1] + bytes([good[-1] ^ 1]))
    far = bytearray(good)
    far[2:4] = b"\xf0\0"
    publisher.send_raw(bytes(far))
    publisher.send_raw(good)
    assert [packet.payload for packet in subscriber.receive()] == [b"x", b"good"]


@PROFILES
def test_every_truncation_is_refused(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    packet = publisher.tx.protect(rtp(1, 1, b"payload", csrcs=(1,), extension=(0xBEDE, b"\x50\x87\0\0")))
    report = publisher.tx.protect_rtcp(b"\x80\xc9\0\1\0\0\0\1")
    for whole in (packet, report):
        for size in range(1, len(whole)):
            assert publisher.send_raw(whole[:size]) == []
    assert subscriber.receive() == []
    assert rig.core.totals().rejected == len(packet) + len(report) - 2


def test_garbage_that_looks_like_srtp_changes_nothing(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    dice = random.Random(5)
    for _ in range(300):
        data = bytearray(dice.randbytes(dice.randrange(1, 300)))
        data[0] = 128 + data[0] % 64
        assert publisher.send_raw(bytes(data)) == []
    publisher.send(1, 1, b"still alive")
    assert [packet.payload for packet in subscriber.receive()] == [b"still alive"]
    assert rig.core.totals().rejected == 300


def test_srtp_counts_only_from_the_address_of_the_stun_check(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    stranger = rig.endpoint()
    packet = publisher.tx.protect(rtp(1, 1, b"x"))
    stranger.send_raw(packet)
    assert subscriber.receive() == []
    assert rig.core.totals().rejected == 1
    rig.core.remove_peer(stranger.peer)
    stranger.send_raw(packet)
    assert rig.core.totals().rejected == 2
    publisher.send_raw(packet)
    assert len(subscriber.receive()) == 1


def test_a_peer_that_moved_is_served_at_its_new_address_only(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    home = subscriber.sock
    publisher.send(1, 1, b"x")
    assert len(subscriber.receive()) == 1
    subscriber.sock = rig.endpoint().sock
    rig.core.set_address(subscriber.peer, *subscriber.sock.getsockname())
    publisher.send(1, 2, b"y")
    assert [packet.payload for packet in subscriber.receive()] == [b"y"]
    subscriber.sock = home
    assert subscriber.datagrams() == []
    assert subscriber.send_rtcp(b"\x80\xc9\0\1\0\0\0\1") == []
    assert rig.core.totals().rejected == 1


def test_who_proves_an_address_takes_it_over(rig: Rig) -> None:
    publisher, subscriber, _, old = rig.pair()
    key_out, key_in = os.urandom(28), os.urandom(28)
    again = rig.core.add_peer(Profile.AEAD_AES_128_GCM, key_out, key_in)
    rig.core.set_address(again, *subscriber.sock.getsockname())
    publisher.send(1, 1, b"x")
    assert subscriber.datagrams() == []
    assert rig.core.consumer_stats(old).packets == 0
    subscriber.tx = srtp_session(Profile.AEAD_AES_128_GCM, key_in, sending=True)
    assert len(subscriber.send_rtcp(b"\x80\xc9\0\1\0\0\0\1")) == 1
    rig.core.remove_peer(subscriber.peer)
    assert len(subscriber.send_rtcp(b"\x80\xc9\0\1\0\0\0\1")) == 1


def test_the_keys_of_one_direction_do_not_open_the_other(rig: Rig) -> None:
    publisher, subscriber, _, _ = rig.pair()
    publisher.send(1, 1, b"x")
    (echo,) = subscriber.datagrams()
    assert subscriber.send_raw(echo) == []
    assert rig.core.totals().rejected == 1


@PROFILES
def test_resent_originals_are_dropped_so_that_no_nonce_is_used_twice(rig: Rig, profile: Profile) -> None:
    """As Chromium probes: RTX repeats what arrived already, its header extensions changed."""
    publisher, subscriber, producer, consumer = rig.pair(profile=profile)
    payloads = [os.urandom(50) for _ in range(30)]
    for seq, payload in enumerate(payloads):
        if seq != 17:
            publisher.send(1, seq, payload, rtp_ts=seq)
    for rtx_seq, seq in enumerate([0, 29, 17, 17, 5, 29]):
        publisher.send_rtx(2, rtx_seq, seq, payloads[seq], rtp_ts=seq)
    for seq in (17, 17):
        publisher.send(1, seq, payloads[seq], rtp_ts=seq)
    first = (rig.core.consumer_stats(consumer).last_seq - 29) & 0xFFFF
    for _ in range(2):
        rig.core.retransmit(consumer, [first + seq for seq in (3, 3, 17)])
        rig.wait(150)
    received = subscriber.receive()
    assert_no_nonce_used_twice(subscriber)
    assert sorted(p.payload for p in received if p.ssrc == 11) == sorted(payloads)
    assert [p.payload[2:] for p in received if p.ssrc == 12] == [payloads[3], payloads[17]] * 2
    assert rig.core.producer_stats(producer).duplicates == 6


@PROFILES
def test_an_ssrc_taken_again_goes_on_counting(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, producer, consumer = rig.pair(profile=profile)
    for seq in range(5):
        publisher.send(1, seq, os.urandom(20))
    last = rig.core.consumer_stats(consumer).last_seq
    rig.core.retransmit(consumer, [last])
    rig.core.remove_consumer(consumer)
    consumer = rig.core.add_consumer(subscriber.peer, Kind.AUDIO, 11, 100, 12, 101)
    rig.core.switch(consumer, producer)
    for seq in range(5, 8):
        publisher.send(1, seq, os.urandom(20))
    assert rig.core.retransmit(consumer, [last + 1]) == 1
    received = subscriber.receive()
    assert_no_nonce_used_twice(subscriber)
    main = [packet.seq for packet in received if packet.ssrc == 11]
    assert main == [(main[0] + n) & 0xFFFF for n in range(8)]
    rtx = [packet.seq for packet in received if packet.ssrc == 12]
    assert rtx[1] == (rtx[0] + 1) & 0xFFFF


def test_a_producer_that_comes_back_does_not_reopen_its_past(rig: Rig) -> None:
    publisher, subscriber, producer, consumer = rig.pair()
    packet = publisher.tx.protect(rtp(1, 1, b"old"))
    publisher.send_raw(packet)
    rig.core.remove_producer(producer)
    producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 1, 2)
    rig.core.switch(consumer, producer)
    publisher.send_raw(packet)
    publisher.send(1, 2, b"new")
    assert [packet.payload for packet in subscriber.receive()] == [b"old", b"new"]
    assert rig.core.totals().replayed == 1


def test_one_peer_cannot_fill_memory_with_ssrcs(rig: Rig) -> None:
    publisher = rig.endpoint()
    told = [upcall for ssrc in range(300) for upcall in publisher.send(1000 + ssrc, 1, b"x")]
    assert len(unknown_of(told)) == 256
    assert rig.core.totals().rejected == 44
    with pytest.raises(ValueError):
        rig.core.add_producer(publisher.peer, Kind.AUDIO, 5)
    assert rig.core.add_producer(publisher.peer, Kind.AUDIO, 1000) >= 0


def test_packets_are_what_they_say_after_the_rollover_counter_went_up(rig: Rig) -> None:
    """A captured packet of the first cycle is no packet of the second."""
    publisher, subscriber, _, _ = rig.pair()
    old = publisher.tx.protect(rtp(1, 65000, b"first cycle"))
    publisher.send_raw(old)
    for start in range(65001, 65001 + 65536, 500):
        publisher.send(1, start, b"x")
    subscriber.receive()
    publisher.send_raw(old)
    assert subscriber.receive() == []
    assert rig.core.totals().rejected == 1


def test_parse_of_the_tests_sees_a_wrong_header() -> None:
    with pytest.raises(AssertionError):
        parse(rtp(1, 1, b"abc", padding=4))
