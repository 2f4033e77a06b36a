"""What the gateway needs from its composer: who somebody is, where a session's desk is, how receipts are sealed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sessions.ids import BallotId, SessionId
from sessions.permissions import Actor
from signaling.gateway.bulletin import NONE, Bulletin

if TYPE_CHECKING:
    from sessions.desk import Desk


@dataclass(frozen=True, slots=True)
class Admission:
    """A credential that was found good. expires_at: milliseconds since 1970 UTC; the connection does not outlive it.

    home: the session whose pass this is, when it lets its bearer into another one; it can be revoked there. login: of
    the account it was lent to, empty for a card's.
    """

    actor: Actor
    expires_at: int
    home: SessionId | None = None
    login: str = ""


class Doorkeeper(Protocol):
    """Knows the credentials that passes were exchanged for."""

    async def admit(self, credential: str, session: SessionId | None = None, kiosk: Actor | None = None) -> Admission:
        """session: the one to enter, None for the pass's own. Both texts are a stranger's: anything.

        kiosk: the hall's page at which the card is shown for a vote; some credentials are good for that alone.
        Raises Refused: credential_unknown, credential_expired, pass_revoked, pass_moved, unknown_session, forbidden.
        """


class Sessions(Protocol):
    """Holds one loaded desk a session."""

    async def desk(self, session: SessionId) -> Desk:
        """The same object each time while it lives. Raises Refused("unknown_session")."""


@dataclass(frozen=True, slots=True)
class RelayAccess:
    """How a browser may use relays (RFC 8656) for a while. lasts_ms: from now; a connection made then lives on."""

    urls: tuple[str, ...]
    username: str
    credential: str
    lasts_ms: int


class Relays(Protocol):
    """Lets those into the relays who may use media."""

    def access(self, holder: str) -> RelayAccess:
        """holder: the pass it is for, which the relay counts allocations by."""


class Sealer(Protocol):
    """Signs vote receipts with the installation's Ed25519 key."""

    @property
    def key_id(self) -> str: ...

    def sign(self, body: bytes) -> str:
        """Signature of body, base64url without padding. Called on the event loop: some 50 µs."""

    def sign_all(self, bodies: Sequence[bytes]) -> Sequence[str]:
        """One for each body, in order. Called in a thread."""


class Nodes(Protocol):
    """The other nodes of the installation. name: of this one; of two pages that came at once, the greater one's stays.

    sighted: whether this node has heard the others for long enough to know what they have.
    """

    @property
    def name(self) -> str: ...

    @property
    def sighted(self) -> bool: ...

    def others(self, session: SessionId) -> Mapping[str, Bulletin]:
        """By node, who is connected to it; the same object until that changes."""

    def tell(self, session: SessionId, bulletin: Bulletin) -> None:
        """What this node has now takes the place of what it said before. Never waits, never raises."""

    def voted(self, session: SessionId, ballot: BallotId) -> None:
        """Votes came in here. Never waits, never raises."""

    def elsewhere(self, home: SessionId, actor: str) -> int:
        """To how many other nodes this actor (Actor.id) of that session is connected. Asked for every event."""


class Alone:
    """Nodes where there is one."""

    name = ""
    sighted = True

    def others(self, session: SessionId) -> Mapping[str, Bulletin]:
        return NONE

    def tell(self, session: SessionId, bulletin: Bulletin) -> None:
        pass

    def voted(self, session: SessionId, ballot: BallotId) -> None:
        pass

    def elsewhere(self, home: SessionId, actor: str) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Bounds of the gateway; the defaults are those of docs/protocol.md §3 and §5.

    max_message_bytes: one Socket.IO message; larger closes the connection. events_per_s, event_burst: token bucket of a
    connection; all those of a seat or pass together have the same rate, and twice the burst. max_clients: connections
    beyond are refused with server_full. frame_ms: least time between two frames of a class. ephemeral_ms: the same for
    turnout and presence. ring_frames: frames kept a class for catch-up. slow_reader_bytes: a client with more than this
    unread is cut off (it comes back and catches up). max_listeners: phones that may subscribe to audio. origins:
    browser origins allowed besides the host the page came from, for instance "https://musrenbang.bekasi.example".
    ping_interval_s, ping_timeout_s: Engine.IO heartbeat; together they bound how long a hall whose link died without a
    word still counts as connected (25 s: as long as the media plane takes to withdraw its consent).
    """

    max_message_bytes: int = 64 * 1024
    events_per_s: float = 20.0
    event_burst: int = 60
    max_clients: int = 6000
    frame_ms: int = 100
    ephemeral_ms: int = 250
    ring_frames: int = 512
    slow_reader_bytes: int = 256 * 1024
    max_listeners: int = 300
    origins: tuple[str, ...] = ()
    ping_interval_s: float = 10.0
    ping_timeout_s: float = 15.0
