"""What floor.grant refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import QUEUED

test_floor_grant = refusals(
    "floor.grant",
    Case(QUEUED, {"request": "r1", "minutes": 2}),
    Case(QUEUED, {"request": "r2", "reason": "tamu dari provinsi"}),
    phases=("open",),
    unknown_request=Case(QUEUED, {"request": "r9"}, says={"request": "r9"}),
    reason_required=Case(QUEUED, {"request": "r2"}, says={"expected": "r1"}),
)
