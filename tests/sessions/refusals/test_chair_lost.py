"""What chair.lost refuses."""

from tests.sessions.given import SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_chair import LED

test_chair_lost = refusals(
    "chair.lost",
    Case(LED, {"pass": "p-moderator"}, SYSTEM),
    phases=NOT_SEALED,
)
