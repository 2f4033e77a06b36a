"""NACK and RTX, both ways: what is asked for and when, what is resent and how often."""

from __future__ import annotations

import pytest

from signaling.sfu.core_api import Kind, Profile
from tests.sfu.core_endpoint import VP8_DELTA, VP8_KEY, Endpoint, Rig
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401

PROFILES = pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.name)


def video(rig: Rig, count: int, *, lost: tuple[int, ...] = (), size: int = 1000) -> tuple[Endpoint, Endpoint, int, int]:
    """A pair after `count` packets of video numbered from 0, those `lost` left out; the first starts a key frame."""
    publisher, subscriber, producer, consumer = rig.pair(Kind.VP8)
    rig.core.set_budget(subscriber.peer, 100_000_000)
    for seq in range(count):
        if seq not in lost:
            publisher.send(1, seq, (VP8_DELTA if seq else VP8_KEY) + seq.to_bytes(2) * (size // 2), rtp_ts=seq)
    return publisher, subscriber, producer, consumer


@PROFILES
def test_a_lost_packet_is_repaired_in_place(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, producer, _ = rig.pair(profile=profile)
    for seq in (10, 11, 14):
        publisher.send(1, seq, bytes([seq]), rtp_ts=seq * 960, marker=seq == 11)
    rig.wait(20)
    assert rig.core.missing(producer) == [12, 13]
    publisher.send_rtx(2, 900, 12, b"\x0c", rtp_ts=12 * 960, marker=True, padding=3)
    received = subscriber.receive()
    assert [packet.payload for packet in received] == [b"\x0a", b"\x0b", b"\x0e", b"\x0c"]
    first, _, _, repaired = received
    assert ((repaired.seq - first.seq) & 0xFFFF, (repaired.rtp_ts - first.rtp_ts) & 0xFFFFFFFF) == (2, 2 * 960)
    assert repaired.marker and repaired.ssrc == 11 and repaired.payload_type == 100
    rig.wait(60)
    assert rig.core.missing(producer) == [13]
    stats = rig.core.producer_stats(producer)
    assert (stats.packets, stats.recovered, stats.duplicates) == (3, 1, 0)
    assert rig.core.totals().rtx_in == 1


def test_repairs_across_the_wrap_find_their_place(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    for index in (65533, 65536 + 2):
        publisher.send(1, index, b"x")
    rig.wait(20)
    assert rig.core.missing(producer) == [65534, 65535, 0, 1]
    for rtx_seq, seq in enumerate([65535, 1, 65534, 0]):
        publisher.send_rtx(2, rtx_seq, seq, seq.to_bytes(2))
    received = subscriber.receive()
    assert [(packet.seq - received[0].seq) & 0xFFFF for packet in received] == [0, 5, 2, 4, 1, 3]
    rig.wait(60)
    assert rig.core.missing(producer) == []


def test_missing_packets_are_asked_for_eight_times_sixty_ms_apart(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    publisher.send(1, 0, b"x")
    publisher.send(1, 2, b"x")
    asked = []
    for ms in range(700):
        asked += [(ms, seq) for seq in rig.core.missing(producer)]
        rig.wait(1)
    assert asked == [(20 + 60 * n, 1) for n in range(8)]


def test_a_packet_that_only_came_late_is_not_asked_for(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    for seq in (0, 2, 3, 1):
        publisher.send(1, seq, bytes([seq]))
        rig.wait(5)
    rig.wait(100)
    assert rig.core.missing(producer) == []
    assert [packet.payload[0] for packet in subscriber.receive()] == [0, 2, 3, 1]


def test_a_gap_past_repair_is_not_asked_for(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair(Kind.VP8)
    publisher.send(1, 0, b"x")
    publisher.send(1, 257, b"x")
    rig.wait(20)
    assert len(rig.core.missing(producer)) == 256
    publisher.send(1, 600, b"x")
    rig.wait(100)
    assert rig.core.missing(producer) == []


def test_what_the_cache_has_left_behind_is_not_asked_for(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    publisher.send(1, 0, b"x")
    for seq in range(2, 205):
        publisher.send(1, seq, b"x")
    rig.wait(20)
    assert rig.core.missing(producer) == []


def test_no_more_than_512_are_missing_at_a_time(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair(Kind.VP8)
    for seq in range(0, 1500, 2):
        publisher.send(1, seq, VP8_KEY)
    rig.wait(20)
    missing = rig.core.missing(producer)
    assert missing == list(range(999, 1499, 2))


@pytest.mark.parametrize("original", [3, 999, 40000])
def test_a_repair_of_nothing_we_know_is_dropped(rig: Rig, original: int) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    publisher.send_rtx(2, 1, 3, b"before anything came")
    publisher.send(1, 2500, b"x")
    publisher.send_rtx(2, 2, original, b"far off")
    assert [packet.payload for packet in subscriber.receive()] == [b"x"]
    assert rig.core.producer_stats(producer).recovered == 0


def test_padding_on_the_repair_stream_is_no_repair(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    publisher.send(1, 1, b"x")
    publisher.send(2, 1, b"", padding=224)
    publisher.send(2, 2, b"\0", padding=2)
    assert len(subscriber.receive()) == 1
    assert rig.core.totals().rtx_in == 0
    assert rig.core.producer_stats(producer).duplicates == 0


@PROFILES
def test_a_nacked_packet_is_resent_as_rtx(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, _, consumer = rig.pair(profile=profile)
    for seq in range(5):
        publisher.send(1, seq, bytes([seq]) * 30, rtp_ts=seq * 960, marker=seq == 2)
    sent = subscriber.receive()
    assert rig.core.retransmit(consumer, [sent[2].seq, sent[4].seq]) == 2
    first, second = subscriber.receive()
    assert (first.ssrc, first.payload_type, first.marker, first.rtp_ts) == (12, 101, True, sent[2].rtp_ts)
    assert first.payload == sent[2].seq.to_bytes(2) + sent[2].payload
    assert second.seq == (first.seq + 1) & 0xFFFF
    assert rig.core.consumer_stats(consumer).retransmitted == 2
    assert rig.core.totals().rtx_out == 2


def test_a_packet_is_resent_once_in_a_hundred_ms(rig: Rig) -> None:
    _, subscriber, _, consumer = video(rig, 3)
    last = rig.core.consumer_stats(consumer).last_seq
    subscriber.receive()
    sent = []
    for ms in range(250):
        if rig.core.retransmit(consumer, [last, last]):
            sent.append(ms)
        rig.wait(1)
    assert sent == [0, 100, 200]
    assert rig.core.consumer_stats(consumer).refused == 497
    assert len(subscriber.receive()) == 3


def test_retransmissions_stay_within_the_budget(rig: Rig) -> None:
    """An RTX storm, all of the cache asked for every 100 ms during 5 s: 400 kbit/s and the bucket's half second."""
    _, subscriber, _, consumer = video(rig, 400)
    last = rig.core.consumer_stats(consumer).last_seq
    subscriber.receive()
    rig.core.set_budget(subscriber.peer, 400_000)
    octets = 0
    for _ in range(50):
        rig.wait(100)
        rig.core.retransmit(consumer, [(last - n) & 0xFFFF for n in range(400)])
        octets += sum(map(len, subscriber.datagrams()))
    assert 0.9 * 400_000 * 5 < octets * 8 < 1.02 * 400_000 * 5.5


def test_silence_saves_up_no_more_than_half_a_second_of_budget(rig: Rig) -> None:
    _, subscriber, _, consumer = video(rig, 400)
    rig.core.set_budget(subscriber.peer, 400_000)
    last = rig.core.consumer_stats(consumer).last_seq
    subscriber.datagrams()
    rig.wait(20_000)
    assert rig.core.retransmit(consumer, [(last - n) & 0xFFFF for n in range(400)]) == 25_000 // (1004 + 46)


def test_the_budget_is_the_peers_and_not_the_consumers(rig: Rig) -> None:
    publisher, subscriber, producer, first = video(rig, 100)
    second = rig.core.add_consumer(subscriber.peer, Kind.VP8, 21, 100, 22, 101)
    rig.core.switch(second, producer)
    for seq in range(100, 200):
        publisher.send(1, seq, VP8_KEY + bytes(1000))
    rig.core.set_budget(subscriber.peer, 100_000)
    sent = 0
    for consumer in (first, second):
        last = rig.core.consumer_stats(consumer).last_seq
        sent += rig.core.retransmit(consumer, [(last - n) & 0xFFFF for n in range(90)])
    assert 4 <= sent <= 6  # 50 kbit of 1,050 octets each
    other = rig.core.add_consumer(publisher.peer, Kind.VP8, 21, 100, 22, 101)
    rig.core.switch(other, producer)
    publisher.send(1, 200, VP8_KEY + bytes(1000))
    assert rig.core.retransmit(other, [rig.core.consumer_stats(other).last_seq]) == 1


def test_holes_we_are_recovering_ourselves_are_not_answered_yet(rig: Rig) -> None:
    publisher, subscriber, _, consumer = video(rig, 10, lost=(6,))
    hole = (rig.core.consumer_stats(consumer).last_seq - 3) & 0xFFFF
    subscriber.receive()
    assert rig.core.retransmit(consumer, [hole]) == 0
    publisher.send_rtx(2, 1, 6, VP8_DELTA + b"six")
    (packet,) = subscriber.receive()
    assert (packet.seq, packet.ssrc) == (hole, 11)
    assert rig.core.retransmit(consumer, [hole]) == 1


def test_a_very_late_packet_does_not_push_a_newer_one_out_of_the_cache(rig: Rig) -> None:
    publisher, subscriber, _, consumer = video(rig, 560, lost=(50,))
    last = rig.core.consumer_stats(consumer).last_seq
    publisher.send(1, 50, VP8_DELTA + b"late")
    subscriber.datagrams()
    assert rig.core.retransmit(consumer, [(last - 9) & 0xFFFF]) == 1
    assert [packet.payload[2:] for packet in subscriber.receive()] == [VP8_DELTA + (550).to_bytes(2) * 500]


@pytest.mark.parametrize(("kind", "depth"), [(Kind.VP8, 500), (Kind.H264, 500), (Kind.AUDIO, 200)])
def test_the_cache_holds_so_many_packets(rig: Rig, kind: Kind, depth: int) -> None:
    publisher, subscriber, _, consumer = rig.pair(kind)
    rig.core.set_budget(subscriber.peer, 1_000_000_000)
    for seq in range(600):
        publisher.send(1, seq, b"\x10\0\0\0" if kind is Kind.VP8 else b"\x65ab")
    last = rig.core.consumer_stats(consumer).last_seq
    assert rig.core.retransmit(consumer, [(last - depth) & 0xFFFF]) == 0
    assert rig.core.retransmit(consumer, [(last - n) & 0xFFFF for n in range(600)]) == depth


def test_what_was_never_sent_is_never_resent(rig: Rig) -> None:
    _, _, _, consumer = video(rig, 5)
    last = rig.core.consumer_stats(consumer).last_seq
    assert rig.core.retransmit(consumer, [(last + n) & 0xFFFF for n in (1, 2, 1000, 32768)]) == 0
    assert rig.core.retransmit(consumer, [(last - n) & 0xFFFF for n in (5, 6, 1000, 32767)]) == 0
    assert rig.core.consumer_stats(consumer).refused == 8


def test_without_rtx_nothing_is_resent(rig: Rig) -> None:
    publisher, subscriber, producer, _ = video(rig, 1)
    plain = rig.core.add_consumer(subscriber.peer, Kind.VP8, 31, 100)
    refused = rig.core.add_consumer(subscriber.peer, Kind.VP8, 41, 100, 42, 0)  # the answer left RTX out
    for consumer in (plain, refused):
        rig.core.switch(consumer, producer)
    publisher.send(1, 1, VP8_KEY)
    for consumer in (plain, refused):
        assert rig.core.retransmit(consumer, [rig.core.consumer_stats(consumer).last_seq]) == 0


def test_packets_of_the_source_before_are_not_resent_from_the_new_one(rig: Rig) -> None:
    publisher, subscriber, _, consumer = video(rig, 10)
    before = rig.core.consumer_stats(consumer).last_seq
    other = rig.core.add_producer(publisher.peer, Kind.VP8, 3)
    rig.core.switch(consumer, other)
    assert rig.core.retransmit(consumer, [before]) == 0
    for seq in range(20):  # those before the key frame are cached and were never this consumer's
        publisher.send(3, seq, VP8_KEY if seq == 10 else VP8_DELTA)
    assert rig.core.retransmit(consumer, [before]) == 0
    assert rig.core.retransmit(consumer, [(before + 1) & 0xFFFF]) == 1
    assert subscriber.receive()[-1].payload[2:] == VP8_KEY


def test_a_paused_consumer_answers_no_nack(rig: Rig) -> None:
    _, _, _, consumer = video(rig, 5)
    last = rig.core.consumer_stats(consumer).last_seq
    rig.core.switch(consumer, -1)
    assert rig.core.retransmit(consumer, [last]) == 0
