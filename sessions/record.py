"""What people add to the record (Berita Acara): its head and signatories, corrections, approval, and later addenda."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from sessions.errors import Refused
from sessions.ids import SeatId
from sessions.kind import MODERATOR as MODERATORS
from sessions.kind import PUBLIC, VIEWS, Fields, Kind
from sessions.model.record import Addendum, Confirmation, Correction, Record, Sheet, Signatory
from sessions.noun import BEFORE_THE_END, Act, Moment, Noun, require_phase
from sessions.permissions import MODERATOR, SECRETARIAT
from sessions.shape import bad, ident, integer, list_of, matching, members, nullable, one_of, record, text
from sessions.state import State

ROLES = (
    "chair", "secretary", "official", "participant", "agency", "council", "community", "witness", "acknowledging",
)  # fmt: skip
SECTIONS = (
    "head", "opening", "considerations", "block", "agreement", "signatures",
    "annex_1", "annex_2", "annex_3", "annex_4", "annex_5", "annex_6", "annex_7", "annex_8",
)  # fmt: skip
DIGEST = re.compile(r"[0-9a-f]{64}")
OPEN_TO_CHANGES = (*BEFORE_THE_END, "closed")
RECORDERS = MODERATOR | SECRETARIAT


@dataclass(frozen=True, slots=True)
class SetRecord:
    """fields: those of the sheet that were given."""

    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Correct:
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """upto: the seq of the draft that was read. digest: what record.json said of it."""

    upto: int
    digest: str


@dataclass(frozen=True, slots=True)
class Add:
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RecordSet:
    """The whole sheet as it is from now on."""

    sheet: Sheet


@dataclass(frozen=True, slots=True)
class RecordCorrected:
    section: str
    text: str


@dataclass(frozen=True, slots=True)
class RecordConfirmed:
    upto: int
    digest: str


@dataclass(frozen=True, slots=True)
class RecordAmended:
    """An addendum to the sealed record."""

    number: int
    text: str
    reason: str


def decide_set(state: State, command: SetRecord, moment: Moment) -> list[Any]:
    require_phase(state, *OPEN_TO_CHANGES)
    sheet = replace(state.record.sheet, **command.fields)
    for place, signatory in enumerate(sheet.signatories):
        if signatory.seat is not None and signatory.seat not in state.seats:
            raise Refused("bad_input", field=f"signatories.{place}.seat")
    return [] if sheet == state.record.sheet else [RecordSet(sheet)]


def decide_correct(state: State, command: Correct, moment: Moment) -> list[Any]:
    require_phase(state, *OPEN_TO_CHANGES)
    return [RecordCorrected(command.section, command.text)]


def decide_confirm(state: State, command: Confirm, moment: Moment) -> list[Any]:
    """Whoever approves must have heard the last correction; the same approval twice changes nothing.

    Whether the digest is that of the text at `upto` was looked at before: folding the record takes too long in here.
    """
    require_phase(state, *OPEN_TO_CHANGES)
    if command.upto > state.seq:
        raise Refused("bad_input", field="upto")
    if command.upto < state.record.changed:
        raise Refused("record_changed", seq=state.record.changed)
    known = state.record.confirmed
    if known is not None and (known.upto, known.digest) == (command.upto, command.digest):
        return []
    return [RecordConfirmed(command.upto, command.digest)]


def decide_add(state: State, command: Add, moment: Moment) -> list[Any]:
    require_phase(state, "sealed")
    if not command.reason:
        raise Refused("reason_required")
    return [RecordAmended(len(state.record.addenda) + 1, command.text, command.reason)]


def changed(state: State, **members: Any) -> State:
    """A change after the approval takes it back: what is approved is what was read."""
    return replace(state, record=replace(state.record, confirmed=None, changed=state.seq + 1, **members))


def outdated(kept: Record) -> Record:
    """Something happened that the record tells: what was approved is an earlier text from now on."""
    if kept.confirmed is None or kept.confirmed.stale:
        return kept
    return replace(kept, confirmed=replace(kept.confirmed, stale=True))


def sealing(state: State, reason: str) -> str:
    """Why it is sealed without approval of its text, empty where it has that or needs none.

    Raises Refused("record_not_confirmed") where it needs it, digest: of the earlier text that was approved.
    """
    confirmed = state.record.confirmed
    if not state.rules.record.confirm_before_sealing or (confirmed is not None and not confirmed.stale):
        return ""
    if not reason:
        raise Refused("record_not_confirmed", digest=None if confirmed is None else confirmed.digest)
    return reason


def apply_set(state: State, event: RecordSet, at: int) -> State:
    return changed(state, sheet=event.sheet)


def apply_corrected(state: State, event: RecordCorrected, at: int) -> State:
    correction = Correction(event.section, event.text, at)
    return changed(state, corrections=(*state.record.corrections, correction))


def apply_confirmed(state: State, event: RecordConfirmed, at: int) -> State:
    confirmed = Confirmation(event.upto, event.digest, at, stale=event.upto < state.told)
    return replace(state, record=replace(state.record, confirmed=confirmed))


def apply_amended(state: State, event: RecordAmended, at: int) -> State:
    addendum = Addendum(event.number, event.text, event.reason, at)
    return replace(state, record=replace(state.record, addenda=(*state.record.addenda, addendum)))


def fields_of(state: State, kept: Record, view: str) -> Fields:
    """Moderators see the whole; others whether it was approved or sealed without, and what was added after sealing."""
    told: Fields = {
        "number": kept.sheet.number,
        "confirmed": None if kept.confirmed is None else asdict(kept.confirmed),
        "addenda": [asdict(addendum) for addendum in kept.addenda],
        "sealed_without": kept.sealed_without,
    }
    if view == MODERATORS:
        sheet = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(kept.sheet).items()}
        told |= {**sheet, "corrections": [asdict(correction) for correction in kept.corrections]}
    return told


def check_signatory(value: Any, field: str) -> Signatory:
    """A seat, an office, or both; then the office is the words to print."""
    checked = members(value, field, {"role": one_of(*ROLES)}, {"office": text(160), "seat": nullable(ident)})
    if not checked.get("office") and checked.get("seat") is None:
        bad(f"{field}.office")
    seat = checked.get("seat")
    return Signatory(checked["role"], checked.get("office", ""), None if seat is None else SeatId(seat))


SHEET = {
    "number": text(80),
    "heading": text(300),
    "forum": text(160),
    "letterhead": list_of(text(120, 1), 0, 6),
    "place": text(160),
    "notes": text(2000),
    "signatories": list_of(check_signatory, 0, 40),
    "cc": list_of(text(160, 1), 0, 20),
    "clauses": list_of(text(1000, 1), 0, 20),
}


def check_set(value: Any, field: str) -> SetRecord:
    """One field at least; those not given stay as they are."""
    return SetRecord(members(value, field, {}, SHEET) or members(value, field, {"number": SHEET["number"]}, {}))


CONFIRM = record(Confirm, {"upto": integer(1, 2**31), "digest": matching(DIGEST)})
KIND = Kind(
    "record",
    lambda state: state.record,
    lambda state: {"record": state.record},
    fields_of,
    tuple(view for view in VIEWS if view in (MODERATORS, PUBLIC)),
)

NOUN = Noun(
    commands={
        "record.set": Act(check_set, decide_set, RECORDERS),
        "record.correct": Act(
            record(Correct, {"section": one_of(*SECTIONS), "text": text(2000, 1)}), decide_correct, RECORDERS
        ),
        "record.confirm": Act(CONFIRM, decide_confirm, MODERATOR),
        "record.addendum": Act(
            record(Add, {"text": text(4000, 1)}, {"reason": text(500)}), decide_add, RECORDERS, sealed=True
        ),
    },
    events={
        "record_set": (RecordSet, apply_set),
        "record_corrected": (RecordCorrected, apply_corrected),
        "record_confirmed": (RecordConfirmed, apply_confirmed),
        "record_amended": (RecordAmended, apply_amended),
    },
    results={RecordAmended: lambda event: {"number": event.number}},
    kinds=(KIND,),
)
