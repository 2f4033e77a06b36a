"""What session.recalled refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import GROUP, NOT_SEALED

test_session_recalled = refusals(
    "session.recalled",
    Case(GROUP, {"plenary": "kec"}, actor=SYSTEM),
    Case(GROUP, actor=SYSTEM),
    phases=NOT_SEALED,
    not_linked=[
        Case(GROUP, {"plenary": "kota"}, actor=SYSTEM, says={"session": "kota"}),
        Case(OPENED, {"plenary": "kec"}, actor=SYSTEM, says={"session": "kec"}),
        Case(OPENED, actor=SYSTEM),
    ],
)
