"""The subscribing side of a peer: slots offered once, pointed at whatever is to be seen and heard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from signaling.engine import EngineError, MediaEvent, PeerRef, Shown, Source
from signaling.sfu import parameters, rtcp
from signaling.sfu.consumer import Consumer, Use
from signaling.sfu.core_api import Kind
from signaling.sfu.estimate import rtx_budget
from signaling.sfu.layers import Feed, Plan, assign
from signaling.sfu.producer import Producer
from signaling.sfu.sdp import Media, bad, parse
from signaling.sfu.sdp_write import subscribe_offer
from signaling.sfu.transport import Transport

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

ANSWER_S = 12.0  # an offer nobody answered is made again when something changes
Slots = dict[str, dict[str, Any]]


class Subscriber:
    """changed: called when its connection is up, so that the room points its slots."""

    def __init__(self, plane: Plane, peer: PeerRef, shown: Shown, changed: Callable[[], None]) -> None:
        self._plane = plane
        self._peer = peer
        self.shown = shown
        self._changed = changed
        self.transport: Transport | None = Transport(plane, self)
        self.slots: list[Consumer] = []
        self.estimate_bps: int | None = None
        self.generation = 0
        self._session = ""
        self._offered = 0  # slots in the last offer
        self._asked: float | None = None  # when the offer left that is not answered yet
        self._renegotiate = False
        self._told: Slots = {}
        self._accepted: tuple[Media, ...] = ()

    @property
    def listens(self) -> bool:
        """Whether it may be sent anything."""
        return self.transport is not None and self.transport.state == "connected" and self.transport.consent

    def restart(self) -> None:
        """ICE restart: the next offer carries new credentials."""
        if self.transport is not None and self._offered:
            self.transport.restart()
            self._renegotiate, self._asked = True, None

    def apply(self, plan: Plan, audio_slots: int, feeds: Mapping[Feed, Producer]) -> None:
        """Make the slots carry the plan; offer when m-lines have to change, else tell what was pointed elsewhere."""
        if self.transport is None:
            return
        self._grow("audio", audio_slots if self.shown.audio else 0, Kind.AUDIO)
        self._assign("audio", dict.fromkeys(plan.audio, "mic"), feeds)
        self._grow("stage", max(len(plan.stage), int(self.shown.stage)), Kind.VP8)
        for slot, place in zip_longest(self._of("stage"), plan.stage):
            hall, source = place or (None, None)
            self._place(slot, hall, source, feeds)
        self._grow("thumb", len(plan.thumbs), Kind.VP8)
        self._assign("thumb", dict(plan.thumbs), feeds)
        self._tell()

    def _of(self, use: Use) -> list[Consumer]:
        return [slot for slot in self.slots if slot.use == use]

    def _grow(self, use: Use, count: int, kind: Kind) -> None:
        assert self.transport is not None
        for _ in range(count - len(self._of(use))):
            self.slots.append(Consumer(self._plane, self.transport, len(self.slots), use, kind))
            self._renegotiate = True

    def _assign(self, use: Use, wanted: Mapping[str, Source | None], feeds: Mapping[Feed, Producer]) -> None:
        slots = self._of(use)
        halls = assign([slot.hall for slot in slots], list(wanted))
        for slot, hall in zip(slots, halls, strict=False):
            self._place(slot, hall, wanted[hall] if hall is not None else None, feeds)

    def _place(self, slot: Consumer, hall: str | None, source: Source | None, feeds: Mapping[Feed, Producer]) -> None:
        slot.hall, slot.source = hall, source
        producer = feeds.get((hall, source)) if hall is not None and source is not None else None
        if producer is not None and producer.kind is not slot.kind:
            slot.recode(producer.kind)
            self._renegotiate = True
        slot.point(producer if self.listens else None)

    def _tell(self) -> None:
        now = self._plane.clock()
        if self._asked is not None and now - self._asked < ANSWER_S:
            return  # one offer at a time; the answer brings us back here
        slots = {str(slot.index): slot.describe() for slot in self.slots}
        if (self._renegotiate or self._asked is not None) and self.slots and self.transport is not None:
            self.generation += 1
            self._renegotiate, self._asked, self._offered = False, now, len(self.slots)
            offered = [slot.offered(f"{slot.use}{slot.index}") for slot in self.slots]
            sdp = subscribe_offer(offered, self.transport.local())
            self._emit("offer", {"sdp": sdp, "generation": self.generation, "slots": slots})
        elif slots != self._told:
            self._emit("slots", {"slots": slots})
        self._told = slots

    def _emit(self, kind: Any, data: Mapping[str, Any]) -> None:
        self._plane.emit(MediaEvent(kind, self._peer.room, self._peer.peer, data))

    def answer(self, generation: int, text: str) -> None:
        """Take the answer to our last offer. Raises EngineError stale_negotiation, bad_sdp {line}."""
        if self.transport is None or self._asked is None or generation != self.generation:
            raise EngineError("stale_negotiation", generation=self.generation)
        description = parse(text)
        if len(description.media) != self._offered:
            bad(description.media[-1].line)
        if description.remote.setup == "actpass":
            bad(description.media[0].line)
        if self._session and self._session != description.session:
            raise EngineError("stale_negotiation", generation=self.generation)
        for slot, media in zip(self.slots, description.media, strict=False):
            if media.kind != parameters.media_kind(slot.kind):
                bad(media.line)
        self._session, self._asked = description.session, None
        self._accepted = description.media
        self.transport.connect(description.remote)
        if self.transport.state == "connected":
            self.on_connected()

    def on_connected(self) -> None:
        assert self.transport is not None
        self.transport.set_extensions(parameters.extensions(self._accepted))
        self._plane.core.set_budget(self.transport.handle, rtx_budget(self.estimate_bps))
        for slot, media in zip(self.slots, self._accepted, strict=False):
            self._accept(slot, media)
        self._changed()

    def _accept(self, slot: Consumer, media: Media) -> None:
        codec = parameters.find(media, slot.kind)
        if media.rejected or codec is None or media.direction not in ("recvonly", "sendrecv"):
            slot.refused = True
            slot.close()
        else:
            slot.accept(codec.payload_type, parameters.rtx_payload_type(media, codec.payload_type))

    def on_rtcp(self, data: bytes) -> None:
        for packet in rtcp.parse(data):
            match packet:
                case rtcp.Nack(ssrc, seqs):
                    if (slot := self._by_ssrc(ssrc)) is not None:
                        slot.on_nack(seqs)
                case rtcp.Reports(blocks):
                    for block in blocks:
                        if (slot := self._by_ssrc(block.ssrc)) is not None:
                            slot.on_report(block)
                case rtcp.KeyFrameRequest(ssrc):
                    if (slot := self._by_ssrc(ssrc)) is not None and slot.producer is not None:
                        slot.producer.request_key()
                case rtcp.Remb(bitrate_bps):
                    self._estimated(bitrate_bps)

    def _by_ssrc(self, ssrc: int) -> Consumer | None:
        return next((slot for slot in self.slots if slot.ssrc == ssrc), None)

    def _estimated(self, bitrate_bps: int) -> None:
        self.estimate_bps = bitrate_bps
        if self.transport is not None and self.transport.handle >= 0:
            self._plane.core.set_budget(self.transport.handle, rtx_budget(bitrate_bps))

    def settle(self) -> None:
        for slot in self.slots:
            slot.settle()

    @property
    def rtt_ms(self) -> float | None:
        """The last round-trip time any slot knows."""
        known = [slot.rtt_ms for slot in self.slots if slot.rtt_ms is not None]
        return max(known) if known else None

    @property
    def loss(self) -> float:
        """The worst recent loss of its slots, 0–1."""
        now = self._plane.clock()
        return max((slot.loss / 256 for slot in self.slots if now - slot.reported < 6), default=0.0)

    def on_unknown(self, data: bytes) -> None:
        """A subscriber sends no media; what it sends all the same is dropped."""

    def on_consent(self, given: bool) -> None:
        self._changed()

    def on_closed(self) -> None:
        self.transport = None
        for slot in self.slots:
            slot.close()
        self.slots.clear()
        self._changed()

    def close(self) -> None:
        """Twice is harmless."""
        if self.transport is not None:
            self.transport.close()
