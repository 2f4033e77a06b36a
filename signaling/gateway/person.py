"""One admitted connection: whose it is, how much it may still say, and what it was last told about itself."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from sessions.ids import SessionId
from sessions.permissions import Actor, Role
from signaling.gateway.link import Link
from signaling.gateway.messages import Bucket

# What a hall's page is: the hall itself, or one of its tablets beside it.
PageKind = Literal["main", "kiosk"]
PAGE_KINDS: tuple[PageKind, ...] = get_args(PageKind)


@dataclass(slots=True, eq=False)
class Person:
    """view: the class it sees the session through. wait_ms: how long until it may speak again, 0 = now.

    answering: how many of its events have no answer yet.
    me: the last Me it was sent, None before its first sync. home: the session that issued its pass, None for this one.
    login: of the account it came by, empty for a card. page: what it said it is; of halls alone.
    share: whom its events count for beside itself: all connections of its seat or pass; None for onlookers, of whom
    thousands may hold one card.
    """

    link: Link
    actor: Actor
    view: str
    bucket: Bucket
    gone: bool = False
    wait_ms: int = 0
    answering: int = 0
    me: dict[str, Any] | None = None
    expiry: asyncio.TimerHandle | None = None
    home: SessionId | None = None
    share: tuple[SessionId, str] | None = None
    login: str = ""
    page: PageKind = "main"
    media: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def hall_page(self) -> str | None:
        """The hall this connection is the page of; there is one at a time."""
        return self.actor.hall if self.actor.role is Role.HALL and self.page == "main" else None

    @property
    def kiosk_of(self) -> str | None:
        """The hall beside whose page this connection is a tablet: no presence, no media, several at a time."""
        return self.actor.hall if self.actor.role is Role.HALL and self.page == "kiosk" else None
