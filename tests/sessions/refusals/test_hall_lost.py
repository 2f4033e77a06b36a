"""What hall.lost refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals

test_hall_lost = refusals(
    "hall.lost",
    Case(OPENED, {"hall": "pejuang", "cause": "media"}, SYSTEM),
    phases=("lobby", "open", "recess"),
    unknown_hall=Case(OPENED, {"hall": "nowhere"}, SYSTEM, says={"hall": "nowhere"}),
)
