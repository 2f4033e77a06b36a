"""Writes our side of a negotiation: the answer to a publisher and the offer to a subscriber."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from signaling.sfu.core_api import Kind
from signaling.sfu.parameters import (
    AUDIO_URIS,
    NAMES,
    URI_ABS_SEND_TIME,
    URI_AUDIO_LEVEL,
    URI_MID,
    VIDEO_URIS,
    Agreed,
    media_kind,
)
from signaling.sfu.sdp import Description, Media

PROFILE = "UDP/TLS/RTP/SAVPF"
# what we offer subscribers; their answer says what they took
OFFERED_IDS = {URI_MID: 1, URI_AUDIO_LEVEL: 2, URI_ABS_SEND_TIME: 3}
OFFERED_TYPES = {Kind.AUDIO: (111, 0), Kind.VP8: (96, 97), Kind.H264: (102, 103)}
VIDEO_FEEDBACK = ("nack", "nack pli", "ccm fir", "goog-remb")
OPUS_SEND = "minptime=10;useinbandfec=1"
OPUS_RECEIVE = "minptime=10;useinbandfec=1;usedtx=1"  # usedtx: a silent hall costs 4.5 packets/s instead of 50
H264_SEND = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"


@dataclass(frozen=True, slots=True)
class Local:
    """Our side of one transport. candidates: (address, port), most preferred first."""

    ufrag: str
    pwd: str
    fingerprint: tuple[str, str]
    candidates: Sequence[tuple[str, int]]
    version: int


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """One sendonly m-line of a subscribe offer; its mid is its place in the list."""

    kind: Kind
    ssrc: int
    rtx_ssrc: int
    stream: str


def publish_answer(offer: Description, agreed: Mapping[str, Agreed], sending: Collection[str], local: Local) -> str:
    """Answer a publisher. agreed: mid → what we could take, of which `sending` is received and the rest inactive.

    Other m-lines are refused (port 0) and left out of the bundle.
    """
    mids = [media.mid for media in offer.media if media.mid in agreed]
    lines = _head(local, mids)
    for media in offer.media:
        if media.mid in agreed:
            lines += _answer_media(media, agreed[media.mid], media.mid in sending, local)
        else:
            lines += [f"m={media.kind} 0 {media.protocol} {' '.join(media.formats)}", "c=IN IP4 0.0.0.0"]
            lines += [f"a=mid:{media.mid}"] * bool(media.mid) + ["a=inactive"]
    return "\r\n".join(lines) + "\r\n"


def subscribe_offer(slots: Sequence[OfferedSlot], local: Local) -> str:
    """Offer a subscriber its slots, in order; slots are only ever appended."""
    lines = _head(local, [str(index) for index in range(len(slots))])
    for index, slot in enumerate(slots):
        lines += _offer_media(index, slot, local)
    return "\r\n".join(lines) + "\r\n"


def _head(local: Local, mids: Sequence[str]) -> list[str]:
    return [
        "v=0",
        f"o=- 1 {local.version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        "a=extmap-allow-mixed",
        "a=group:BUNDLE " + " ".join(mids),
        "a=msid-semantic: WMS *",
    ]


def _transport(local: Local, setup: str) -> list[str]:
    """The same in every m-line of the bundle: browsers read the first one's candidates, aiortc the last one's."""
    return [
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.pwd}",
        "a=fingerprint:{} {}".format(*local.fingerprint),
        f"a=setup:{setup}",
        *(_candidate(index, host, port) for index, (host, port) in enumerate(local.candidates)),
        "a=end-of-candidates",
    ]


def _candidate(index: int, host: str, port: int) -> str:
    priority = 126 << 24 | (65535 - index) << 8 | 255  # RFC 8445 §5.1.2.1, host, component 1
    return f"a=candidate:{index + 1} 1 udp {priority} {host} {port} typ host"


def _address(local: Local) -> str:
    host = local.candidates[0][0]
    return f"IN IP{ipaddress.ip_address(host).version} {host}"


def _answer_media(media: Media, agreed: Agreed, sending: bool, local: Local) -> list[str]:
    types = [agreed.codec.payload_type] + [agreed.rtx_payload_type] * bool(agreed.rtx_payload_type)
    fmtp = OPUS_RECEIVE if agreed.kind is Kind.AUDIO else agreed.codec.fmtp
    wanted = AUDIO_URIS if agreed.kind is Kind.AUDIO else VIDEO_URIS
    lines = [
        f"m={media.kind} {local.candidates[0][1]} {PROFILE} {' '.join(map(str, types))}",
        f"c={_address(local)}",
        *_transport(local, "passive"),
        f"a=mid:{media.mid}",
        "a=recvonly" if sending else "a=inactive",
        *_codec(agreed.kind, types, fmtp, [each for each in VIDEO_FEEDBACK if each in agreed.codec.feedback]),
    ]
    return lines + [f"a=extmap:{media.extensions[uri]} {uri}" for uri in wanted if uri in media.extensions]


def _offer_media(index: int, slot: OfferedSlot, local: Local) -> list[str]:
    types = [each for each in OFFERED_TYPES[slot.kind] if each]
    fmtp = {Kind.AUDIO: OPUS_SEND, Kind.VP8: "", Kind.H264: H264_SEND}[slot.kind]
    wanted = AUDIO_URIS if slot.kind is Kind.AUDIO else VIDEO_URIS
    lines = [
        f"m={media_kind(slot.kind)} {local.candidates[0][1]} {PROFILE} {' '.join(map(str, types))}",
        f"c={_address(local)}",
        *_transport(local, "actpass"),
        f"a=mid:{index}",
        "a=sendonly",
        *_codec(slot.kind, types, fmtp, VIDEO_FEEDBACK),
        *(f"a=extmap:{OFFERED_IDS[uri]} {uri}" for uri in wanted),
        f"a=msid:{slot.stream} {slot.stream}-{index}",
    ]
    ssrcs = [slot.ssrc]
    if slot.rtx_ssrc:
        lines.append(f"a=ssrc-group:FID {slot.ssrc} {slot.rtx_ssrc}")
        ssrcs.append(slot.rtx_ssrc)  # after the media's: Chromium takes the first a=ssrc for the picture
    return lines + [f"a=ssrc:{ssrc} cname:{slot.stream}" for ssrc in ssrcs]


def _codec(kind: Kind, types: Sequence[int], fmtp: str, feedback: Sequence[str]) -> list[str]:
    clock = "48000/2" if kind is Kind.AUDIO else "90000"
    lines = [f"a=rtpmap:{types[0]} {NAMES[kind]}/{clock}"]
    lines += [f"a=fmtp:{types[0]} {fmtp}"] * bool(fmtp)
    if kind is not Kind.AUDIO:
        lines += [f"a=rtcp-fb:{types[0]} {each}" for each in feedback]
    if len(types) > 1:
        lines += [f"a=rtpmap:{types[1]} rtx/90000", f"a=fmtp:{types[1]} apt={types[0]}"]
    return lines
