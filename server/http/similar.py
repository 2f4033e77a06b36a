"""Which proposals may be the same: of one, and the list for the triage. Each found once, beside the event loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, TypeVar

from aiohttp import hdrs, web

from server.http.passes import in_session
from server.services import SERVICES
from sessions.desk import Desk
from sessions.errors import Refused
from sessions.ids import ProposalId, SessionId
from sessions.model.board import Board
from sessions.permissions import Role
from sessions.similar import Likeness, Pair, SimilarIndex

T = TypeVar("T")
SEEKERS = frozenset({Role.MODERATOR, Role.ADMIN, Role.AGENCY, Role.HALL})


class Finder:
    """The index of one session, and what was found for the board it is level with. One thread at a time."""

    def __init__(self) -> None:
        self._index = SimilarIndex()
        self._board: Board | None = None
        self._found: dict[ProposalId | None, tuple[Any, ...]] = {}

    def known(self, board: Board, proposal: ProposalId | None) -> tuple[Any, ...] | None:
        return self._found.get(proposal) if board is self._board else None

    def find(self, board: Board, proposal: ProposalId | None) -> tuple[Any, ...]:
        """What is like this proposal; for None all pairs of the board."""
        self._index.follow(board)
        if board is not self._board:
            self._board, self._found = board, {}
        found = tuple(self._index.pairs() if proposal is None else self._index.like(proposal))
        self._found[proposal] = found
        return found


class Finders:
    """Searches of all sessions take turns: each holds the interpreter's lock most of the time, and a vote needs it.

    Whoever waits for the same gets what the first one found. most: sessions whose index stays in memory.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._every: OrderedDict[SessionId, Finder] = OrderedDict()
        self._turn = asyncio.Lock()

    async def like(self, desk: Desk, proposal: ProposalId) -> Sequence[Likeness]:
        return await self._find(desk, proposal)

    async def pairs(self, desk: Desk) -> Sequence[Pair]:
        return await self._find(desk, None)

    async def _find(self, desk: Desk, proposal: ProposalId | None) -> Sequence[Any]:
        finder = self._of(desk.state.session.id)
        if (found := finder.known(desk.state.board, proposal)) is not None:
            return found
        async with self._turn:
            board = desk.state.board  # as it is once it is our turn
            if (found := finder.known(board, proposal)) is None:
                found = await finished(asyncio.ensure_future(asyncio.to_thread(finder.find, board, proposal)))
            return found

    def _of(self, session: SessionId) -> Finder:
        finder = self._every.setdefault(session, Finder())
        self._every.move_to_end(session)
        while len(self._every) > self._most:
            self._every.popitem(last=False)
        return finder


async def finished(work: asyncio.Future[T]) -> T:
    """Called off, it still waits: a thread goes on, and nobody else may have the index until it is done."""
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait([work])
        raise


FINDERS = web.AppKey("finders", Finders)


def likeness_json(like: Likeness) -> dict[str, Any]:
    metres = None if like.metres is None else round(like.metres)
    return {
        "proposal": like.proposal,
        "score": like.score,
        "words": like.words,
        "metres": metres,
        "reasons": list(like.reasons),
    }


async def desk_of(request: web.Request) -> Desk:
    """Raises Refused("forbidden") for those who have nothing to look for."""
    admission = await in_session(request)
    if admission.actor.role not in SEEKERS:
        raise Refused("forbidden")
    return await request.app[SERVICES].desks.desk(admission.actor.session)


async def of_one(request: web.Request) -> web.Response:
    desk = await desk_of(request)
    proposal = ProposalId(request.match_info["proposal"])
    if proposal not in desk.state.board.proposals:
        raise Refused("unknown_proposal")
    found = await request.app[FINDERS].like(desk, proposal)
    return answer({"similar": [likeness_json(like) for like in found]})


async def of_all(request: web.Request) -> web.Response:
    found = await request.app[FINDERS].pairs(await desk_of(request))
    return answer({"pairs": [{"proposal": pair.proposal, "similar": likeness_json(pair.other)} for pair in found]})


def answer(body: dict[str, Any]) -> web.Response:
    return web.json_response(body, headers={hdrs.CACHE_CONTROL: "private, no-cache"})


def add_routes(app: web.Application) -> None:
    app[FINDERS] = Finders()
    app.router.add_get("/api/sessions/{session}/proposals/{proposal}/similar", of_one)
    app.router.add_get("/api/sessions/{session}/similar", of_all)
