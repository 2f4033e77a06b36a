"""Changing the source of a consumer: it waits for a key frame and stays one continuous stream."""

from __future__ import annotations

import pytest

from signaling.sfu.core_api import Kind
from tests.sfu.core_endpoint import VP8_DELTA, VP8_KEY, Endpoint, Rig
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401

VP8 = {
    "key": (VP8_KEY, True),
    "key, 7-bit picture id, tl0picidx, tid": (b"\x90\xe0\x05\x01\x21\x00", True),
    "key, tl0picidx without tid": (b"\x90\x40\x01\x00", True),
    "key, key index without tl0picidx": (b"\x90\x10\x01\x00", True),
    "key, 15-bit picture id": (b"\x90\x80\x85\x05\x00\x00", True),
    "key, non-reference": (b"\x30\x00\x00", True),
    "delta": (VP8_DELTA, False),
    "delta, 15-bit picture id": (b"\x90\x80\x85\x05\x01\x00", False),
    "key frame's later packet": (b"\x00\x00\x00", False),
    "key frame's second partition": (b"\x11\x00\x00", False),
    "descriptor without payload": (b"\x90\x80\x85\x05", False),
    "descriptor cut short": (b"\x90\x80", False),
    "one octet": (b"\x10", False),
    "nothing": (b"", False),
}
H264 = {
    "parameter set": (b"\x67\x42\x00", True),
    "IDR slice": (b"\x65\x88", True),
    "STAP-A with parameter sets": (b"\x78\x00\x02\x67\x42\x00\x02\x68\xce", True),
    "STAP-A with one further in": (b"\x78\x00\x02\x06\x05\x00\x02\x67\x42", True),
    "FU-A, first of an IDR": (b"\x7c\x85\x00", True),
    "FU-A, middle of an IDR": (b"\x7c\x05\x00", False),
    "FU-A, first of a slice": (b"\x7c\x81\x00", False),
    "slice": (b"\x41\x9a", False),
    "picture parameters alone": (b"\x68\xce", False),
    "STAP-A of slices": (b"\x78\x00\x02\x41\x9a\x00\x02\x41\x9a", False),
    "STAP-A whose size lies": (b"\x78\xff\xff\x41\x67", False),
    "STAP-A cut short": (b"\x78\x00", False),
    "one octet": (b"\x67", False),
    "nothing": (b"", False),
}
STARTS = [(Kind.VP8, *case) for case in VP8.values()] + [(Kind.H264, *case) for case in H264.values()]
NAMES = [f"VP8 {name}" for name in VP8] + [f"H264 {name}" for name in H264]


def halls(rig: Rig, kind: Kind = Kind.VP8) -> tuple[Endpoint, Endpoint, Endpoint, list[int], int]:
    """Two publishers of SSRC 1, a subscriber watching neither: they, the producers, the consumer."""
    one, other, subscriber = rig.endpoint(), rig.endpoint(), rig.endpoint()
    producers = [rig.core.add_producer(publisher.peer, kind, 1, 2) for publisher in (one, other)]
    return one, other, subscriber, producers, rig.core.add_consumer(subscriber.peer, kind, 11, 100, 12, 101)


@pytest.mark.parametrize(("kind", "payload", "starts"), STARTS, ids=NAMES)
def test_video_starts_where_a_decoder_can(rig: Rig, kind: Kind, payload: bytes, starts: bool) -> None:
    publisher, subscriber, _, consumer = rig.pair(kind)
    publisher.send(1, 1, payload)
    assert [packet.payload for packet in subscriber.receive()] == ([payload] if starts else [])
    assert rig.core.consumer_stats(consumer).waiting is not starts


def test_audio_starts_at_once(rig: Rig) -> None:
    publisher, subscriber, _, consumer = rig.pair(Kind.AUDIO)
    assert not rig.core.consumer_stats(consumer).waiting
    publisher.send(1, 1, b"x")
    assert len(subscriber.receive()) == 1


def test_a_switch_is_one_continuous_stream(rig: Rig) -> None:
    one, other, subscriber, (first, second), consumer = halls(rig)
    rig.core.switch(consumer, first)
    for seq in range(3):
        one.send(1, 65534 + seq, VP8_DELTA if seq else VP8_KEY, rtp_ts=3000 * seq)
        rig.wait(33)
    rig.core.switch(consumer, second)
    assert rig.core.consumer_stats(consumer).waiting
    one.send(1, 65537, VP8_DELTA)
    other.send(1, 500, VP8_DELTA, rtp_ts=0xFFFFF000)
    rig.wait(100)
    other.send(1, 501, VP8_KEY + b"new", rtp_ts=0xFFFFFF00)
    assert not rig.core.consumer_stats(consumer).waiting
    other.send(1, 500, VP8_DELTA)
    other.send(1, 502, VP8_DELTA, rtp_ts=0xFFFFFF00 + 3000)
    received = subscriber.receive()
    assert [packet.payload for packet in received] == [VP8_KEY, VP8_DELTA, VP8_DELTA, VP8_KEY + b"new", VP8_DELTA]
    assert [(packet.seq - received[0].seq) & 0xFFFF for packet in received] == [0, 1, 2, 3, 4]
    ticks = [(packet.rtp_ts - received[0].rtp_ts) & 0xFFFFFFFF for packet in received]
    assert ticks == [0, 3000, 6000, 6000 + 133 * 90, 6000 + 133 * 90 + 3000]
    assert {packet.ssrc for packet in received} == {11}


