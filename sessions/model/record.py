"""The record of a session (Berita Acara) as far as the state must know it, as values."""

from __future__ import annotations

from dataclasses import dataclass, field

from sessions.ids import SeatId
from sessions.model.settings import Limits, listed, ranged


@dataclass(frozen=True, slots=True)
class RecordRules:
    """small_count: figures of constituencies below it are hidden in the public form; 0 hides none.

    representatives: lines for whoever signs for the participants (Asahan prints ten). clauses: local clauses of every
    record of this session, after the four common ones. public_names: whether the public form names those present;
    unnamed: constituencies whose members it never names (health and children's data, UU 27/2022 art. 4).
    confirm_before_sealing: whether what is sealed must be the text that was approved, or a reason be given.
    """

    small_count: int = ranged(5, 0, 100)
    representatives: int = ranged(10, 0, 50)
    clauses: tuple[str, ...] = listed((), most=20, of=Limits(1, 1000))
    public_names: bool = True
    unnamed: tuple[str, ...] = listed(("DISABILITY", "CHILDREN"), most=20, of=Limits(1, 40))
    confirm_before_sealing: bool = True


@dataclass(frozen=True, slots=True)
class Signatory:
    """role: see ROLES in sessions/record.py. A seat's office is its own; without a seat the office says who signs."""

    role: str
    office: str = ""
    seat: SeatId | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What people add to the record before it is read aloud; empty fields take what the session itself says."""

    number: str = ""
    heading: str = ""
    forum: str = ""
    letterhead: tuple[str, ...] = ()
    place: str = ""
    notes: str = ""
    signatories: tuple[Signatory, ...] = ()
    cc: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What the forum corrected when the draft was read. section: see SECTIONS in sessions/record.py."""

    section: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The draft of the first `upto` events was read and approved. digest: SHA-256 of the canonical minutes, hex.

    stale: since then something happened that the record tells, so that the text is another one by now.
    """

    upto: int
    digest: str
    at: int
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Addendum:
    """Added after sealing (ralat), numbered from 1."""

    number: int
    text: str
    reason: str
    at: int


@dataclass(frozen=True, slots=True)
class Record:
    """changed: the seq of the last change to the sheet or correction, which a confirmation must have seen.

    sealed_without: why it was sealed though the text as it stood was not approved, empty where it was.
    """

    sheet: Sheet = field(default_factory=Sheet)
    corrections: tuple[Correction, ...] = ()
    confirmed: Confirmation | None = None
    addenda: tuple[Addendum, ...] = ()
    changed: int = 0
    sealed_without: str = ""
