"""What session.lobby refuses."""

from tests.sessions.given import DRAFT
from tests.sessions.refusals.case import Case, refusals

test_session_lobby = refusals(
    "session.lobby",
    Case(DRAFT),
    phases=("draft",),
)
