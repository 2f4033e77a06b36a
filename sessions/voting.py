"""The commands and events of ballots, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sessions import ballot, ballot_opening
from sessions.ballot import (
    BallotClosed,
    BallotOpened,
    BallotVoided,
    BreakTie,
    Close,
    DeadlinePassed,
    Rerun,
    TieBroken,
    Void,
)
from sessions.ballot_shapes import Next, check_open
from sessions.noun import Act, Noun
from sessions.permissions import CLOSERS, MODERATOR, SYSTEM
from sessions.shape import ident, record, text

BALLOT: Mapping[str, Any] = {"ballot": ident}
REASON: Mapping[str, Any] = {"reason": text(500)}

NOUN = Noun(
    commands={
        "ballot.open": Act(check_open, ballot_opening.decide_open, MODERATOR),
        "ballot.close": Act(record(Close, BALLOT), ballot.decide_close, CLOSERS),
        "ballot.void": Act(record(Void, BALLOT, REASON), ballot.decide_void, MODERATOR),
        "ballot.rerun": Act(record(Rerun, BALLOT, REASON), ballot_opening.decide_rerun, MODERATOR),
        "ballot.next": Act(record(Next, BALLOT), ballot_opening.decide_next, MODERATOR),
        "ballot.break_tie": Act(
            record(BreakTie, {**BALLOT, "option": ident}, REASON), ballot.decide_break_tie, MODERATOR
        ),
        "deadline.passed": Act(record(DeadlinePassed, BALLOT), ballot.decide_deadline, SYSTEM),
    },
    events={
        "ballot_opened": (BallotOpened, ballot.apply_opened),
        "ballot_closed": (BallotClosed, ballot.apply_closed),
        "ballot_voided": (BallotVoided, ballot.apply_voided),
        "tie_broken": (TieBroken, ballot.apply_tie_broken),
    },
    results={BallotOpened: lambda event: {"ballot": event.ballot}},
    deadlines=ballot.deadlines,
)
