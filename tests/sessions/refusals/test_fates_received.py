"""What fates.received refuses."""

from tests.sessions.given import SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD

test_fates_received = refusals(
    "fates.received",
    Case(BOARD, {"fates": [{"proposal": "a", "fate": {"session": "kota", "status": "PRIORITISED"}}]}, SYSTEM),
    loose=True,
)
