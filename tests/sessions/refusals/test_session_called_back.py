"""What session.called_back refuses."""

from tests.sessions.given import OPENED, SYSTEM, ballot_opened
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_session_called_back = refusals(
    "session.called_back",
    Case(OPENED, actor=SYSTEM),
    phases=NOT_SEALED,
    ballot_is_open=Case((*OPENED, ballot_opened()), actor=SYSTEM),
)
