"""One session's media: who publishes, who watches, and the desired state between them applied to every slot."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from signaling.engine import Direction, EngineError, MediaEvent, PeerRef, Shown, Source
from signaling.sfu import layers
from signaling.sfu.audiolevel import SILENCE, ActiveSpeakers
from signaling.sfu.estimate import classify
from signaling.sfu.layers import ALONE, Feed
from signaling.sfu.producer import Producer
from signaling.sfu.publisher import Publisher
from signaling.sfu.subscriber import Subscriber

if TYPE_CHECKING:
    from signaling.sfu.plane import Plane

GATHER_S = 0.02  # changes within this time are applied together
UNWANTED_S = 3.0  # a source nobody watches any more is paused only after this
ORDER: tuple[Source, ...] = ("mic", "camera", "camera_hd", "slides")


class Room:
    def __init__(self, plane: Plane, name: str) -> None:
        self._plane = plane
        self._name = name
        self._direction = Direction()
        self._publishers: dict[str, Publisher] = {}
        self._subscribers: dict[str, Subscriber] = {}
        self._refs: dict[str, PeerRef] = {}
        self._speakers = ActiveSpeakers(layers.LOUDEST + 1)
        self._due: asyncio.TimerHandle | None = None
        self._needed: dict[Feed, float] = {}  # when each feed was last wanted
        self._links: dict[str, dict[str, Any]] = {}

    @property
    def empty(self) -> bool:
        return not self._publishers and not self._subscribers

    def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        publisher = self._publishers.get(peer.peer)
        if publisher is None:
            publisher = Publisher(self._plane, peer.hall or ALONE + peer.peer, self.changed)
        answer = publisher.publish(sdp, tracks)
        self._publishers.pop(peer.peer, None)
        self._publishers[peer.peer] = publisher  # last in order: of two that publish for a hall the newest is shown
        self._refs[peer.peer] = peer
        self.changed()
        return answer

    def show(self, peer: PeerRef, shown: Shown) -> None:
        subscriber = self._subscribers.get(peer.peer)
        if subscriber is None or subscriber.transport is None:
            self._admit(peer, shown)
            subscriber = self._subscribers[peer.peer] = Subscriber(self._plane, peer, shown, self.changed)
            self._refs[peer.peer] = peer
        subscriber.shown = shown
        if shown.restart:
            subscriber.restart()
        self.changed()

    def _admit(self, peer: PeerRef, shown: Shown) -> None:
        """A quarter of the places is kept for those who watch; phones only listen, whichever node they are on."""
        if peer.hall is not None:
            return
        subscribers = self._subscribers.items()
        others = [one.shown for name, one in subscribers if name != peer.peer and self._refs[name].hall is None]
        listening = sum(not (other.halls or other.stage) for other in others)
        most = self._plane.listeners
        watches = bool(shown.halls) or shown.stage
        if len(others) >= most or (not watches and listening >= math.ceil(most * 3 / 4)):
            raise EngineError("media_full", listeners=most)

    def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        subscriber = self._subscribers.get(peer.peer)
        if subscriber is None:
            raise EngineError("stale_negotiation", generation=0)
        subscriber.answer(generation, sdp)

    def direct(self, direction: Direction) -> None:
        self._direction = direction
        self.changed()

    def leave(self, peer: str, what: str) -> None:
        """Close what the peer has of it; unknown peers have left already."""
        if what in ("publish", "all") and (publisher := self._publishers.pop(peer, None)) is not None:
            publisher.close()
        if what in ("subscribe", "all") and (subscriber := self._subscribers.pop(peer, None)) is not None:
            subscriber.close()
        if peer not in self._publishers and peer not in self._subscribers:
            self._refs.pop(peer, None)
        self.changed()

    def changed(self) -> None:
        """Something changed: apply it in a moment, together with what comes until then."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(GATHER_S, self._apply)

    def _producers(self) -> dict[Feed, Producer]:
        producers: dict[Feed, Producer] = {}
        for publisher in self._publishers.values():
            if publisher.live:
                producers |= {(publisher.hall, each.source): each for each in publisher.producers.values()}
        return producers

    def _apply(self) -> None:
        self._due = None
        producers = self._producers()
        feeds = {feed: producer.flowing for feed, producer in producers.items()}
        loudest, recent = self._speakers.chosen, self._speakers.recent()
        audio_slots = layers.audio_slots(self._direction)
        for peer, subscriber in list(self._subscribers.items()):
            own = self._refs[peer].hall or ALONE + peer
            plan = layers.plan(self._direction, subscriber.shown, own, feeds, loudest, recent, self._plane.last_n)
            subscriber.apply(plan, audio_slots, producers)
        self._want(producers)

    def _want(self, producers: Mapping[Feed, Producer]) -> None:
        """Tell each publisher which of its sources anybody watches."""
        now = self._plane.clock()
        watching = [each.shown for each in self._subscribers.values() if each.transport is not None]
        stage = any(shown.stage for shown in watching)
        thumbs = {hall for shown in watching for hall in shown.halls}
        for feed in layers.wanted(self._direction, stage, thumbs, producers):
            self._needed[feed] = now
        for peer, publisher in self._publishers.items():
            sources: set[Source] = set()
            for producer in publisher.producers.values():
                since = now - self._needed.get((publisher.hall, producer.source), float("-inf"))
                producer.want(since < UNWANTED_S)
                sources |= {producer.source} if producer.wanted else set()
            if publisher.producers and (publisher.want is None or sources != publisher.want):
                publisher.want = frozenset(sources)
                data = {"sources": [each for each in ORDER if each in sources]}
                self._plane.emit(MediaEvent("want", self._name, peer, data))

    def nack(self) -> None:
        """Every 20 ms."""
        for publisher in self._publishers.values():
            for producer in publisher.producers.values():
                producer.nack()

    def settle(self) -> None:
        """Every 100 ms: pictures that start or stall, switches that wait for a key frame."""
        flows = [producer.measure() for each in self._publishers.values() for producer in each.producers.values()]
        if any(flows):
            self.changed()
        for subscriber in self._subscribers.values():
            subscriber.settle()

    def listen(self) -> None:
        """Every 250 ms: who is loudest."""
        now = self._plane.clock()
        levels = {hall: each.take_level() for (hall, source), each in self._producers().items() if source == "mic"}
        muted = self._direction.muted
        heard = {hall: SILENCE if hall in muted else level for hall, level in levels.items()}
        if self._speakers.update(heard, now):
            self.changed()

    def report(self) -> None:
        """Every second: receiver reports, pauses that are due."""
        for publisher in self._publishers.values():
            publisher.report()
        self._want(self._producers())

    def tell_links(self) -> None:
        """Twice a second: describe every hall's link, when anything has changed."""
        halls: dict[str, dict[str, Any]] = {}
        for peer, publisher in self._publishers.items():
            if not publisher.hall.startswith(ALONE):
                halls[publisher.hall] = self._link(peer, publisher)
        for hall in self._links.keys() - halls.keys():
            halls[hall] = _ABSENT  # kept, so that it is told once
        if halls != self._links:
            self._plane.emit(MediaEvent("links", self._name, None, {"halls": halls}))
        self._links = halls

    def _link(self, peer: str, publisher: Publisher) -> dict[str, Any]:
        transport = publisher.transport
        if transport is None or transport.state != "connected":
            return _ABSENT
        producers = list(publisher.producers.values())
        mic = next((each for each in producers if each.source == "mic"), None)
        camera = next((each for each in producers if each.source == "camera"), None)
        subscriber = self._subscribers.get(peer)
        loss = max((each.uplink_loss for each in producers), default=0.0)
        rtt = None
        if subscriber is not None:
            loss, rtt = max(loss, subscriber.loss), subscriber.rtt_ms
        heard = max((each.heard for each in producers), default=transport.seen)
        starved = camera is not None and camera.wanted and not camera.flowing and mic is not None and mic.flowing
        return {
            "publishing": publisher.live,
            "speaking": self._speakers.speaking(publisher.hall),
            "level": mic.level if mic is not None else SILENCE,
            "link": classify(self._plane.clock() - max(heard, transport.seen), loss, rtt, starved),
            "loss": round(loss, 3),
            "rtt_ms": None if rtt is None else round(rtt),
            "bitrate_bps": round(sum(each.bitrate_bps for each in producers), -3),
        }

    def close(self) -> None:
        if self._due is not None:
            self._due.cancel()
        for peer in [*self._publishers, *self._subscribers]:
            self.leave(peer, "all")
        if self._due is not None:
            self._due.cancel()


_ABSENT: dict[str, Any] = {
    "publishing": False,
    "speaking": False,
    "level": SILENCE,
    "link": "absent",
    "loss": 0.0,
    "rtt_ms": None,
    "bitrate_bps": 0,
}
