"""What session.resume refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import RESTING

test_session_resume = refusals(
    "session.resume",
    Case(RESTING),
    phases=("recess",),
)
