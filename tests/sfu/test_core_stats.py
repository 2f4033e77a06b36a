"""Statistics against RFC 3550's own arithmetic, and the counters."""

from __future__ import annotations

import itertools
import random

import pytest

from signaling.sfu.core_api import Extensions, Kind, ProducerStats
from tests.sfu.core_endpoint import START_US, VP8_KEY, Rig
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401


def rfc_jitter(arrivals: list[tuple[int, int]], rate: int) -> float:
    """RFC 3550 §6.4.1 in floating point: arrivals are (microseconds, RTP timestamp)."""
    jitter = 0.0
    for (at, ts), (next_at, next_ts) in itertools.pairwise(arrivals):
        distance = abs((next_at - at) * rate / 1e6 - (next_ts - ts))
        jitter += (distance - jitter) / 16
    return jitter


@pytest.mark.parametrize(("kind", "rate"), [(Kind.AUDIO, 48000), (Kind.VP8, 90000)])
def test_jitter_is_that_of_the_rfc(rig: Rig, kind: Kind, rate: int) -> None:
    publisher, _, producer, _ = rig.pair(kind)
    dice, arrivals = random.Random(1), []
    for seq in range(200):
        rig.wait(dice.uniform(1, 40))
        publisher.send(1, seq, VP8_KEY, rtp_ts=seq * rate // 50)
        arrivals.append((rig.now_us, seq * rate // 50))
    assert rig.core.producer_stats(producer).jitter == pytest.approx(rfc_jitter(arrivals, rate), abs=3)


def test_a_steady_stream_has_no_jitter_across_the_timestamp_wrap(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    for seq in range(100):
        publisher.send(1, seq, b"x", rtp_ts=(1 << 32) - 48_000 + 960 * seq)
        rig.wait(20)
    assert rig.core.producer_stats(producer).jitter == 0


def test_counts_tell_loss_recovery_and_duplicates_apart(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    for seq in (65530, 65531, 65534, 65537):
        publisher.send(1, seq, b"1234", rtp_ts=seq)
    publisher.send_rtx(2, 1, 65532, b"1234")
    publisher.send_rtx(2, 2, 65532, b"1234")
    assert rig.core.producer_stats(producer) == ProducerStats(
        packets=4,
        octets=16,
        extended_seq=65537,
        base_seq=65530,
        jitter=rig.core.producer_stats(producer).jitter,
        level=127,
        arrival_us=START_US,
        last_rtp_ts=65537,
        recovered=1,
        duplicates=1,
    )


def test_a_producer_nobody_heard_yet_is_all_zero(rig: Rig) -> None:
    publisher = rig.endpoint()
    producer = rig.core.add_producer(publisher.peer, Kind.AUDIO, 1)
    assert rig.core.producer_stats(producer) == ProducerStats(0, 0, 0, 0, 0, 127, 0, 0, 0, 0)


def test_the_level_is_the_loudest_since_the_last_look(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair(extensions=Extensions(audio_level=2))
    for seq, level in enumerate((0x80 | 60, 0x80 | 25, 70, 127)):
        publisher.send(1, seq, b"x", extension=(0xBEDE, bytes([0x20, level, 0, 0])))
    assert rig.core.producer_stats(producer).level == 25
    assert rig.core.producer_stats(producer).level == 127
    assert [packet.extensions[2][0] for packet in subscriber.receive()] == [0x80 | 60, 0x80 | 25, 70, 127]


def test_packets_without_a_level_say_nothing_about_loudness(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair(extensions=Extensions(audio_level=2))
    publisher.send(1, 1, b"x")
    assert rig.core.producer_stats(producer).level == 127
    assert subscriber.receive()[0].extensions == {}


def test_arrival_is_the_monotonic_clock(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    rig.wait(1234.5)
    publisher.send(1, 1, b"x")
    assert rig.core.producer_stats(producer).arrival_us == START_US + 1_234_500


def test_consumer_counts_are_those_of_a_sender_report(rig: Rig) -> None:
    publisher, subscriber, _, consumer = rig.pair()
    for seq in range(4):
        publisher.send(1, seq, b"12345", rtp_ts=seq * 960, padding=4, csrcs=(9,))
    sent = subscriber.receive()
    rig.core.retransmit(consumer, [sent[0].seq])
    stats = rig.core.consumer_stats(consumer)
    assert (stats.packets, stats.octets, stats.retransmitted) == (4, 20, 1)
    assert (stats.last_seq, stats.last_rtp_ts) == (sent[-1].seq, sent[-1].rtp_ts)


def test_totals_count_datagrams_and_octets_on_the_wire(rig: Rig) -> None:
    publisher, subscriber, _, consumer = rig.pair()
    for seq in range(10):
        publisher.send(1, seq, bytes(100 + seq))
    rig.core.retransmit(consumer, [rig.core.consumer_stats(consumer).last_seq])
    wire = subscriber.datagrams()
    totals = rig.core.totals()
    assert (totals.packets_in, totals.packets_out, totals.octets_out) == (10, 11, sum(map(len, wire)))
    assert (totals.rtx_out, totals.rejected, totals.send_errors) == (1, 0, 0)


def test_a_peer_the_kernel_cannot_reach_is_counted_and_stops_nobody(rig: Rig) -> None:
    publisher, subscriber, producer, _ = rig.pair()
    unreachable = rig.endpoint()
    rig.core.set_address(unreachable.peer, "255.255.255.255", 9)  # EACCES: no broadcast from this socket
    rig.core.switch(rig.core.add_consumer(unreachable.peer, Kind.AUDIO, 11, 100), producer)
    for seq in range(3):
        publisher.send(1, seq, b"x")
    assert len(subscriber.receive()) == 3
    totals = rig.core.totals()
    assert (totals.send_errors, totals.packets_out) == (3, 3)


def test_the_clock_runs_when_nobody_stopped_it(rig: Rig) -> None:
    publisher, _, producer, _ = rig.pair()
    rig.core.set_clock(0)
    publisher.send(1, 1, b"x")
    first = rig.core.producer_stats(producer).arrival_us
    publisher.send(1, 2, b"x")
    assert 0 < first < rig.core.producer_stats(producer).arrival_us < first + 60_000_000
