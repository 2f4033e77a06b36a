"""What stage.show refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_stage_show = refusals(
    "stage.show",
    Case(OPENED, {"scene": "board"}),
    phases=NOT_SEALED,
    bad_input=Case(OPENED, {"scene": "karaoke"}, says={"field": "scene"}),
)
