"""Halls, the seats in them and the cards that stand for them, as values."""

from __future__ import annotations

from dataclasses import dataclass

from sessions.ids import HallId, PassId, SeatId


@dataclass(frozen=True, slots=True)
class Hall:
    """A room that takes part. order: its place in the wall, from 1."""

    id: HallId
    name: str
    kecamatan: str
    order: int
    seat_count: int = 0


@dataclass(frozen=True, slots=True)
class Seat:
    """A person's place, known by office and never by name.

    constituency: the group the seat speaks for (see sessions/hall.py), empty for none. rw: "07", or empty.
    """

    id: SeatId
    hall: HallId
    office: str
    voice: bool
    vote: bool
    constituency: str = ""
    rw: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """A QR card as the journal knows it: whom it stands for and until when; the token is elsewhere, hashed.

    agency: the one an agency's pass speaks for, empty for any. claim: which holder's credentials are good, counted from
    1; it grows when the card moves to another device. device: a digest of the device it last moved to, empty while it
    is with its first, which the journal does not know. released_until: the hall lets another device in until then.
    """

    id: PassId
    role: str
    seat: SeatId | None
    hall: HallId | None
    expires_at: int
    revoked: bool = False
    agency: str = ""
    claim: int = 1
    device: str = ""
    released_until: int = 0
