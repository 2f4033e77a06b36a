"""What floor.extend refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import HELD, NOT_SEALED

test_floor_extend = refusals(
    "floor.extend",
    Case(HELD, {"minutes": 2}),
    phases=NOT_SEALED,
    floor_is_free=Case(OPENED, {"minutes": 2}),
    extension_limit=Case(HELD, {"minutes": 30}),
)
