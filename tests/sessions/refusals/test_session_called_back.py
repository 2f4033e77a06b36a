"""What session.called_back refuses."""

from tests.sessions.given import OPENED, SYSTEM, ballot_opened
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import GROUP, NOT_SEALED

test_session_called_back = refusals(
    "session.called_back",
    Case(GROUP, {"plenary": "kec"}, actor=SYSTEM),
    Case(GROUP, actor=SYSTEM),
    phases=NOT_SEALED,
    ballot_is_open=Case((*GROUP, ballot_opened()), actor=SYSTEM),
    not_linked=[
        Case(GROUP, {"plenary": "kota"}, actor=SYSTEM, says={"session": "kota"}),
        Case(OPENED, {"plenary": "kec"}, actor=SYSTEM, says={"session": "kec"}),
        Case(OPENED, actor=SYSTEM),
    ],
)
