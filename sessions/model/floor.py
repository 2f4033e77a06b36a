"""Who asks for the floor, who holds it, who sits on the panel and who has spoken how long, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sessions.ids import HallId, ProposalId, RequestId, SeatId
from sessions.model.nothing import nothing
from sessions.model.settings import choice, ranged


@dataclass(frozen=True, slots=True)
class FloorRules:
    """Of the floor. DOMAIN P15 lets the chair set, warn and extend; no source gives figures, so these are usual ones.

    minutes: how long a turn is when nobody says otherwise, 0 for without end. warn_s: seconds before its end from which
    the speaker is warned. extensions: how often one turn may be extended, extension_minutes: the most at a time.
    alternate: show whose turn it is, for or against. order: the order the queue is served in unless the chair gives a
    reason, "queue" (as asked) or "fair" (least heard first). by_hall, by_constituency: how much the time used by the
    hall, or by the constituency, of a speaker weighs in the fair order. unheard_rw_s: seconds that an RW which has not
    spoken yet is ahead by. queue_most: requests that wait at a time, for every phone is sent the queue; points of order
    are not counted. panel_most: places on the panel. pause_when_lost: the clock stops while the speaker's hall
    is cut off.
    """

    minutes: int = ranged(3, 0, 60)
    warn_s: int = ranged(30, 0, 600)
    extensions: int = ranged(3, 0, 20)
    extension_minutes: int = ranged(10, 1, 30)
    alternate: bool = True
    order: str = choice("queue", "queue", "fair")
    by_hall: int = ranged(1, 0, 10)
    by_constituency: int = ranged(1, 0, 10)
    unheard_rw_s: int = ranged(120, 0, 3600)
    queue_most: int = ranged(100, 5, 500)
    panel_most: int = ranged(4, 1, 4)
    pause_when_lost: bool = True


@dataclass(frozen=True, slots=True)
class Speaker:
    """A request for the floor. seat is None when the hall itself asked. since, until: set once it is granted.

    kind: ordinary, point_of_order, for, against or answer. running_since: when its clock last started, None while it
    stands still. paused: why it stands still, "chair" or "outage", empty while it runs. until: None while it stands
    still too. remaining: milliseconds left while it stands still, None without end. spoken_ms: before running_since.
    constituency, rw: the seat's when it asked.
    """

    request: RequestId
    hall: HallId
    seat: SeatId | None
    note: str
    at: int
    since: int | None = None
    until: int | None = None
    kind: str = "ordinary"
    proposal: ProposalId | None = None
    running_since: int | None = None
    paused: str = ""
    remaining: int | None = None
    spoken_ms: int = 0
    extensions: int = 0
    constituency: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class Panelist:
    """A place on the panel; seat is None when a hall as such sits there."""

    hall: HallId
    seat: SeatId | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What a hall or a constituency has had of the floor. times: turns granted. waiting: requests in the queue."""

    times: int = 0
    spoken_ms: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Equity:
    """Turns that have ended, and requests that wait. rws: (hall, RW) pairs that have had the floor."""

    halls: Mapping[HallId, Used] = field(default_factory=nothing)
    constituencies: Mapping[str, Used] = field(default_factory=nothing)
    rws: frozenset[tuple[HallId, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Floor:
    """queue: points of order first, then as asked or as the chair put them. last_side: who last spoke for or against.

    panel: who holds the stage together, none outside a talk-show.
    """

    holder: Speaker | None = None
    queue: tuple[Speaker, ...] = ()
    panel: tuple[Panelist, ...] = ()
    last_side: str = ""
    equity: Equity = field(default_factory=Equity)
