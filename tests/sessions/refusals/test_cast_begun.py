"""What cast.begun refuses."""

from sessions.casting import CastReceived, CastSet
from sessions.ids import SessionId
from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, IN_REHEARSAL

DATA = {"source": "pembuka", "title": "Pleno pembuka"}

test_cast_begun = refusals(
    "cast.begun",
    Case(OPENED, DATA, SYSTEM),
    phases=BEFORE_THE_END,
    loose=True,
    cast_busy=[
        Case((*OPENED, CastReceived(SessionId("lain"), "Lain")), DATA, SYSTEM, says={"source": "lain"}),
        Case((*OPENED, CastSet((SessionId("senen"),))), DATA, SYSTEM),
    ],
    rehearsal_differs=Case(IN_REHEARSAL, DATA, SYSTEM),
)
