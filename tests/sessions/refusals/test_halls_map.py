"""What halls.map refuses."""

from tests.sessions.given import ADMIN, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

ONE = {"session": "gondangdia", "hall": "pejuang", "there": "aula"}

test_halls_map = refusals(
    "halls.map",
    Case(OPENED, {"halls": [ONE]}, ADMIN),
    phases=BEFORE_THE_END,
    unknown_hall=Case(OPENED, {"halls": [{**ONE, "hall": "nowhere"}]}, ADMIN, says={"hall": "nowhere"}),
)
