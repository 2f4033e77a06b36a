"""Which codec, payload types and header extensions a peer and we agree on for one m-line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signaling.sfu.core_api import Extensions, Kind
from signaling.sfu.sdp import Codec, Media

URI_MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
URI_AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
URI_ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

AUDIO_URIS = (URI_MID, URI_AUDIO_LEVEL, URI_ABS_SEND_TIME)
VIDEO_URIS = (URI_MID, URI_ABS_SEND_TIME)

NAMES = {Kind.AUDIO: "opus", Kind.VP8: "VP8", Kind.H264: "H264"}


@dataclass(frozen=True, slots=True)
class Agreed:
    """What one m-line carries. rtx_payload_type: 0 = retransmission on the media SSRC."""

    kind: Kind
    codec: Codec
    rtx_payload_type: int
    ssrc: int
    rtx_ssrc: int


def media_kind(kind: Kind) -> str:
    """`audio` or `video`."""
    return "audio" if kind is Kind.AUDIO else "video"


def agree(media: Media) -> Agreed | None:
    """The codec we take of an offered m-line, None when there is none we forward.

    ssrc is 0 where the m-line names none, or (simulcast, RFC 8853) several of which the first to arrive will be used;
    then retransmissions are not negotiated, because nothing would tie their SSRC to the media's.
    """
    chosen = _opus(media) if media.kind == "audio" else _video(media)
    if chosen is None:
        return None
    kind, codec = chosen
    if media.simulcast or not media.ssrcs:
        return Agreed(kind, codec, 0, 0, 0)
    ssrc = next((each for each in media.ssrcs if each not in media.fid.values()), media.ssrcs[0])
    rtx_ssrc = media.fid.get(ssrc, 0)
    rtx = rtx_payload_type(media, codec.payload_type) if rtx_ssrc else 0
    return Agreed(kind, codec, rtx, ssrc, rtx_ssrc if rtx else 0)


def rtx_payload_type(media: Media, payload_type: int) -> int:
    """The payload type that repairs this one (RFC 4588 §8.1), 0 when none does."""
    for codec in media.codecs.values():
        if codec.name == "rtx" and codec.parameter("apt") == str(payload_type):
            return codec.payload_type
    return 0


def find(media: Media, kind: Kind) -> Codec | None:
    """The codec of this kind in an answer's m-line."""
    chosen = _opus(media) if kind is Kind.AUDIO else _video(media, (kind,))
    return chosen[1] if chosen else None


def _opus(media: Media) -> tuple[Kind, Codec] | None:
    for codec in media.codecs.values():
        if codec.name == "opus" and codec.clock_rate == 48000 and codec.channels == 2:
            return Kind.AUDIO, codec
    return None


def _video(media: Media, kinds: Iterable[Kind] = (Kind.VP8, Kind.H264)) -> tuple[Kind, Codec] | None:
    if media.kind != "video":
        return None
    for kind in kinds:
        name = NAMES[kind].lower()
        codecs = [codec for codec in media.codecs.values() if codec.name == name and codec.clock_rate == 90000]
        if kind is Kind.H264:
            codecs = [codec for codec in codecs if codec.parameter("packetization-mode") == "1"]
            # constrained baseline first: the profile every browser decodes (RFC 7742 §6.2)
            codecs.sort(key=lambda codec: not (codec.parameter("profile-level-id") or "").lower().startswith("42e0"))
        if codecs:
            return kind, codecs[0]
    return None


def extensions(media: Iterable[Media]) -> Extensions:
    """Ids of the extensions we use, over all m-lines of a bundle (they share one id space, RFC 8843 §9.2)."""
    ids: dict[str, int] = {}
    for each in media:
        if not each.rejected:
            wanted = AUDIO_URIS if each.kind == "audio" else VIDEO_URIS
            ids |= {uri: identifier for uri, identifier in each.extensions.items() if uri in wanted}
    return Extensions(ids.get(URI_MID, 0), ids.get(URI_AUDIO_LEVEL, 0), ids.get(URI_ABS_SEND_TIME, 0))
