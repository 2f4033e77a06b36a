"""What chair.back refuses."""

from sessions.chair import ChairLost
from tests.sessions.given import SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_chair import FIRST, LED

test_chair_back = refusals(
    "chair.back",
    Case((*LED, ChairLost(FIRST)), {"pass": "p-moderator"}, SYSTEM),
    phases=NOT_SEALED,
)
