"""What deadline.passed refuses."""

from tests.sessions.given import NOW, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_ballot import CLOSED, EMPTY, RUNNING, VOID

DATA = {"ballot": "b1"}

test_deadline_passed = refusals(
    "deadline.passed",
    Case(RUNNING, DATA, SYSTEM, NOW + 60_000, box=EMPTY),
    phases=NOT_SEALED,
    too_early=Case(RUNNING, DATA, SYSTEM, NOW + 59_999, says={"ballot": "b1"}),
    unknown_ballot=Case(RUNNING, {"ballot": "b9"}, SYSTEM, says={"ballot": "b9"}),
    ballot_closed=Case(CLOSED, DATA, SYSTEM, says={"ballot": "b1"}),
    ballot_void=Case(VOID, DATA, SYSTEM, says={"ballot": "b1"}),
)
