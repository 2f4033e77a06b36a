"""Sender reports relayed in our clock, and receiver reports that carry the worst listener's loss."""

from __future__ import annotations

from signaling.sfu import rr
from signaling.sfu.core_api import ProducerStats
from signaling.sfu.sr import Mapping, PublisherClock, ntp

SECOND = 1 << 32


def stats(packets: int, extended: int, recovered: int = 0) -> ProducerStats:
    return ProducerStats(packets, 0, extended, 1000, 7, 30, 1, 0, recovered, 0)


def test_a_publishers_clock_an_hour_off_is_translated_to_ours() -> None:
    clock = PublisherClock()
    clock.heard(ntp(5000.0), ntp(8600.25))
    assert abs(clock.translate(ntp(5001.0)) - ntp(8601.25)) < SECOND // 1000


def test_audio_and_video_of_one_publisher_keep_their_distance() -> None:
    clock = PublisherClock()
    clock.heard(ntp(100.0), ntp(300.05))
    audio, video = clock.translate(ntp(101.0)), clock.translate(ntp(101.5))
    assert video - audio == SECOND // 2


def test_the_difference_follows_the_fastest_report_by_small_steps() -> None:
    clock = PublisherClock()
    clock.heard(ntp(100.0), ntp(200.2))
    before = clock.translate(ntp(101.0))
    clock.heard(ntp(101.0), ntp(201.1))
    after = clock.translate(ntp(101.0))
    assert 0 < before - after <= SECOND // 500
    for number in range(200):
        clock.heard(ntp(102.0 + number), ntp(202.1 + number))
    assert abs(clock.translate(ntp(400.0)) - ntp(500.1)) < SECOND // 200


def test_a_clock_that_was_set_is_taken_at_once() -> None:
    clock = PublisherClock()
    clock.heard(ntp(100.0), ntp(200.0))
    clock.heard(ntp(5000.0), ntp(201.0))
    assert clock.translate(ntp(5000.0)) == ntp(201.0)


def test_a_relayed_report_moves_the_timestamp_by_the_consumers_offset() -> None:
    assert Mapping(5, 0xFFFFFFF0, 0, 0.0).for_consumer(0x20) == (5, 0x10)


def test_loss_counts_packets_that_were_repaired_later() -> None:
    meter = rr.LossMeter()
    assert meter.fraction(stats(100, 1099)) == (0, 0)
    assert meter.fraction(stats(190, 1199, recovered=10)) == (25, 10)
    assert meter.fraction(stats(290, 1299, recovered=10)) == (0, 10)


def test_a_listener_who_loses_a_tenth_is_told_to_the_speaker() -> None:
    assert rr.combine(0, [0, 26, 3]) == 26
    assert rr.combine(13, []) == 13
    assert rr.combine(26, [26]) > 26


def test_one_dying_listener_is_not_everybodys_problem() -> None:
    assert rr.combine(0, [255]) == rr.WORST


def test_the_delay_since_the_last_sender_report_is_in_65536ths() -> None:
    block = rr.block(5, stats(10, 1009), 3, 1, Mapping(0, 0, 0xABCD, 10.0), 10.5)
    assert (block.lsr, block.delay, block.highest) == (0xABCD, 32768, 1009)
    assert rr.block(5, stats(10, 1009), 3, 1, None, 10.5).delay == 0
