"""What stage.focus refuses."""

from tests.sessions.given import OPENED, THREE
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_stage_focus = refusals(
    "stage.focus",
    Case((*OPENED, *THREE), {"proposal": "a"}),
    phases=NOT_SEALED,
    unknown_proposal=Case(OPENED, {"proposal": "z"}, says={"proposal": "z"}),
)
