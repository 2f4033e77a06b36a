"""What hall.back refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals

test_hall_back = refusals(
    "hall.back",
    Case(OPENED, {"hall": "pejuang"}, SYSTEM),
    phases=("lobby", "open", "recess"),
    unknown_hall=Case(OPENED, {"hall": "nowhere"}, SYSTEM, says={"hall": "nowhere"}),
)
