"""What rollcall.answer refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_rollcall import RUNS

test_rollcall_answer = refusals(
    "rollcall.answer",
    Case(RUNS, {"hall": "pejuang", "heard": "partly", "note": "bergema"}, HALL_PEJUANG),
    phases=NOT_SEALED,
    no_rollcall=Case(OPENED, {"hall": "pejuang", "heard": "yes"}, HALL_PEJUANG),
    unknown_hall=Case(RUNS, {"hall": "nowhere", "heard": "yes"}, says={"hall": "nowhere"}),
    forbidden=Case(RUNS, {"hall": "pejuang", "heard": "yes"}, HALL_JATIASIH),
)
