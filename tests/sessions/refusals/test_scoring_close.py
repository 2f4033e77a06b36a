"""What scoring.close refuses."""

from dataclasses import replace

from sessions.scoring import ScoringVoided
from tests.sessions.given import NOW, SYSTEM, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_scoring import OPEN, READY, RUNNING

ENDED = more(given(*RUNNING), when(given(*RUNNING), "scoring.close", {"scoring": "s1"}))
TIMED = (*READY, replace(OPEN, closes_at=NOW + 60_000))

test_scoring_close = refusals(
    "scoring.close",
    Case(RUNNING, {"scoring": "s1"}),
    phases=NOT_SEALED,
    unknown_scoring=Case(RUNNING, {"scoring": "s9"}, says={"scoring": "s9"}),
    scoring_closed=Case(ENDED, {"scoring": "s1"}, says={"scoring": "s1"}),
    scoring_void=Case((*RUNNING, ScoringVoided("s1", "salah")), {"scoring": "s1"}),
    too_early=Case(TIMED, {"scoring": "s1"}, SYSTEM, says={"closes_at": NOW + 60_000}),
)
