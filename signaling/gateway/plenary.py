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
from sessions.ids import BallotId
from sessions.kind import HALL, MODERATOR, SCREEN, VIEWS
from sessions.own import seats_concerned
from sessions.own_vote import changed_voters, votes_begin_or_end
from sessions.permissions import Actor, Role
from sessions.scoring_view import own_scoring_changed
from sessions.speakers import speakers
from sessions.state import State
from signaling.gateway import packets
from signaling.gateway.catchup import Change, Ring
from signaling.gateway.fanout import Carrier
from signaling.gateway.link import Link
from signaling.gateway.packets import Message
from signaling.gateway.person import Person
from signaling.gateway.ports import GatewaySettings
from signaling.gateway.presence import Presence
from signaling.gateway.snapshots import Snapshot, Snapshots
from signaling.gateway.votes import Votes
from signaling.gateway.watch import Watch

log = logging.getLogger("pleno.gateway")

SLICE = 250  # clients written to before others get the event loop: some 3 ms
MAX_FRAME_BYTES = 96 * 1024  # what is larger, an import for instance, is fetched as a compressed snapshot instead
COUNT_EVERY_S = 1.0  # how often those who only see how many are here are told
DEVICES_A_SEAT = 8  # connections; else one card could take every place of the server
POLL_TURNOUT_S = 1.0  # other nodes take votes too
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
        on_published: Callable[[Plenary, State, State], None],
    ) -> None:
        self.desk = desk
        self.votes = votes
        self.published = desk.state
        self.people: dict[str, Person] = {}
        self.hall_pages: dict[str, Person] = {}
        self.presence = Presence(clock())
        self.presence.know(desk.state.halls)
        self.snapshots = Snapshots(clock)
        self._carrier = carrier
        self._settings = settings
        self._clock = clock
        self._on_published = on_published
        self._channels: dict[str, Channel] = {}
        self._seats: defaultdict[str, dict[Person, None]] = defaultdict(dict)  # oldest first
        self._turnout: dict[BallotId, int] = {}
        self._turnout_news: list[Message] = []
        self._presence_told = (0.0, -1)  # when (monotonic s), which version
        self._count_told = (0.0, -1)  # when, how many
        self._wake = asyncio.Event()
        self._unwatch = desk.watch(lambda before, after: self._wake.set())
        self._watch = Watch()
        self._tasks = [asyncio.ensure_future(work()) for work in (self._beat, self._count, self._look_around)]

    # -- people

    def join(self, person: Person) -> Person | None:
        """Take somebody in; returns who has to go: the older page of the same hall, the oldest of too many devices."""
        self.people[person.link.sid] = person
        replaced = None
        if (hall := person.hall_page) is not None:
            replaced = self.hall_pages.get(hall)
            self.hall_pages[hall] = person
            if replaced is None:
                self.presence.hall_came(hall, self._clock())
        elif (seat := person.actor.seat) is not None:
            devices = self._seats[seat]
            devices[person] = None
            self.presence.seat_came(seat)
            if len(devices) > DEVICES_A_SEAT:
                replaced = next(iter(devices))
                del devices[replaced]
        self._wake.set()
        return replaced

    def leave(self, person: Person) -> None:
        """Twice is harmless."""
        if self.people.pop(person.link.sid, None) is None:
            return
        if person.view in self._channels:
            self._channels[person.view].links.discard(person.link)
        if (hall := person.hall_page) is not None:
            if self.hall_pages.get(hall) is person:
                del self.hall_pages[hall]
                self.presence.hall_left(hall, self._clock())
        elif (seat := person.actor.seat) is not None:
            self._seats[seat].pop(person, None)
            if not self._seats[seat]:
                del self._seats[seat]
            self.presence.seat_left(seat)
        self._wake.set()

    def of_seat(self, seat: str) -> Collection[Person]:
        return self._seats.get(seat, ())

    # -- catching up

    async def sync(self, person: Person, after: int | None, reply: int | None) -> None:
        """Answer `sync`: who they are, then one frame from `after` to now, then live frames; or ask for a resync."""
        me = {**views.me(self.published, person.actor), **await self.votes.of(person.actor)}
        if person.gone:
            return
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
        state = self.published
        for ballot in state.ballots.values():
            if ballot.state == "open":
                if ballot.id in self._turnout:
                    yield turnout_of(ballot.id, self._turnout[ballot.id], len(ballot.electorate))
                else:
                    self.votes.fresh.add(ballot.id)
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
        turnout, self._turnout_news = self._turnout_news, []
        presence = self._presences()
        for view, frame in frames.items():
            batch = [message for message in (frame, presence.get(view)) if message is not None] + turnout
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
        news: dict[str, dict[str, Any]] = {"voted": {receipt["ballot"]: True}}
        if receipt["seat"] is not None:
            news["receipts"] = {receipt["ballot"]: receipt}
        for person in self.of_seat(receipt["seat"] or str(voter.seat)):
            if person.me is None:
                continue
            me = {**person.me, **{name: {**person.me[name], **more} for name, more in news.items()}}
            if person is sender:
                person.me = me
            else:
                self._send_me(person, me)

    # -- what is not journaled

    async def _count(self) -> None:
        """Read the turnout of running ballots, beside the frames: a database that is away must not hold those up."""
        pause, polled_at = self._settings.ephemeral_ms / 1000, 0.0
        while True:
            await asyncio.sleep(pause)
            fresh, self.votes.fresh = self.votes.fresh, set()
            if time.monotonic() - polled_at >= POLL_TURNOUT_S:
                polled_at = time.monotonic()
                fresh.update(id_ for id_, ballot in self.desk.state.ballots.items() if ballot.state == "open")
            for ballot in fresh:
                cast = await self.votes.turnout(ballot)
                if cast is not None and cast != self._turnout.get(ballot):
                    self._turnout[ballot] = cast
                    self._turnout_news.append(turnout_of(ballot, cast, len(self.desk.state.ballots[ballot].electorate)))
                    self._wake.set()

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
        self.presence.links(halls)
        if self.presence.version != self._presence_told[1]:
            self._wake.set()

    def media_reset(self) -> None:
        """The media plane starts anew."""
        self.presence.silence()
        self._wake.set()

    # -- who has gone

    async def _look_around(self) -> None:
        """Tell the session which halls, and whether the leading moderator, have gone or come back."""
        while True:
            await asyncio.sleep(WATCH_S)
            people = self.people.values()
            moderators = {person.actor.pass_id for person in people if person.actor.role is Role.MODERATOR}
            for notice in self._watch.look(self.desk.state, self.presence.halls, moderators, self._clock()):
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


def turnout_of(ballot: BallotId, cast: int, of: int) -> Message:
    return packets.event("turnout", {"ballot": ballot, "cast": cast, "of": of})
