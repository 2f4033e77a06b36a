"""What agenda.goto refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import PLANNED

test_agenda_goto = refusals(
    "agenda.goto",
    Case(PLANNED, {"item": "i2"}),
    phases=("open",),
    unknown_item=Case(PLANNED, {"item": "i9"}, says={"item": "i9"}),
)
