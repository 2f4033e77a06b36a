"""What floor.withdraw refuses."""

from tests.sessions.given import DELEGATE_07, DELEGATE_11
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED, QUEUED

test_floor_withdraw = refusals(
    "floor.withdraw",
    Case(QUEUED, {"request": "r1"}, DELEGATE_07),
    phases=NOT_SEALED,
    unknown_request=Case(QUEUED, {"request": "r9"}, says={"request": "r9"}),
    forbidden=Case(QUEUED, {"request": "r1"}, DELEGATE_11),
)
