"""What session.found refuses."""

from sessions.founding import Founding
from sessions.hall import HallAdded
from sessions.model.rules import Rules
from sessions.wire import encode
from tests.sessions.given import CREATED, OPENED, PEJUANG, SYSTEM
from tests.sessions.refusals.case import Case, refusals

DATA = encode(Founding(CREATED, Rules(), (HallAdded(PEJUANG, "Pejuang", "", 1),)))

test_session_found = refusals(
    "session.found",
    Case((), DATA, SYSTEM),
    loose=True,
    already_exists=Case(OPENED, DATA, SYSTEM),
)
