"""What stage.interpreter refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_stage_interpreter = refusals(
    "stage.interpreter",
    Case(OPENED, {"hall": "pejuang"}),
    Case(OPENED, {"hall": None}),
    phases=NOT_SEALED,
    unknown_hall=Case(OPENED, {"hall": "nowhere"}, says={"hall": "nowhere"}),
)
