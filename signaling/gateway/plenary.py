"""The live side of one session: what its people were shown, what they must be shown next, and who they are."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sessions import view as views
from sessions.desk import Desk
from sessions.draft import halls_concerned
from sessions.electorate import HALL_VOTER
from sessions.ids import BallotId, PassId
from sessions.kind import HALL, MODERATOR, SCREEN, VIEWS
from sessions.own import seats_concerned
from sessions.own_vote import changed_voters, votes_begin_or_end
from sessions.permissions import Actor, Role
from sessions.scoring_view import own_scoring_changed
from sessions.speakers import speakers
from sessions.state import State
from sessions.vote import voter_of
from signaling.gateway import packets
from signaling.gateway.bulletin import Bulletin
from signaling.gateway.catchup import Change, Ring
from signaling.gateway.duty import again
from signaling.gateway.fanout import Carrier
from signaling.gateway.here import bulletin_of
from signaling.gateway.link import Link
from signaling.gateway.packets import Message
from signaling.gateway.person import Person
from signaling.gateway.ports import GatewaySettings, Nodes
from signaling.gateway.presence import Presence
from signaling.gateway.snapshots import Snapshot, Snapshots
from signaling.gateway.turnout import Turnout
from signaling.gateway.votes import Votes
from signaling.gateway.watch import Watch

log = logging.getLogger("pleno.gateway")

SLICE = 250  # clients written to before others get the event loop: some 3 ms
MAX_FRAME_BYTES = 96 * 1024  # what is larger, an import for instance, is fetched as a compressed snapshot instead
COUNT_EVERY_S = 1.0  # how often those who only see how many are here are told
CATCH_UP_MOST = 250  # people who are told what they voted after the fact, in one round
DEVICES_A_SEAT = 8  # connections; else one card could take every place of the server
# Tablets beside a hall's page, on one node: those of a node that died come here while it is still heard of.
KIOSKS_A_HALL = 8
WATCH_S = 0.5  # how late it may be noticed that a hall or the leading moderator has gone or is back
WHOLE_PRESENCE = frozenset({MODERATOR, HALL, SCREEN})


@dataclass(slots=True)
class Channel:
    """One view class. links: those whose frames continue without a gap. bridges: catch-up frames by `after`."""

    ring: Ring
    links: set[Link] = field(default_factory=set)
    bridges: dict[int, Message | None] = field(default_factory=dict)


class Plenary:
    """published: the state at the last frame boundary, of all classes alike. Snapshots and frames speak of this state.

    on_published(before, after): called after each boundary, for what else must follow the deliberation.
    """

    def __init__(
        self,
        desk: Desk,
        votes: Votes,
        carrier: Carrier,
        settings: GatewaySettings,
        clock: Callable[[], int],
        nodes: Nodes,
        on_published: Callable[[Plenary, State, State], None],
    ) -> None:
        self.desk = desk
        self.votes = votes
        self.published = desk.state
        self.people: dict[str, Person] = {}
        self.hall_pages: dict[str, Person] = {}
        self._kiosks: defaultdict[str, dict[Person, None]] = defaultdict(dict)  # by hall, oldest first
        self.presence = Presence(clock(), nodes.name)
        self.presence.know(desk.state.halls)
        self.presence.heard(nodes.others(desk.state.session.id), clock())
        self.snapshots = Snapshots(clock)
        self._carrier = carrier
        self._settings = settings
        self._clock = clock
        self._nodes = nodes
        self._told_nodes = True
        self._half_told: set[Person] = set()  # who could not be told what they voted
        self._on_published = on_published
        self._channels: dict[str, Channel] = {}
        self._seats: defaultdict[str, dict[Person, None]] = defaultdict(dict)  # oldest first
        self._presence_told = (0.0, -1)  # when (monotonic s), which version
        self._count_told = (0.0, -1)  # when, how many
        self._wake = asyncio.Event()
        self._unwatch = desk.watch(lambda before, after: self._wake.set())
        self._watch = Watch()
        self._turnout = Turnout(desk, votes, nodes, self._wake.set, self._unsure, self._voted)
        pause_s = settings.ephemeral_ms / 1000
        work = (
            self._beat(),
            again(pause_s, "reading the turnout", self._turnout.round),
            again(pause_s, "telling the other nodes", self._tell_nodes),
            again(WATCH_S, "looking who has gone", self._look_around),
        )
        self._tasks = [asyncio.ensure_future(each) for each in work]

    # -- people

    def join(self, person: Person) -> Person | None:
        """Take somebody in; returns who has to go: the hall's older page, the oldest of too many devices or kiosks."""
        self.people[person.link.sid] = person
        self._told_nodes = False
        replaced = None
        if (hall := person.hall_page) is not None:
            replaced = self.hall_pages.get(hall)
            self.hall_pages[hall] = person
            self.presence.hall_came(hall, self._clock())
        elif (hall := person.kiosk_of) is not None:
            kiosks = self._kiosks[hall]
            kiosks[person] = None
            if len(kiosks) > KIOSKS_A_HALL:
                replaced = next(iter(kiosks))
                del kiosks[replaced]
            self.presence.tablets_are(hall, len(kiosks), self._clock())
        elif (seat := person.actor.seat) is not None:
            devices = self._seats[seat]
            devices[person] = None
            self.presence.seat_came(seat)
            if len(devices) > 1 and len(devices) + self._devices_elsewhere(seat) > DEVICES_A_SEAT:
                replaced = next(iter(devices))
                del devices[replaced]
        self._wake.set()
        return replaced

    def leave(self, person: Person) -> None:
        """Twice is harmless."""
        if self.people.pop(person.link.sid, None) is None:
            return
        self._told_nodes = False
        self._half_told.discard(person)
        if person.view in self._channels:
            self._channels[person.view].links.discard(person.link)
        if (hall := person.hall_page) is not None:
            if self.hall_pages.get(hall) is person:
                del self.hall_pages[hall]
                self.presence.hall_left(hall, self._clock())
        elif (hall := person.kiosk_of) is not None:
            self._kiosks[hall].pop(person, None)
            self.presence.tablets_are(hall, len(self._kiosks[hall]), self._clock())
            if not self._kiosks[hall]:
                del self._kiosks[hall]
        elif (seat := person.actor.seat) is not None:
            self._seats[seat].pop(person, None)
            if not self._seats[seat]:
                del self._seats[seat]
            self.presence.seat_left(seat)
        self._wake.set()

    def of_seat(self, seat: str) -> Collection[Person]:
        return self._seats.get(seat, ())

    def of_voter(self, voter: str) -> Collection[Person]:
        """Devices of a seat, or of a hall where halls vote themselves: its page and the tablets beside it."""
        if not voter.startswith(HALL_VOTER):
            return self.of_seat(voter)
        hall = voter.removeprefix(HALL_VOTER)
        page = self.hall_pages.get(hall)
        return [*([] if page is None else [page]), *self._kiosks.get(hall, ())]

    # -- catching up

    async def sync(self, person: Person, after: int | None, reply: int | None) -> None:
        """Answer `sync`: who they are, then one frame from `after` to now, then live frames; or ask for a resync."""
        voted, whole = await self.votes.of(person.actor)
        me = {**views.me(self.published, person.actor), **voted}
        if person.gone:
            return
        if not whole:
            self._half_told.add(person)
        # From here on nothing waits: no frame can slip between the catch-up and the first live one.
        me.update(views.me(self.published, person.actor))
        person.me = me
        channel = self._channel(person.view)
        frame, bridged = self._bridge(channel, after)
        head = channel.ring.head
        answer = {"ok": True, "upto": head, "server_now": self._clock(), "me": me, "resync": not bridged}
        person.link.ack(reply, answer)
        if not bridged:
            channel.links.discard(person.link)
            return
        for message in (frame, *self._now(person.view)):
            if message is not None:
                person.link.send(message)
        channel.links.add(person.link)

    async def snapshot(self, view: str) -> Snapshot:
        """Of the published state; a sync after its `upto` continues from it."""
        return await self.snapshots.of(self.published, view, self._channel(view).ring.base)

    def _channel(self, view: str) -> Channel:
        channel = self._channels.get(view)
        if channel is None:
            channel = self._channels[view] = Channel(Ring(self.published.seq, self._settings.ring_frames))
        return channel

    def _bridge(self, channel: Channel, after: int | None) -> tuple[Message | None, bool]:
        """The frame that brings this class from `after` to now (None: nothing is missing), and whether it can."""
        if after is None or not channel.ring.bridges(after):
            return None, False
        if after == channel.ring.head:
            return None, True
        if after not in channel.bridges:
            channel.bridges[after] = frame_of(after, channel.ring.head, channel.ring.since(after))
        frame = channel.bridges[after]
        return frame, frame is not None

    def _now(self, view: str) -> Iterator[Message]:
        """What somebody who just came has missed and no frame holds."""
        yield from self._turnout.now()
        yield packets.event("presence", self.presence.whole() if view in WHOLE_PRESENCE else self.presence.count())

    # -- telling everybody

    async def _beat(self) -> None:
        """At most one round of frames every frame_ms."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._tell()
            except Exception:
                log.exception("session %s: a round of frames failed", self.published.session.id)
            await asyncio.sleep(self._settings.frame_ms / 1000)

    async def _tell(self) -> None:
        before, after = self.published, self.desk.state
        frames = {view: self._advance(channel, view, before, after) for view, channel in self._channels.items()}
        self.published = after
        turnout, crowd_turnout = self._turnout.news()
        presence = self._presences()
        for view, frame in frames.items():
            batch = [message for message in (frame, presence.get(view)) if message is not None]
            batch += turnout if view in WHOLE_PRESENCE else crowd_turnout
            if batch:
                await self._broadcast(tuple(self._channels[view].links), batch)
        if before is not after:
            self.presence.know(after.halls)
            await self._tell_owners(before, after)
            self._on_published(self, before, after)

    def _advance(self, channel: Channel, view: str, before: State, after: State) -> Message | None:
        if before is after:
            return None
        changes = views.changes(before, after, view)
        channel.bridges.clear()
        frame = frame_of(before.seq, after.seq, changes) if channel.links else None
        if frame is None and channel.links:
            channel.ring.restart(after.seq)
            return packets.event("frame", {"after": after.seq, "upto": after.seq, "changes": []})  # a gap: sync, resync
        channel.ring.push(after.seq, changes)
        return frame

    async def _broadcast(self, links: Collection[Link], batch: list[Message]) -> None:
        """In slices, so that a vote does not wait for 2,500 writes. Who leaves meanwhile is skipped by the carrier."""
        crowd = tuple(links)
        for start in range(0, len(crowd), SLICE):
            if start:
                await asyncio.sleep(0)
            self._carrier.broadcast(crowd[start : start + SLICE], batch)

    async def _tell_owners(self, before: State, after: State) -> None:
        """`me` for those whose own matters changed: requests, scores, channel, proxies, presence, cards, drafts."""
        await self._tell_everybody(before, after)
        for owner in changed_voters(before, after) | seats_concerned(before, after):
            for person in self.of_seat(owner):
                self._renew(person)
        for writing in halls_concerned(before, after):
            if (page := self.hall_pages.get(writing)) is not None:
                self._renew(page)
        if before.floor is after.floor:
            return
        requests = {(one.seat, one.hall) for state in (before, after) for one in speakers(state.floor)}
        for seat, hall in requests:
            page = self.hall_pages.get(hall) if seat is None else None
            for person in self.of_seat(seat) if seat is not None else [page] if page is not None else []:
                self._renew(person)

    async def _tell_everybody(self, before: State, after: State) -> None:
        """In slices, as frames are."""
        everybody = before.groups is not after.groups or votes_begin_or_end(before, after)
        if not everybody and before.scoring is after.scoring:
            return
        crowd = tuple(self.people.values())
        for start in range(0, len(crowd), SLICE):
            if start:
                await asyncio.sleep(0)
            for person in crowd[start : start + SLICE]:
                if everybody or own_scoring_changed(before, after, person.actor):
                    self._renew(person)

    def _renew(self, person: Person) -> None:
        if person.me is not None and not person.gone:
            self._send_me(person, {**person.me, **views.me(self.published, person.actor)})

    def _send_me(self, person: Person, me: dict[str, Any]) -> None:
        if me != person.me:
            person.me = me
            person.link.send(packets.event("me", me))

    def voted(self, sender: Person, receipt: dict[str, Any], voter: Actor) -> None:
        """The sender has the receipt; other devices of the seat learn of it. A kiosk is no device of its voters."""
        name = voter_of(self.desk.state.ballots[receipt["ballot"]], voter)
        self._voted(name, receipt["ballot"], receipt if receipt["seat"] is not None else None, sender)

    def _voted(
        self, voter: str, ballot: BallotId, receipt: dict[str, Any] | None, sender: Person | None = None
    ) -> None:
        news: dict[str, dict[str, Any]] = {"voted": {ballot: True}}
        if receipt is not None:
            news["receipts"] = {ballot: receipt}
        for person in self.of_voter(voter):
            if person.me is None:
                continue
            me = {**person.me, **{name: {**person.me[name], **more} for name, more in news.items()}}
            if person is sender:
                person.me = me
            else:
                self._send_me(person, me)

    # -- what is not journaled

    def _presences(self) -> dict[str, Message]:
        """By view class: the map of halls at most every ephemeral_ms, the bare number more seldom; on change."""
        now, messages = time.monotonic(), dict[str, Message]()
        told_at, version = self._presence_told
        if version != self.presence.version:
            if now - told_at >= self._settings.ephemeral_ms / 1000:
                self._presence_told = (now, self.presence.version)
                messages.update(dict.fromkeys(WHOLE_PRESENCE, packets.event("presence", self.presence.whole())))
            else:
                self._wake.set()
        told_at, participants = self._count_told
        if participants != self.presence.participants:
            if now - told_at >= COUNT_EVERY_S:
                self._count_told = (now, self.presence.participants)
                count = packets.event("presence", self.presence.count())
                messages.update((view, count) for view in VIEWS if view not in WHOLE_PRESENCE)
            else:
                self._wake.set()
        return messages

    def links_changed(self, halls: Mapping[str, Mapping[str, Any]]) -> None:
        """What the media plane sees of each hall."""
        before = self.presence.seen
        self.presence.links(halls, self._clock())
        self._told_nodes &= self.presence.seen == before
        if self.presence.version != self._presence_told[1]:
            self._wake.set()

    def media_reset(self) -> None:
        """The media plane starts anew."""
        self.presence.silence(self._clock())
        self._told_nodes = False
        self._wake.set()

    # -- other nodes

    async def _tell_nodes(self) -> None:
        """Who is here, on change; they are reminded without us."""
        if not self._told_nodes:
            self._told_nodes = True
            self._nodes.tell(self.desk.state.session.id, bulletin_of(self.people.values(), self.presence))

    def heard(self) -> list[Person]:
        """Other nodes have told something new; returns the pages here that are no longer the newest of their hall."""
        before = self.presence.version
        halls = self.presence.heard(self._others, self._clock())
        if self.presence.version != before:
            self._wake.set()
        for hall in halls:
            self.presence.hall_left(hall, self._clock())
            self._told_nodes = False
        return [self.hall_pages.pop(hall) for hall in halls]

    @property
    def _others(self) -> Mapping[str, Bulletin]:
        return self._nodes.others(self.desk.state.session.id)

    def _devices_elsewhere(self, seat: str) -> int:
        return sum(bulletin.devices(seat) for bulletin in self._others.values())

    def _unsure(self, ballot: BallotId) -> list[str]:
        """Seats here that are not known to have voted, but may have: by another device, or at a kiosk."""
        if not self._others:
            return []
        rule, channels = self.desk.state.ballots[ballot].rule, self.desk.state.ballots[ballot].channels
        return [
            seat
            for seat, people in self._seats.items()
            if (self.presence.elsewhere(seat) or seat in channels)
            and any(person.me is not None and (rule.revote or ballot not in person.me["voted"]) for person in people)
        ]

    async def notify(self, message: Message) -> None:
        """Something that concerns everybody who is in step."""
        await self._broadcast([person.link for person in self.people.values() if person.me is not None], [message])

    async def _make_up(self) -> None:
        """Tell some of those what they voted who came while that could not be read."""
        for person in [*self._half_told][:CATCH_UP_MOST]:
            voted, whole = await self.votes.of(person.actor)
            if whole or person.gone:
                self._half_told.discard(person)
            if person.me is not None and not person.gone:
                self._send_me(person, {**person.me, **voted})
            if not whole:
                return

    # -- who has gone

    async def _look_around(self) -> None:
        """Tell the session which halls, and whether the leading moderator, have gone or come back."""
        await self._make_up()
        people = self.people.values()
        moderators = {person.actor.pass_id for person in people if person.actor.role is Role.MODERATOR}
        moderators.update(PassId(each) for bulletin in self._others.values() for each in bulletin.moderators)
        state, halls, sighted = self.desk.state, self.presence.halls, self._nodes.sighted
        for notice in self._watch.look(state, halls, moderators, self._clock(), sighted):
            await self._watch.tell(self.desk, notice)

    async def close(self) -> None:
        self._unwatch()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def frame_of(after: int, upto: int, changes: list[Change]) -> Message | None:
    """A frame, or None when it is so large that a snapshot is the better way."""
    message = packets.event("frame", {"after": after, "upto": upto, "changes": changes})
    return message if len(message.frame) <= MAX_FRAME_BYTES else None
