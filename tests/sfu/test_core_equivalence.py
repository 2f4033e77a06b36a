"""The cores are twins: any history of packets, loss, reordering, switches and NACKs leaves the same wire and counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from signaling.sfu.core_api import Extensions, Kind, Profile
from tests.sfu.core_endpoint import START_US, VP8_DELTA, VP8_KEY, Endpoint, Packet, Rig, rig_of, rtp
from tests.sfu.core_rig import Which, need_native

STREAMS = ((0, Kind.VP8, 1, 2), (0, Kind.AUDIO, 3, 4), (1, Kind.VP8, 1, 2), (1, Kind.AUDIO, 3, 0))
"""Publisher, kind, SSRC, RTX SSRC."""
SLOTS = ((0, Kind.VP8, 11, 12), (0, Kind.AUDIO, 13, 0), (1, Kind.VP8, 11, 12), (1, Kind.VP8, 21, 22))
"""Subscriber, kind, SSRC, RTX SSRC."""

stream = st.integers(0, len(STREAMS) - 1)
slot = st.integers(0, len(SLOTS) - 1)
steps = st.one_of(
    st.tuples(
        st.just("media"),
        stream,
        st.sampled_from([1, 1, 1, 1, 1, 2, 3, 300, 1030, 20_000]),
        st.booleans(),
        st.integers(0, 3),
    ),
    st.tuples(st.just("burst"), stream, st.integers(1, 40)),
    st.tuples(st.just("repair"), stream, st.integers(0, 40)),
    st.tuples(st.just("replay"), stream),
    st.tuples(st.just("switch"), slot, st.integers(-1, len(STREAMS) - 1)),
    st.tuples(st.just("nack"), slot, st.lists(st.integers(-2, 60), min_size=1, max_size=8)),
    st.tuples(st.just("missing"), stream),
    st.tuples(st.just("wait"), st.sampled_from([1, 19, 33, 60, 101, 5000])),
    st.tuples(st.just("again"), slot),
    st.tuples(st.just("restart"), stream),
    st.tuples(st.just("budget"), st.integers(0, 1), st.sampled_from([0, 50_000, 10_000_000])),
    st.tuples(st.just("report"), st.integers(0, 1)),
)


@dataclass
class Play:
    """One core under one history. held: sealed packets that travel slowly, by the steps still to go."""

    rig: Rig
    profile: Profile
    told: list[Any] = field(default_factory=list)
    held: list[tuple[int, Endpoint, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        ids = Extensions(mid=1, audio_level=2, abs_send_time=3, twcc=4)
        self.publishers = [self.rig.endpoint(self.profile, ids) for _ in range(2)]
        self.subscribers = [self.rig.endpoint(self.profile, ids) for _ in range(2)]
        self.producers = [self.producer(n) for n in range(len(STREAMS))]
        self.consumers = [self.consumer(n) for n in range(len(SLOTS))]
        self.next_seq = [65_500, 100, 65_530, 30_000]
        self.rtx_seq = 0
        self.last: dict[int, bytes] = {}
        self.starts: dict[tuple[int, int], int] = {}
        self.slot_starts: dict[int, int] = {}

    def producer(self, n: int) -> int:
        publisher, kind, ssrc, rtx_ssrc = STREAMS[n]
        return int(self.rig.core.add_producer(self.publishers[publisher].peer, kind, ssrc, rtx_ssrc))

    def consumer(self, n: int) -> int:
        subscriber, kind, ssrc, rtx_ssrc = SLOTS[n]
        peer = self.subscribers[subscriber].peer
        return int(self.rig.core.add_consumer(peer, kind, ssrc, 100, rtx_ssrc, 101 if rtx_ssrc else 0, f"m{n}"))

    def payload(self, n: int, index: int, key: bool) -> bytes:
        return (VP8_KEY if key else VP8_DELTA) + index.to_bytes(4) + bytes(index % 50)

    def deliver(self, endpoint: Endpoint, data: bytes, delay: int = 0) -> None:
        if delay:
            self.held.append((delay, endpoint, data))
        else:
            self.told += endpoint.send_raw(data)

    def media(self, n: int, step: int, key: bool, delay: int) -> None:
        publisher, kind, ssrc, _ = STREAMS[n]
        endpoint = self.publishers[publisher]
        index = self.next_seq[n] = self.next_seq[n] + step
        level = (0xBEDE, bytes([0x20, index & 0xFF, 0, 0])) if kind is Kind.AUDIO and index % 3 else None
        fields = {"rtp_ts": index * 3000, "marker": index % 4 == 0, "extension": level}
        self.last[n] = endpoint.tx.protect(rtp(ssrc, index, self.payload(n, index, key), **fields))
        self.deliver(endpoint, self.last[n], delay)

    def burst(self, n: int, count: int) -> None:
        for _ in range(count):
            self.media(n, 1, False, 0)

    def repair(self, n: int, back: int) -> None:
        publisher, _, _, rtx_ssrc = STREAMS[n]
        if rtx_ssrc:
            index = self.next_seq[n] - back
            self.rtx_seq += 1
            self.told += self.publishers[publisher].send_rtx(
                rtx_ssrc, self.rtx_seq, index, self.payload(n, index, False), rtp_ts=index * 3000
            )

    def replay(self, n: int) -> None:
        if n in self.last:
            self.deliver(self.publishers[STREAMS[n][0]], self.last[n])

    def switch(self, slot: int, source: int) -> None:
        if source < 0 or STREAMS[source][1] is SLOTS[slot][1]:
            self.rig.core.switch(self.consumers[slot], self.producers[source] if source >= 0 else -1)

    def nack(self, slot: int, backs: list[int]) -> None:
        consumer = self.consumers[slot]
        last = self.rig.core.consumer_stats(consumer).last_seq
        self.told.append(self.rig.core.retransmit(consumer, [(last - back) & 0xFFFF for back in backs]))

    def missing(self, n: int) -> None:
        self.told.append(self.rig.core.missing(self.producers[n]))

    def wait(self, ms: int) -> None:
        self.rig.wait(ms)

    def again(self, slot: int) -> None:
        self.rig.core.remove_consumer(self.consumers[slot])
        self.consumers[slot] = self.consumer(slot)

    def restart(self, n: int) -> None:
        self.rig.core.remove_producer(self.producers[n])
        self.producers[n] = self.producer(n)

    def budget(self, subscriber: int, rtx_bps: int) -> None:
        self.rig.core.set_budget(self.subscribers[subscriber].peer, rtx_bps)

    def report(self, publisher: int) -> None:
        self.told += self.publishers[publisher].send_rtcp(b"\x80\xc9\0\1\0\0\0\1")

    def step(self, name: str, *arguments: Any) -> None:
        getattr(self, name)(*arguments)
        due = [(endpoint, data) for delay, endpoint, data in self.held if delay == 1]
        self.held = [(delay - 1, endpoint, data) for delay, endpoint, data in self.held if delay > 1]
        for endpoint, data in due:
            self.deliver(endpoint, data)
        self.rig.drain()

    def relative(self, subscriber: int, packet: Packet) -> tuple[Any, ...]:
        """The packet with its random beginnings taken off: sequence numbers and timestamps count from the first."""
        base = packet.ssrc & ~1 | 1 if packet.payload_type == 100 else packet.ssrc - 1
        seq_start = self.starts.setdefault((subscriber, packet.ssrc), packet.seq)
        payload = packet.payload
        if packet.payload_type == 101:
            original = (int.from_bytes(payload[:2]) - self.starts[subscriber, base]) & 0xFFFF
            payload = original.to_bytes(2) + payload[2:]
        seq = (packet.seq - seq_start) & 0xFFFF
        return subscriber, packet.ssrc, packet.payload_type, packet.marker, seq, packet.extensions, payload

    def transcript(self) -> list[Any]:
        wire = [
            self.relative(n, packet) for n, subscriber in enumerate(self.subscribers) for packet in subscriber.receive()
        ]
        core = self.rig.core
        consumers = [core.consumer_stats(consumer) for consumer in self.consumers]
        counts = [(s.packets, s.octets, s.waiting, s.retransmitted, s.refused) for s in consumers]
        peers = {endpoint.peer: n for n, endpoint in enumerate(self.publishers)}
        told = [(peers[t.peer], t.data) if hasattr(t, "peer") else t for t in self.told]
        return [wire, told, counts, [core.producer_stats(p) for p in self.producers], core.totals()]


def play(which: Which, profile: Profile, history: list[tuple[Any, ...]]) -> list[Any]:
    with rig_of(which) as rig:
        played = Play(rig, profile)
        for step in history:
            played.step(*step)
        return played.transcript()


def timestamps(which: Which, history: list[tuple[Any, ...]]) -> list[int]:
    """Differences of outgoing timestamps, which are random only in their beginning (no consumer is removed here)."""
    with rig_of(which) as rig:
        played = Play(rig, Profile.AEAD_AES_128_GCM)
        for step in history:
            if step[0] != "again":
                played.step(*step)
        firsts: dict[tuple[int, int], int] = {}
        differences = []
        for n, subscriber in enumerate(played.subscribers):
            for packet in subscriber.receive():
                stream_of = (n, packet.ssrc - (packet.payload_type == 101))
                first = firsts.setdefault(stream_of, packet.rtp_ts)
                differences.append((packet.rtp_ts - first) & 0xFFFFFFFF)
        return differences


SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SETTINGS
@given(st.sampled_from(list(Profile)), st.lists(steps, max_size=60))
def test_both_cores_tell_and_send_the_same(profile: Profile, history: list[tuple[Any, ...]]) -> None:
    need_native()
    opening = [("switch", 0, 0), ("switch", 1, 1), ("switch", 2, 2), ("media", 0, 1, True, 0), ("media", 2, 1, True, 0)]
    assert play("native", profile, [*opening, *history]) == play("python", profile, [*opening, *history])


@SETTINGS
@given(st.lists(steps, max_size=60))
def test_both_cores_keep_the_same_time(history: list[tuple[Any, ...]]) -> None:
    need_native()
    opening = [("switch", 0, 0), ("switch", 1, 1), ("switch", 2, 2), ("media", 0, 1, True, 0), ("media", 2, 1, True, 0)]
    assert timestamps("native", [*opening, *history]) == timestamps("python", [*opening, *history])


def test_a_history_leaves_a_trace() -> None:
    """The comparison above is not of two silences."""
    history = [("switch", 0, 0), ("media", 0, 1, True, 0), ("burst", 0, 5), ("nack", 0, [0, 2]), ("report", 1)]
    wire, told, counts, stats, totals = play("python", Profile.AEAD_AES_256_GCM, history)
    assert [row[4] for row in wire] == [0, 1, 2, 3, 4, 5, 0, 1]
    assert told == [2, (1, b"\x80\xc9\0\1\0\0\0\1")]
    assert counts[0][:1] == (6,)
    assert stats[0].packets == 6 and stats[0].arrival_us == START_US
    assert totals.rtx_out == 2
