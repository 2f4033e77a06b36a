"""What proposals.carry_asked refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD, IN_REHEARSAL

DATA = {"by": "depan", "rehearsal": False, "statuses": ["SUBMITTED"]}

test_proposals_carry_asked = refusals(
    "proposals.carry_asked",
    Case(BOARD, DATA, SYSTEM),
    loose=True,
    rehearsal_differs=Case(IN_REHEARSAL, DATA, SYSTEM),
    nothing_to_send=Case(OPENED, DATA, SYSTEM),
)
