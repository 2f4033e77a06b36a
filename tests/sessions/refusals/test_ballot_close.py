"""What ballot.close refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_ballot import CLOSED, EMPTY, RUNNING, VOID

DATA = {"ballot": "b1"}

test_ballot_close = refusals(
    "ballot.close",
    Case(RUNNING, DATA, box=EMPTY),
    phases=NOT_SEALED,
    unknown_ballot=Case(RUNNING, {"ballot": "b9"}, says={"ballot": "b9"}),
    ballot_closed=Case(CLOSED, DATA, says={"ballot": "b1"}),
    ballot_void=Case(VOID, DATA, says={"ballot": "b1"}),
)
