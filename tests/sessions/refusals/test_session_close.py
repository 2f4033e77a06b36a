"""What session.close refuses."""

from tests.sessions.given import OPENED, ballot_opened
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import SPLIT
from tests.sessions.test_scoring import RUNNING as SCORED

test_session_close = refusals(
    "session.close",
    Case(OPENED),
    phases=("open", "recess"),
    ballot_is_open=Case((*OPENED, ballot_opened()), says={"ballot": "b1"}),
    scoring_is_open=Case(SCORED, says={"scoring": "s1"}),
    groups_are_out=Case(SPLIT, says={"groups": ["g1"]}),
)
