"""What quorum.wait refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import DONE_WITHOUT, POSTPONED, REACHED
from tests.sessions.test_quorum import SHORT

test_quorum_wait = refusals(
    "quorum.wait",
    Case(SHORT, {"minutes": 60}),
    phases=("lobby", "open", "recess"),
    quorum_wait_too_long=Case(SHORT, {"minutes": 181}, says={"minutes": 180}),
    quorum_not_declared=Case(OPENED, {"minutes": 60}),
    quorum_reached=Case(REACHED, {"minutes": 60}),
    quorum_postponed=Case(POSTPONED, {"minutes": 60}),
    quorum_done_without=Case(DONE_WITHOUT, {"minutes": 60}),
)
