"""What floor.reorder refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED, QUEUED

test_floor_reorder = refusals(
    "floor.reorder",
    Case(QUEUED, {"request": "r2", "before": "r1"}),
    phases=NOT_SEALED,
    unknown_request=[
        Case(QUEUED, {"request": "r9", "before": None}, says={"request": "r9"}),
        Case(QUEUED, {"request": "r1", "before": "r9"}, says={"request": "r9"}),
    ],
)
