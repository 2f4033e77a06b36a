"""The gateway: admits connections to a session, answers their events and keeps them up to date."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from contextvars import Context
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sessions import view as views
from sessions.dispatch import COMMANDS
from sessions.errors import ProtocolError, Refused
from sessions.ids import BallotId, SessionId
from sessions.journal import BallotBox
from sessions.passes import ended
from sessions.permissions import Role
from sessions.state import State
from signaling import trail
from signaling.engine import Engine, MediaEvent
from signaling.gateway import messages, packets
from signaling.gateway.errors import failure, incident, refusal
from signaling.gateway.fanout import Carrier
from signaling.gateway.leaving import send_away
from signaling.gateway.link import Link
from signaling.gateway.media import MediaDesk
from signaling.gateway.messages import Bucket
from signaling.gateway.person import PAGE_KINDS, Person
from signaling.gateway.plenary import Plenary
from signaling.gateway.ports import Alone, Doorkeeper, GatewaySettings, Nodes, Relays, Sealer, Sessions
from signaling.gateway.rates import Allowance
from signaling.gateway.seals import Seals
from signaling.gateway.snapshots import Snapshot
from signaling.gateway.votes import Votes
from signaling.measures import Answers, Figure

log = logging.getLogger("pleno.gateway")

# What a refused connection is told; with any other code the door just closes, and the client tries again.
TURNED_AWAY = frozenset(
    {
        "credential_unknown",
        "credential_expired",
        "logged_out",
        "pass_revoked",
        "pass_moved",
        "origin_refused",
        "server_full",
        "held",
        "unknown_session",
        "forbidden",
        "bad_input",
    }
)
ANSWERS_S = 3.0  # what is under way may take when the node stops; then it is asked again elsewhere
ONLOOKERS = frozenset({Role.PUBLIC, Role.SCREEN})
Handler = Callable[[Person, Plenary, packets.Event], Awaitable[dict[str, Any] | None]]


class Gateway:
    """One a process. box: where turnout and rolls are read; without it only votes of this process are known.

    clock: milliseconds since 1970 UTC. relays: None when browsers have none. nodes: None where there is no other.
    """

    def __init__(
        self,
        sessions: Sessions,
        doorkeeper: Doorkeeper,
        sealer: Sealer,
        engine: Engine | None,
        *,
        clock: Callable[[], int],
        settings: GatewaySettings,
        box: BallotBox | None = None,
        relays: Relays | None = None,
        nodes: Nodes | None = None,
    ) -> None:
        self._sessions = sessions
        self._doorkeeper = doorkeeper
        self._seals = Seals(sealer)
        self._clock = clock
        self._settings = settings
        self._box = box
        self._nodes: Nodes = nodes or Alone()
        self._storage_away = False
        self._carrier = Carrier(self, settings)
        self._media = MediaDesk(engine, relays, settings.max_listeners, self._spawn)
        self._plenaries: dict[SessionId, Plenary] = {}
        self._opening = asyncio.Lock()
        self._admitting = 0
        self._shares = shares(settings)
        self._leaving = self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._counts: Counter[str] = Counter()
        self._answers = Answers(("sync", "command", "vote", "media"))
        self._handlers: Mapping[str, Handler] = {
            "sync": self._sync,
            "command": self._command,
            "vote": self._vote,
            "media": self._on_media_message,
        }

    def attach(self, app: web.Application) -> None:
        """Mount /socket.io/."""
        self._carrier.attach(app)

    async def snapshot(self, session: SessionId, view: str) -> Snapshot:
        """What this class sees of the published state, gzipped. Raises Refused("unknown_session")."""
        return await (await self._plenary(session)).snapshot(view)

    def on_media(self, event: MediaEvent) -> None:
        """The engine's listener."""
        room = SessionId(event.room or "")
        if event.kind == "hosting":
            self._spawn(self._follow(room))
            return
        if event.kind == "links":
            if (plenary := self._plenaries.get(room)) is not None:
                plenary.links_changed(event.data["halls"])
            return
        if event.kind == "reset" and event.peer is None:
            for session, plenary in self._plenaries.items():
                if room in ("", session):
                    plenary.media_reset()
        self._media.on_event(event)

    async def _follow(self, session: SessionId) -> None:
        """Our media plane carries it now: direct it, and tell the other nodes of its links, even if nobody is here."""
        try:
            await self._plenary(session)
        except Refused as refused:
            log.warning("session %s is not directed: %s", session, refused.code)

    def heard(self, session: SessionId) -> None:
        """Another node has told something new of a session, or can be heard no more."""
        if (plenary := self._plenaries.get(session)) is not None:
            for person in plenary.heard():
                person.link.dismiss("replaced")

    def voted_elsewhere(self, session: SessionId, ballot: BallotId) -> None:
        """Another node has taken votes."""
        plenary = self._plenaries.get(session)
        if plenary is not None and ballot in plenary.desk.state.ballots:
            plenary.votes.fresh.add(ballot)

    def storage(self, away: bool) -> None:
        """The database does not answer, or answers again: everybody is told, and nothing is kept waiting for it."""
        if away == self._storage_away:
            return
        self._storage_away = away
        for plenary in self._plenaries.values():
            self._spawn(plenary.notify(storage_notice(away)))

    def metrics(self) -> Mapping[str, Figure]:
        """Names ending in _total count since the start."""
        return {
            "connections": self._carrier.sockets,
            "people": self._people,
            "sessions": len(self._plenaries),
            "media_peers": self._media.peers,
            "media_listeners": self._media.listeners,
            "messages_sent_total": self._carrier.messages_sent,
            "bytes_sent_total": self._carrier.bytes_sent,
            "slow_readers_total": self._carrier.slow_readers,
            "violations_total": self._carrier.violations,
            "snapshots_built_total": sum(plenary.snapshots.built for plenary in self._plenaries.values()),
            "votes_accepted_total": sum(plenary.votes.accepted for plenary in self._plenaries.values()),
            **{f"{name}_total": self._counts[name] for name in ("events", "refused", "incidents", "turned_away")},
            **self._answers.read(),
        }

    @property
    def connected(self) -> int:
        """How many people are here."""
        return len(self._everybody)

    def let_nobody_in(self) -> None:
        """From now on; whoever comes is not told why, so that the client tries again, perhaps at another node."""
        self._leaving = True

    async def drain(self, seconds: float) -> None:
        """Send everybody who is here elsewhere within so many seconds, in waves; others are turned away meanwhile."""
        self.let_nobody_in()
        await self.send_away(seconds)

    async def send_away(self, seconds: float) -> None:
        """Ask everybody who is here to connect again, in waves; a front leads them to another node."""
        await send_away(lambda: self._everybody, seconds)

    async def close(self) -> None:
        """Answer what is under way, then hang up: people reconnect to whatever listens next. Twice is harmless."""
        self._leaving = self._closing = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=ANSWERS_S)
        await self._carrier.close()
        for plenary in self._plenaries.values():
            await plenary.close()
        self._plenaries.clear()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._seals.close()

    def logins(self) -> set[str]:
        """Of accounts, by which somebody is here."""
        return {person.login for plenary in self._plenaries.values() for person in plenary.people.values()} - {""}

    def end_logins(self, over: Collection[str]) -> None:
        """Whoever came by one of them leaves."""
        for plenary in self._plenaries.values():
            for person in [one for one in plenary.people.values() if one.login in over]:
                person.link.dismiss("logged_out")

    # -- as the receiver of the carrier's connections

    async def opened(self, link: Link, auth: Any, headers: Mapping[str, str]) -> None:
        self._admitting += 1
        try:
            await self._admit(link, auth, headers)
        except Refused as refused:
            self._counts["turned_away"] += 1
            if refused.code in TURNED_AWAY:
                raise
            raise ConnectionAbortedError(refused.code) from None
        except Exception as error:
            self._counts["incidents"] += 1
            incident(error, "connect")
            raise ConnectionAbortedError("internal") from None
        finally:
            self._admitting -= 1

    def allowed(self, link: Link) -> bool:
        person: Person = link.context
        person.wait_ms = person.bucket.take(time.monotonic())
        if not person.wait_ms and person.share is not None:
            cost = 1 + self._nodes.elsewhere(*person.share)
            person.wait_ms = math.ceil(self._shares.wait_s(person.share, cost) * 1000)
        return not person.bucket.flooded

    def received(self, link: Link, event: packets.Event) -> None:
        person: Person = link.context
        self._counts["events"] += 1
        if person.wait_ms:
            link.ack(event.reply, refusal("rate_limited", {"retry_after_ms": person.wait_ms}))
            return
        handler = self._handlers.get(event.name)
        if handler is None:
            raise ProtocolError("bad_input", reply=event.reply)
        if self._closing:  # unanswered, it comes again under the same key wherever the client goes
            return
        person.answering += 1
        self._spawn(self._answer(person, event, handler))

    def closed(self, link: Link) -> None:
        person: Person | None = link.context
        if person is None or person.gone:
            return
        person.gone = True
        if person.expiry is not None:
            person.expiry.cancel()
        self._media.left(person)
        plenary = self._plenaries.get(person.actor.session)
        if plenary is not None:
            plenary.leave(person)

    # -- admitting

    @property
    def _everybody(self) -> list[Person]:
        return [person for plenary in self._plenaries.values() for person in plenary.people.values()]

    @property
    def _people(self) -> int:
        return sum(len(plenary.people) for plenary in self._plenaries.values())

    async def _admit(self, link: Link, auth: Any, headers: Mapping[str, str]) -> None:
        if not origin_allowed(headers, self._settings.origins):
            raise Refused("origin_refused")
        if self._leaving:
            raise Refused("node_drained")
        if self._people + self._admitting > self._settings.max_clients:
            raise Refused("server_full")
        credential = auth.get("credential") if isinstance(auth, dict) else None
        if not isinstance(credential, str):
            raise Refused("credential_unknown")
        session = auth.get("session")
        if session is not None and not isinstance(session, str):
            raise Refused("unknown_session")
        page = next((kind for kind in PAGE_KINDS if kind == auth.get("page", "main")), None)
        if page is None:
            raise Refused("bad_input")
        if self._storage_away:
            raise Refused("held")
        admission = await self._doorkeeper.admit(credential, None if session is None else SessionId(session))
        actor = admission.actor
        plenary = await self._plenary(actor.session)
        issuer = plenary if admission.home is None else await self._plenary(admission.home)
        if code := ended(issuer.desk.state, actor):  # while the doorkeeper was asked
            raise Refused(code)
        left_ms = admission.expires_at - self._clock()
        if left_ms <= 0:
            raise Refused("credential_expired")
        burst = float(self._settings.event_burst)
        bucket = Bucket(self._settings.events_per_s, burst, burst, time.monotonic())
        share = None if actor.role in ONLOOKERS else (admission.home or actor.session, actor.id)
        view = views.view_class(actor.role)
        trail.begin(plenary=actor.session, **trail.whose(actor))
        log.debug("admitted")
        person = link.context = Person(link, actor, view, bucket, home=admission.home, share=share, page=page)
        person.login = admission.login
        person.expiry = asyncio.get_running_loop().call_later(left_ms / 1000, link.drop)
        older = plenary.join(person)
        if older is not None:
            older.link.dismiss("replaced")

    async def _plenary(self, session: SessionId) -> Plenary:
        plenary = self._plenaries.get(session)
        if plenary is not None:
            return plenary
        async with self._opening:
            if session not in self._plenaries:
                desk = await self._sessions.desk(session)
                votes = Votes(desk, self._box, self._seals, lambda: not self._nodes.others(session))
                settings, clock = self._settings, self._clock
                parts = (desk, votes, self._carrier, settings, clock, self._nodes, self._published)
                plenary = Context().run(Plenary, *parts)  # its tasks work for everybody
                self._plenaries[session] = plenary
                self._media.follow(session, desk.state)
            return self._plenaries[session]

    def _published(self, plenary: Plenary, before: State, after: State) -> None:
        self._media.follow(after.session.id, after)
        if before.passes is not after.passes:
            for person in self._bearers(after.session.id):
                if code := ended(after, person.actor):
                    person.link.dismiss(code)

    def _bearers(self, session: SessionId) -> list[Person]:
        """Whoever is here, or in a group of it, by a pass of this session."""
        return [person for person in self._everybody if (person.home or person.actor.session) == session]

    # -- answering

    async def _answer(self, person: Person, event: packets.Event, handler: Handler) -> None:
        start, outcome = time.perf_counter(), "accepted"
        # Who votes when is nobody's business: _vote says whose it is where the ballot is open.
        trail.begin(plenary=person.actor.session, **({} if event.name == "vote" else trail.whose(person.actor)))
        try:
            plenary = self._plenaries[person.actor.session]
            answer = await handler(person, plenary, event)
        except Exception as error:
            failed = failure(error, event.name)
            outcome = failed.outcome
            trail.follow(code=failed.ack["code"])
            self._counts["incidents" if failed.ack["code"] == "internal" else "refused"] += 1
            person.link.ack(event.reply, failed.ack)
            if failed.close:
                person.link.drop()
        else:
            if answer is not None:
                person.link.ack(event.reply, answer)
        finally:
            person.answering -= 1
        self._answers.add(event.name, outcome, time.perf_counter() - start)
        log.debug("%s %s", event.name, outcome)

    async def _sync(self, person: Person, plenary: Plenary, event: packets.Event) -> None:
        await plenary.sync(person, messages.sync(event.payload).after, event.reply)
        if self._storage_away:
            person.link.send(storage_notice(away=True))

    async def _command(self, person: Person, plenary: Plenary, event: packets.Event) -> dict[str, Any]:
        command = messages.command(event.payload)
        self._require_storage()
        trail.follow(command=command.name if command.name in COMMANDS else "unknown")
        answer = await plenary.desk.submit(command.name, command.data, person.actor, command.key)
        trail.follow(seq=answer.seq)
        return {"ok": True, "seq": answer.seq, "result": answer.result}

    async def _vote(self, person: Person, plenary: Plenary, event: packets.Event) -> dict[str, Any]:
        payload, credential = messages.vote(event.payload)
        self._require_storage()
        if credential is None:
            voter, kiosk = person.actor, None
        else:  # a card presented at the hall's page; whose it is, the domain checks against the hall
            admission = await self._doorkeeper.admit(credential, plenary.desk.state.session.id, person.actor)
            voter, kiosk = admission.actor, person.actor
        ballot = plenary.desk.state.ballots.get(payload["ballot"]) if isinstance(payload.get("ballot"), str) else None
        if ballot is not None and ballot.secrecy == "open":
            trail.follow(**trail.whose(voter))
        receipt = await plenary.votes.cast(payload, voter, kiosk)
        plenary.voted(person, receipt, voter)
        return {"ok": True, "receipt": receipt}

    async def _on_media_message(self, person: Person, plenary: Plenary, event: packets.Event) -> dict[str, Any]:
        return await self._media.handle(person, messages.media(event.payload), plenary.desk.state)

    def _require_storage(self) -> None:
        """The answer is the same as after a long wait, and a client that hears nothing would take the line for dead."""
        if self._storage_away:
            raise Refused("held")

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def storage_notice(away: bool) -> packets.Message:
    return packets.event("notice", {"storage": "away" if away else "back"})


def shares(settings: GatewaySettings) -> Allowance[tuple[SessionId, str]]:
    """All connections of a seat or pass together: the rate of one, and room for two of them to come back at once."""
    burst = settings.event_burst * 2
    return Allowance(time.monotonic, burst, 1 / settings.events_per_s, settings.max_clients)


def origin_allowed(headers: Mapping[str, str], origins: tuple[str, ...]) -> bool:
    """Browsers say where the page came from; it must be this host or one of `origins`. Other programs say nothing."""
    origin = headers.get("Origin")
    if origin is None or origin in origins:
        return True
    hosts = {headers.get("Host", ""), headers.get("X-Forwarded-Host", "").split(",")[0].strip()}
    return urlsplit(origin).netloc in hosts - {""}
