"""What rollcall.end refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_rollcall import RUNS

test_rollcall_end = refusals(
    "rollcall.end",
    Case(RUNS),
    phases=NOT_SEALED,
    no_rollcall=Case(OPENED),
)
