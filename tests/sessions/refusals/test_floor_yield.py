"""What floor.yield refuses."""

from tests.sessions.given import DELEGATE_07, DELEGATE_11, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import HELD, NOT_SEALED

test_floor_yield = refusals(
    "floor.yield",
    Case(HELD, {}, DELEGATE_07),
    Case(HELD, {"request": "r1"}, DELEGATE_07),
    phases=NOT_SEALED,
    floor_is_free=Case(OPENED),
    not_holder=Case(HELD, {}, DELEGATE_11),
    turn_over=Case(HELD, {"request": "r9"}, DELEGATE_07),
)
