"""The desk of a session: takes commands and votes, commits them in groups, and publishes each new state."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextvars import Context
from types import MappingProxyType
from typing import Any

from sessions import dispatch
from sessions.counting import Counter
from sessions.errors import Refused
from sessions.group import Done, Order, settle
from sessions.ids import SessionId
from sessions.journal import Answer, BallotBox, Cast, Journal, Recorded, Vote
from sessions.permissions import Actor
from sessions.shape import KEY, matching
from sessions.state import State, initial
from sessions.urn import Urn
from sessions.vote import admit_vote, parse_vote
from sessions.wire import UnknownEvent

GROUP_MOST = 100  # commands in one transaction
BREATH = 1000  # events replayed before others may run

Listener = Callable[[State, State], None]
Review = Callable[[State, Any], Awaitable[None]]  # the published state, the checked data of a command
log = logging.getLogger("pleno.desk")
check_key = matching(KEY)


class Desk:
    """One per session and process. `state` is the published head; it is replaced, never changed."""

    def __init__(
        self,
        session: SessionId,
        journal: Journal,
        box: BallotBox,
        *,
        new_id: Callable[[], str],
        counter: Counter | None = None,
        reviews: Mapping[str, Review] = MappingProxyType({}),
    ) -> None:
        """new_id: returns an id nobody has used, at most 32 characters of [A-Za-z0-9_-]. counter: runs in a thread.

        reviews: by command, what is looked at before its transaction because it takes too long inside one; only what
        no later event can change. They raise Refused, and are asked only for those who may give the command.
        """
        self.state = initial(session)
        self.broken = False
        self._session = session
        self._journal = journal
        self._new_id = new_id
        self._counter = counter
        self._reviews = reviews
        self._listeners: list[Listener] = []
        self._orders: list[Order] = []
        self._working: asyncio.Task[None] | None = None
        self._reading = asyncio.Lock()
        self._urn = Urn(box)
        self._closed = False

    async def load(self) -> None:
        """Replay the journal. An event of an unknown type marks the session broken: it refuses everything."""
        await self.refresh()

    async def refresh(self) -> None:
        """Read and publish what other nodes appended. Raises what the journal raises when the database is away."""
        async with self._reading:
            tail = await self._journal.read(self._session, self.state.seq)
            for start in range(0, len(tail), BREATH):
                self._publish(self._replayed(self.state, tail[start : start + BREATH]))
                await asyncio.sleep(0)

    async def submit(self, name: str, data: Any, actor: Actor, key: str) -> Answer:
        """Have one command decided and recorded; the answer comes after the commit.

        The same actor and key get the same answer without a second recording. Raises Refused (with `held` when the
        database is away: repeat with the same key) or ProtocolError("bad_input", field=…).
        """
        check_key(key, "key")
        command = dispatch.parse(name, data)
        if actor.session != self._session or not dispatch.may(actor.role, command.name):
            raise Refused("forbidden")
        self._require_sound()
        if (review := self._reviews.get(command.name)) is not None:
            await review(self.state, command.data)
            self._require_sound()
        order = Order(command, actor, key, self._new_id(), asyncio.get_running_loop().create_future())
        self._orders.append(order)
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work(), context=Context())  # nobody's in particular
        return await order.future

    async def cast(self, data: Any, actor: Actor, kiosk: Actor | None = None) -> Cast:
        """Put one vote into the box; returns once it is durable, now or by an earlier try. Raises as submit() does.

        kiosk: the hall's page at which the actor presented a card; None when it votes by its own device.
        """
        return await self.drop(await self.admit(data, actor, kiosk))

    async def admit(self, data: Any, actor: Actor, kiosk: Actor | None = None) -> Vote:
        """The first half of cast: the vote as it may go to the box, by this state."""
        slip = parse_vote(data)
        self._require_sound()
        if slip.ballot not in self.state.ballots:
            await self._catch_up()
        return admit_vote(self.state, slip, actor, kiosk)

    async def drop(self, vote: Vote) -> Cast:
        """The other half; the vote was admitted just before."""
        cast = await self._urn.drop(vote)
        if cast.code:
            await self._explain(vote, cast)
        return cast

    def watch(self, listener: Listener) -> Callable[[], None]:
        """Call listener(before, after) on each publish, after the commit; returns a function that ends it."""
        self._listeners.append(listener)

        def unwatch() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unwatch

    async def close(self) -> None:
        """Take no more; what is queued is still committed and answered. Closing twice is harmless."""
        self._closed = True
        if self._working is not None:
            await asyncio.wait([self._working])
        await self._urn.close()

    def _require_sound(self) -> None:
        if self.broken:
            raise Refused("session_broken")
        if self._closed:
            raise Refused("held")

    async def _catch_up(self) -> None:
        try:
            await self.refresh()
        except Exception:
            log.exception("session %s: cannot read the journal", self._session)
            raise Refused("held") from None
        self._require_sound()

    async def _explain(self, vote: Vote, cast: Cast) -> None:
        """Raise the box's refusal. Only the journal knows whether a closed ballot was closed or declared void."""
        code = cast.code
        if code == "ballot_closed":
            await self._catch_up()
            code = "ballot_void" if self.state.ballots[vote.ballot].state == "void" else code
        if code == "already_voted" and vote.revote:
            raise Refused(code, ballot=vote.ballot, turn=cast.turn, choices=list(cast.choices))
        raise Refused(code, ballot=vote.ballot)

    async def _work(self) -> None:
        while self._orders:
            group, self._orders = self._orders[:GROUP_MOST], self._orders[GROUP_MOST:]
            await self._commit(group)

    async def _commit(self, group: list[Order]) -> None:
        """One transaction. Every order's future is done when this returns, whatever happened."""
        try:
            done = await self._transact(group)
        except UnknownEvent as error:
            self._break(error)
            refuse_all(group, "session_broken")
            return
        except Exception as error:
            # The commit itself may have failed after it took effect; the next group reads the tail and finds out.
            known = isinstance(error, Refused)  # the store's own word for a database that is away
            lost = "session %s: a group of %d commands is not known to be durable"
            log.warning(lost, self._session, len(group), exc_info=not known)
            refuse_all(group, "held")
            return
        except BaseException:
            refuse_all(group, "held")
            raise
        self._publish(done.state)
        for order, outcome in done.outcomes:
            order.resolve(outcome)

    async def _transact(self, group: list[Order]) -> Done:
        if self.broken:
            raise UnknownEvent("the session is broken")
        async with self._journal.transaction(self._session) as tx:
            known = self.state
            state = self._replayed(known, await tx.tail(known.seq), strict=True)
            return await settle(tx, state, group, self._counter)

    def _replayed(self, state: State, tail: Any, strict: bool = False) -> State:
        """The state after those recorded events it does not hold yet; stops at one it does not know."""
        event: Recorded
        for event in tail:
            if event.seq <= state.seq:
                continue
            try:
                state = dispatch.apply(state, event)
            except UnknownEvent as error:
                if strict:
                    raise
                self._break(error)
                break
        return state

    def _break(self, error: UnknownEvent) -> None:
        if not self.broken:
            log.critical("session %s is broken on this node: %s", self._session, error)
        self.broken = True

    def _publish(self, state: State) -> None:
        """A state that is not newer was published before, by a refresh that ran beside the group."""
        if state.seq <= self.state.seq:
            return
        before, self.state = self.state, state
        for listener in tuple(self._listeners):
            try:
                listener(before, state)
            except Exception:
                log.exception("session %s: a listener failed at %d", self._session, state.seq)


def refuse_all(group: list[Order], code: str) -> None:
    for order in group:
        order.resolve(Refused(code))
