"""The publishing side of a peer: its offers answered, its producers kept, its feedback sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from signaling.engine import Source
from signaling.sfu import parameters, rtcp
from signaling.sfu.core_api import Extensions, Kind
from signaling.sfu.parameters import Agreed
from signaling.sfu.producer import Producer
from signaling.sfu.sdp import Description, Media, bad, parse
from signaling.sfu.sdp_write import publish_answer
from signaling.sfu.sr import PublisherClock
from signaling.sfu.transport import Transport

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

UPLINK_BPS = 2_500_000  # REMB: HD at 1.5 Mbit/s, slides, thumbnail and audio, with room for repairs
PROTOCOLS = ("UDP/TLS/RTP/SAVPF", "RTP/SAVPF")


class Publisher:
    """changed: called when what it publishes has changed."""

    def __init__(self, plane: Plane, hall: str, changed: Callable[[], None]) -> None:
        self._plane = plane
        self.hall = hall
        self._changed = changed
        self.producers: dict[str, Producer] = {}  # by mid
        self.want: frozenset[Source] | None = None
        self.transport: Transport | None = None
        self._offer: Description | None = None
        self._tracks: Mapping[str, Source] = {}
        self._agreed: dict[str, Agreed] = {}
        self._extensions = Extensions()
        self._clock = PublisherClock()

    def publish(self, text: str, tracks: Mapping[str, Source]) -> str:
        """Take an offer, return the answer. Raises EngineError bad_sdp {line}; then nothing has changed."""
        offer = parse(text)
        agreed = _agree(offer, tracks)
        if not agreed.keys() & tracks.keys():
            bad(offer.media[0].line)
        if self.transport is None or not self._same_connection(offer):
            self._replace()
        elif self.transport.remote is not None and self.transport.remote.ufrag != offer.remote.ufrag:
            self.transport.restart()
        assert self.transport is not None
        self._offer, self._tracks, self._agreed = offer, dict(tracks), agreed
        self._extensions = parameters.extensions(media for media in offer.media if media.mid in agreed)
        self.transport.connect(offer.remote)
        if self.transport.state == "connected":
            self._settle()
        return publish_answer(offer, agreed, self._sending(), self.transport.local())

    def _sending(self) -> set[str]:
        assert self._offer is not None
        sends = {media.mid for media in self._offer.media if media.direction in ("sendonly", "sendrecv")}
        return sends & self._agreed.keys() & self._tracks.keys()

    def _same_connection(self, offer: Description) -> bool:
        before = self._offer
        assert before is not None
        return before.session == offer.session and before.remote.fingerprints == offer.remote.fingerprints

    def _replace(self) -> None:
        old, self.transport = self.transport, None
        if old is not None:
            old.close()
        self._drop_all()
        self._clock = PublisherClock()
        self.transport = Transport(self._plane, self)

    def on_connected(self) -> None:
        self._settle()
        self._remb()

    def _settle(self) -> None:
        """Make the producers match the last offer."""
        assert self._offer is not None and self.transport is not None
        self.transport.set_extensions(self._extensions)
        sending = self._sending()
        for mid, producer in list(self.producers.items()):
            agreed = self._agreed.get(mid)
            same = agreed is not None and mid in sending and agreed.ssrc in (0, producer.ssrc)
            if agreed is None or not same or producer.source != self._tracks[mid] or producer.kind is not agreed.kind:
                del self.producers[mid]
                producer.close()
        for mid in sending:
            agreed = self._agreed[mid]
            if mid not in self.producers and agreed.ssrc:
                self._produce(mid, agreed, agreed.ssrc)
        self._changed()

    def _produce(self, mid: str, agreed: Agreed, ssrc: int) -> None:
        assert self.transport is not None
        try:
            handle = self._plane.core.add_producer(self.transport.handle, agreed.kind, ssrc, agreed.rtx_ssrc)
        except ValueError:  # two m-lines claim one SSRC: the first keeps it
            return
        self.producers[mid] = Producer(
            self._plane, self.transport, handle, self.hall, self._tracks[mid], agreed.kind, ssrc, self._clock
        )

    def on_unknown(self, data: bytes) -> None:
        """An SSRC the offer did not name: its MID extension says which m-line it belongs to (RFC 8843 §9.2)."""
        mid = header_extension(data, self._extensions.mid).decode("ascii", "replace")
        agreed = self._agreed.get(mid)
        if agreed is None or agreed.ssrc or mid in self.producers or mid not in self._sending():
            return
        if data[1] & 127 == agreed.codec.payload_type:
            self._produce(mid, agreed, int.from_bytes(data[8:12], "big"))
            self._changed()

    def on_rtcp(self, data: bytes) -> None:
        for packet in rtcp.parse(data):
            if isinstance(packet, rtcp.SenderReport):
                for producer in self.producers.values():
                    if producer.ssrc == packet.ssrc:
                        producer.on_sender_report(packet)

    def on_consent(self, given: bool) -> None:
        self._changed()

    def report(self) -> None:
        """Once a second: receiver reports and the cap."""
        if self.transport is None:
            return
        blocks = [block for each in self.producers.values() if (block := each.report()) is not None]
        if blocks:
            self.transport.send_rtcp(rtcp.receiver_report(blocks))
        self._remb()

    def _remb(self) -> None:
        videos = [each.ssrc for each in self.producers.values() if each.kind is not Kind.AUDIO]
        if videos and self.transport is not None:
            self.transport.send_rtcp(rtcp.receiver_report([]) + rtcp.remb(UPLINK_BPS, videos))

    @property
    def live(self) -> bool:
        """Whether it is connected and heard of."""
        return self.transport is not None and self.transport.state == "connected" and self.transport.consent

    def on_closed(self) -> None:
        self.transport = None
        self._drop_all()
        self._changed()

    def _drop_all(self) -> None:
        for producer in self.producers.values():
            producer.close()
        self.producers.clear()

    def close(self) -> None:
        """Twice is harmless."""
        if self.transport is not None:
            self.transport.close()


def _agree(offer: Description, tracks: Mapping[str, Source]) -> dict[str, Agreed]:
    """mid → what we could take; checks that every track has its m-line, of the right kind, and no source two."""
    if len(set(tracks.values())) != len(tracks):
        bad(offer.media[-1].line)
    for mid, source in tracks.items():
        media = offer.by_mid(mid)
        if media is None:
            bad(offer.media[-1].line)
        if media.kind != ("audio" if source == "mic" else "video"):
            bad(media.line)
    chosen = {media.mid: parameters.agree(media) for media in offer.media if media.mid and _acceptable(media)}
    return {mid: agreed for mid, agreed in chosen.items() if agreed is not None}


def _acceptable(media: Media) -> bool:
    return not media.rejected and media.rtcp_mux and media.protocol in PROTOCOLS


def header_extension(data: bytes, identifier: int) -> bytes:
    """One element of a one-byte header extension (RFC 8285 §4.2), empty when it is not there."""
    at = 12 + 4 * (data[0] & 15) if data else 0
    if not identifier or len(data) < at + 4 or not data[0] & 0x10 or data[at : at + 2] != b"\xbe\xde":
        return b""
    end = min(len(data), at + 4 + 4 * int.from_bytes(data[at + 2 : at + 4], "big"))
    at += 4
    while at < end:
        if data[at] == 0:
            at += 1
            continue
        size = (data[at] & 15) + 1
        if data[at] >> 4 == identifier:
            return data[at + 1 : at + 1 + size]
        at += 1 + size
    return b""
