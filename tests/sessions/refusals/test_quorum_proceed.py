"""What quorum.proceed refuses."""

from tests.sessions.given import NOW, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import DONE_WITHOUT, POSTPONED, REACHED, RULED_PROCEED
from tests.sessions.test_quorum import DAY, SHORT, second_sitting

DATA = {"reason": "banjir"}

test_quorum_proceed = refusals(
    "quorum.proceed",
    Case(second_sitting(), DATA, now=NOW + DAY),
    phases=("lobby", "open", "recess"),
    quorum_postpone_first=Case(SHORT, DATA),
    quorum_wait_first=Case((*SHORT[:-2], RULED_PROCEED, *SHORT[-2:]), DATA),
    quorum_not_declared=Case(OPENED, DATA),
    quorum_reached=Case(REACHED, DATA),
    quorum_postponed=Case(POSTPONED, DATA),
    quorum_done_without=Case(DONE_WITHOUT, DATA),
)