@pytest.mark.parametrize(("kind", "least"), [(Kind.AUDIO, 960), (Kind.VP8, 3000)])
def test_an_immediate_switch_still_advances_the_timestamp_by_a_frame(rig: Rig, kind: Kind, least: int) -> None:
    one, other, subscriber, producers, consumer = halls(rig, kind)
    for publisher, producer in zip((one, other), producers, strict=True):
        rig.core.switch(consumer, producer)
        publisher.send(1, 9, VP8_KEY, rtp_ts=12345)
    before, after = subscriber.receive()
    assert (after.rtp_ts - before.rtp_ts) & 0xFFFFFFFF == least


def test_the_timestamp_offset_relays_sender_reports(rig: Rig) -> None:
    one, _, subscriber, (first, _), consumer = halls(rig)
    rig.core.switch(consumer, first)
    one.send(1, 9, VP8_KEY, rtp_ts=5_000)
    (packet,) = subscriber.receive()
    stats = rig.core.consumer_stats(consumer)
    assert (5_000 + stats.ts_offset) & 0xFFFFFFFF == packet.rtp_ts == stats.last_rtp_ts


def test_pausing_and_resuming_goes_on_after_a_key_frame(rig: Rig) -> None:
    one, _, subscriber, (first, _), consumer = halls(rig)
    rig.core.switch(consumer, first)
    one.send(1, 1, VP8_KEY)
    rig.core.switch(consumer, -1)
    assert not rig.core.consumer_stats(consumer).waiting
    one.send(1, 2, VP8_KEY)
    rig.core.switch(consumer, first)
    assert rig.core.consumer_stats(consumer).waiting
    one.send(1, 3, VP8_DELTA)
    one.send(1, 4, VP8_KEY + b"again")
    before, after = subscriber.receive()
    assert after.payload == VP8_KEY + b"again"
    assert after.seq == (before.seq + 1) & 0xFFFF


def test_switching_to_the_same_source_interrupts_nothing(rig: Rig) -> None:
    one, _, subscriber, (first, _), consumer = halls(rig)
    rig.core.switch(consumer, first)
    one.send(1, 1, VP8_KEY)
    rig.core.switch(consumer, first)
    assert not rig.core.consumer_stats(consumer).waiting
    one.send(1, 2, VP8_DELTA)
    assert len(subscriber.receive()) == 2


def test_repairs_of_the_source_left_do_not_reach_the_consumer(rig: Rig) -> None:
    one, other, subscriber, (first, second), consumer = halls(rig)
    rig.core.switch(consumer, first)
    for seq in (1, 3):
        one.send(1, seq, VP8_KEY)
    rig.core.switch(consumer, second)
    other.send(1, 700, VP8_KEY)
    one.send_rtx(2, 1, 2, VP8_DELTA + b"late")
    assert [packet.payload for packet in subscriber.receive()] == [VP8_KEY] * 3


def test_a_removed_source_leaves_silence_and_another_takes_over(rig: Rig) -> None:
    one, other, subscriber, (first, second), consumer = halls(rig)
    rig.core.switch(consumer, first)
    one.send(1, 1, VP8_KEY)
    rig.core.remove_producer(first)
    rig.core.remove_producer(first)
    assert len(one.send(1, 2, VP8_DELTA)) == 1
    rig.core.switch(consumer, second)
    other.send(1, 1, VP8_KEY)
    before, after = subscriber.receive()
    assert after.seq == (before.seq + 1) & 0xFFFF


def test_leaving_a_source_disturbs_no_other_consumer(rig: Rig) -> None:
    one, _, subscriber, (first, _), _ = halls(rig)
    consumers = [rig.core.add_consumer(subscriber.peer, Kind.VP8, 100 + n, 100) for n in range(20)]
    for consumer in consumers:
        rig.core.switch(consumer, first)
    gone = {0, 7, 19, 3}
    for n in gone:
        if n % 2:
            rig.core.switch(consumers[n], -1)
        else:
            rig.core.remove_consumer(consumers[n])
    one.send(1, 1, VP8_KEY)
    assert {packet.ssrc - 100 for packet in subscriber.receive()} == set(range(20)) - gone


def test_a_source_of_another_kind_is_refused(rig: Rig) -> None:
    one, _, _, (first, _), consumer = halls(rig)
    audio = rig.core.add_producer(one.peer, Kind.AUDIO, 5)
    rig.core.switch(consumer, first)
    with pytest.raises(ValueError):
        rig.core.switch(consumer, audio)
    one.send(1, 1, VP8_KEY)
    assert rig.core.consumer_stats(consumer).packets == 1


def test_an_unknown_source_is_refused(rig: Rig) -> None:
    _, _, _, _, consumer = halls(rig)
    with pytest.raises(KeyError):
        rig.core.switch(consumer, 4711)
