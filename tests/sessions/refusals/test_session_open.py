"""What session.open refuses."""

from tests.sessions.given import DRAFT
from tests.sessions.refusals.case import Case, refusals

test_session_open = refusals(
    "session.open",
    Case(DRAFT),
    phases=("draft", "lobby"),
)
