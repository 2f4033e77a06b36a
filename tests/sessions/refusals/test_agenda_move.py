"""What agenda.move refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, PLANNED

test_agenda_move = refusals(
    "agenda.move",
    Case(PLANNED, {"item": "i3", "before": "i1"}),
    phases=BEFORE_THE_END,
    unknown_item=[
        Case(PLANNED, {"item": "i9", "before": None}, says={"item": "i9"}),
        Case(PLANNED, {"item": "i1", "before": "i9"}, says={"item": "i9"}),
    ],
)
