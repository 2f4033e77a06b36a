"""RTCP both ways, against aiortc's parser and against noise."""

from __future__ import annotations

from aiortc import rtp
from hypothesis import given
from hypothesis import strategies as st

from signaling.sfu import rtcp


@given(st.lists(st.integers(0, 65535), min_size=1, max_size=80, unique=True))
def test_a_nack_names_exactly_what_is_missing(missing: list[int]) -> None:
    data = rtcp.nack(77, sorted(missing))
    (packet,) = rtcp.parse(data)
    assert isinstance(packet, rtcp.Nack) and packet.ssrc == 77
    assert sorted(set(packet.seqs)) == sorted(missing)
    (upstream,) = rtp.RtcpPacket.parse(data)
    assert sorted(set(upstream.lost)) == sorted(missing)


def test_a_nack_across_the_wrap_takes_one_item() -> None:
    data = rtcp.nack(1, [65534, 65535, 0, 1])
    assert len(data) == 16
    assert next(iter(rtcp.parse(data))) == rtcp.Nack(1, (65534, 65535, 0, 1))


@given(st.integers(1, 1 << 40), st.lists(st.integers(1, 0xFFFFFFFF), max_size=5))
def test_a_remb_says_no_more_than_asked_and_at_most_a_millionth_less(bitrate: int, ssrcs: list[int]) -> None:
    data = rtcp.remb(bitrate, ssrcs)
    (packet,) = rtcp.parse(data)
    assert isinstance(packet, rtcp.Remb)
    assert bitrate * (1 - 1e-5) <= packet.bitrate_bps <= bitrate
    (upstream,) = rtp.RtcpPacket.parse(data)
    assert rtp.unpack_remb_fci(upstream.fci)[1] == ssrcs


def test_reports_survive_the_round_trip() -> None:
    blocks = tuple(rtcp.ReportBlock(number, 13, -2 if number else 70000, 1 << 20, 5, 6, 7) for number in range(40))
    packets = list(rtcp.parse(rtcp.receiver_report(blocks)))
    assert [block for packet in packets if isinstance(packet, rtcp.Reports) for block in packet.blocks] == list(blocks)


def test_a_sender_report_is_read_with_its_time() -> None:
    data = rtcp.sender_report(9, 0x0102030405060708, 55, 1 << 33, 3)
    assert list(rtcp.parse(data)) == [rtcp.SenderReport(9, 0x0102030405060708, 55), rtcp.Reports(())]


def test_pli_and_fir_both_ask_for_a_key_frame() -> None:
    fir = bytes.fromhex("84ce000400000001000000000000002a01000000")
    assert list(rtcp.parse(rtcp.pli(42))) == list(rtcp.parse(fir)) == [rtcp.KeyFrameRequest(42)]


@given(st.binary(max_size=300))
def test_no_octets_break_the_parser(data: bytes) -> None:
    assert len(list(rtcp.parse(data))) <= 2 * rtcp.MAX_PACKETS + 40


@given(st.binary(max_size=120), st.sampled_from([200, 201, 205, 206]), st.integers(0, 31), st.integers(0, 40))
def test_no_body_breaks_the_parser(body: bytes, kind: int, count: int, words: int) -> None:
    list(rtcp.parse(bytes([0x80 | count, kind, 0, words]) + body))
