"""What hall.blank refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_hall_blank = refusals(
    "hall.blank",
    Case(OPENED, {"hall": "pejuang", "blank": True, "reason": "gambar tidak pantas"}),
    Case(OPENED, {"hall": "pejuang", "blank": False}),
    phases=NOT_SEALED,
    unknown_hall=Case(OPENED, {"hall": "nowhere", "blank": True, "reason": "x"}, says={"hall": "nowhere"}),
    reason_required=Case(OPENED, {"hall": "pejuang", "blank": True}),
)
