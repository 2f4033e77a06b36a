"""What floor.pause refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import HELD, NOT_SEALED, PAUSED

test_floor_pause = refusals(
    "floor.pause",
    Case(HELD),
    phases=NOT_SEALED,
    floor_is_free=Case(OPENED),
    floor_is_paused=Case(PAUSED),
)
