"""What session.recess refuses."""

from tests.sessions.given import OPENED, ballot_opened
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_scoring import RUNNING as SCORED

DATA = {"reason": "makan siang", "minutes": 30}

test_session_recess = refusals(
    "session.recess",
    Case(OPENED, DATA),
    phases=("open",),
    reason_required=[Case(OPENED), Case(OPENED, {"reason": "  "})],
    ballot_is_open=Case((*OPENED, ballot_opened()), DATA, says={"ballot": "b1"}),
    scoring_is_open=Case(SCORED, DATA, says={"scoring": "s1"}),
)
