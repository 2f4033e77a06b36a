"""What ballot.void refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_ballot import CLOSED, EMPTY, RUNNING, VOID

DATA = {"ballot": "b1", "reason": "salah judul"}

test_ballot_void = refusals(
    "ballot.void",
    Case(RUNNING, DATA, box=EMPTY),
    Case(CLOSED, DATA),
    phases=("open", "recess"),
    unknown_ballot=Case(RUNNING, {**DATA, "ballot": "b9"}, says={"ballot": "b9"}),
    ballot_void=Case(VOID, DATA, says={"ballot": "b1"}),
    reason_required=Case(RUNNING, {"ballot": "b1"}),
)
