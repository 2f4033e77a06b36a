"""What agenda.remove refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, PLANNED, SECOND_RUNS

test_agenda_remove = refusals(
    "agenda.remove",
    Case(PLANNED, {"item": "i3"}),
    phases=BEFORE_THE_END,
    unknown_item=Case(PLANNED, {"item": "i9"}, says={"item": "i9"}),
    item_has_begun=[
        Case(SECOND_RUNS, {"item": "i1"}, says={"item": "i1", "state": "done"}),
        Case(SECOND_RUNS, {"item": "i2"}, says={"item": "i2", "state": "now"}),
    ],
)
