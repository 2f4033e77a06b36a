"""Which proposals may be the same: of one of them, and the list for the triage. Computed beside the event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from aiohttp import hdrs, web

from server.http.passes import in_session
from server.services import SERVICES
from sessions.errors import Refused
from sessions.ids import ProposalId, SessionId
from sessions.model.board import Board
from sessions.permissions import Role
from sessions.similar import Likeness, Pair, SimilarIndex

SEEKERS = frozenset({Role.MODERATOR, Role.ADMIN, Role.AGENCY, Role.HALL})


class Finder:
    """The index of one session. Threads take turns: each finds it level with its own board."""

    def __init__(self) -> None:
        self._index = SimilarIndex()
        self._turn = threading.Lock()

    def like(self, board: Board, proposal: ProposalId) -> list[Likeness]:
        with self._turn:
            self._index.follow(board)
            return self._index.like(proposal)

    def pairs(self, board: Board) -> list[Pair]:
        with self._turn:
            self._index.follow(board)
            return self._index.pairs()


FINDERS = web.AppKey("finders", dict[SessionId, Finder])


def likeness_json(like: Likeness) -> dict[str, Any]:
    metres = None if like.metres is None else round(like.metres)
    return {
        "proposal": like.proposal,
        "score": like.score,
        "words": like.words,
        "metres": metres,
        "reasons": list(like.reasons),
    }


async def board_of(request: web.Request) -> tuple[Board, Finder]:
    """Raises Refused("forbidden") for those who have nothing to look for."""
    admission = await in_session(request)
    if admission.actor.role not in SEEKERS:
        raise Refused("forbidden")
    session = admission.actor.session
    desk = await request.app[SERVICES].desks.desk(session)
    return desk.state.board, request.app[FINDERS].setdefault(session, Finder())


async def of_one(request: web.Request) -> web.Response:
    board, finder = await board_of(request)
    proposal = ProposalId(request.match_info["proposal"])
    if proposal not in board.proposals:
        raise Refused("unknown_proposal")
    found = await asyncio.to_thread(finder.like, board, proposal)
    return answer({"similar": [likeness_json(like) for like in found]})


async def of_all(request: web.Request) -> web.Response:
    board, finder = await board_of(request)
    found = await asyncio.to_thread(finder.pairs, board)
    return answer({"pairs": [{"proposal": pair.proposal, "similar": likeness_json(pair.other)} for pair in found]})


def answer(body: dict[str, Any]) -> web.Response:
    return web.json_response(body, headers={hdrs.CACHE_CONTROL: "private, no-cache"})


def add_routes(app: web.Application) -> None:
    app[FINDERS] = {}
    app.router.add_get("/api/sessions/{session}/proposals/{proposal}/similar", of_one)
    app.router.add_get("/api/sessions/{session}/similar", of_all)
