"""Reading RTP headers (RFC 3550 §5.1), writing extensions with the receiver's ids (RFC 8285), finding key frames."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import NamedTuple

from signaling.sfu.core_api import Extensions, Kind

FIXED_HEADER = 12
ONE_BYTE_PROFILE = 0xBEDE
TWO_BYTE_PROFILE = 0x1000  # the low four bits are free
LARGEST_ONE_BYTE_ID = 14
MID_MAX = 16
NO_LEVEL = -1

_fields = struct.Struct("!xBHII").unpack_from
_u16 = struct.Struct("!H")


class Rtp(NamedTuple):
    """A decrypted packet. level: the octet of RFC 6464, or NO_LEVEL."""

    seq: int
    rtp_ts: int
    marker: int  # 0x80 or 0
    level: int
    payload: bytes


def header_size(packet: bytes) -> int:
    """Octets before the payload, or 0 when the packet is too short for what its header says."""
    size = len(packet)
    if size < FIXED_HEADER:
        return 0
    header = FIXED_HEADER + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10:
        if size < header + 4:
            return 0
        header += 4 + 4 * int(_u16.unpack_from(packet, header + 2)[0])
    return 0 if size < header else header


def read(packet: bytes, level_id: int) -> Rtp | None:
    """Reads a decrypted packet; None when its header or padding is nonsense."""
    header = header_size(packet)
    if not header:
        return None
    end = len(packet)
    if packet[0] & 0x20:
        padding = packet[-1] if end > header else 0
        if not padding or padding > end - header:
            return None
        end -= padding
    second, seq, rtp_ts, _ = _fields(packet)
    level = _read_level(packet, header, level_id) if level_id and packet[0] & 0x10 else NO_LEVEL
    return Rtp(seq, rtp_ts, second & 0x80, level, packet[header:end])


def _read_level(packet: bytes, header: int, wanted: int) -> int:
    at = FIXED_HEADER + 4 * (packet[0] & 0x0F)
    profile = int(_u16.unpack_from(packet, at)[0])
    if profile == ONE_BYTE_PROFILE:
        return _find_level(packet, at + 4, header, wanted)
    if profile & 0xFFF0 == TWO_BYTE_PROFILE:
        return _find_level_two_byte(packet, at + 4, header, wanted)
    return NO_LEVEL


def _find_level(packet: bytes, at: int, end: int, wanted: int) -> int:
    """RFC 8285 §4.2; a broken element ends the search."""
    while at < end:
        if packet[at] == 0:
            at += 1
            continue
        id_, length = packet[at] >> 4, (packet[at] & 0x0F) + 1
        at += 1
        if id_ == 15 or end - at < length:
            break
        if id_ == wanted:
            return packet[at]
        at += length
    return NO_LEVEL


def _find_level_two_byte(packet: bytes, at: int, end: int, wanted: int) -> int:
    """RFC 8285 §4.3."""
    while at < end:
        if packet[at] == 0:
            at += 1
            continue
        if end - at < 2:
            break
        id_, length = packet[at], packet[at + 1]
        at += 2
        if end - at < length:
            break
        if id_ == wanted and length:
            return packet[at]
        at += length
    return NO_LEVEL


ExtensionWriter = Callable[[bytes, int, int], bytes]
"""(abs-send-time in 3 octets, transport-wide number, level or NO_LEVEL) → the whole extension block, possibly empty."""


def extension_writer(ids: Extensions, mid: str) -> ExtensionWriter:
    """The writer for one consumer; ids above 14 cannot be written in one-byte form and are left out."""

    def writable(id_: int) -> bool:
        return 0 < id_ <= LARGEST_ONE_BYTE_ID

    fixed = b""
    if writable(ids.mid) and mid:
        name = mid.encode()
        fixed = bytes([ids.mid << 4 | len(name) - 1]) + name
    if writable(ids.abs_send_time):
        fixed += bytes([ids.abs_send_time << 4 | 2])
    timed = writable(ids.abs_send_time)
    twcc = ids.twcc << 4 | 1 if writable(ids.twcc) else 0
    level_id = ids.audio_level << 4 if writable(ids.audio_level) else 0
    return _writer(fixed, timed, twcc, level_id)


def _writer(fixed: bytes, timed: bool, twcc: int, level_id: int) -> ExtensionWriter:
    pack_twcc = struct.Struct("!BH").pack
    heads = [b""] + [struct.pack("!HH", ONE_BYTE_PROFILE, words) for words in range(1, 9)]

    plain_size = len(fixed) + 3 * timed
    plain_head, plain_tail = heads[plain_size + 3 >> 2] + fixed, b"\0\0\0"[: -plain_size % 4]

    def write(abs_send_time: bytes, twcc_seq: int, level: int) -> bytes:
        if timed and not twcc and (level < 0 or not level_id):  # video, as nearly always
            return plain_head + abs_send_time + plain_tail
        elements = fixed + abs_send_time if timed else fixed
        if twcc:
            elements += pack_twcc(twcc, twcc_seq)
        if level_id and level >= 0:
            elements += bytes((level_id, level))
        size = len(elements)
        return heads[size + 3 >> 2] + elements + b"\0\0\0"[: -size % 4]

    return write


def starts_key_frame(kind: Kind, payload: bytes) -> bool:
    """Whether a decoder can start here: VP8 key frame's first packet, H264 parameter set or IDR; audio always."""
    if kind is Kind.VP8:
        return _starts_vp8_key_frame(payload)
    if kind is Kind.H264:
        return _starts_h264_key_frame(payload)
    return True


def _starts_vp8_key_frame(p: bytes) -> bool:
    """RFC 7741 §4.2 and §4.3: S set, partition 0, then the frame header's inverse key-frame bit."""
    if len(p) < 2 or p[0] & 0x17 != 0x10:
        return False
    at = 1
    if p[0] & 0x80:
        flags = p[1]
        at = 2
        if flags & 0x80:
            if at >= len(p):
                return False
            at += 2 if p[at] & 0x80 else 1
        at += bool(flags & 0x40) + bool(flags & 0x30)
    return at < len(p) and not p[at] & 1


def _starts_h264_key_frame(p: bytes) -> bool:
    """RFC 6184 §5.4 to §5.8: single NAL unit, STAP-A (24), first fragment of FU-A (28)."""
    if len(p) < 2:
        return False
    type_ = p[0] & 0x1F
    if type_ == 28:
        return bool(p[1] & 0x80) and _starts_h264(p[1])
    if type_ != 24:
        return _starts_h264(p[0])
    at = 1
    while at + 2 < len(p):
        if _starts_h264(p[at + 2]):
            return True
        at += 2 + int(_u16.unpack_from(p, at)[0])
    return False


def _starts_h264(nal: int) -> bool:
    return nal & 0x1F in (5, 7)  # IDR slice, sequence parameter set
