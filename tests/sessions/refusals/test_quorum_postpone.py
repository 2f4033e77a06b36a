"""What quorum.postpone refuses."""

from tests.sessions.given import NOW, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import DONE_WITHOUT, POSTPONED, REACHED
from tests.sessions.test_quorum import DAY, SHORT, TOMORROW, WAITED, second_sitting

test_quorum_postpone = refusals(
    "quorum.postpone",
    Case(WAITED, {"date": TOMORROW}),
    phases=("lobby", "open", "recess"),
    quorum_wait_first=Case(SHORT, {"date": TOMORROW}),
    quorum_date_out_of_range=Case(WAITED, {"date": "2018-01-27"}, says={"first": TOMORROW, "last": "2018-01-26"}),
    quorum_postponed_enough=Case(second_sitting(), {"date": "2018-01-25"}, now=NOW + DAY, says={"times": 1}),
    quorum_not_declared=Case(OPENED, {"date": TOMORROW}),
    quorum_reached=Case(REACHED, {"date": TOMORROW}),
    quorum_postponed=Case(POSTPONED, {"date": TOMORROW}),
    quorum_done_without=Case(DONE_WITHOUT, {"date": TOMORROW}),
)
