"""SRTCP both ways, against pylibsrtp."""

from __future__ import annotations

import os
import struct

import pytest

from signaling.sfu.core_api import Kind, Profile, Rtcp
from tests.sfu.core_endpoint import Rig, rtcp_of
from tests.sfu.core_rig import rig_fixture, which_fixture  # noqa: F401

PROFILES = pytest.mark.parametrize("profile", list(Profile), ids=lambda profile: profile.name)


def report(ssrc: int, octets: int = 24) -> bytes:
    """A receiver report padded out with random blocks."""
    return struct.pack("!BBHI", 0x81, 201, 1 + octets // 4, ssrc) + os.urandom(octets)


@PROFILES
def test_reports_of_a_peer_are_decrypted_and_told(rig: Rig, profile: Profile) -> None:
    endpoint = rig.endpoint(profile)
    for octets in (0, 24, 600, 1200):
        data = report(9, octets)
        assert endpoint.send_rtcp(data) == [Rtcp(endpoint.peer, data)]


@PROFILES
def test_reports_to_a_peer_are_authentic(rig: Rig, profile: Profile) -> None:
    endpoint = rig.endpoint(profile)
    reports = [report(ssrc, octets) for ssrc in (1, 2, 1) for octets in (0, 24, 1200)]
    for data in reports:
        rig.core.send_rtcp(endpoint.peer, data)
    assert [endpoint.rx.unprotect_rtcp(data) for data in endpoint.datagrams()] == reports


@PROFILES
def test_the_same_report_twice_never_looks_the_same(rig: Rig, profile: Profile) -> None:
    endpoint, data = rig.endpoint(profile), report(1)
    for _ in range(3):
        rig.core.send_rtcp(endpoint.peer, data)
    wire = endpoint.datagrams()
    assert len({packet[8:32] for packet in wire}) == 3


@PROFILES
def test_replayed_and_forged_reports_are_dropped(rig: Rig, profile: Profile) -> None:
    endpoint = rig.endpoint(profile)
    packet = endpoint.tx.protect_rtcp(report(9))
    forged = bytearray(endpoint.tx.protect_rtcp(report(9)))
    forged[12] ^= 1
    assert len(endpoint.send_raw(packet)) == 1
    assert endpoint.send_raw(packet) == endpoint.send_raw(bytes(forged)) == []
    totals = rig.core.totals()
    assert (totals.replayed, totals.rejected) == (1, 2)


@PROFILES
def test_reports_out_of_order_are_taken_once(rig: Rig, profile: Profile) -> None:
    endpoint = rig.endpoint(profile)
    packets = [endpoint.tx.protect_rtcp(report(9)) for _ in range(60)]
    order = [*range(30, 60), *range(30)]
    assert [len(endpoint.send_raw(packets[n])) for n in order] == [1] * 60
    assert [len(endpoint.send_raw(packets[n])) for n in order] == [0] * 60


@PROFILES
def test_the_sender_of_a_report_may_be_a_producer_or_anyone(rig: Rig, profile: Profile) -> None:
    publisher, subscriber, _, _ = rig.pair(profile=profile)
    assert len(rtcp_of(publisher.send_rtcp(report(1)) + publisher.send_rtcp(report(77)))) == 2
    publisher.send(1, 5, b"x")
    assert len(subscriber.receive()) == 1
    rig.core.add_producer(publisher.peer, Kind.AUDIO, 77)
    publisher.send(77, 5, b"x")
    assert rig.core.totals().packets_in == 2


@PROFILES
def test_reports_sent_in_the_clear_are_refused(rig: Rig, profile: Profile) -> None:
    """RFC 3711 allows authentication without encryption; WebRTC never does it."""
    endpoint = rig.endpoint(profile)
    packet = bytearray(endpoint.tx.protect_rtcp(report(9)))
    packet[-14 if profile is Profile.AES128_CM_SHA1_80 else -4] &= 0x7F
    assert endpoint.send_raw(bytes(packet)) == []
    assert rig.core.totals().rejected == 1


def test_media_and_reports_with_the_marker_bit_are_told_apart(rig: Rig) -> None:
    """RFC 5761: payload types 64 to 95 are not media's; 63 with the marker bit (octet 191) and 96 (224) are."""
    publisher, subscriber, _, _ = rig.pair()
    for seq, payload_type in enumerate((63, 96, 127)):
        publisher.send(1, seq, b"x", payload_type=payload_type, marker=True)
    assert len(subscriber.receive()) == 3
