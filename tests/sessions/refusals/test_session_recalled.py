"""What session.recalled refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_session_recalled = refusals(
    "session.recalled",
    Case(OPENED, actor=SYSTEM),
    phases=NOT_SEALED,
)
