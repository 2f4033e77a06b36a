"""Reads and writes the RTCP packets an SFU deals in (RFC 3550 §6, RFC 4585, RFC 5104, the REMB draft)."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SENDER_SSRC = 1  # ours, in packets we originate as a receiver

MAX_PACKETS = 64  # a compound
MAX_NACKED = 600


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """RFC 3550 §6.4.1. fraction: 1/256. lsr, delay: 1/65536 s."""

    ssrc: int
    fraction: int
    lost: int
    highest: int
    jitter: int
    lsr: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """ntp: 64-bit NTP time of the sender's clock, 0 = unknown."""

    ssrc: int
    ntp: int
    rtp_ts: int


@dataclass(frozen=True, slots=True)
class Reports:
    """The report blocks of one SR or RR."""

    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    ssrc: int
    seqs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyFrameRequest:
    """PLI (RFC 4585 §6.3.1) or FIR (RFC 5104 §4.3.1)."""

    ssrc: int


@dataclass(frozen=True, slots=True)
class Remb:
    """Receiver's estimate for everything it gets over this transport."""

    bitrate_bps: int


Packet = SenderReport | Reports | Nack | KeyFrameRequest | Remb

_BLOCK = struct.Struct("!LB3sLLLL")


def parse(data: bytes) -> Iterator[Packet]:
    """What concerns us of a compound packet, in order; stops without noise at the first malformed length."""
    at = 0
    for _ in range(MAX_PACKETS):
        if at + 8 > len(data) or data[at] >> 6 != 2:
            return
        end = at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data):
            return
        yield from _one(data[at + 1], data[at] & 31, data[at:end])
        at = end


def _one(kind: int, count: int, data: bytes) -> Iterator[Packet]:
    if kind == 200 and len(data) >= 28:
        ssrc, ntp, rtp_ts = struct.unpack_from("!LQL", data, 4)
        yield SenderReport(ssrc, ntp, rtp_ts)
        yield Reports(_blocks(data, 28, count))
    elif kind == 201:
        yield Reports(_blocks(data, 8, count))
    elif kind == 205 and count == 1 and len(data) >= 16:
        yield Nack(int.from_bytes(data[8:12], "big"), _nacked(data))
    elif kind == 206 and count == 1 and len(data) >= 12:
        yield KeyFrameRequest(int.from_bytes(data[8:12], "big"))
    elif kind == 206 and count == 4:
        for at in range(12, len(data) - 7, 8):
            yield KeyFrameRequest(int.from_bytes(data[at : at + 4], "big"))
    elif kind == 206 and count == 15 and len(data) >= 20 and data[12:16] == b"REMB":
        mantissa = (data[17] & 3) << 16 | data[18] << 8 | data[19]
        yield Remb(min(mantissa << (data[17] >> 2), 1 << 40))


def _blocks(data: bytes, at: int, count: int) -> tuple[ReportBlock, ...]:
    blocks = []
    while count and at + 24 <= len(data):
        ssrc, fraction, lost, highest, jitter, lsr, delay = _BLOCK.unpack_from(data, at)
        total = int.from_bytes(lost, "big", signed=True)
        blocks.append(ReportBlock(ssrc, fraction, total, highest, jitter, lsr, delay))
        at += 24
        count -= 1
    return tuple(blocks)


def _nacked(data: bytes) -> tuple[int, ...]:
    seqs: list[int] = []
    for at in range(12, len(data) - 3, 4):
        first, mask = struct.unpack_from("!HH", data, at)
        seqs.append(first)
        seqs += [(first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1]
        if len(seqs) >= MAX_NACKED:
            break
    return tuple(seqs[:MAX_NACKED])


def sender_report(ssrc: int, ntp: int, rtp_ts: int, packets: int, octets: int) -> bytes:
    """An SR without report blocks; counters are taken modulo 2^32."""
    return struct.pack("!BBHLQLLL", 0x80, 200, 6, ssrc, ntp, rtp_ts, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)


def receiver_report(blocks: Sequence[ReportBlock]) -> bytes:
    """RRs for any number of blocks (31 fit in one)."""
    out = b""
    for start in range(0, max(len(blocks), 1), 31):
        part = blocks[start : start + 31]
        out += struct.pack("!BBHL", 0x80 | len(part), 201, 1 + 6 * len(part), SENDER_SSRC)
        for block in part:
            lost = max(-0x800000, min(0x7FFFFF, block.lost)).to_bytes(3, "big", signed=True)
            out += _BLOCK.pack(block.ssrc, block.fraction, lost, block.highest, block.jitter, block.lsr, block.delay)
    return out


def nack(ssrc: int, seqs: Sequence[int]) -> bytes:
    """A generic NACK (RFC 4585 §6.2.1); seqs in sending order."""
    items: list[list[int]] = []
    for seq in seqs:
        gap = (seq - items[-1][0] - 1) & 0xFFFF if items else 16
        if gap < 16:
            items[-1][1] |= 1 << gap
        else:
            items.append([seq, 0])
    body = b"".join(struct.pack("!HH", first, mask) for first, mask in items)
    return struct.pack("!BBHLL", 0x81, 205, 2 + len(items), SENDER_SSRC, ssrc) + body


def pli(ssrc: int) -> bytes:
    return struct.pack("!BBHLL", 0x81, 206, 2, SENDER_SSRC, ssrc)


def remb(bitrate_bps: int, ssrcs: Sequence[int]) -> bytes:
    """The most we want of these SSRCs together; at most 255 of them."""
    exponent = max(0, bitrate_bps.bit_length() - 18)
    head = struct.pack("!BBHLL4s", 0x8F, 206, 4 + len(ssrcs), SENDER_SSRC, 0, b"REMB")
    value = bytes([len(ssrcs)]) + (exponent << 18 | bitrate_bps >> exponent).to_bytes(3, "big")
    return head + value + b"".join(ssrc.to_bytes(4, "big") for ssrc in ssrcs)
